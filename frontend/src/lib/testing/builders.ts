/** What the server could send, for tests: whole, plausible, changed where a test says so. */
import type {
  ClientDetail,
  ClientView,
  Estimate,
  JobView,
  Me,
  ModelOnClient,
  ResultDetail,
  ResultView,
  Sample,
  SessionDetail,
  Suite,
  SuiteView,
  Workload,
  WorkloadSummary,
} from '$lib/api/types';

const THEN = '2026-11-21T09:00:00Z';
const HASH = 'c0ffee'.repeat(8);

export const estimate = (median = 90, low: number | null = 88, high: number | null = 91, n = 10): Estimate => ({
  median,
  low,
  high,
  n,
  outliers: 0,
});

export function aClient(change: Partial<ClientView> = {}): ClientView {
  return {
    id: 'attic-1',
    name: 'attic',
    presence: 'online',
    state: 'idle',
    enrolled_at: THEN,
    last_seen_at: THEN,
    interval_s: 10,
    client_version: '0.1.0',
    protocol_version: 1,
    server_protocol_min: 1,
    version_state: 'current',
    version_advice: null,
    ollama: { reachable: true, version: '0.9.3', loaded: [] },
    machine: null,
    load: null,
    model_count: 1,
    running_job_id: null,
    allows: 'benchmarks',
    tags: [],
    drained_at: null,
    archived_at: null,
    clone_seen_at: null,
    clock_offset_ms: null,
    clock_error_ms: null,
    is_clock_wrong: false,
    ...change,
  };
}

export function aClientDetail(change: Partial<ClientDetail> = {}): ClientDetail {
  return {
    ...aClient(),
    hardware: null,
    is_archived_by_person: false,
    key_rotation_asked_at: null,
    key_revoked_at: null,
    ...change,
  };
}

/** Who is signed in: an administrator, unless told otherwise. */
export function aMe(change: Partial<Me> = {}): Me {
  return {
    kind: 'administrator',
    role: 'administrator',
    name: 'ada',
    person_id: '00000000-0000-4000-8000-00000000ada0',
    permissions: ['administer', 'enrol', 'operate', 'own_account', 'read', 'sign_in'],
    ...change,
  };
}

export function aModel(change: Partial<ModelOnClient> = {}): ModelOnClient {
  return {
    client_id: 'attic-1',
    client_name: 'attic',
    name: 'llama3.2:3b',
    digest: HASH,
    size_bytes: 2_000_000_000,
    family: 'llama',
    parameter_size: '3.2B',
    parameter_count: 3_200_000_000,
    quantization: 'Q4_K_M',
    context_length: 131_072,
    capabilities: ['completion'],
    modified_at_s: Date.parse(THEN) / 1_000,
    cloud: false,
    ...change,
  };
}

export function aJob(change: Partial<JobView> = {}): JobView {
  return {
    id: 'job-1',
    session_id: 'session-1',
    client_id: 'attic-1',
    client_name: 'attic',
    model: 'llama3.2:3b',
    model_digest: HASH,
    suite_hash: HASH,
    order_seed: 7,
    status: 'queued',
    skip_reason: null,
    error: null,
    progress: null,
    headline: null,
    samples_stored: 0,
    created_at: THEN,
    claimed_at: null,
    started_at: null,
    ended_at: null,
    ...change,
  };
}

/** A plain one, as the first of `SUITE`. */
export const aWorkload = (change: Partial<Workload> = {}): Workload => ({
  name: 'chat',
  purpose: '',
  prompt: { kind: 'text', text: 'Why?' },
  generate_tokens: 64,
  endpoint: 'chat',
  concurrency: 1,
  cold: false,
  cache: 'defeat',
  samples: 10,
  budget_s: 30,
  ...change,
});

export const SUITE: Suite = {
  name: 'quick',
  title: 'Quick',
  description: 'In under a minute',
  blocks: 1,
  warmup_max: 5,
  request_timeout_s: 300,
  options: { num_ctx: 2048, temperature: 0, seed: 1, think: false, keep_alive_s: 300 },
  workloads: [
    aWorkload(),
    aWorkload({
      name: 'prompt',
      prompt: { kind: 'synthetic', tokens: 512 },
      generate_tokens: 8,
      samples: 6,
      budget_s: 20,
    }),
    aWorkload({
      name: 'load',
      prompt: { kind: 'text', text: 'Hi' },
      generate_tokens: 2,
      cold: true,
      samples: 5,
      budget_s: 20,
    }),
  ],
};

export const aSuite = (change: Partial<SuiteView> = {}): SuiteView => ({
  suite: SUITE,
  hash: HASH,
  samples_planned: 21,
  budget_s: 70,
  context_tokens: 2_048,
  shipped: true,
  saved: false,
  ...change,
});

export function aSession(change: Partial<SessionDetail> = {}): SessionDetail {
  return {
    id: 'session-1',
    title: 'Quick: 1 model on 1 client',
    suite_name: 'quick',
    suite_hash: HASH,
    state: 'running',
    counts: { running: 1 },
    created_at: THEN,
    not_before: null,
    asked_by: 'owner',
    ended_at: null,
    suite: SUITE,
    jobs: [aJob()],
    ...change,
  };
}

export function aResult(change: Partial<ResultView> = {}): ResultView {
  return {
    id: 'result-1',
    session_id: 'session-1',
    client_id: 'attic-1',
    client_name: 'attic',
    model: 'llama3.2:3b',
    model_digest: `sha256:${HASH}`,
    quantization: 'Q4_K_M',
    suite_name: 'quick',
    suite_hash: HASH,
    series: HASH,
    status: 'completed',
    grade: 'clean',
    reasons: [],
    started_at: THEN,
    ended_at: '2026-11-21T09:01:00Z',
    sample_count: 1,
    headline: { decode_tokens_per_s: estimate() },
    ...change,
  };
}

export function aSample(change: Partial<Sample> = {}): Sample {
  return {
    number: 1,
    workload: 'chat',
    role: 'measured',
    stream: 0,
    started_at: THEN,
    end: 'length',
    error_code: null,
    error: null,
    flags: [],
    clock: 'kernel',
    block: 0,
    connect_ms: 0.1,
    ttft_ms: 50,
    first_answer_ms: 50,
    tpot_ms: 11,
    e2e_ms: 760,
    decode_tokens_per_s: 90,
    prefill_tokens_per_s: 300,
    load_ms: null,
    queue_ms: 0.1,
    prompt_tokens: 25,
    cached_tokens: null,
    generated_tokens: 64,
    merged_chunks: 0,
    chunk_ms: [],
    ollama: { eval_count: 64 },
    ...change,
  };
}

export const aSummary = (change: Partial<WorkloadSummary> = {}): WorkloadSummary => ({
  workload: 'chat',
  taken: 1,
  counted: 1,
  metrics: { decode_tokens_per_s: estimate() },
  disturbed: 0,
  disturbed_by: [],
  counts_disturbed: false,
  ...change,
});

export function aDetail(change: Partial<ResultDetail> = {}): ResultDetail {
  return {
    ...aResult(),
    summary: {
      headline: {},
      workloads: [aSummary()],
    },
    environment: null,
    hardware: null,
    suite: SUITE,
    error: null,
    notes: [],
    telemetry_ticks: 0,
    samples: [aSample()],
    ...change,
  };
}
