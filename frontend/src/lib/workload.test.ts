import { describe, expect, it } from 'vitest';
import type { Workload } from './api/types';
import { SUITE, aSummary, aWorkload as a, estimate } from './testing/builders';
import {
  apartWords,
  driftWords,
  limitsOf,
  loadWords,
  precisionWord,
  requestWords,
  suiteLines,
  untilWords,
} from './workload';

const PRECISION = { metric: 'decode_tokens_per_s' as const, within: 0.03, samples_min: 8 };
const requests = [
  { at_s: 0, prompt_tokens: 16, generate_tokens: 8 },
  { at_s: 90, prompt_tokens: 1_200, generate_tokens: 8 },
];

describe('a workload in words', () => {
  it.each([
    [{}, '“Why?”, 64 generated'],
    [{ prompt: { kind: 'text', text: 'x'.repeat(1_234) } }, 'text of 1,234 characters, 64 generated'],
    [{ prompt: { kind: 'synthetic', tokens: 4_096 } }, 'prompt of 4,096 tokens, 64 generated'],
    [{ arrival: { kind: 'replay', requests } }, 'prompts of 16 to 1,200 tokens, 8 generated'],
  ] as [Partial<Workload>, string][])('asks %j: %s', (change, text) => expect(requestWords(a(change))).toBe(text));

  it.each([
    [{}, 'one at a time'],
    [{ concurrency: 8 }, '8 at once'],
    [{ arrival: { kind: 'constant', rate_per_s: 2 } }, '2 a second, evenly'],
    [{ arrival: { kind: 'poisson', rate_per_s: 0.5 } }, '0.5 a second, at random'],
    [{ arrival: { kind: 'replay', requests } }, '2 requests of a trace, over 1 min 30 s'],
  ] as [Partial<Workload>, string][])('sends %j: %s', (change, text) => expect(loadWords(a(change))).toBe(text));

  it('ends when it knows, or has asked or waited long enough', () => {
    expect(untilWords(a({ precision: PRECISION, samples: 40, budget_s: 60 }))).toBe(
      'until Decode ±3 %, 40 samples or 1 min',
    );
    expect(untilWords(a({}))).toBe('until 10 samples or 30 s');
  });

  it('is set apart by what is not plain', () => {
    expect(apartWords(a({}), 2_048)).toBe('');
    expect(apartWords(a({ concurrency: 8, num_ctx: 4_096 }), 2_048)).toBe('8 at once · num_ctx 4,096');
    expect(apartWords(a({ cold: true }), 2_048)).toBe('cold');
    expect(apartWords(a({ cache: 'reuse' }), 2_048)).toBe('from the cache');
  });
});

it('tells of a sweep only what changes from one workload to the next', () => {
  const purpose = 'So many at all times.';
  const sweep = [1, 2, 4].map((concurrency) => a({ name: `c${concurrency}`, concurrency, purpose }));
  const lines = suiteLines({ ...SUITE, workloads: [...sweep, a({ purpose: 'Another.' })] });
  expect(lines.map(({ purpose: told }) => told)).toEqual([purpose, '', '', 'Another.']);
  expect(lines[0]?.parts).toEqual([
    '“Why?”, 64 generated',
    'one at a time',
    'warm',
    'num_ctx 2,048',
    'until 10 samples or 30 s',
  ]);
  expect(lines[1]?.parts).toEqual(['2 at once']);
  expect(lines[3]?.parts).toHaveLength(5);
});

it('says what is good once, where it is the same for all', () => {
  const limits = { ttft_ms: 2_000, tpot_ms: 100 };
  expect(limitsOf([a({ limits }), a({ limits }), a({})])).toBe('TTFT ≤ 2,000 ms, TPOT ≤ 100 ms');
  expect(limitsOf([a({ name: 'x', limits }), a({ name: 'y', limits: { e2e_ms: 5 } })])).toBe(
    'x: TTFT ≤ 2,000 ms, TPOT ≤ 100 ms; y: E2E ≤ 5 ms',
  );
  expect(limitsOf([undefined, a({})])).toBe('');
});

it('tells by glyph and word whether the precision was reached', () => {
  const summary = aSummary({ metrics: { decode_tokens_per_s: estimate(100, 95, 105) } });
  const workload = a({ precision: PRECISION });
  expect(precisionWord({ ...summary, precise: true }, workload)).toMatchObject({
    glyph: 'check',
    text: '±3 % reached',
  });
  expect(precisionWord({ ...summary, precise: false }, workload)).toMatchObject({
    glyph: 'warn',
    text: '±5 %, not ±3 %',
  });
  const few = { ...summary, metrics: { decode_tokens_per_s: estimate(100, null, null, 3) } };
  expect(precisionWord({ ...few, precise: false }, workload)?.text).toBe('too few samples for ±3 %');
  expect(precisionWord({ ...summary, precise: null }, a({}))).toBeNull();
});

it('names a drift by what it means: a rate gets slower, a time longer', () => {
  const drifted = (drift: number | null) => ({ ...estimate(), drift });
  expect(driftWords(drifted(-0.04), 'decode_tokens_per_s')).toBe('4 % slower');
  expect(driftWords(drifted(0.04), 'decode_tokens_per_s')).toBe('4 % faster');
  expect(driftWords(drifted(0.04), 'ttft_ms')).toBe('4 % longer');
  expect(driftWords(drifted(-0.04), 'ttft_ms')).toBe('4 % shorter');
  expect(driftWords(drifted(null), 'ttft_ms')).toBe('');
  expect(driftWords(undefined, 'ttft_ms')).toBe('');
});
