/** Many small results of known speeds, handed to a real server as `obt-client upload` does. */
import { randomUUID } from 'node:crypto';

const DIGEST = 'cd34'.repeat(16);
const OPTIONS = { num_ctx: 2048, temperature: 0, seed: 1, think: false, keep_alive_s: 300 };
const NEWEST_MS = Date.parse('2026-11-20T18:30:00Z');
const SAMPLES = 8;

export interface Wanted {
  model: string;
  quantization: string;
  decode_tokens_per_s: number;
  status?: 'completed' | 'failed';
  ollama_version?: string;
}

/** A machine that hands over runs: enrolled once, with its key. */
export class Uploader {
  #age = 0;
  private constructor(
    readonly url: string,
    readonly id: string,
    readonly key: string,
  ) {}

  static async enrol(url: string, token: string, name: string): Promise<Uploader> {
    const about = { token, client_id: name, name, nonce: randomUUID() + randomUUID(), protocol_version: 1 };
    const { key } = (await asked(`${url}/api/v1/clients`, 'POST', about)) as { key: string };
    return new Uploader(url, name, key);
  }

  /** Hand over one run; each is an hour older than the one before, or now. Returns the IDs of its results. */
  async run(wanted: Wanted[], suite = 'evening', now = false): Promise<string[]> {
    const jobs = wanted.map((one) => ({ ...one, job_id: randomUUID() }));
    const startedMs = now ? Date.now() - 60_000 : NEWEST_MS - this.#age++ * 3_600_000;
    await this.#send(`/clients/${this.id}/runs`, 'POST', {
      run_id: randomUUID(),
      client_version: '0.1.0',
      started_at: at(startedMs),
      machine: this.id,
      hardware: { known: true, os: 'Linux', arch: 'x86_64', memory_bytes: 2 ** 36 },
      suite: {
        name: suite,
        title: suite,
        options: OPTIONS,
        workloads: [
          { name: 'chat', prompt: { kind: 'text', text: 'Why?' }, generate_tokens: 64, samples: SAMPLES, budget_s: 60 },
        ],
      },
      jobs: jobs.map(({ job_id, model, quantization }) => ({
        job_id,
        model: { name: model, digest: DIGEST, size_bytes: 4e9, quantization },
      })),
    });
    for (const [index, job] of jobs.entries()) await this.#result(job, startedMs + index * 60_000);
    return jobs.map(({ job_id }) => job_id);
  }

  async #result(job: Wanted & { job_id: string }, startedMs: number): Promise<void> {
    const samples = Array.from({ length: SAMPLES }, (_, index) => sample(job.decode_tokens_per_s, index, startedMs));
    await this.#send(`/jobs/${job.job_id}/samples`, 'POST', { samples });
    const environment = {
      client_version: '0.1.0',
      ollama_version: job.ollama_version ?? '0.12.3',
      model: job.model,
      model_digest: DIGEST,
      quantization: job.quantization,
      options: OPTIONS,
      suite_hash: DIGEST,
      clock: 'kernel',
    };
    const status = job.status ?? 'completed';
    const error = status === 'failed' ? { code: 'ollama_unreachable', message: 'Ollama does not answer.' } : null;
    const times = { started_at: at(startedMs), ended_at: at(startedMs + 50_000) };
    const outcome = { status, sample_count: SAMPLES, ...times, environment, error };
    await this.#send(`/jobs/${job.job_id}/outcome`, 'PUT', outcome);
  }

  #send(path: string, method: string, body: unknown): Promise<unknown> {
    return asked(`${this.url}/api/v1${path}`, method, body, this.key);
  }
}

function sample(decode: number, index: number, startedMs: number) {
  const rate = decode * (1 + 0.004 * (index - SAMPLES / 2));
  return {
    number: index + 1,
    workload: 'chat',
    role: 'measured',
    started_at: at(startedMs + index * 2_000),
    end: 'length',
    clock: 'kernel',
    ttft_ms: 4_000 / rate,
    tpot_ms: 1_000 / rate,
    e2e_ms: 68_000 / rate,
    decode_tokens_per_s: rate,
    prefill_tokens_per_s: rate * 11,
    generated_tokens: 64,
    prompt_tokens: 30,
  };
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}

async function asked(url: string, method: string, body: unknown, key?: string): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) };
  const reply = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${method} ${url} answered ${reply.status}: ${await reply.text()}`);
  return reply.json();
}
