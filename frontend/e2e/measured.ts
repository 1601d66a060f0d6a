/** A run that was measured elsewhere, with known samples, handed to a real server as `obt-client upload` does. */
import { randomUUID } from 'node:crypto';
import type { components } from '../src/lib/api/schema';
import { endMs, HARDWARE, telemetryOf, TOLD } from './measured-machine';
import { ROOT, told } from './programs';

type Schemas = components['schemas'];
type Sample = Partial<Schemas['Sample']> & { workload: string };
type Workload = Partial<Schemas['Workload']> & { name: string };

const BEGAN_MS = Date.parse('2026-11-20T18:30:00Z');
const DIGEST = 'ab12'.repeat(16);
const OPTIONS = { num_ctx: 2048, temperature: 0, seed: 1, think: false, keep_alive_s: 300 };
const LIMITS = { ttft_ms: 400, tpot_ms: 30 };
const within = (metric: string, share: number) => ({ metric, within: share, samples_min: 8 }) as Schemas['Precision'];

/** One of each kind, so that everything that a result can tell is told. */
export const WORKLOADS: Workload[] = [
  { name: 'chat', purpose: 'A short question.', samples: 40, precision: within('decode_tokens_per_s', 0.03) },
  {
    name: 'read-4096',
    purpose: 'A prompt of a known length: how fast the model reads.',
    prompt: { kind: 'synthetic', tokens: 4096 },
    generate_tokens: 8,
    num_ctx: 8192,
    samples: 12,
    precision: within('prefill_tokens_per_s', 0.01),
  },
  { name: 'think', purpose: 'How long a person waits for the answer itself.', generate_tokens: 256, samples: 12 },
  { name: 'users-c8', purpose: 'Eight at all times.', concurrency: 8, limits: LIMITS, samples: 120 },
  { name: 'arrivals', arrival: { kind: 'poisson', rate_per_s: 2.5 }, limits: LIMITS, samples: 60 },
  { name: 'load', purpose: 'Unloaded before every request.', generate_tokens: 2, cold: true, samples: 6 },
];

/** Numbers between -1 and 1 that are the same each time. */
function noise(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return 2 * (value - Math.floor(value)) - 1;
}

function sampleOf(workload: Workload, index: number, number: number, atMs: number): Sample {
  const { name, generate_tokens: tokens = 64, cold = false, concurrency = 1, arrival } = workload;
  const share = workload.samples ? index / workload.samples : 0;
  const slower = name === 'chat' ? 1 + 0.04 * Math.floor(share * 3.75) : 1;
  const many = concurrency > 1 ? 2.1 : arrival ? 1.3 : 1;
  const tpot = (1_000 / 118) * slower * many * (1 + 0.012 * noise(number) + (index === 17 ? 0.35 : 0));
  const promptTokens = name === 'read-4096' ? 4_101 : 31;
  const prefill = name === 'read-4096' ? 5_400 * (1 + 0.06 * noise(number + 3)) : 900 * (1 + 0.05 * noise(number + 5));
  const load = cold ? 2_140 + 160 * noise(number + 7) : 0;
  const queue = concurrency > 1 ? 180 + 150 * noise(number + 11) : 0.4;
  const ttft = (promptTokens / prefill) * 1_000 + load + queue + 6;
  const lateness = arrival ? 0.12 + 0.1 * noise(number + 13) + (index === 40 ? 7.4 : 0) : null;
  const chunks = Array.from(
    { length: tokens },
    (_, token) => ttft + token * tpot * (1 + 0.002 * noise(number + token)),
  );
  return {
    number,
    workload: name,
    role: cold ? 'cold' : 'measured',
    stream: concurrency > 1 ? index % concurrency : 0,
    started_at: new Date(atMs).toISOString(),
    end: 'length',
    flags: [
      ...(index === 5 && name === 'chat' ? ['client_stalled' as const] : []),
      ...(name === 'chat' && index >= 20 && index < 23 ? ['foreign_cpu_load' as const] : []),
      ...(name === 'think' && index > 4 ? ['foreign_cpu_load' as const] : []),
      ...(index === 40 && arrival ? ['sent_late' as const] : []),
    ],
    clock: 'kernel',
    connect_ms: 0.08,
    tls_ms: null,
    lateness_ms: lateness,
    ttft_ms: ttft,
    first_answer_ms: name === 'think' ? ttft + 96 * tpot : ttft,
    tpot_ms: tpot,
    e2e_ms: ttft + (tokens - 1) * tpot + 0.6,
    decode_tokens_per_s: 1_000 / (tpot * 0.998),
    prefill_tokens_per_s: prefill,
    load_ms: cold ? load : null,
    queue_ms: queue,
    created_ttft_ms: ttft - 0.02,
    created_tpot_ms: tpot,
    asked_prompt_tokens: name === 'read-4096' ? 4_096 : null,
    prompt_tokens: promptTokens,
    generated_tokens: tokens,
    chunk_ms: chunks,
    ollama: { eval_count: tokens, prompt_eval_count: promptTokens, done_reason: 'length' },
  };
}

/** About how long one request of it takes, and the pause after it. */
function tookMs({ name, generate_tokens = 64, cold = false, concurrency = 1 }: Workload): number {
  const prompt = name === 'read-4096' ? 780 : 45;
  return prompt + generate_tokens * 8.6 * (concurrency > 1 ? 2.3 : 1) + (cold ? 2_250 : 0) + 30;
}

function samplesOf(workload: Workload, after: number, beginMs: number): Sample[] {
  const { samples: planned = 1, concurrency = 1, arrival } = workload;
  // A precise workload ends early.
  const taken = workload.precision && workload.name === 'chat' ? Math.ceil(planned * 0.8) : planned;
  const every = arrival ? 400 : tookMs(workload) / concurrency;
  return Array.from({ length: taken }, (_, index) =>
    sampleOf(workload, index, after + index + 1, beginMs + (index + 0.2 * noise(index)) * every),
  );
}

/** Whole suites and samples of these workloads. `times`: so many times as many samples of each. */
export function aRun(workloads: Workload[] = WORKLOADS, model = 'qwen3:8b', times = 1) {
  const whole = workloads.map((workload) => ({
    purpose: '',
    prompt: { kind: 'text', text: 'Why is the sky blue?' },
    generate_tokens: 64,
    budget_s: 60,
    ...workload,
    samples: (workload.samples ?? 1) * times,
  })) as Workload[];
  const samples: Sample[] = [];
  let beginMs = BEGAN_MS;
  for (const workload of whole) {
    samples.push(...samplesOf(workload, samples.length, beginMs));
    beginMs = Math.max(...samples.map(endMs)) + 6_000;
  }
  const [began, ended] = [new Date(BEGAN_MS).toISOString(), new Date(BEGAN_MS + 900_000).toISOString()];
  const job_id = randomUUID();
  const environment = {
    client_version: '0.1.0',
    ollama_version: '0.12.3',
    model,
    model_digest: DIGEST,
    quantization: 'Q4_K_M',
    options: OPTIONS,
    suite_hash: DIGEST,
    clock: 'kernel',
    ...TOLD,
    context_length: 2048,
    cpu_percent_before: 2.4,
    parallel_slots: 4,
    order_seed: 481_516_234_215,
    own_error: {
      streams: 8,
      ttft_p50_us: 6.1,
      ttft_p99_us: 14.2,
      gap_p50_us: 3.4,
      gap_p99_us: 21.4,
      clock: 'kernel',
      measured_at: began,
    },
  };
  return {
    samples,
    announced: {
      run_id: randomUUID(),
      client_version: '0.1.0',
      started_at: began,
      machine: 'workstation',
      hardware: HARDWARE,
      order_seed: 481_516_234_215,
      suite: {
        name: 'everything',
        title: 'Everything',
        description: 'One workload of each kind.',
        options: OPTIONS,
        workloads: whole,
      },
      jobs: [{ job_id, model: { name: model, digest: DIGEST, size_bytes: 5_200_000_000, quantization: 'Q4_K_M' } }],
    },
    job_id,
    outcome: { status: 'completed', sample_count: samples.length, started_at: began, ended_at: ended, environment },
  };
}

/** Make a client with that token and hand the run over; return the page of its result. */
export async function handOver(
  url: string,
  token: string,
  run = aRun(),
  id = `uploader-${randomUUID().slice(0, 8)}`,
): Promise<string> {
  const about = { token, client_id: id, name: 'workstation', nonce: randomUUID() + randomUUID(), protocol_version: 1 };
  const { key } = (await asked(`${url}/api/v1/clients`, 'POST', about)) as { key: string };
  await asked(`${url}/api/v1/clients/${id}/runs`, 'POST', run.announced, key);
  const environment = { ...run.outcome.environment, hardware_fingerprint: await fingerprint() };
  for (let from = 0; from < run.samples.length; from += 200)
    await asked(
      `${url}/api/v1/jobs/${run.job_id}/samples`,
      'POST',
      { samples: run.samples.slice(from, from + 200) },
      key,
    );
  for (const batch of telemetryOf(run.samples))
    await asked(`${url}/api/v1/jobs/${run.job_id}/telemetry`, 'POST', batch, key);
  await asked(`${url}/api/v1/jobs/${run.job_id}/outcome`, 'PUT', { ...run.outcome, environment }, key);
  return `/results/${run.job_id}`;
}

/** Of `HARDWARE`, by the same definition as everywhere. */
async function fingerprint(): Promise<string> {
  const read = 'HardwareSnapshot.model_validate_json(sys.argv[1])';
  const script = `import sys; from obt_core.hardware import HardwareSnapshot; print(${read}.fingerprint())`;
  return (await told(['-c', script, JSON.stringify(HARDWARE)], {}, ROOT)).trim();
}

async function asked(url: string, method: string, body: unknown, key?: string): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) };
  const reply = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${method} ${url} answered ${reply.status}: ${await reply.text()}`);
  return reply.json();
}
