/** The newest result of each row, by its key. */
import type { LatestColumns, LatestResult } from '$lib/api/types';
import { inPieces } from '$lib/turns';
import { keyOf } from './rows';

export type Latest = Omit<LatestResult, 'client_id' | 'model' | 'prefill_tokens_per_s' | 'ttft_ms'>;

/** Read the server's columns. Throws an AbortError once nobody waits for it any more. */
export async function latestOf(told: LatestColumns, signal?: AbortSignal): Promise<ReadonlyMap<string, Latest>> {
  const found = new Map<string, Latest>();
  await inPieces(told.result_id.keys(), (at) => found.set(...entryOf(told, at)), signal);
  return found;
}

function entryOf(told: LatestColumns, at: number): [string, Latest] {
  // All columns are of one length, and every place is in its list.
  const of = <Value>(column: readonly Value[]) => column[at] as Value;
  const placed = (list: readonly string[], places: readonly number[]) => list[of(places)] ?? '';
  const client_id = placed(told.clients, told.client);
  const latest = {
    model_digest: placed(told.digests, told.digest),
    suite_name: placed(told.suites, told.suite),
    result_id: of(told.result_id),
    grade: of(told.grade),
    ended_at: of(told.ended_at),
    decode_tokens_per_s: of(told.decode_tokens_per_s),
  };
  return [keyOf({ client_id, name: placed(told.models, told.model) }), latest];
}
