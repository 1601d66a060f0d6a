/** The words that the glossary explains, by their names alone: small enough for every page. The texts: `glossary.ts`. */
import type { Flag, Grade, Metric } from './api/types';
import { FLAG, GRADE, METRIC } from './words';

/** Metrics by the names that people say. */
export const METRIC_SHORT = {
  ttft: 'ttft_ms',
  first_answer: 'first_answer_ms',
  prefill: 'prefill_tokens_per_s',
  decode: 'decode_tokens_per_s',
  tpot: 'tpot_ms',
  gap: 'gap_max_ms',
  e2e: 'e2e_ms',
  scheduled: 'scheduled_ms',
  load: 'load_ms',
  queue: 'queue_ms',
} as const satisfies Record<string, Metric>;

/** What OBT calls its things. */
export const WORD = {
  client: 'client',
  model: 'model',
  suite: 'suite',
  workload: 'workload',
  load_pattern: 'load pattern',
  block: 'block',
  session: 'session',
  job: 'job',
  operation: 'operation',
  sample: 'sample',
  result: 'result',
  telemetry: 'telemetry',
  environment: 'environment',
  condition: 'condition',
  series: 'series',
  tag: 'tag',
} as const;

/** How numbers are told, and what else stands beside them. */
export const FIGURE = {
  median: 'median',
  interval: '95 % interval',
  n: 'n',
  spread: 'spread',
  p90: '90th percentile',
  p99: '99th percentile',
  outlier: 'outlier',
  drift: 'drift',
  grade: 'grade',
  flag: 'flag',
  verdict: 'verdict',
  smallest_difference: 'smallest detectable difference',
  effect_size: 'effect size',
  pareto: 'Pareto front',
  throughput: 'throughput',
  goodput: 'goodput',
  requests_rate: 'requests/s',
  energy: 'energy',
  offload: 'offload',
  itl: 'ITL',
  own_error: "OBT's own error",
} as const;

/** Words of the field that a page cannot do without. */
export const FIELD = {
  token: 'token',
  quantization: 'quantization',
  parameters: 'parameters',
  digest: 'digest',
  context: 'context length',
  concurrency: 'concurrency',
  warmup: 'warm-up',
  cold: 'cold start',
  thinking: 'thinking',
  keep_alive: 'keep-alive',
  prompt_cache: 'prompt cache',
  slots: 'parallel slots',
  preflight: 'preflight',
  drain: 'drained',
  vram: 'VRAM',
} as const;

type Named = keyof typeof WORD | keyof typeof FIGURE | keyof typeof FIELD;
export type EntryId = Metric | Grade | Flag | Named;
export type TermId = EntryId | keyof typeof METRIC_SHORT;

/** The entry that an ID leads to: a metric's short name to the metric. */
export function entryOf(id: TermId): EntryId {
  return (METRIC_SHORT as Partial<Record<string, Metric>>)[id] ?? (id as EntryId);
}

/** The word itself, as it stands in a sentence or a column. */
export function termName(id: TermId): string {
  const entry = entryOf(id);
  return NAMES[entry];
}

const metricNames = Object.fromEntries(Object.entries(METRIC).map(([id, { name }]) => [id, name]));
const gradeNames = Object.fromEntries(Object.entries(GRADE).map(([id, { text }]) => [id, text]));
const NAMES = { ...WORD, ...FIGURE, ...FIELD, ...metricNames, ...gradeNames, ...FLAG } as Record<EntryId, string>;
