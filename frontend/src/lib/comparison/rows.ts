/** The table of a comparison: a row a metric, a cell a result. Pure functions. */
import type { ComparedResult, ComparisonLine, Estimate, FigureCode, FigureLine, Metric, Pair } from '$lib/api/types';

export interface MetricRow {
  kind: 'metric';
  workload: string;
  metric: Metric;
  isMain: boolean;
  cells: MetricCell[];
}

export interface MetricCell {
  id: string;
  estimate: Estimate | undefined;
  /** Against the baseline; none for the baseline itself, and where nothing was compared. */
  line: ComparisonLine | undefined;
}

export interface FigureRow {
  kind: 'figure';
  workload: string | null;
  code: FigureCode;
  cells: { id: string; value: number | null; line: FigureLine | undefined }[];
}

export type Row = MetricRow | FigureRow;

const METRICS: Metric[] = [
  'decode_tokens_per_s',
  'prefill_tokens_per_s',
  'ttft_ms',
  'first_answer_ms',
  'tpot_ms',
  'e2e_ms',
  'scheduled_ms',
  'load_ms',
  'queue_ms',
];

/** Each metric of each workload of the baseline; what no workload is there for only when asked for. */
export function metricRows(results: readonly ComparedResult[], pairs: readonly Pair[], further: boolean): MetricRow[] {
  const lines = new Map(pairs.map((pair) => [pair.result_id, index(pair.lines)]));
  const main = new Set(
    pairs.flatMap((pair) => pair.lines.filter((line) => line.is_main).map((line) => `${line.workload}/${line.metric}`)),
  );
  return workloadsOf(results).flatMap((workload) =>
    METRICS.flatMap((metric): MetricRow[] => {
      const key = `${workload}/${metric}`;
      const isMain = main.size === 0 || main.has(key);
      const cells = results.map((one) => ({
        id: one.result.id,
        estimate: one.workloads.find((each) => each.workload === workload)?.metrics[metric],
        line: lines.get(one.result.id)?.get(key),
      }));
      const isThere = cells.some(({ estimate }) => estimate);
      return isThere && (isMain || further) ? [{ kind: 'metric', workload, metric, isMain, cells }] : [];
    }),
  );
}

/** What a job has one figure of: energy, throughput, memory. */
export function figureRows(results: readonly ComparedResult[], pairs: readonly Pair[]): FigureRow[] {
  const codes: FigureCode[] = ['energy_j_per_token', 'throughput_tokens_per_s', 'goodput_per_s'];
  const ofWorkloads = workloadsOf(results).flatMap((workload) => codes.map((code) => ({ workload, code })));
  const ofJob = (['vram_bytes', 'memory_bytes'] as const).map((code) => ({ workload: null, code }));
  return [...ofWorkloads, ...ofJob].flatMap(({ workload, code }): FigureRow[] => {
    const cells = results.map((one) => ({
      id: one.result.id,
      value: figureOf(one, workload, code),
      line: pairs
        .find((pair) => pair.result_id === one.result.id)
        ?.figures.find((line) => line.code === code && (line.workload ?? null) === workload),
    }));
    const isCompared = pairs.length === 0 ? workload === null : cells.some(({ line }) => line);
    // A machine without a GPU took none of its memory: where that is so for all, it tells nothing.
    const isThere = cells.some(({ value }) => value);
    return isThere && isCompared ? [{ kind: 'figure', workload, code, cells }] : [];
  });
}

function figureOf(one: ComparedResult, workload: string | null, code: FigureCode): number | null {
  if (code === 'vram_bytes') return one.vram_bytes;
  if (code === 'memory_bytes') return one.memory_bytes;
  const summary = one.workloads.find((each) => each.workload === workload);
  if (code === 'energy_j_per_token') return summary?.energy?.j_per_token ?? null;
  if (code === 'goodput_per_s') return summary?.goodput_per_s ?? null;
  return summary?.throughput_tokens_per_s ?? null;
}

function workloadsOf(results: readonly ComparedResult[]): string[] {
  return [...new Set(results.flatMap(({ workloads }) => workloads.map(({ workload }) => workload)))];
}

function index(lines: readonly ComparisonLine[]): Map<string, ComparisonLine> {
  return new Map(lines.map((line) => [`${line.workload}/${line.metric}`, line]));
}
