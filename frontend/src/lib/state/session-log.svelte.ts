/** What happened to the jobs of a session, newest first; the newest page is fetched anew as things happen. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { JobView, LogEntry } from '$lib/api/types';
import { mergedLog } from '$lib/session/log-words';

const PAGE = 60;
const APART_MS = 1_500;

export class SessionLog {
  readonly id: string;
  /** Of this job alone; null: of all. */
  jobId = $state<string | null>(null);
  entries = $state.raw<LogEntry[] | null>(null);
  next = $state<number | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  #seen = new Map<string, string>();
  #running: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = 0;

  constructor(id: string) {
    this.id = id;
  }

  start(): () => void {
    void this.refresh();
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#running?.abort();
    };
  }

  /** Narrow to one job, or to all. */
  choose(jobId: string | null): void {
    if (jobId === this.jobId) return;
    [this.jobId, this.entries, this.next] = [jobId, null, null];
    void this.refresh();
  }

  /** How the jobs stand: where one went on there is something to be read. */
  see(jobs: Iterable<JobView>): void {
    let isNews = false;
    for (const { id, status, progress } of jobs) {
      const now = `${status} ${progress?.phase ?? ''}`;
      if (this.#seen.get(id) === now) continue;
      isNews ||= this.#seen.has(id);
      this.#seen.set(id, now);
    }
    if (isNews) this.soon();
  }

  /** Fetch what is new, not more often than every second and a half. */
  soon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.refresh();
      },
      Math.max(0, this.#askedAt + APART_MS - Date.now()),
    );
  }

  async refresh(): Promise<void> {
    this.#askedAt = Date.now();
    await this.#fetch(undefined);
  }

  /** The page before the oldest entry here. */
  async more(): Promise<void> {
    if (this.next !== null) await this.#fetch(this.next);
  }

  async #fetch(before: number | undefined): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    try {
      const params = { path: { session_id: this.id }, query: { job_id: this.jobId ?? undefined, before, limit: PAGE } };
      const page = await unwrap(api.GET('/api/v1/sessions/{session_id}/log', { params, signal: running.signal }));
      if (running.signal.aborted) return;
      const known = this.entries ?? [];
      const meets = page.entries.some(({ id }) => known.some((entry) => entry.id === id)) || before !== undefined;
      // A page that does not reach what is here leaves a gap: then it stands alone.
      const stays = meets || page.next === null;
      if (before !== undefined || !known.length || !stays) this.next = page.next;
      this.entries = mergedLog(stays ? known : [], page.entries);
      this.problem = null;
    } catch (thrown) {
      if (running.signal.aborted) return;
      this.problem = toProblem(thrown);
    }
    this.busy = false;
  }
}
