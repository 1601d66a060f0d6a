/** Models and operations as the server could tell of them, for tests. */
import type { LatestColumns, LatestResult, ModelOnClient, Models, OperationView } from '$lib/api/types';

const THEN = '2026-11-21T09:00:00Z';

/** The server's list of those rows: each on its own, which it may be too. */
export function toldOf(rows: readonly ModelOnClient[]): Models {
  const clients = [
    ...new Map(rows.map((row) => [row.client_id, { id: row.client_id, name: row.client_name }])).values(),
  ];
  const models = rows.map(({ client_id, client_name: _, modified_at_s, ...model }) => ({
    ...model,
    clients: [clients.findIndex(({ id }) => id === client_id)],
    modified_at_s: [modified_at_s],
  }));
  return { clients, models };
}

/** The same results as the server tells of all of them: each on its own, which it may be too. */
export function columnsOf(results: readonly LatestResult[]): LatestColumns {
  const column = <Name extends keyof LatestResult>(name: Name) => results.map((result) => result[name]);
  const places = [...results.keys()];
  return {
    clients: column('client_id'),
    models: column('model'),
    digests: column('model_digest'),
    suites: column('suite_name'),
    ...{ client: places, model: places, digest: places, suite: places },
    result_id: column('result_id'),
    grade: column('grade'),
    ended_at: column('ended_at'),
    decode_tokens_per_s: column('decode_tokens_per_s'),
  };
}

export function aLatest(change: Partial<LatestResult> = {}): LatestResult {
  return {
    client_id: 'attic-1',
    model: 'llama3.2:3b',
    model_digest: 'c0ffee'.repeat(8),
    result_id: 'result-1',
    suite_name: 'quick',
    grade: 'clean',
    ended_at: THEN,
    decode_tokens_per_s: 98.4,
    prefill_tokens_per_s: 2_000,
    ttft_ms: 40,
    ...change,
  };
}

export function anOperation(change: Partial<OperationView> = {}): OperationView {
  return {
    id: 'operation-1',
    batch_id: 'batch-1',
    client_id: 'attic-1',
    client_name: 'attic',
    kind: 'pull',
    model: 'llama3.2:3b',
    operation: { kind: 'pull', model: change.model ?? 'llama3.2:3b' },
    status: 'running',
    skip_reason: null,
    error: null,
    progress: null,
    asked_by: 'owner',
    cancelled_by: null,
    created_at: THEN,
    started_at: THEN,
    ended_at: null,
    ...change,
  };
}
