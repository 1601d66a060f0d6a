/** Asking what is installed where. */
import { api, unwrap } from '$lib/api/client';
import type { ModelOnClient } from '$lib/api/types';
import { rowsOf } from '$lib/models/rows';

/** Ask for all rows, by name; or for those of one client. */
export async function fetchModels(signal?: AbortSignal, clientId?: string): Promise<ModelOnClient[]> {
  const params = { query: { client_id: clientId } };
  return rowsOf(await unwrap(api.GET('/api/v1/models', { params, signal })));
}
