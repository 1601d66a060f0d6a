/** Asking what is installed where. */
import { api, madeOnce, unwrap } from '$lib/api/client';
import type { LatestColumns, ModelOnClient, Models } from '$lib/api/types';
import { inventoryOf } from '$lib/models/inventory';
import { latestOf } from '$lib/models/latest';
import { rowsOf } from '$lib/models/rows';
import { inPieces } from '$lib/turns';

/** Ask for all rows, by name; or for those of one client. */
export async function fetchModels(signal?: AbortSignal, clientId?: string): Promise<ModelOnClient[]> {
  const params = { query: { client_id: clientId } };
  return drawnUp(await unwrap(api.GET('/api/v1/models', { params, signal })), signal);
}

async function drawnUp(told: Models, signal?: AbortSignal): Promise<ModelOnClient[]> {
  const rows: ModelOnClient[] = [];
  await inPieces(rowsOf(told), (row) => rows.push(row), signal);
  return rows;
}

/** Ask for all rows with what follows from them; again only where something changed. One for each table. */
export const inventory = () =>
  madeOnce(
    (signal) => api.GET('/api/v1/models', { signal, parseAs: 'stream' }),
    async (told: Models, signal) => inventoryOf(await drawnUp(told, signal), signal),
  );

/** Ask for the newest result of each row; again only where there is a newer one. One for each table. */
export const latestResults = () =>
  madeOnce(
    (signal) => api.GET('/api/v1/results/latest/columns', { signal, parseAs: 'stream' }),
    (told: LatestColumns, signal) => latestOf(told, signal),
  );
