/** What a result's page shows, computed from the result. Pure functions. */
import type { Estimate, Flag, Metric, ResultDetail, Sample } from '$lib/api/types';
import { bytes, count, digest, memory, moment, NONE, percent } from '$lib/format';
import { DISQUALIFYING, FLAG, METRIC } from '$lib/words';

export interface Point {
  number: number;
  value: number;
  counted: boolean;
  note: string;
}

export interface Strip {
  key: string;
  workload: string;
  metric: Metric;
  title: string;
  unit: string;
  points: Point[];
  estimate: Estimate | undefined;
}

export interface Fact {
  name: string;
  value: string;
  full?: string;
}

/** The metric that each workload is for: loading where it is cold, reading where the prompt is long, else decoding. */
export function stripsOf(result: ResultDetail): Strip[] {
  return result.summary.workloads.flatMap((summary) => {
    const samples = result.samples.filter(({ workload, role }) => workload === summary.workload && role !== 'warmup');
    const metric = metricOf(result, summary.workload);
    const points = samples.flatMap((sample) => pointOf(sample, metric));
    const { long, unit } = METRIC[metric];
    const estimate = summary.metrics[metric];
    const key = `${summary.workload} ${metric}`;
    return points.length ? [{ key, workload: summary.workload, metric, title: long, unit, points, estimate }] : [];
  });
}

/** Metrics that stand in a sample as they are. */
type Told = Exclude<Metric, 'gap_max_ms' | 'scheduled_ms'>;

function metricOf(result: ResultDetail, name: string): Told {
  const workload = result.suite.workloads.find((each) => each.name === name);
  if (workload?.cold) return 'load_ms';
  return workload && workload.generate_tokens < 16 ? 'prefill_tokens_per_s' : 'decode_tokens_per_s';
}

function pointOf(sample: Sample, metric: Told): Point[] {
  const value = sample[metric];
  if (value == null) return [];
  const hasEnded = sample.end === 'length' || sample.end === 'stop';
  const counted = hasEnded && !sample.flags.some((flag: Flag) => DISQUALIFYING.has(flag));
  return [{ number: sample.number, value, counted, note: sample.flags.map((flag) => FLAG[flag]).join(', ') }];
}

/** How it was measured: model, settings, memory. */
export function environmentFacts(result: ResultDetail): Fact[] {
  const found = result.environment;
  const options = result.suite.options;
  const offload =
    found?.size_bytes && found.size_vram_bytes != null ? percent(found.size_vram_bytes / found.size_bytes) : NONE;
  return [
    { name: 'Model digest', value: digest(result.model_digest), full: result.model_digest },
    { name: 'Quantization', value: result.quantization ?? NONE },
    { name: 'Ollama', value: found?.ollama_version ?? NONE },
    { name: 'obt-client', value: found?.client_version ?? NONE },
    { name: 'In VRAM', value: offload },
    { name: 'Size in memory', value: bytes(found?.size_bytes) },
    { name: 'Context', value: found?.context_length ? `${count(found.context_length)} tokens` : NONE },
    { name: 'Other models loaded', value: found?.other_models_loaded.join(', ') || 'none' },
    { name: 'CPU before', value: found?.cpu_percent_before == null ? NONE : percent(found.cpu_percent_before / 100) },
    { name: 'Receive times', value: found ? (found.clock === 'kernel' ? "the kernel's" : "the process's") : NONE },
    { name: 'num_ctx · seed · temperature', value: `${options.num_ctx} · ${options.seed} · ${options.temperature}` },
    { name: 'Suite', value: `${result.suite_name} ${digest(result.suite_hash)}`, full: result.suite_hash },
    { name: 'Series', value: digest(result.series), full: result.series },
    { name: 'Measured', value: `${moment(result.started_at)} to ${moment(result.ended_at).slice(11)}` },
  ];
}

/** The machine that measured. */
export function hardwareFacts(result: ResultDetail): Fact[] {
  const machine = result.hardware;
  if (!machine) return [{ name: 'Hardware', value: 'not told' }];
  if (!machine.known) return [{ name: 'Hardware', value: 'unknown: Ollama runs on another machine' }];
  return [
    { name: 'CPU', value: machine.cpu?.model ?? NONE },
    {
      name: 'Cores',
      value: `${count(machine.cpu?.physical_cores)} physical, ${count(machine.cpu?.logical_cores)} logical`,
    },
    { name: 'Memory', value: memory(machine.memory_bytes) },
    ...machine.gpus.map((gpu, index) => ({
      name: machine.gpus.length > 1 ? `GPU ${index + 1}` : 'GPU',
      value: [
        gpu.name,
        gpu.memory_bytes && memory(gpu.memory_bytes),
        gpu.driver_version && `driver ${gpu.driver_version}`,
      ]
        .filter(Boolean)
        .join(' · '),
    })),
    ...(machine.gpus.length ? [] : [{ name: 'GPU', value: 'none found' }]),
    { name: 'System', value: `${machine.os} ${machine.os_version}`.trim() || NONE },
    { name: 'Architecture', value: machine.arch || NONE },
  ];
}
