/** The results of a comparison as they are named, grouped and coloured. Pure functions. */
import type { ComparedResult, Estimate, Metric } from '$lib/api/types';

export const GROUPS = ['none', 'client', 'model', 'quantization'] as const;
export type Grouping = (typeof GROUPS)[number];

export interface Subject {
  id: string;
  /** What tells it from the others: only what is not the same in all of them. */
  name: string;
  model: string;
  client: string;
  quantization: string | null;
  /** The name of its group; '' without groups. */
  group: string;
  /** 1 to 7, by group or else by its place. */
  colour: number;
  result: ComparedResult;
  isBaseline: boolean;
}

const COLOURS = 7;

/** The first is the baseline. Groups stand together, in the order in which they first occur. */
export function subjectsOf(results: readonly ComparedResult[], grouping: Grouping): Subject[] {
  const names = namesOf(results);
  const groups = [...new Set(results.map((one) => groupOf(one, grouping)))];
  const subjects = results.map((one, index) => {
    const group = groupOf(one, grouping);
    const place = grouping === 'none' ? index : groups.indexOf(group);
    return {
      id: one.result.id,
      name: names[index] ?? one.result.model,
      model: one.result.model,
      client: one.result.client_name,
      quantization: one.result.quantization ?? null,
      group,
      colour: (place % COLOURS) + 1,
      result: one,
      isBaseline: index === 0,
    };
  });
  return grouping === 'none'
    ? subjects
    : subjects.toSorted((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
}

function groupOf({ result }: ComparedResult, grouping: Grouping): string {
  if (grouping === 'client') return result.client_name;
  if (grouping === 'model') return result.model;
  if (grouping === 'quantization') return result.quantization ?? 'unknown quantization';
  return '';
}

/** Model, client and quantization as far as they differ; the moment where nothing else does. */
function namesOf(results: readonly ComparedResult[]): string[] {
  const parts: ((one: ComparedResult) => string)[] = [
    ({ result }) => result.model,
    ({ result }) => result.client_name,
    ({ result }) => result.suite_name,
  ];
  const telling = parts.filter((part) => new Set(results.map(part)).size > 1);
  const names = results.map((one) => telling.map((part) => part(one)).join(' · ') || one.result.model);
  return names.map((name, index) => {
    const places = names.flatMap((other, at) => (other === name ? [at] : []));
    return places.length > 1 ? `${name} #${places.indexOf(index) + 1}` : name;
  });
}

export interface Choice {
  workload: string;
  metric: Metric;
}

/** What all can be looked at by: each workload of the baseline's with each metric that at least one result has. */
export function choicesOf(results: readonly ComparedResult[]): Choice[] {
  const seen = new Map<string, Choice>();
  for (const { workloads } of results)
    for (const { workload, metrics } of workloads)
      for (const metric of Object.keys(metrics) as Metric[]) seen.set(`${workload}/${metric}`, { workload, metric });
  return [...seen.values()];
}

/** The estimate of one metric of one workload. */
export function estimateOf(result: ComparedResult, { workload, metric }: Choice): Estimate | undefined {
  return result.workloads.find((one) => one.workload === workload)?.metrics[metric];
}

/** What a comparison is opened with: the headline of a pair, or the first decode rate that there is. */
export function firstChoice(choices: readonly Choice[], headline: Choice | undefined): Choice | undefined {
  const isThere = (wanted: Choice) =>
    choices.find(({ workload, metric }) => workload === wanted.workload && metric === wanted.metric);
  return (
    (headline && isThere(headline)) ?? choices.find(({ metric }) => metric === 'decode_tokens_per_s') ?? choices[0]
  );
}
