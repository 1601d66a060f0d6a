/** What a session found: the fastest model of each client, the fastest client for each model. Pure functions. */
import type { Estimate, Grade, JobView } from '$lib/api/types';
import { hasEnded } from '$lib/words';

export interface Best {
  /** Of the client, or of the model, for which it is the best. */
  of: string;
  job: JobView;
  decode: Estimate;
  /** How many were measured there. */
  among: number;
  /** The next one, where the intervals meet: which of the two is faster is not known. */
  rival: JobView | null;
}

const decodeOf = ({ headline }: JobView): Estimate | null => headline?.decode_tokens_per_s ?? null;

/** Jobs that measured a decode rate that may be compared, fastest first. */
export function measured(jobs: readonly JobView[], grades: ReadonlyMap<string, Grade>): JobView[] {
  return jobs
    .filter((job) => hasEnded(job.status) && decodeOf(job) && grades.get(job.id) !== 'invalid')
    .sort((a, b) => (decodeOf(b)?.median ?? 0) - (decodeOf(a)?.median ?? 0));
}

export function bestsBy(by: 'client_name' | 'model', fastestFirst: readonly JobView[]): Best[] {
  const groups = new Map<string, JobView[]>();
  for (const job of fastestFirst) groups.set(job[by], [...(groups.get(job[by]) ?? []), job]);
  return [...groups].flatMap(([of, own]) => {
    const [first, second] = own;
    const decode = first && decodeOf(first);
    if (!first || !decode) return [];
    return [{ of, job: first, decode, among: own.length, rival: second && meets(decode, second) ? second : null }];
  });
}

function meets(best: Estimate, next: JobView): boolean {
  const other = decodeOf(next);
  if (!other) return false;
  return best.low == null || other.high == null || other.high >= best.low;
}
