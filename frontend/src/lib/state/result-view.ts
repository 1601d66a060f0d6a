/** What a result's page shows, computed from the result. Pure functions. */
import type { Estimate, Metric, ResultDetail, Sample, WorkloadSummary } from '$lib/api/types';
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

/** Of each workload the metric that it is for, sample by sample. */
export function stripsOf(result: ResultDetail): Strip[] {
  return result.summary.workloads.flatMap((summary) => {
    const samples = result.samples.filter(({ workload, role }) => workload === summary.workload && role !== 'warmup');
    const metric = mainMetric(workloadOf(result.suite, summary.workload));
    const points = samples.flatMap((sample) => pointOf(sample, metric, summary.counts_disturbed));
    const { long, unit } = METRIC[metric];
    const estimate = summary.metrics[metric];
    const key = `${summary.workload} ${metric}`;
    return points.length ? [{ key, workload: summary.workload, metric, title: long, unit, points, estimate }] : [];
  });
}

function pointOf(sample: Sample, metric: Metric, withDisturbed?: boolean): Point[] {
  const value = valueOf(sample, metric);
  if (value == null) return [];
  const note = (sample.flags ?? []).map((flag) => FLAG[flag]).join(', ');
  return [{ number: sample.number, value, counted: countsFor(sample, metric, withDisturbed), note }];
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
