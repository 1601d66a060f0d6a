/** The words for every state and code, each with its glyph and its tone. */
import type { Allowed, Flag, Grade, JobStatus, JobView, Metric, Presence, SessionState, SkipReason } from './api/types';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';
export type GlyphName =
  | 'up'
  | 'down'
  | 'equal'
  | 'find'
  | 'pause'
  | 'next'
  | 'dot'
  | 'ring'
  | 'half'
  | 'check'
  | 'cross'
  | 'stop'
  | 'skip'
  | 'warn'
  | 'clock'
  | 'work';

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

/** How a client fares: what keeps it from being measured on, the worst first; `well` where nothing does. */
export const HEALTH = {
  offline: { glyph: 'ring', text: 'offline', tone: 'bad' },
  unusable: { glyph: 'cross', text: 'given no work: release', tone: 'bad' },
  ollama: { glyph: 'cross', text: 'Ollama does not answer', tone: 'bad' },
  stale: { glyph: 'half', text: 'stale', tone: 'warn' },
  outdated: { glyph: 'warn', text: 'outdated', tone: 'warn' },
  drained: { glyph: 'stop', text: 'drained', tone: 'warn' },
  new: { glyph: 'clock', text: 'not heard of yet', tone: 'busy' },
  well: { glyph: 'dot', text: 'well', tone: 'good' },
} as const satisfies Record<string, Word>;
export type Health = keyof typeof HEALTH;

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

/** Queued, and not to begin before its moment. */
export const SCHEDULED: Word = { glyph: 'clock', text: 'scheduled', tone: 'busy' };

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
  client_outdated: 'the client is too old for this suite',
  server_outdated: 'the client needs a newer server',
  not_allowed: 'the owner of this client allows nothing to be asked of it',
  drained: 'drained: this client is given no new work',
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
  foreign_cpu_load: 'others used the processor',
  foreign_gpu_load: 'others used the GPU',
  memory_swapped: 'memory was swapped',
  thermal_throttling: 'slowed down by heat',
  power_brake: 'the power supply asked for less',
};

const REASON: Record<string, string> = {
  no_sample_counted: 'no sample counted',
  samples_missing: 'some samples never arrived here',
  samples_left_out: 'some samples were left out of the summary',
  other_models_loaded: 'other models were loaded at the same time',
  client_restarted: 'the client was restarted during the measurement',
  cancelled: 'it was cancelled before it ended',
  machine_not_quiet: 'the machine was not quiet while most samples were taken',
  on_battery: 'the machine ran on its battery',
  power_saving: 'the machine saved power',
  power_source_changed: 'the machine changed between mains and battery',
  power_limit_changed: 'the power limit of a device was changed meanwhile',
  power_capped: 'a device was at its power limit',
  cpu_busy_before: 'the processor was busy before it began',
  offload_split: 'the model lies partly in the memory of a GPU, partly in that of the machine',
};

/** A coded reason in words; a code that is newer than this page with its underscores opened. */
export function reason(code: string): string {
  return REASON[code] ?? (FLAG as Record<string, string>)[code] ?? code.replaceAll('_', ' ');
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

/** What the owner of a machine lets the server ask of it. */
export const ALLOWED: Record<Allowed, string> = {
  nothing: 'nothing',
  benchmarks: 'benchmarks only',
  models: 'models too',
};

/** Where an installed model is now. */
export const INSTALLED: Record<string, Word> = {
  loaded: { glyph: 'dot', text: 'loaded', tone: 'good' },
  'on disk': { glyph: 'ring', text: 'on disk', tone: 'quiet' },
  cloud: { glyph: 'skip', text: 'cloud', tone: 'quiet' },
  new: { glyph: 'clock', text: 'not seen yet', tone: 'busy' },
  stale: PRESENCE.stale,
  offline: PRESENCE.offline,
};

/** What a model can do, shorter than Ollama names it. */
export const CAPABILITY: Record<string, string> = {
  completion: 'text',
  embedding: 'embeddings',
  vision: 'images',
  tools: 'tools',
  thinking: 'thinking',
  insert: 'fill-in',
};
