/** What was found lately. Pure functions. */
import type { Estimate, LatestResult, ResultView } from '$lib/api/types';

/** Smaller changes are not news, however sure. */
const NOTABLE_SHARE = 0.03;

/** The fastest clean result of each client, by its decode rate, fastest client first. */
export function bestOfEach(latest: readonly LatestResult[]): LatestResult[] {
  const best = new Map<string, LatestResult>();
  for (const result of latest) {
    if (result.grade !== 'clean' || result.decode_tokens_per_s == null) continue;
    const known = best.get(result.client_id)?.decode_tokens_per_s ?? -1;
    if (result.decode_tokens_per_s > known) best.set(result.client_id, result);
  }
  return [...best.values()].sort((a, b) => (b.decode_tokens_per_s ?? 0) - (a.decode_tokens_per_s ?? 0));
}

export interface Change {
  before: ResultView;
  /** (now - before) / before. */
  share: number;
}

/** A result that changed, with what it was before. */
export interface Notable extends Change {
  result: ResultView;
}

/** How a result differs from the one before it in its series; null where the intervals meet, or it is small. */
export function changeOf(result: ResultView, before: ResultView | undefined): Change | null {
  const [now, then] = [decodeOf(result), before && decodeOf(before)];
  if (!before || !now || !then || !isApart(now, then)) return null;
  const share = (now.median - then.median) / then.median;
  return Math.abs(share) >= NOTABLE_SHARE ? { before, share } : null;
}

const decodeOf = ({ headline }: ResultView): Estimate | undefined => headline.decode_tokens_per_s;

function isApart(a: Estimate, b: Estimate): boolean {
  if (a.low == null || a.high == null || b.low == null || b.high == null) return false;
  return a.low > b.high || b.low > a.high;
}
