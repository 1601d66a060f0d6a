/** Asking what is installed where. */
import { api, unwrap } from '$lib/api/client';
import type { ModelOnClient, Models } from '$lib/api/types';
import { rowsOf } from '$lib/models/rows';
import { inPieces } from '$lib/turns';

/** Ask for all rows, by name; or for those of one client. */
export async function fetchModels(signal?: AbortSignal, clientId?: string): Promise<ModelOnClient[]> {
  const params = { query: { client_id: clientId } };
  return drawnUp(await unwrap(api.GET('/api/v1/models', { params, signal })), signal);
}

/** Make rows of what the server told. Throws an AbortError once nobody waits for them any more. */
export async function drawnUp(told: Models, signal?: AbortSignal): Promise<ModelOnClient[]> {
  const rows: ModelOnClient[] = [];
  await inPieces(rowsOf(told), (row) => rows.push(row), signal);
  return rows;
}
