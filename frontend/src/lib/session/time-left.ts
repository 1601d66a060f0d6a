/** When a session will be done, from what its jobs have taken so far. Pure functions. */
import type { JobView, Suite } from '$lib/api/types';
import { isActive } from '$lib/words';

export interface TimeLeft {
  seconds: number;
  /** Told by the suite's budgets alone: it takes so long at most, and loading beside it. */
  isAtMost: boolean;
}

/** Too little is known of a job's pace before so much of it is done. */
const SHARE_KNOWN = 0.15;

/** Clients work side by side, each one job after the other: the slowest one tells. Null where nothing is left. */
export function timeLeft(jobs: readonly JobView[], suite: Suite, nowMs: number): TimeLeft | null {
  const open = jobs.filter(({ status }) => status === 'queued' || isActive(status));
  if (!open.length) return null;
  const budget_s = suite.workloads.reduce((sum, workload) => sum + workload.budget_s, 0);
  const ofAll = median(jobs.flatMap(tookOf));
  const all = byClient(jobs);
  const left = [...byClient(open)].map(([id, own]) => {
    const usual = median((all.get(id) ?? []).flatMap(tookOf)) ?? ofAll;
    return own.map((job) => leftOf(job, usual, budget_s, nowMs)).reduce(together);
  });
  return left.reduce((most, one) => (one.seconds > most.seconds ? one : most));
}

function byClient(jobs: readonly JobView[]): Map<string, JobView[]> {
  const clients = new Map<string, JobView[]>();
  for (const job of jobs) {
    const own = clients.get(job.client_id);
    if (own) own.push(job);
    else clients.set(job.client_id, [job]);
  }
  return clients;
}

function together(one: TimeLeft, other: TimeLeft): TimeLeft {
  return { seconds: one.seconds + other.seconds, isAtMost: one.isAtMost || other.isAtMost };
}

function leftOf(job: JobView, usual_s: number | null, budget_s: number, nowMs: number): TimeLeft {
  const whole = usual_s ?? budget_s;
  const isAtMost = usual_s === null;
  if (!isActive(job.status)) return { seconds: whole, isAtMost };
  const passed_s = Math.max(0, (nowMs - Date.parse(job.started_at ?? job.claimed_at ?? '')) / 1_000) || 0;
  const { samples_done: done = 0, samples_planned: planned = 0 } = job.progress ?? {};
  if (usual_s === null && planned > 0 && done / planned >= SHARE_KNOWN && passed_s > 0)
    return { seconds: Math.min(budget_s, (passed_s * Math.max(0, planned - done)) / done), isAtMost: false };
  return { seconds: Math.max(0, whole - passed_s), isAtMost };
}

/** How long a job took that was measured to its end, in seconds. */
function tookOf({ status, started_at, ended_at }: JobView): number[] {
  if (status !== 'completed' || !started_at || !ended_at) return [];
  const seconds = (Date.parse(ended_at) - Date.parse(started_at)) / 1_000;
  return seconds > 0 ? [seconds] : [];
}

function median(values: readonly number[]): number | null {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? null) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
