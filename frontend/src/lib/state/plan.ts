/** What a benchmark would do, before it is started. Pure functions. */
import type { ClientView, ModelOnClient, SkipReason } from '$lib/api/types';

export type Cell = { kind: 'ready' } | { kind: 'waits' } | { kind: 'skip'; reason: SkipReason };

export interface Plan {
  cells: ReadonlyMap<string, Cell>;
  jobs: number;
  waiting: number;
  skipped: number;
  /** The longest that sampling may take when clients work side by side, in seconds. */
  longest_s: number;
}

export function cellKey(model: string, clientId: string): string {
  return `${clientId}/${model}`;
}

/** Judge every pair as the server will. `budget_s`: the suite's limit for one model. */
export function plan(
  models: readonly string[],
  clients: readonly ClientView[],
  installed: ReadonlyMap<string, ModelOnClient>,
  budget_s: number,
): Plan {
  const pairs = clients.flatMap((client) =>
    models.map((model) => {
      const key = cellKey(model, client.id);
      return { key, client, cell: judge(client, installed.get(key)) };
    }),
  );
  const run = pairs.filter(({ cell }) => cell.kind !== 'skip');
  const perClient = clients.map((client) => run.filter((pair) => pair.client === client).length);
  return {
    cells: new Map(pairs.map(({ key, cell }) => [key, cell])),
    jobs: run.length,
    waiting: run.filter(({ cell }) => cell.kind === 'waits').length,
    skipped: pairs.length - run.length,
    longest_s: Math.max(0, ...perClient) * budget_s,
  };
}

function judge(client: ClientView, model: ModelOnClient | undefined): Cell {
  if (!model) return { kind: 'skip', reason: 'not_installed' };
  if (model.cloud) return { kind: 'skip', reason: 'cloud_model' };
  if (isEmbeddingOnly(model)) return { kind: 'skip', reason: 'embeddings_only' };
  if (client.version_state === 'too_new') return { kind: 'skip', reason: 'server_outdated' };
  if (client.version_state === 'too_old') return { kind: 'skip', reason: 'client_outdated' };
  return client.presence === 'online' || client.presence === 'stale' ? { kind: 'ready' } : { kind: 'waits' };
}

function isEmbeddingOnly({ capabilities = [] }: ModelOnClient): boolean {
  return capabilities.includes('embedding') && !capabilities.includes('completion');
}
