/** A session as values: what is heard in whatever order, when it will be done, what it found. */
import { describe, expect, it } from 'vitest';
import type { JobView, LiveEvent, LogEntry, SamplePoint } from '$lib/api/types';
import { aJob, aSession, aSummary, aWorkload, estimate, SUITE } from '$lib/testing/builders';
import { bestsBy, measured } from './bests';
import { axesOf, jobsOf, joined, newsOf, NO_NEWS, renewed, running } from './jobs';
import { jobColumns } from './job-columns';
import { compareHref, COMPARED_MOST } from './links';
import { disturbedIn, liveStrips, mergedSamples, sampleOf } from './live-samples';
import { detailWords, LOG, mergedLog } from './log-words';
import { lately, latelyOfAll, linePath, RATES_KEPT, withRate } from './rates';
import { timeLeft } from './time-left';

const T0 = Date.parse('2026-11-21T09:00:00Z');
const at = (seconds: number) => new Date(T0 + seconds * 1_000).toISOString();
const rate = (median: number, low: number, high: number) => ({ decode_tokens_per_s: estimate(median, low, high) });

describe('jobs', () => {
  const changed = (job: JobView): LiveEvent => ({ type: 'job_changed', job });
  const jobs = ['a', 'b', 'c'].map((id) => aJob({ id, model: id }));

  it('are the same whatever the order in which news of different ones came', () => {
    const events = jobs.map((job) => changed({ ...job, status: 'completed' }));
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ].map((order) => order.flatMap((index) => events[index] ?? []));
    const pictures = orders.map((order) =>
      order.reduce((known, event) => renewed(known, newsOf('session-1', [event])), jobsOf(jobs)),
    );
    for (const { all } of pictures) {
      expect(all.map(({ id, status }) => [id, status])).toEqual(jobs.map(({ id }) => [id, 'completed']));
    }
  });

  it('stay the same objects where nothing is new, and others are not their business', () => {
    const known = jobsOf(jobs);
    expect(renewed(known, NO_NEWS)).toBe(known);
    expect(renewed(known, newsOf('session-1', [changed(aJob({ id: 'x', session_id: 'another' }))]))).toBe(known);
    expect(renewed(known, newsOf('session-1', [changed(aJob({ id: 'not-fetched-yet' }))]))).toBe(known);
    const next = renewed(known, newsOf('session-1', [changed(aJob({ id: 'b', model: 'b', status: 'running' }))]));
    expect(next.all.map((job, index) => job === jobs[index])).toEqual([true, false, true]);
  });

  it('have the later of two words', () => {
    const early = newsOf('session-1', [changed(aJob({ id: 'a', samples_stored: 1 }))]);
    const late = newsOf('session-1', [changed(aJob({ id: 'a', samples_stored: 2 }))]);
    expect(joined(early, late).jobs.get('a')?.samples_stored).toBe(2);
  });

  it('give the matrix its sides in the order asked for, and the running ones in the order begun', () => {
    const many = [
      aJob({ id: '1', model: 'z', client_id: 'b', client_name: 'beta', status: 'running', claimed_at: at(9) }),
      aJob({ id: '2', model: 'a', client_id: 'a', client_name: 'alpha', status: 'claimed', claimed_at: at(3) }),
      aJob({ id: '3', model: 'z', client_id: 'a', client_name: 'alpha' }),
    ];
    expect(axesOf(many)).toEqual({
      models: [
        { id: 'z', name: 'z' },
        { id: 'a', name: 'a' },
      ],
      clients: [
        { id: 'b', name: 'beta' },
        { id: 'a', name: 'alpha' },
      ],
    });
    expect(running(many).map(({ id }) => id)).toEqual(['2', '1']);
  });
});

describe('timeLeft', () => {
  const done = (took_s: number, change: Partial<JobView> = {}) =>
    aJob({ status: 'completed', started_at: at(0), ended_at: at(took_s), ...change });
  const budget_s = SUITE.workloads.reduce((sum, workload) => sum + workload.budget_s, 0);

  it('is told by the budgets while nothing is known, and says so', () => {
    expect(timeLeft([aJob(), aJob()], SUITE, T0)).toEqual({ seconds: 2 * budget_s, isAtMost: true });
    expect(timeLeft([done(30)], SUITE, T0)).toBeNull();
  });

  it('is what jobs have taken so far; clients work side by side', () => {
    const jobs = [
      done(30, { id: '1' }),
      done(50, { id: '2', client_id: 'slow' }),
      aJob({ id: '3' }),
      aJob({ id: '4' }),
      aJob({ id: '5', client_id: 'slow' }),
    ];
    expect(timeLeft(jobs, SUITE, T0)).toEqual({ seconds: 60, isAtMost: false });
  });

  it('is told by the pace of the job that runs, once it has one; never less than nothing', () => {
    const progress = { phase: 'sampling', samples_done: 5, samples_planned: 20, tokens_per_s: null } as const;
    const job = aJob({ status: 'running', started_at: at(0), progress });
    expect(timeLeft([job], SUITE, T0 + 10_000)).toEqual({ seconds: 30, isAtMost: false });
    const early = aJob({ status: 'running', started_at: at(0), progress: { ...progress, samples_done: 1 } });
    expect(timeLeft([early], SUITE, T0 + 10_000)).toEqual({ seconds: budget_s - 10, isAtMost: true });
    expect(timeLeft([done(20), job], SUITE, T0 + 99_000)).toEqual({ seconds: 0, isAtMost: false });
  });
});

describe('what a session found', () => {
  const fast = aJob({ id: 'f', model: 'fast:1b', status: 'completed', headline: rate(100, 98, 102) });
  const near = aJob({ id: 'n', model: 'near:1b', status: 'completed', headline: rate(97, 95, 99) });
  const far = aJob({ id: 's', model: 'slow:8b', status: 'completed', headline: rate(20, 19, 21) });
  const clean = new Map(['f', 'n', 's'].map((id) => [id, 'clean' as const]));

  it('is the fastest, and says where the next one may be as fast', () => {
    const [best] = bestsBy('client_name', measured([far, near, fast], clean));
    expect([best?.job.id, best?.among, best?.rival?.id]).toEqual(['f', 3, 'n']);
    const [apart] = bestsBy('client_name', measured([far, fast], clean));
    expect([apart?.job.id, apart?.rival]).toEqual(['f', null]);
    expect(bestsBy('model', measured([far, fast], clean)).map(({ of }) => of)).toEqual(['fast:1b', 'slow:8b']);
  });

  it('leaves out what is invalid or measured nothing', () => {
    const grades = new Map([...clean, ['f', 'invalid' as const]]);
    expect(measured([fast, aJob({ status: 'failed' }), near], grades).map(({ id }) => id)).toEqual(['n']);
  });

  it('leads to a comparison of as many as one takes, and to a table', () => {
    const ids = Array.from({ length: 80 }, (_, index) => `id-${index}`);
    expect(new URLSearchParams(compareHref(ids).split('?')[1]).getAll('result')).toHaveLength(COMPARED_MOST);
    const row = Object.fromEntries(jobColumns(clean).map(({ name, value }) => [name, value(fast)]));
    expect(row).toMatchObject({
      model: 'fast:1b',
      grade: 'clean',
      decode_tokens_per_s: 100,
      result_id: 'f',
      ttft_ms: null,
    });
  });
});

const aPoint = (number: number, change: Partial<SamplePoint> = {}): SamplePoint => ({
  number,
  workload: 'chat',
  role: 'measured',
  stream: 0,
  started_at: at(number),
  end: 'length',
  error_code: null,
  flags: [],
  clock: 'kernel',
  block: 0,
  merged_chunks: 0,
  generated_tokens: 64,
  lateness_ms: null,
  ttft_ms: 50,
  first_answer_ms: 50,
  tpot_ms: 10,
  gap_max_ms: 12,
  e2e_ms: 700,
  lasted_ms: 700,
  decode_tokens_per_s: 90 + number,
  prefill_tokens_per_s: 300,
  load_ms: null,
  queue_ms: 0.1,
  ...change,
});

describe('live samples', () => {
  it('are one picture in whatever pages they came', () => {
    const all = [1, 2, 3, 4, 5].map((number) => aPoint(number));
    const pages = [all.slice(0, 2), all.slice(2), all.slice(1, 3), [], all];
    for (const order of [pages, [...pages].reverse(), [pages[1], pages[0]]])
      expect(order.reduce<SamplePoint[]>((known, page) => mergedSamples(known, page ?? []), [])).toEqual(all);
    expect(mergedSamples(all, [])).toBe(all);
  });

  it('stand on the strip of what their workload is for, hollow where they do not count', () => {
    const points = [
      aPoint(1, { role: 'warmup' }),
      aPoint(2),
      aPoint(3, { flags: ['foreign_cpu_load'] }),
      aPoint(4, { workload: 'load', role: 'cold', load_ms: 120 }),
    ];
    const soFar = { headline: {}, workloads: [aSummary({ disturbed: 1 })] };
    const [chat, load] = liveStrips(points, SUITE, soFar);
    expect(chat?.points.map(({ number, value, counted, note }) => [number, value, counted, note])).toEqual([
      [2, 92, true, ''],
      [3, 93, false, 'others used the processor'],
    ]);
    expect(chat?.estimate).toEqual(estimate());
    expect([load?.metric, load?.points[0]?.value, load?.estimate]).toEqual(['load_ms', 120, undefined]);
    expect([disturbedIn(soFar), disturbedIn(null)]).toEqual([1, 0]);
  });

  it('tell the longest gap without their chunks, and until when they lasted', () => {
    const precision = { metric: 'gap_max_ms', within: 0.1, samples_min: 6 } as const;
    const [strip] = liveStrips([aPoint(1)], { ...SUITE, workloads: [aWorkload({ precision })] }, null);
    expect(strip?.points[0]?.value).toBe(12);
    expect(sampleOf(aPoint(1, { e2e_ms: null, lasted_ms: 40 })).chunk_ms).toEqual([40]);
    expect(sampleOf(aPoint(1, { lasted_ms: null })).chunk_ms).toEqual([]);
  });
});

describe('rates', () => {
  it('keep two minutes, and no more than two a second', () => {
    let rates = withRate([], { at: 0, value: 1 });
    for (let second = 1; second < 200; second += 1) rates = withRate(rates, { at: second * 1_000, value: second });
    expect([rates.length, rates.at(-1)?.value]).toEqual([RATES_KEPT, 199]);
    rates = withRate(rates, { at: 199_200, value: 7 });
    expect(rates.length).toBe(RATES_KEPT);
    const replaced = withRate(rates, { at: 199_300, value: 8 });
    expect([replaced.at(-1)?.value, replaced.at(-2)?.value]).toEqual([8, 199]);
  });

  it('are told for some seconds after the last token, then no more', () => {
    const rates = [
      { at: 1_000, value: 50 },
      { at: 2_000, value: null },
    ];
    expect([lately(rates, 5_000), lately(rates, 6_001), lately([], 0)]).toEqual([50, null, null]);
    expect(latelyOfAll([rates, [{ at: 4_000, value: 30 }]], 5_000)).toBe(80);
    expect(latelyOfAll([[]], 5_000)).toBeNull();
  });

  it('draw a line that breaks where nothing streamed', () => {
    const rates = [10, 20, null, 20].map((value, index) => ({ at: index * 1_000, value }));
    expect(linePath(rates, 0, 3_000, 30, 20)).toBe('M0.0,10.0L10.0,0.0M30.0,0.0');
    expect(linePath([{ at: 0, value: 0 }], 0, 0, 30, 20)).toBe('M0.0,20.0');
  });
});

describe('the log', () => {
  const entry = (id: number, change: Partial<LogEntry> = {}): LogEntry => ({
    id,
    job_id: 'job-1',
    at: at(id),
    kind: 'sampling',
    detail: { numbers: [], flags: [], conditions: [], notes: [] },
    ...change,
  });
  const none = entry(0).detail;

  it('has every entry once, newest first', () => {
    const ids = mergedLog([entry(3), entry(1)], [entry(4), entry(3)]).map(({ id }) => id);
    expect(ids).toEqual([4, 3, 1]);
  });

  it('says in words what was disturbed, why it was skipped, how it ended', () => {
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
    const detail = { ...none, numbers, flags: ['foreign_cpu_load' as const] };
    expect(detailWords(entry(1, { kind: 'disturbed', detail }))).toBe(
      '#1, #2, #3, #4, #5, #6, #7, #8, 2 more: others used the processor',
    );
    const skipped = entry(1, { kind: 'skipped', detail: { ...none, skip_reason: 'offline' } });
    expect(detailWords(skipped)).toBe('the client was offline for too long');
    const ended = entry(1, {
      kind: 'failed',
      detail: {
        ...none,
        samples: 3,
        error: { code: 'ollama_unreachable', message: '' },
        conditions: [{ code: 'on_battery', detail: '80 %', weight: 'disturbed' }],
        notes: ['a note'],
      },
    });
    expect(detailWords(ended)).toBe('ollama unreachable · 3 samples · the machine ran on its battery (80 %) · a note');
    expect([detailWords(entry(1)), LOG.lost.tone]).toEqual(['', 'warn']);
  });

  it('is of this session alone', () => {
    expect(newsOf('session-1', [{ type: 'session_changed', session: aSession({ id: 'other' }) }]).session).toBeNull();
  });
});
