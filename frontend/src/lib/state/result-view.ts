/** What a result's page shows, computed from the result. Pure functions. */
import type { Estimate, Metric, OwnError, ResultDetail, Sample, Suite, WorkloadSummary } from '$lib/api/types';
import { bytes, count, digest, memory, micros, moment, NONE, percent, plural } from '$lib/format';
import { countsFor, differ, mainMetric, valueOf } from '$lib/sample';
import { FLAG, METRIC } from '$lib/words';
import { isLoad, workloadOf } from '$lib/workload';

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

/** Of each workload the metric that it is for, sample by sample. */
export function stripsOf(result: ResultDetail): Strip[] {
  return result.summary.workloads.flatMap((summary) => {
    const samples = result.samples.filter(({ workload, role }) => workload === summary.workload && role !== 'warmup');
    const metric = mainMetric(workloadOf(result.suite, summary.workload));
    const points = samples.flatMap((sample) => pointOf(sample, metric));
    const { long, unit } = METRIC[metric];
    const estimate = summary.metrics[metric];
    const key = `${summary.workload} ${metric}`;
    return points.length ? [{ key, workload: summary.workload, metric, title: long, unit, points, estimate }] : [];
  });
}

function pointOf(sample: Sample, metric: Metric): Point[] {
  const value = valueOf(sample, metric);
  if (value == null) return [];
  const note = (sample.flags ?? []).map((flag) => FLAG[flag]).join(', ');
  return [{ number: sample.number, value, counted: countsFor(sample, metric), note }];
}

/** The workloads whose requests met each other, or were held against limits. */
export function loadsOf(result: ResultDetail): WorkloadSummary[] {
  return result.summary.workloads.filter((summary) => {
    const workload = workloadOf(result.suite, summary.workload);
    return workload !== undefined && isLoad(workload) && summary.throughput_tokens_per_s != null;
  });
}

/** The headline without what says the same twice: the first answer is the first token where nothing was thought. */
export function headlineOf(result: ResultDetail): ResultDetail['headline'] {
  const { first_answer_ms, ...rest } = result.headline;
  const isApart = differ(first_answer_ms?.median, rest.ttft_ms?.median);
  return isApart && first_answer_ms ? { ...rest, first_answer_ms } : rest;
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
    { name: 'num_ctx', value: contexts(result.suite) },
    { name: 'Parallel slots, probed', value: count(found?.parallel_slots) },
    { name: 'Other models loaded', value: found?.other_models_loaded?.join(', ') || 'none' },
    { name: 'CPU before', value: found?.cpu_percent_before == null ? NONE : percent(found.cpu_percent_before / 100) },
    { name: 'Receive times', value: found ? (found.clock === 'kernel' ? "the kernel's" : "the process's") : NONE },
    ownError(found?.own_error),
    { name: 'Temperature · seed', value: `${options.temperature} · ${options.seed}` },
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
