/** What a sample tells of each metric. The definitions are those of `obt_core.metrics`. Pure functions. */
import type { Flag, Metric, Sample, Suite } from './api/types';

/** Flags that leave a sample out of the summary. */
const DISQUALIFYING: ReadonlySet<Flag> = new Set([
  'clock_stepped',
  'cached_prompt',
  'impossible_prefill',
  'model_reloaded',
  'context_changed',
  'prompt_truncated',
]);

/** Flags of a machine that was not quiet: such samples are replaced where the budget allows. */
const DISTURBING: ReadonlySet<Flag> = new Set([
  'foreign_cpu_load',
  'foreign_gpu_load',
  'memory_swapped',
  'thermal_throttling',
  'power_brake',
]);

/** A sample that ended by itself counts for rates from so many tokens on. */
const RATE_TOKENS_MIN = 64;
/** Fewer generated tokens than these are asked for to measure how fast a prompt is read. */
const SHORT_ANSWER_TOKENS = 16;
/** Two times that differ by less are one: what tells them apart is the resolution of a read. */
const SAME_WITHIN = 0.01;

const OF_COLD: ReadonlySet<Metric> = new Set(['load_ms', 'ttft_ms', 'e2e_ms']);
/** What Ollama's own clock tells: no stall of the client gets into it. */
const OF_OLLAMA: ReadonlySet<Metric> = new Set(['decode_tokens_per_s', 'prefill_tokens_per_s', 'load_ms', 'queue_ms']);
const OF_WHOLE: ReadonlySet<Metric> = new Set(['e2e_ms', 'scheduled_ms']);
const OF_FLOW: ReadonlySet<Metric> = new Set(['decode_tokens_per_s', 'tpot_ms']);

/** The sample's value in the metric's unit, null where it was not measured. */
export function valueOf(sample: Sample, metric: Metric): number | null {
  if (metric === 'gap_max_ms') return gapMaxMs(sample);
  if (metric === 'scheduled_ms') return scheduledMs(sample);
  return sample[metric] ?? null;
}

/** Null where a read brought several chunks (the stamps between them are not their own), or where a clock was set. */
function gapMaxMs({ chunk_ms: stamps = [], merged_chunks }: Sample): number | null {
  if (stamps.length < 2 || merged_chunks) return null;
  const longest = stamps.slice(1).reduce((most, stamp, index) => Math.max(most, stamp - (stamps[index] ?? stamp)), 0);
  return longest > 0 ? longest : null;
}

function scheduledMs({ e2e_ms, lateness_ms }: Sample): number | null {
  return e2e_ms == null || lateness_ms == null ? null : e2e_ms + lateness_ms;
}

/** Whether the machine was not quiet while it was taken. */
export function isDisturbed({ flags = [] }: Sample): boolean {
  return flags.some((flag) => DISTURBING.has(flag));
}

/**
 * Whether a request came to its end and nothing leaves it out of every summary. Disturbed ones are left out, unless most
 * of their workload's are: then `withDisturbed` is true.
 */
export function isCounted(sample: Sample, withDisturbed = false): boolean {
  const hasEnded = sample.end === 'length' || sample.end === 'stop';
  if (!hasEnded || sample.role === 'warmup' || (isDisturbed(sample) && !withDisturbed)) return false;
  return !sample.flags?.some((flag) => DISQUALIFYING.has(flag));
}

/** Whether a stall of the client, or a send that it delayed, got into the stamps. */
function hasBlurredStamps({ flags = [], clock, merged_chunks }: Sample): boolean {
  if (flags.includes('send_delayed')) return true;
  return flags.includes('client_stalled') && (clock !== 'kernel' || !!merged_chunks);
}

/** Whether the sample enters the summary of that metric. `withDisturbed`: as for `isCounted`. */
export function countsFor(sample: Sample, metric: Metric, withDisturbed = false): boolean {
  if (!isCounted(sample, withDisturbed) || (sample.role === 'cold' && !OF_COLD.has(metric))) return false;
  if (!OF_OLLAMA.has(metric) && hasBlurredStamps(sample)) return false;
  if (sample.end !== 'stop') return true;
  if (OF_WHOLE.has(metric)) return false;
  return !OF_FLOW.has(metric) || (sample.generated_tokens ?? 0) >= RATE_TOKENS_MIN;
}

/** The metric that a workload is for: the one to be known precisely; else what its kind of request is made to tell. */
export function mainMetric(workload: Suite['workloads'][number] | undefined): Metric {
  if (workload?.precision) return workload.precision.metric;
  if (workload?.cold) return 'load_ms';
  if (workload?.arrival) return 'scheduled_ms';
  return workload && workload.generate_tokens < SHORT_ANSWER_TOKENS ? 'prefill_tokens_per_s' : 'decode_tokens_per_s';
}

/** Whether two times are apart by more than nothing; where one was not measured, there is no difference to tell. */
export function differ(one: number | null | undefined, other: number | null | undefined): boolean {
  return one != null && other != null && Math.abs(one - other) > SAME_WITHIN * Math.max(Math.abs(one), Math.abs(other));
}
