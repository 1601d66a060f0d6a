/** A session that fills while it is looked at: whatever comes when, the picture is the server's. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobView, LiveEvent, LogEntry } from '$lib/api/types';
import { aJob, aResult, aSession, aSummary, estimate } from '$lib/testing/builders';
import { aServer, type TestServer } from '$lib/testing/server';
import { JobWatch } from './job-watch.svelte';
import { SessionLog } from './session-log.svelte';
import { SessionState } from './session.svelte';
import { SoFar } from './so-far.svelte';

const API = '/api/v1';
const PAGE = 4;
let server: TestServer;
let stops: (() => void)[] = [];

beforeEach(async () => {
  server = await aServer(() => undefined);
});

afterEach(async () => {
  stops.forEach((stop) => stop());
  stops = [];
  await server.stop();
});

/** Numbers from 0 to below 1 that are the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A session of a server: what it answers is how its jobs are at that moment, page by page. */
class Truth {
  jobs: JobView[];
  constructor(many: number) {
    this.jobs = Array.from({ length: many }, (_, index) => aJob({ id: `job-${index}`, model: `m${index}` }));
  }

  answer(path: string, query: URLSearchParams): { body: unknown } | undefined {
    const after = Number(query.get('after') ?? -1);
    const jobs = this.jobs.slice(after + 1, after + 1 + PAGE);
    const next = after + 1 + PAGE < this.jobs.length ? after + PAGE : null;
    if (path === `${API}/sessions/session-1`) return { body: { ...aSession({ jobs }), jobs_next: next } };
    if (path === `${API}/sessions/session-1/jobs`) return { body: { jobs, next } };
    return path === `${API}/results` ? { body: { results: [], next: null } } : undefined;
  }

  /** A job goes on; returns what the live socket tells of it. */
  change(index: number, samples_stored: number): LiveEvent {
    const status = samples_stored % 3 ? 'running' : 'completed';
    const job = aJob({ id: `job-${index}`, model: `m${index}`, status, samples_stored });
    this.jobs = this.jobs.map((known) => (known.id === job.id ? job : known));
    return { type: 'job_changed', job };
  }
}

const picture = (jobs: readonly JobView[]) =>
  jobs.map(({ id, status, samples_stored }) => [id, status, samples_stored]);

describe('SessionState', () => {
  it.each([1, 2, 3, 4, 5, 6])('shows what is, after any order of changes, fetches and reloads: %i', async (seed) => {
    const [random, truth] = [randomOf(seed), new Truth(11)];
    server.answer = ({ path, query }) => truth.answer(path, query);
    let state = new SessionState('session-1');
    let waiting: LiveEvent[] = [];
    let fetches: Promise<void>[] = [state.refresh()];
    for (let step = 1; step <= 60; step += 1) {
      const what = random();
      if (what < 0.6) waiting.push(truth.change(Math.floor(random() * 11), step));
      else if (what < 0.8) state.hear(waiting.splice(0));
      else if (what < 0.9) fetches.push(state.refresh());
      else if (what < 0.95) await Promise.all(fetches);
      else {
        // A reload: what waits in the old page is lost, and told by the snapshot's fetch.
        [state, waiting] = [new SessionState('session-1'), []];
        fetches = [...fetches, state.refresh()];
      }
    }
    state.hear(waiting);
    await Promise.all(fetches);
    expect(picture(state.jobs.all)).toEqual(picture(truth.jobs));
    expect(state.running.every(({ status }) => status === 'running')).toBe(true);
  });

  it('takes what is told while it fetches for newer than what that brings', async () => {
    const truth = new Truth(2);
    server.answer = ({ path, query }) => truth.answer(path, query);
    const state = new SessionState('session-1');
    const fetching = state.refresh();
    await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(0));
    state.hear([truth.change(1, 6)]);
    await fetching;
    expect(picture(state.jobs.all)[1]).toEqual(['job-1', 'completed', 6]);
  });

  it('follows the first job that runs until it ends, and keeps its axes the same objects', async () => {
    const truth = new Truth(3);
    server.answer = ({ path, query }) => truth.answer(path, query);
    const state = new SessionState('session-1');
    await state.refresh();
    expect(state.followedId).toBeNull();
    const axes = state.axes;
    state.hear([truth.change(1, 1)]);
    expect(state.followedId).toBe('job-1');
    state.hear([truth.change(0, 1)]);
    expect([state.followedId, state.running.length]).toEqual(['job-1', 2]);
    state.hear([truth.change(1, 3)]);
    expect(state.followedId).toBe('job-0');
    state.hear([truth.change(0, 3)]);
    expect([state.followedId, state.running.length, state.ended]).toEqual(['job-0', 0, 2]);
    expect(state.axes).toBe(axes);
  });

  it('knows the grades of its results, and hears of new ones', async () => {
    const truth = new Truth(1);
    const results = [aResult({ id: 'job-0', grade: 'disturbed' })];
    server.answer = ({ path, query }) =>
      path === `${API}/results`
        ? query.get('after')
          ? { body: { results: [aResult({ id: 'older' })], next: null } }
          : { body: { results, next: 'cursor' } }
        : truth.answer(path, query);
    const state = new SessionState('session-1');
    await state.refresh();
    expect([...state.grades]).toEqual([
      ['job-0', 'disturbed'],
      ['older', 'clean'],
    ]);
    state.hear([
      { type: 'result_added', result: aResult({ id: 'new', grade: 'invalid' }) },
      { type: 'result_added', result: aResult({ id: 'foreign', session_id: 'another' }) },
    ]);
    expect([state.grades.get('new'), state.grades.has('foreign')]).toEqual(['invalid', false]);
  });

  it('keeps how fast tokens stream of each job that runs, and of all together', async () => {
    const truth = new Truth(2);
    server.answer = ({ path, query }) => truth.answer(path, query);
    const state = new SessionState('session-1');
    await state.refresh();
    const told = (id: string, tokens_per_s: number): LiveEvent => ({
      type: 'job_changed',
      job: aJob({
        id,
        status: 'running',
        progress: { phase: 'sampling', samples_done: 1, samples_planned: 2, tokens_per_s },
      }),
    });
    state.hear([told('job-0', 30), told('job-1', 12)]);
    expect([state.rates.get('job-0')?.at(-1)?.value, state.total.at(-1)?.value]).toEqual([30, 42]);
    state.hear([truth.change(0, 3)]);
    expect([state.rates.has('job-0'), state.total.at(-1)?.value]).toEqual([false, 12]);
  });
});

const aPoint = (number: number) => ({ number, workload: 'chat', role: 'measured', flags: [] });

describe('JobWatch', () => {
  it('fetches the samples that it has not, page by page, and all once more when the job has ended', async () => {
    let numbers = [1, 2, 3];
    server.answer = ({ path, query }) => {
      if (!path.endsWith('/samples')) return undefined;
      const samples = numbers.filter((number) => number > Number(query.get('after'))).slice(0, 2);
      return { body: { samples: samples.map(aPoint), next: samples.length === 2 ? samples[1] : null } };
    };
    const watch = new JobWatch('job-1');
    stops.push(watch.start());
    const running = aJob({ status: 'running', samples_stored: 3 });
    watch.see(running);
    await vi.waitFor(() => expect(watch.isLoaded).toBe(true));
    expect(watch.samples.map(({ number }) => number)).toEqual([1, 2, 3]);
    numbers = [1, 2, 3, 4];
    watch.see({ ...running, samples_stored: 4 });
    await vi.waitFor(() => expect(watch.samples).toHaveLength(4));
    expect(
      server.asked
        .filter(({ path }) => path.endsWith('/samples'))
        .at(-1)
        ?.query.get('after'),
    ).not.toBe('0');
    numbers = [1, 2, 3, 4, 5];
    watch.see({ ...running, status: 'completed', samples_stored: 5 });
    await vi.waitFor(() => expect(watch.samples).toHaveLength(5));
    expect(server.asked.some(({ query }) => query.get('after') === '0')).toBe(true);
  });

  it('asks for telemetry and what the samples come to at once, and says what it could not fetch', async () => {
    const summary = { headline: {}, workloads: [aSummary()] };
    server.answer = ({ path }) => {
      if (path.endsWith('/summary')) return { body: summary };
      return path.endsWith('/samples') ? { status: 503, body: { detail: 'Later.', code: 'away' } } : undefined;
    };
    const watch = new JobWatch('job-1');
    stops.push(watch.start());
    watch.see(aJob({ status: 'running' }));
    await vi.waitFor(() => expect(watch.summary.data).toEqual(summary));
    await vi.waitFor(() => expect(watch.problem?.detail).toBe('Later.'));
    await vi.waitFor(() => expect(watch.telemetry.problem?.status).toBe(404));
    server.answer = ({ path }) => (path.endsWith('/samples') ? { body: { samples: [], next: null } } : undefined);
    watch.retry();
    await vi.waitFor(() => expect(watch.problem).toBeNull());
  });
});

describe('SoFar', () => {
  it('asks for jobs that gained samples, not too often, and forgets those that ended', async () => {
    const summary = { headline: { decode_tokens_per_s: estimate() }, workloads: [] };
    server.answer = () => ({ body: summary });
    const soFar = new SoFar();
    stops.push(() => soFar.stop());
    const job = aJob({ status: 'running', samples_stored: 2 });
    soFar.see([job, aJob({ id: 'new', status: 'claimed' })], 0);
    await vi.waitFor(() => expect(soFar.of.get('job-1')).toEqual(summary));
    soFar.see([{ ...job, samples_stored: 3 }], 100);
    soFar.see([job], 60_000);
    expect(server.asked.map(({ path }) => path)).toEqual([`${API}/jobs/job-1/summary`]);
    soFar.see([{ ...job, samples_stored: 3 }], 60_000);
    await vi.waitFor(() => expect(server.asked).toHaveLength(2));
    soFar.see([]);
    expect(soFar.of.size).toBe(0);
  });

  it('asks again where it got no answer', async () => {
    const soFar = new SoFar();
    const job = aJob({ status: 'running', samples_stored: 2 });
    soFar.see([job], 0);
    await vi.waitFor(() => expect(server.asked).toHaveLength(1));
    await vi.waitFor(() => {
      soFar.see([job], 1);
      expect(server.asked.length).toBeGreaterThan(1);
    });
  });
});

describe('SessionLog', () => {
  const entry = (id: number): LogEntry => ({
    id,
    job_id: 'job-1',
    at: '2026-11-21T09:00:00Z',
    kind: 'sampling',
    detail: { numbers: [], flags: [], conditions: [], notes: [] },
  });
  let newest = 130;

  beforeEach(() => {
    newest = 130;
    server.answer = ({ query }) => {
      const before = Number(query.get('before') ?? newest + 1);
      const ids = Array.from({ length: Number(query.get('limit')) }, (_, index) => before - 1 - index).filter(
        (id) => id > 0,
      );
      return { body: { entries: ids.map(entry), next: ids.at(-1) === 1 ? null : ids.at(-1) } };
    };
  });

  it('is read page by page, and gains what happens', async () => {
    const log = new SessionLog('session-1');
    stops.push(log.start());
    await vi.waitFor(() => expect(log.entries).toHaveLength(60));
    await log.more();
    await log.more();
    expect([log.entries?.length, log.next]).toEqual([130, null]);
    newest = 135;
    await log.refresh();
    expect([log.entries?.length, log.entries?.[0]?.id, log.next]).toEqual([135, 135, null]);
    newest = 999; // more than a page happened meanwhile: no gap is hidden
    await log.refresh();
    expect([log.entries?.length, log.next]).toEqual([60, 940]);
  });

  it('is fetched anew when a job goes on, and not for every sample', async () => {
    const log = new SessionLog('session-1');
    stops.push(log.start());
    await vi.waitFor(() => expect(log.entries).not.toBeNull());
    const job = aJob({ status: 'running' });
    log.see([job]);
    log.see([{ ...job, samples_stored: 9 }]);
    expect(server.asked).toHaveLength(1);
    log.see([{ ...job, status: 'completed' }]);
    await vi.waitFor(() => expect(server.asked).toHaveLength(2), { timeout: 3_000 });
  });

  it('is narrowed to one job', async () => {
    const log = new SessionLog('session-1');
    log.choose('job-1');
    await vi.waitFor(() => expect(log.entries).not.toBeNull());
    expect(server.asked.at(-1)?.query.get('job_id')).toBe('job-1');
  });
});
