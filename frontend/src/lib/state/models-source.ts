/** Asking for the whole of the table of models. What makes rows of it comes with the answer, not with the page. */
import { api, madeOnce } from '$lib/api/client';
import type { LatestColumns, Models } from '$lib/api/types';
import { drawnUp } from './inventory';

/** Ask for all rows with what follows from them; again only where something changed. One for each table. */
export const inventory = () =>
  madeOnce(
    (signal) => api.GET('/api/v1/models', { signal, parseAs: 'stream' }),
    async (told: Models, signal) => {
      const rows = await drawnUp(told, signal);
      return (await import('$lib/models/inventory')).inventoryOf(rows, signal);
    },
  );

/** Ask for the newest result of each row; again only where there is a newer one. One for each table. */
export const latestResults = () =>
  madeOnce(
    (signal) => api.GET('/api/v1/results/latest/columns', { signal, parseAs: 'stream' }),
    async (told: LatestColumns, signal) => (await import('$lib/models/latest')).latestOf(told, signal),
  );
