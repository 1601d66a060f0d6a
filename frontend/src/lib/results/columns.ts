/** The columns of the list of results: what each is called and sorted by. */
import type { Metric } from '$lib/api/types';
import { METRIC } from '$lib/words';

export const COLUMNS = ['quantization', 'client', 'suite', 'grade', 'decode', 'prefill', 'ttft', 'ended'] as const;
export type Column = (typeof COLUMNS)[number];
type Known = Column | 'model';

export const HEAD: Record<Known, { name: string; unit?: string; sort: string; metric?: Metric }> = {
  model: { name: 'Model', sort: 'model' },
  quantization: { name: 'Quantization', sort: 'quantization' },
  client: { name: 'Client', sort: 'client' },
  suite: { name: 'Suite', sort: 'suite' },
  grade: { name: 'Grade', sort: 'grade' },
  decode: { name: 'Decode', unit: 'tokens/s', sort: 'decode_tokens_per_s', metric: 'decode_tokens_per_s' },
  prefill: { name: 'Prefill', unit: 'tokens/s', sort: 'prefill_tokens_per_s', metric: 'prefill_tokens_per_s' },
  ttft: { name: 'TTFT', unit: 'ms', sort: 'ttft_ms', metric: 'ttft_ms' },
  ended: { name: 'Ended', sort: 'ended_at' },
};

const KNOWN_SORTS = new Set(Object.values(HEAD).map(({ sort }) => sort));
export const FIRST_SORT = '-ended_at';

/** A sort that an address may hold; the newest first for any other. */
export function sortFrom(told: string | null): string {
  return told !== null && KNOWN_SORTS.has(told.replace(/^-/, '')) ? told : FIRST_SORT;
}

/** What a click on a head sorts by: what is best or newest comes first, then the other way. */
export function nextSort(present: string, column: Known): string {
  const { sort, metric } = HEAD[column];
  const first = sort === 'ended_at' || (metric && METRIC[metric].better === 'higher') ? `-${sort}` : sort;
  if (present !== first) return first;
  return first.startsWith('-') ? sort : `-${sort}`;
}

/** How a column is sorted, for its head. */
export function sortedAs(present: string, column: Known): 'ascending' | 'descending' | undefined {
  if (present.replace(/^-/, '') !== HEAD[column].sort) return undefined;
  return present.startsWith('-') ? 'descending' : 'ascending';
}
