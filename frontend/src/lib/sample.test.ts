import { describe, expect, it } from 'vitest';
import { countsFor, differ, isCounted, mainMetric, valueOf } from './sample';
import { aSample, aWorkload, SUITE } from './testing/builders';

describe('valueOf', () => {
  it('finds the longest gap between chunks, and none where a read brought several', () => {
    expect(valueOf(aSample({ chunk_ms: [50, 61, 75, 80] }), 'gap_max_ms')).toBe(14);
    expect(valueOf(aSample({ chunk_ms: [50, 61, 75], merged_chunks: 1 }), 'gap_max_ms')).toBeNull();
    expect(valueOf(aSample({ chunk_ms: [50] }), 'gap_max_ms')).toBeNull();
    expect(valueOf(aSample({ chunk_ms: [50, 50] }), 'gap_max_ms')).toBeNull();
  });

  it('counts from the intended send where there was one', () => {
    expect(valueOf(aSample({ e2e_ms: 760, lateness_ms: 5 }), 'scheduled_ms')).toBe(765);
    expect(valueOf(aSample({ e2e_ms: 760 }), 'scheduled_ms')).toBeNull();
  });

  it('takes the others as they are', () => expect(valueOf(aSample(), 'ttft_ms')).toBe(50));
});

describe('countsFor', () => {
  it.each([
    [{ role: 'warmup' }, 'ttft_ms', false],
    [{ role: 'cold' }, 'load_ms', true],
    [{ role: 'cold' }, 'decode_tokens_per_s', false],
    [{ end: 'error' }, 'ttft_ms', false],
    [{ flags: ['model_reloaded'] }, 'ttft_ms', false],
    [{ flags: ['client_stalled'] }, 'ttft_ms', true],
    [{ flags: ['client_stalled'], merged_chunks: 1 }, 'ttft_ms', false],
    [{ flags: ['client_stalled'], clock: 'process' }, 'ttft_ms', false],
    [{ flags: ['client_stalled'], clock: 'process' }, 'decode_tokens_per_s', true],
    [{ flags: ['send_delayed'] }, 'ttft_ms', false],
    [{ flags: ['send_delayed'] }, 'queue_ms', true],
    [{ flags: ['sent_late'] }, 'scheduled_ms', true],
    [{ end: 'stop', generated_tokens: 64 }, 'decode_tokens_per_s', true],
    [{ end: 'stop', generated_tokens: 63 }, 'decode_tokens_per_s', false],
    [{ end: 'stop', generated_tokens: 64 }, 'e2e_ms', false],
    [{ end: 'stop', generated_tokens: 5 }, 'ttft_ms', true],
  ] as const)('of %j, for %s: %s', (change, metric, counts) =>
    expect(countsFor(aSample(change as Parameters<typeof aSample>[0]), metric)).toBe(counts),
  );

  it('is about a metric; a sample that ended early is counted all the same', () =>
    expect(isCounted(aSample({ end: 'stop' }))).toBe(true));
});

it('names what a workload is for', () => {
  expect(SUITE.workloads.map(mainMetric)).toEqual(['decode_tokens_per_s', 'prefill_tokens_per_s', 'load_ms']);
  expect(mainMetric(aWorkload({ arrival: { kind: 'poisson', rate_per_s: 1 } }))).toBe('scheduled_ms');
  const precision = { metric: 'ttft_ms' as const, within: 0.03, samples_min: 6 };
  expect(mainMetric(aWorkload({ precision }))).toBe('ttft_ms');
});

it('tells two times apart from the resolution of a read', () => {
  expect(differ(50, 50.1)).toBe(false);
  expect(differ(50, 60)).toBe(true);
  expect(differ(50, null)).toBe(false);
});
