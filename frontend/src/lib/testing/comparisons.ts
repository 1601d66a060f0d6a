/** Comparisons and series as the server sends them, for tests. */
import type {
  ComparedResult,
  ComparisonLine,
  ComparisonView,
  Pair,
  SeriesView,
  Trend,
  TrendEvent,
  TrendPoint,
} from '$lib/api/types';
import { aResult, aSummary, estimate } from './builders';

export const aLine = (change: Partial<ComparisonLine> = {}): ComparisonLine => ({
  workload: 'chat',
  metric: 'decode_tokens_per_s',
  verdict: 'slower',
  before: 100,
  after: 90,
  relative: -0.1,
  low: -0.106,
  high: -0.094,
  detectable: 0.02,
  n_before: 20,
  n_after: 20,
  is_main: true,
  ...change,
});

export const aPair = (id: string, change: Partial<Pair> = {}): Pair => ({
  result_id: id,
  verdict: 'slower',
  obstacle: null,
  headline: aLine(),
  lines: [aLine()],
  figures: [],
  ...change,
});

export const aCompared = (id: string, change: Partial<ComparedResult> = {}): ComparedResult => ({
  result: aResult({ id }),
  workloads: [aSummary({ metrics: { decode_tokens_per_s: estimate(), ttft_ms: estimate(40, 39, 41) } })],
  offload: 'gpu',
  size_bytes: 2_000_000_000,
  vram_bytes: 2_000_000_000,
  memory_bytes: 0,
  throughput: [],
  ...change,
});

export const aComparison = (change: Partial<ComparisonView> = {}): ComparisonView => ({
  results: [aCompared('one'), aCompared('two')],
  pairs: [aPair('two')],
  tests: 2,
  significance: 0.01,
  minimum_effect: 0.01,
  differences: [{ code: 'ollama_version', name: '', values: ['0.9.3', '0.12.1'] }],
  alike: 12,
  unknown: 1,
  ...change,
});

export const aSeries = (change: Partial<SeriesView> = {}): SeriesView => ({
  series: 'c0'.repeat(32),
  client_id: 'attic-1',
  client_name: 'attic',
  model: 'llama3.2:3b',
  model_digest: 'ab'.repeat(32),
  quantization: 'Q4_K_M',
  suite_name: 'quick',
  suite_hash: 'cd'.repeat(32),
  offload: 'gpu',
  result_count: 3,
  first_ended_at: '2026-11-18T09:00:00Z',
  last_ended_at: '2026-11-21T09:00:00Z',
  ...change,
});

export const aPoint = (day: number, change: Partial<TrendPoint> = {}): TrendPoint => ({
  result_id: `result-${day}`,
  ended_at: `2026-11-${String(day).padStart(2, '0')}T09:00:00Z`,
  status: 'completed',
  grade: 'clean',
  reasons: [],
  headline: { decode_tokens_per_s: estimate(100 - day, 99 - day, 101 - day) },
  ...change,
});

export const anEvent = (day: number, change: Partial<TrendEvent> = {}): TrendEvent => ({
  at: `2026-11-${String(day).padStart(2, '0')}T09:00:00Z`,
  code: 'ollama_version',
  name: '',
  before: '0.9.3',
  after: '0.12.1',
  result_id: `result-${day}`,
  series: null,
  ...change,
});

/** Points of three days, newest first, as the server sends them. */
export const aTrend = (change: Partial<Trend> = {}): Trend => ({
  series: aSeries(),
  points: [aPoint(21), aPoint(20), aPoint(19)],
  events: [anEvent(20)],
  siblings: [],
  next: null,
  ...change,
});
