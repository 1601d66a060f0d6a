import { describe, expect, it } from 'vitest';
import { aDetail, aSample, aSummary, aWorkload, estimate, SUITE } from '$lib/testing/builders';
import { headlineOf, loadsOf, stripsOf } from './result-view';

describe('stripsOf', () => {
  const workloads = ['chat', 'prompt', 'load'].map((workload) => aSummary({ workload }));

  it('shows of each workload what it is for', () => {
    const samples = ['chat', 'prompt', 'load'].map((workload, index) =>
      aSample({ number: index + 1, workload, load_ms: 700 }),
    );
    const strips = stripsOf(aDetail({ summary: { headline: {}, workloads }, samples }));
    expect(strips.map(({ metric }) => metric)).toEqual(['decode_tokens_per_s', 'prefill_tokens_per_s', 'load_ms']);
  });

  it('shows the metric that was to be precise, computed where a sample does not hold it', () => {
    const precision = { metric: 'gap_max_ms' as const, within: 0.03, samples_min: 6 };
    const suite = { ...SUITE, workloads: [aWorkload({ precision })] };
    const samples = [aSample({ chunk_ms: [50, 61, 75] }), aSample({ number: 2, chunk_ms: [50, 61], merged_chunks: 1 })];
    const [strip] = stripsOf(aDetail({ suite, samples }));
    expect([strip?.metric, strip?.points.map((point) => point.value)]).toEqual(['gap_max_ms', [14]]);
  });

  it('leaves warm-ups out, marks what did not count, and skips what nobody measured', () => {
    const samples = [
      aSample({ role: 'warmup' }),
      aSample({ number: 2 }),
      aSample({ number: 3, flags: ['model_reloaded'] }),
      aSample({ number: 4, decode_tokens_per_s: null }),
    ];
    const [strip] = stripsOf(aDetail({ samples }));
    expect(strip?.points.map(({ number, counted }) => [number, counted])).toEqual([
      [2, true],
      [3, false],
    ]);
    expect(stripsOf(aDetail({ samples: [] }))).toEqual([]);
  });
});

describe('what is worth a place of its own', () => {
  it('is a load where requests met each other or limits, not where they came one by one', () => {
    const asked = [
      aWorkload(),
      aWorkload({ name: 'c8', concurrency: 8 }),
      aWorkload({ name: 'held', limits: { ttft_ms: 400 } }),
    ];
    const workloads = asked.map(({ name }) => aSummary({ workload: name, throughput_tokens_per_s: 90 }));
    const detail = aDetail({ suite: { ...SUITE, workloads: asked }, summary: { headline: {}, workloads } });
    expect(loadsOf(detail).map(({ workload }) => workload)).toEqual(['c8', 'held']);
  });

  it('is the first answer where something was thought before it', () => {
    const of = (first: number) =>
      headlineOf(aDetail({ headline: { ttft_ms: estimate(50), first_answer_ms: estimate(first) } }));
    expect(Object.keys(of(50.1))).toEqual(['ttft_ms']);
    expect(Object.keys(of(900))).toEqual(['ttft_ms', 'first_answer_ms']);
  });
});
