/** Plans that the server could tell, for tests. */
import type { Fit, PlannedPair, SessionPlan } from '$lib/api/types';
import { aSuite, estimate } from './builders';

const GB = 1e9;

export const aFit = (change: Partial<Fit> = {}): Fit => ({
  placement: 'gpu',
  is_measured: false,
  needed_bytes: 2 * GB,
  seen_vram_bytes: null,
  vram_bytes: 24 * GB,
  memory_bytes: 32 * GB,
  model_context_tokens: 131_072,
  ...change,
});

export function aPair(change: Partial<PlannedPair> = {}): PlannedPair {
  return {
    client_id: 'attic-1',
    model: 'llama3.2:3b',
    model_digest: 'c0ffee',
    state: 'possible',
    reason: null,
    error: null,
    waits: false,
    fit: aFit(),
    measured: null,
    estimate_s: null,
    ...change,
  };
}

/** A pair with a fresh clean result, of an hour before 10:00. */
export const aMeasuredPair = (change: Partial<PlannedPair> = {}): PlannedPair =>
  aPair({
    state: 'measured',
    estimate_s: 40,
    measured: {
      result_id: 'result-1',
      ended_at: '2026-11-21T09:00:00Z',
      age_s: 3_600,
      ollama_version: '0.9.3',
      sample_count: 21,
      headline: { decode_tokens_per_s: estimate() },
    },
    ...change,
  });

export function aPlan(pairs: PlannedPair[], change: Partial<SessionPlan> = {}): SessionPlan {
  const ids = [...new Set(pairs.map(({ client_id }) => client_id))];
  return {
    suite: aSuite(),
    pairs,
    clients: ids.map((id) => ({
      client_id: id,
      client_name: id,
      jobs: 1,
      jobs_ahead: 0,
      estimate_s: 70,
      is_bound: true,
    })),
    counts: {},
    estimate_s: 70,
    is_bound: true,
    fresh_for_s: 604_800,
    offline_wait_s: 3_600,
    ...change,
  };
}
