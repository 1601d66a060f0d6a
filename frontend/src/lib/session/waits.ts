/** Why queued jobs wait. It changes without any change of the job: all that wait for one client have the same reason. */
import type { JobView, WaitReason } from '$lib/api/types';
import { jobsOf, type Jobs } from './jobs';

const WAIT: Record<WaitReason, string> = {
  scheduled: 'waits for its moment',
  offline: 'its client is not there',
  drained: 'its client is drained or archived: it is given no work',
  busy: 'its client is busy with something else',
  limit: 'as many jobs run as may at once',
  tag_limit: 'as many jobs run as may on clients of its tag',
  turn: 'it is the turn of somebody else',
};

/** Why a queued job waits, in words; a code that is newer than this page with its underscores opened. */
export function whyItWaits({ waits_for }: JobView): string {
  if (!waits_for) return 'its client is about to begin';
  return (WAIT as Record<string, string>)[waits_for] ?? waits_for.replaceAll('_', ' ');
}

/** By the ID of a client; null: it is about to take the next. */
export type Waits = Readonly<Record<string, WaitReason | null>>;

/** Put why jobs wait now in the place of why they did; the same object where nothing is new. */
export function withWaits(known: Jobs, waits: Waits): Jobs {
  const renewed = ({ status, client_id, waits_for }: JobView) =>
    status === 'queued' && client_id in waits && (waits_for ?? null) !== waits[client_id];
  if (!known.all.some(renewed)) return known;
  return jobsOf(known.all.map((job) => (renewed(job) ? { ...job, waits_for: waits[job.client_id] } : job)));
}
