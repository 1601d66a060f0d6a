/** Samples of a job that may still run, as strips and on the axis of its telemetry. Pure functions. */
import type { Estimate, Metric, Sample, SamplePoint, Suite, Summary } from '$lib/api/types';
import { countsFor, mainMetric, valueOf } from '$lib/sample';
import { FLAG, METRIC } from '$lib/words';
import type { Point, Strip } from '$lib/state/result-view';

/** As one of a result: its chunks are not told, but until when they came. */
export function sampleOf({ lasted_ms, gap_max_ms: _, ...point }: SamplePoint): Sample {
  return { ...point, chunk_ms: lasted_ms == null ? [] : [lasted_ms], ollama: {} };
}

/** Every sample once, in the order of their numbers. */
export function mergedSamples(known: readonly SamplePoint[], fetched: readonly SamplePoint[]): SamplePoint[] {
  if (!fetched.length) return known as SamplePoint[];
  const last = known.at(-1)?.number ?? 0;
  if (fetched.every(({ number }, at) => number > (at ? (fetched[at - 1]?.number ?? 0) : last)))
    return [...known, ...fetched];
  const all = new Map([...known, ...fetched].map((sample) => [sample.number, sample]));
  return [...all.values()].sort((a, b) => a.number - b.number);
}

/** Of each workload the metric that it is for, in the order of the suite; the estimate is that of the samples so far. */
export function liveStrips(samples: readonly SamplePoint[], suite: Suite, soFar: Summary | null): Strip[] {
  return suite.workloads.flatMap((workload) => {
    const metric = mainMetric(workload);
    const told = soFar?.workloads.find((one) => one.workload === workload.name);
    const own = samples.filter(({ workload: name, role }) => name === workload.name && role !== 'warmup');
    const points = own.flatMap((sample) => pointOf(sample, metric, told?.counts_disturbed));
    const { long, unit } = METRIC[metric];
    const estimate: Estimate | undefined = told?.metrics[metric];
    const key = `${workload.name} ${metric}`;
    return points.length ? [{ key, workload: workload.name, metric, title: long, unit, points, estimate }] : [];
  });
}

function pointOf(point: SamplePoint, metric: Metric, withDisturbed?: boolean): Point[] {
  const sample = sampleOf(point);
  const value = metric === 'gap_max_ms' ? point.gap_max_ms : valueOf(sample, metric);
  if (value == null) return [];
  const note = point.flags.map((flag) => FLAG[flag]).join(', ');
  return [{ number: point.number, value, counted: countsFor(sample, metric, withDisturbed), note }];
}

/** How many samples of a summary met a machine that was not quiet. */
export function disturbedIn(summary: Summary | null | undefined): number {
  return summary?.workloads.reduce((sum, { disturbed = 0 }) => sum + disturbed, 0) ?? 0;
}
