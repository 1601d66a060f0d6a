import { expect, it } from 'vitest';
import { SUITE } from '$lib/testing/builders';
import type { Suite, Workload } from './api/types';
import { aWorkload, draftWords, named, plainSuite } from './suite-draft';

const [chat] = SUITE.workloads as [Workload];
const suiteOf = (change: Partial<Workload>): Suite => ({ ...SUITE, workloads: [{ ...chat, ...change }] });
const roundTrip = (suite: Suite) => plainSuite(named(suite, suite.name, true)) as unknown as Suite;

it.each<Partial<Workload>>([
  {},
  { prompt: { kind: 'synthetic', tokens: 512 }, generate_tokens: 8 },
  { arrival: { kind: 'poisson', rate_per_s: 0.5 }, precision: null },
  { arrival: { kind: 'replay', requests: [{ at_s: 0, prompt_tokens: 8, generate_tokens: 1 }] }, precision: null },
  { cold: true, precision: null },
  { cache: 'reuse', num_ctx: 4_096, endpoint: 'generate' },
  { limits: { ttft_ms: 2_000, tpot_ms: null, e2e_ms: null } },
  { precision: { metric: 'ttft_ms', within: 0.07, samples_min: 9 } },
])('goes through a form and comes out as it was: %j', (change) => {
  const suite = suiteOf(change);
  const [workload] = roundTrip(suite).workloads;
  for (const [key, value] of Object.entries(suite.workloads[0] ?? {}))
    if (key !== 'concurrency' || !suite.workloads[0]?.arrival) expect(workload).toHaveProperty(key, value ?? null);
  expect(roundTrip(suite).options).toEqual(suite.options);
});

it('says under which name and title a copy goes on', () => {
  expect(named(SUITE, 'mine', false)).toMatchObject({ name: 'mine', title: `${SUITE.title}, edited` });
});

it('sends what is empty as nothing, so that the server says so at its place', () => {
  const draft = named(SUITE, 'mine', false);
  draft.options.num_ctx = null;
  expect(plainSuite(draft).options).toMatchObject({ num_ctx: null });
});

it('gives a new workload a name that none has', () => {
  expect(aWorkload(['workload', 'workload-2']).name).toBe('workload-3');
});

it('tells a folded workload in a line', () => {
  expect(draftWords({ ...aWorkload([]), concurrency: 8 })).toBe(
    'text of 20 characters, 64 generated, 8 at once, 20 samples or 1 min',
  );
});
