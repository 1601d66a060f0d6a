/** One session: its jobs as they are now, filling live; complete after a reload or a reconnect. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { Grade, JobView, LiveEvent, SessionDetail } from '$lib/api/types';
import { isGap, live } from '$lib/live.svelte';
import { hasEnded, isActive } from '$lib/words';
import {
  axesOf,
  cellKey,
  endedCount,
  haveSameNames,
  joined,
  jobsOf,
  newsOf,
  NO_JOBS,
  NO_NEWS,
  renewed,
  running,
  type Jobs,
  type News,
} from '$lib/session/jobs';
import { latelyOfAll, withRate, type Rate } from '$lib/session/rates';
import { Resource } from './resource.svelte';

const RESULTS_A_PAGE = 500;
const WAITS_EVERY_MS = 5_000;

interface Loaded {
  session: Omit<SessionDetail, 'jobs' | 'jobs_next'>;
  jobs: Jobs;
}

export class SessionState {
  readonly id: string;
  readonly resource: Resource<Loaded>;
  /** Why the last cancelling failed. */
  problem = $state.raw<Problem | null>(null);
  /** Why a job waits, in words: fetched where one does. */
  why = $state.raw<((job: JobView) => string) | undefined>();
  /** Of the jobs that have a result. */
  grades = $state.raw<ReadonlyMap<string, Grade>>(new Map());
  /** How fast tokens streamed since the page was opened: of all jobs together, and of each that runs. */
  total = $state.raw<readonly Rate[]>([]);
  rates = $state.raw<ReadonlyMap<string, readonly Rate[]>>(new Map());
  /** The job that is shown while the reader has chosen none: the first that runs, until it ends and another does. */
  followedId = $state<string | null>(null);
  readonly #grades: Resource<ReadonlyMap<string, Grade>>;
  /** What was heard since the last fetch began: it may be newer than what that brings. */
  #heard: News = NO_NEWS;

  readonly session = $derived.by(() => this.resource.data?.session ?? null);
  readonly jobs = $derived.by(() => this.resource.data?.jobs ?? NO_JOBS);
  readonly running = $derived.by(() => running(this.jobs.all));
  readonly ended = $derived.by(() => endedCount(this.jobs.all));
  readonly isOpen = $derived.by(() => this.session?.state === 'queued' || this.session?.state === 'running');
  readonly #cells = $derived.by(() => new Map(this.jobs.all.map((job) => [cellKey(job.model, job.client_id), job])));
  // The axes are made of names that never change: they stay the same objects while jobs do.
  #axes: { of: readonly JobView[]; axes: ReturnType<typeof axesOf> } = { of: [], axes: axesOf([]) };
  readonly axes = $derived.by(() => {
    const of = this.jobs.all;
    this.#axes = { of, axes: haveSameNames(of, this.#axes.of) ? this.#axes.axes : axesOf(of) };
    return this.#axes.axes;
  });

  constructor(id: string) {
    this.id = id;
    this.resource = new Resource((signal) => this.#load(signal));
    this.#grades = new Resource((signal) => gradesOf(id, signal));
  }

  /** Fetch, and follow the live socket. Returns its own clean-up. */
  start(): () => void {
    void this.refresh().then(() => this.renewWaits());
    const stopListening = live.listen((events) => this.hear(events));
    const timer = setInterval(() => void (document.hidden || this.renewWaits()), WAITS_EVERY_MS);
    return () => {
      stopListening();
      clearInterval(timer);
      this.resource.stop();
      this.#grades.stop();
    };
  }

  async refresh(): Promise<void> {
    await Promise.all([this.resource.refresh(), this.#renewGrades()]);
    this.#noteRates({ session: null, jobs: new Map(this.running.map((job) => [job.id, job])) }, Date.now());
    this.#follow();
  }

  /** Patch what moved; after a reconnect fetch everything. */
  hear(events: LiveEvent[]): void {
    if (events.some(isGap)) void this.refresh();
    const news = newsOf(this.id, events);
    this.#heard = joined(this.#heard, news);
    if (this.resource.data) this.resource.data = withNews(this.resource.data, news);
    const told = events.flatMap((event) =>
      event.type === 'result_added' && event.result.session_id === this.id ? [event.result] : [],
    );
    if (told.length) this.grades = new Map([...this.grades, ...told.map(({ id, grade }) => [id, grade] as const)]);
    if (news.jobs.size) this.#noteRates(news, Date.now());
    this.#follow();
  }

  /** Ask why jobs wait, while some do. */
  async renewWaits(): Promise<void> {
    if (!this.jobs.all.some(({ status }) => status === 'queued')) return;
    const { waitsNow, whyItWaits, withWaits } = await import('./waits');
    this.why = whyItWaits;
    const waits = await waitsNow(this.id);
    const known = this.resource.data;
    if (known && waits) this.resource.data = { ...known, jobs: withWaits(known.jobs, waits) };
  }

  jobAt(model: string, clientId: string): JobView | undefined {
    return this.#cells.get(cellKey(model, clientId));
  }

  async cancelJob(job: JobView): Promise<void> {
    await this.#cancel(() =>
      unwrap(api.POST('/api/v1/jobs/{job_id}/cancel', { params: { path: { job_id: job.id } } })),
    );
  }

  async cancelAll(): Promise<void> {
    const path = { session_id: this.id };
    await this.#cancel(() => unwrap(api.POST('/api/v1/sessions/{session_id}/cancel', { params: { path } })));
  }

  async #cancel(ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask();
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    await this.resource.refresh();
  }

  async #load(signal: AbortSignal): Promise<Loaded> {
    this.#heard = NO_NEWS;
    const path = { session_id: this.id };
    const { jobs, jobs_next, ...session } = await unwrap(
      api.GET('/api/v1/sessions/{session_id}', { params: { path }, signal }),
    );
    const all = [...jobs];
    for (let after = jobs_next ?? null; after !== null;) {
      const params = { path, query: { after } };
      const page = await unwrap(api.GET('/api/v1/sessions/{session_id}/jobs', { params, signal }));
      all.push(...page.jobs);
      after = page.next;
    }
    return withNews({ session, jobs: jobsOf(all) }, this.#heard);
  }

  async #renewGrades(): Promise<void> {
    await this.#grades.refresh();
    if (this.#grades.data) this.grades = new Map([...this.grades, ...this.#grades.data]);
  }

  #follow(): void {
    const shown = this.followedId === null ? undefined : this.jobs.byId.get(this.followedId);
    if (!shown || hasEnded(shown.status)) this.followedId = this.running[0]?.id ?? this.followedId;
  }

  #noteRates({ jobs }: News, at: number): void {
    const rates = new Map(this.rates);
    for (const { id, status, progress } of jobs.values()) {
      if (isActive(status)) rates.set(id, withRate(rates.get(id) ?? [], { at, value: progress?.tokens_per_s ?? null }));
      else rates.delete(id);
    }
    this.rates = rates;
    this.total = withRate(this.total, { at, value: latelyOfAll(rates.values(), at) });
  }
}

function withNews(known: Loaded, news: News): Loaded {
  const jobs = renewed(known.jobs, news);
  if (jobs === known.jobs && !news.session) return known;
  return { session: { ...known.session, ...news.session }, jobs };
}

/** The grade of every result of a session. */
async function gradesOf(id: string, signal: AbortSignal): Promise<ReadonlyMap<string, Grade>> {
  const grades = new Map<string, Grade>();
  let after: string | undefined;
  do {
    const query = { session_id: id, limit: RESULTS_A_PAGE, after };
    const { results, next } = await unwrap(api.GET('/api/v1/results', { params: { query }, signal }));
    results.forEach(({ id: result, grade }) => grades.set(result, grade));
    after = next ?? undefined;
  } while (after);
  return grades;
}
