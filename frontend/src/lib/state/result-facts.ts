/** What may explain a result's numbers, as names and values. Pure functions. */
import type { Environment, OwnError, ResultDetail, Suite } from '$lib/api/types';
import { bytes, count, digest, micros, moment, NONE, number, percent, plural } from '$lib/format';
import { machineFacts, type Fact } from '$lib/machine';
import { offloadWord } from './grade-view';

/** The model as it was loaded. */
export function modelFacts(result: ResultDetail): Fact[] {
  const found = result.environment;
  return [
    { name: 'Digest', value: digest(result.model_digest), full: result.model_digest },
    { name: 'Quantization', value: result.quantization ?? NONE },
    { name: 'Size in memory', value: bytes(found?.size_bytes) },
    { name: 'Where it lies', value: offloadWord(found)?.text ?? NONE },
    { name: 'Context', value: found?.context_length ? `${count(found.context_length)} tokens` : NONE },
    { name: 'num_ctx', value: contexts(result.suite) },
    { name: 'Temperature · seed', value: `${result.suite.options.temperature} · ${result.suite.options.seed}` },
  ];
}

const SOURCE: Record<string, string> = {
  process: 'of the running process',
  systemd: 'of its systemd unit',
  launchd: 'of its launchd job',
  registry: 'of the registry',
};

/** Ollama as it was. */
export function ollamaFacts({ environment: found }: ResultDetail): Fact[] {
  return [
    { name: 'Version', value: found?.ollama_version ?? NONE },
    { name: 'Parallel slots, probed', value: count(found?.parallel_slots) },
    { name: 'Other models loaded', value: found?.other_models_loaded?.join(', ') || 'none' },
    { name: 'Its settings', value: settingsWords(found) },
  ];
}

function settingsWords(found: Environment | null): string {
  const source = found?.ollama_settings_source;
  if (!source) return 'could not be read: unknown';
  const where = SOURCE[source] ?? source;
  return Object.keys(found?.ollama_settings ?? {}).length ? `${where}, below` : `${where}: none set`;
}

/** Those of Ollama's settings that could be read, a line each; empty where there are none. */
export function settingLines({ environment: found }: ResultDetail): string {
  const settings = Object.entries(found?.ollama_settings ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return settings.map(([name, value]) => `${name}=${value}`).join('\n');
}

/** The machine that measured, as it was when the job began. */
export function thenFacts({ hardware, environment: found }: ResultDetail): Fact[] {
  const idle = found?.idle_power_w;
  return [
    ...machineFacts(hardware, found?.machine),
    {
      name: 'Processor before',
      value: found?.cpu_percent_before == null ? NONE : percent(found.cpu_percent_before / 100),
    },
    ...(idle == null ? [] : [{ name: 'Idle power', value: `${number(idle)} W, of all devices that tell` }]),
  ];
}

/** How it was measured. */
export function measurementFacts(result: ResultDetail): Fact[] {
  const found = result.environment;
  return [
    { name: 'obt-client', value: found?.client_version ?? NONE },
    { name: 'Receive times', value: found ? (found.clock === 'kernel' ? "the kernel's" : "the process's") : NONE },
    ownError(found?.own_error),
    { name: 'Seed of the order', value: seed(found?.order_seed) },
    { name: 'Suite', value: `${result.suite_name} ${digest(result.suite_hash)}`, full: result.suite_hash },
    { name: 'Series', value: digest(result.series), full: result.series },
    { name: 'Measured', value: `${moment(result.started_at)} to ${moment(result.ended_at).slice(11)}` },
  ];
}

/** How far OBT's own stamps are from the truth, as it measured itself on this machine. */
function ownError(error: OwnError | null | undefined): Fact {
  const name = "OBT's own error";
  if (!error) return { name, value: 'not measured' };
  const clock = error.clock === 'kernel' ? "the kernel's clock" : "the process's clock";
  const value =
    `TTFT ≤ ${micros(error.ttft_p99_us)}, gap ≤ ${micros(error.gap_p99_us)} at p99 ` +
    `with ${plural(error.streams, 'stream')}, ${clock}`;
  const medians = `median: TTFT ${micros(error.ttft_p50_us)}, gap ${micros(error.gap_p50_us)}`;
  return { name, value, full: `${medians}; measured ${moment(error.measured_at)}` };
}

/** The context length asked for, or from which to which where workloads differ. */
function contexts({ options, workloads }: Suite): string {
  const asked = workloads.map((workload) => workload.num_ctx ?? options.num_ctx);
  const [least, most] = [Math.min(...asked), Math.max(...asked)];
  return least === most ? count(least) : `${count(least)} to ${count(most)}, by workload`;
}

/** A seed as it is; one longer than a number of JavaScript holds has lost its last digits on the way here. */
function seed(value: number | null | undefined): string {
  if (value == null) return NONE;
  return Number.isSafeInteger(value) ? String(value) : 'too long to be shown exactly';
}
