/** The words for every state and code, each with its glyph and its tone. */
import type { Flag, Grade, JobStatus, JobView, Metric, Presence, SessionState, SkipReason } from './api/types';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';
export type GlyphName =
  'next' | 'dot' | 'ring' | 'half' | 'check' | 'cross' | 'stop' | 'skip' | 'warn' | 'clock' | 'work';

export interface Word {
  glyph: GlyphName;
  text: string;
  tone: Tone;
}

export const PRESENCE: Record<Presence, Word> = {
  new: { glyph: 'clock', text: 'waiting for its first heartbeat', tone: 'busy' },
  online: { glyph: 'dot', text: 'online', tone: 'good' },
  stale: { glyph: 'half', text: 'stale', tone: 'warn' },
  offline: { glyph: 'ring', text: 'offline', tone: 'quiet' },
};

export const JOB: Record<JobStatus, Word> = {
  queued: { glyph: 'clock', text: 'queued', tone: 'quiet' },
  claimed: { glyph: 'work', text: 'starting', tone: 'busy' },
  running: { glyph: 'work', text: 'running', tone: 'busy' },
  completed: { glyph: 'check', text: 'completed', tone: 'good' },
  failed: { glyph: 'cross', text: 'failed', tone: 'bad' },
  cancelled: { glyph: 'stop', text: 'cancelled', tone: 'quiet' },
  skipped: { glyph: 'skip', text: 'skipped', tone: 'quiet' },
  lost: { glyph: 'warn', text: 'lost', tone: 'warn' },
};

export const SESSION: Record<SessionState, Word> = {
  queued: { glyph: 'clock', text: 'queued', tone: 'quiet' },
  running: { glyph: 'work', text: 'running', tone: 'busy' },
  completed: { glyph: 'check', text: 'completed', tone: 'good' },
  partial: { glyph: 'half', text: 'partly completed', tone: 'warn' },
  failed: { glyph: 'cross', text: 'failed', tone: 'bad' },
  cancelled: { glyph: 'stop', text: 'cancelled', tone: 'quiet' },
};

export const GRADE: Record<Grade, Word> = {
  clean: { glyph: 'check', text: 'clean', tone: 'good' },
  disturbed: { glyph: 'warn', text: 'disturbed', tone: 'warn' },
  invalid: { glyph: 'cross', text: 'invalid', tone: 'bad' },
};

export const SKIP: Record<SkipReason, string> = {
  not_installed: 'not installed on this client',
  embeddings_only: 'makes embeddings only, generates no text',
  cloud_model: "runs in a cloud: nothing is ever sent to somebody else's computer",
  does_not_fit: 'does not fit into the memory of this client',
  offline: 'the client was offline for too long',
};

export const FLAG: Record<Flag, string> = {
  clock_stepped: 'clock was set',
  client_stalled: 'client stalled',
  send_delayed: 'left late',
  merged_reads: 'several tokens in one read',
  clocks_disagree: 'clocks disagree',
  cached_prompt: 'prompt was cached',
  impossible_prefill: 'prompt was read impossibly fast',
  model_reloaded: 'model was reloaded',
  context_changed: 'another context length',
  prompt_truncated: 'prompt was cut to fit',
  unasked_thinking: 'thought without being asked',
  sent_late: 'sent late',
};

/** Flags that leave a sample out of the summary. */
export const DISQUALIFYING: ReadonlySet<Flag> = new Set([
  'clock_stepped',
  'cached_prompt',
  'impossible_prefill',
  'model_reloaded',
  'context_changed',
  'prompt_truncated',
]);

const REASON: Record<string, string> = {
  no_sample_counted: 'no sample counted',
  samples_missing: 'some samples never arrived here',
  samples_left_out: 'some samples were left out of the summary',
  other_models_loaded: 'other models were loaded at the same time',
  client_restarted: 'the client was restarted during the measurement',
  cancelled: 'it was cancelled before it ended',
};

/** A coded reason in words; a code that is newer than this page with its underscores opened. */
export function reason(code: string): string {
  return REASON[code] ?? code.replaceAll('_', ' ');
}

export interface MetricWord {
  name: string;
  long: string;
  unit: string;
  better: 'higher' | 'lower';
}

export const METRIC: Record<Metric, MetricWord> = {
  decode_tokens_per_s: { name: 'Decode', long: 'Decode rate', unit: 'tokens/s', better: 'higher' },
  prefill_tokens_per_s: { name: 'Prefill', long: 'Prefill rate', unit: 'tokens/s', better: 'higher' },
  ttft_ms: { name: 'TTFT', long: 'Time to first token', unit: 'ms', better: 'lower' },
  first_answer_ms: { name: 'First answer', long: 'Time to first answer', unit: 'ms', better: 'lower' },
  tpot_ms: { name: 'TPOT', long: 'Time per output token', unit: 'ms', better: 'lower' },
  gap_max_ms: { name: 'Longest gap', long: 'Longest gap between tokens', unit: 'ms', better: 'lower' },
  e2e_ms: { name: 'E2E', long: 'End-to-end latency', unit: 'ms', better: 'lower' },
  scheduled_ms: { name: 'Scheduled', long: 'Latency from the intended send', unit: 'ms', better: 'lower' },
  load_ms: { name: 'Load', long: 'Load time', unit: 'ms', better: 'lower' },
  queue_ms: { name: 'Queue', long: 'Queue and overhead', unit: 'ms', better: 'lower' },
};

export const METRICS = Object.keys(METRIC) as Metric[];

/** What people quote; the others explain it. */
export const QUOTED = METRICS.filter((metric) => metric !== 'gap_max_ms' && metric !== 'queue_ms');

const PHASE: Record<string, string> = {
  preflight: 'looks whether the machine is quiet',
  warmup: 'warms up',
  sampling: 'measures',
  finishing: 'finishes',
};

/** What a job that runs does now. */
export function phase(job: JobView): string {
  if (job.status === 'claimed' || !job.progress) return 'starts';
  const word = PHASE[job.progress.phase] ?? job.progress.phase;
  return job.progress.workload ? `${word}: ${job.progress.workload}` : word;
}

/** Whether a client holds the job. */
export function isActive(status: JobStatus): boolean {
  return status === 'claimed' || status === 'running';
}

/** Whether nothing more is expected of the job. */
export function hasEnded(status: JobStatus): boolean {
  return !isActive(status) && status !== 'queued';
}
