/** A suite as a form holds it: fields may be empty, and every choice has its own place. Pure functions. */
import type { Suite, Workload } from './api/types';
import { count, duration, plural } from './format';

type Maybe = number | null;

/** Figures by whose interval sampling may end, the usual ones first. */
export const METRICS_TO_END_BY = [
  'decode_tokens_per_s',
  'prefill_tokens_per_s',
  'ttft_ms',
  'tpot_ms',
  'e2e_ms',
  'load_ms',
] as const;

export interface WorkloadDraft {
  name: string;
  purpose: string;
  promptKind: 'text' | 'synthetic';
  text: string;
  tokens: Maybe;
  generate_tokens: Maybe;
  endpoint: Workload['endpoint'];
  load: 'closed' | 'constant' | 'poisson' | 'replay';
  concurrency: Maybe;
  rate_per_s: Maybe;
  requests: { at_s: number; prompt_tokens: number; generate_tokens: number }[];
  cold: boolean;
  cache: Workload['cache'];
  num_ctx: Maybe;
  hasPrecision: boolean;
  metric: NonNullable<Workload['precision']>['metric'];
  /** In percent, as people say it. */
  within_percent: Maybe;
  samples_min: Maybe;
  ttft_ms: Maybe;
  tpot_ms: Maybe;
  e2e_ms: Maybe;
  samples: Maybe;
  budget_s: Maybe;
}

export interface SuiteDraft {
  name: string;
  title: string;
  description: string;
  options: { num_ctx: Maybe; temperature: Maybe; seed: Maybe; keep_alive_s: Maybe; think: boolean };
  blocks: Maybe;
  warmup_max: Maybe;
  request_timeout_s: Maybe;
  workloads: WorkloadDraft[];
}

const PLAIN: WorkloadDraft = {
  name: 'chat',
  purpose: '',
  promptKind: 'text',
  text: 'Why is the sky blue?',
  tokens: 512,
  generate_tokens: 64,
  endpoint: 'chat',
  load: 'closed',
  concurrency: 1,
  rate_per_s: 0.5,
  requests: [],
  cold: false,
  cache: 'defeat',
  num_ctx: null,
  hasPrecision: true,
  metric: 'decode_tokens_per_s',
  within_percent: 3,
  samples_min: 8,
  ttft_ms: null,
  tpot_ms: null,
  e2e_ms: null,
  samples: 20,
  budget_s: 60,
};

/** A workload to begin with, under a name that none has. */
export function aWorkload(taken: readonly string[], name = 'workload'): WorkloadDraft {
  let free = name;
  for (let number = 2; taken.includes(free); number += 1) free = `${name}-${number}`;
  return { ...PLAIN, name: free };
}

/** A suite's fields, under another name; its title says so unless it stays the same suite. */
export function named(suite: Suite, name: string, isSame: boolean): SuiteDraft {
  return {
    name,
    title: isSame ? suite.title : `${suite.title}, edited`,
    description: suite.description,
    options: { ...suite.options },
    blocks: suite.blocks,
    warmup_max: suite.warmup_max,
    request_timeout_s: suite.request_timeout_s,
    workloads: suite.workloads.map(drafted),
  };
}

function drafted(workload: Workload): WorkloadDraft {
  const { prompt, arrival, precision, limits } = workload;
  return {
    ...PLAIN,
    name: workload.name,
    purpose: workload.purpose,
    promptKind: prompt.kind,
    ...(prompt.kind === 'text' ? { text: prompt.text } : { tokens: prompt.tokens, text: '' }),
    generate_tokens: workload.generate_tokens,
    endpoint: workload.endpoint,
    load: arrival?.kind ?? 'closed',
    concurrency: workload.concurrency,
    ...(arrival && arrival.kind !== 'replay' && { rate_per_s: arrival.rate_per_s }),
    requests: arrival?.kind === 'replay' ? [...arrival.requests] : [],
    cold: workload.cold,
    cache: workload.cache,
    num_ctx: workload.num_ctx ?? null,
    hasPrecision: precision != null,
    ...(precision && {
      metric: precision.metric,
      within_percent: rounded(precision.within * 100),
      samples_min: precision.samples_min,
    }),
    ttft_ms: limits?.ttft_ms ?? null,
    tpot_ms: limits?.tpot_ms ?? null,
    e2e_ms: limits?.e2e_ms ?? null,
    samples: workload.samples,
    budget_s: workload.budget_s,
  };
}

/** The suite as the server reads it. What is empty is left out, so that its absence is told at its place. */
export function plainSuite(draft: SuiteDraft): Record<string, unknown> {
  return {
    name: draft.name.trim(),
    title: draft.title.trim(),
    description: draft.description,
    options: { ...draft.options },
    blocks: draft.blocks,
    warmup_max: draft.warmup_max,
    request_timeout_s: draft.request_timeout_s,
    workloads: draft.workloads.map(plainWorkload),
  };
}

function plainWorkload(draft: WorkloadDraft): Record<string, unknown> {
  const { ttft_ms, tpot_ms, e2e_ms } = draft;
  const hasLimits = [ttft_ms, tpot_ms, e2e_ms].some((limit) => limit != null);
  return {
    name: draft.name.trim(),
    purpose: draft.purpose,
    prompt:
      draft.promptKind === 'text' ? { kind: 'text', text: draft.text } : { kind: 'synthetic', tokens: draft.tokens },
    generate_tokens: draft.generate_tokens,
    endpoint: draft.endpoint,
    ...loadOf(draft),
    cold: draft.cold,
    cache: draft.cache,
    num_ctx: draft.num_ctx,
    limits: hasLimits ? { ttft_ms, tpot_ms, e2e_ms } : null,
    // Under an arrival rate all samples are taken: there is nothing to end early.
    precision: draft.hasPrecision && draft.load === 'closed' ? precisionOf(draft) : null,
    samples: draft.samples,
    budget_s: draft.budget_s,
  };
}

function loadOf({ load, concurrency, rate_per_s, requests }: WorkloadDraft): Record<string, unknown> {
  if (load === 'closed') return { concurrency };
  return { arrival: load === 'replay' ? { kind: load, requests } : { kind: load, rate_per_s } };
}

function precisionOf({ metric, within_percent, samples_min }: WorkloadDraft): Record<string, unknown> {
  return { metric, within: within_percent == null ? null : rounded(within_percent / 100), samples_min };
}

/** Without the last digits of binary fractions: 3 and not 3.0000000000000004. */
const rounded = (value: number): number => Number(value.toPrecision(12));

/** A workload in a line, while its fields are folded away: `“Why is …”, 64 generated, 20 samples or 30 s`. */
export function draftWords({
  promptKind,
  text,
  tokens,
  generate_tokens,
  samples,
  budget_s,
  ...rest
}: WorkloadDraft): string {
  const asked = promptKind === 'text' ? `text of ${plural(text.length, 'character')}` : `${count(tokens)} tokens`;
  const load =
    rest.load === 'closed' ? (rest.concurrency === 1 ? '' : `${count(rest.concurrency)} at once`) : rest.load;
  const parts = [asked, `${count(generate_tokens)} generated`, load, rest.cold ? 'cold' : ''];
  return [...parts, `${count(samples)} samples or ${duration(budget_s)}`].filter(Boolean).join(', ');
}
