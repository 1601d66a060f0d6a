/** A workload in words, for people who choose a suite or read what it measured. Pure functions. */
import type { Estimate, Metric, Suite, Workload, WorkloadSummary } from './api/types';
import { count, duration, number, percent, plural, tick } from './format';
import { METRIC, type Word } from './words';

const QUOTED_CHARS = 40;
const ENDPOINT: Partial<Record<Workload['endpoint'], string>> = {
  generate: 'through /api/generate',
  openai_chat: 'through /v1/chat/completions',
  openai_completions: 'through /v1/completions',
};

/** `1,200`, or `16 to 512`. */
function range(values: readonly number[]): string {
  const [low, high] = values.reduce(([l, h], value) => [Math.min(l, value), Math.max(h, value)], [Infinity, 0]);
  return low === high ? count(low) : `${count(low)} to ${count(high)}`;
}

/** What is asked and how long the answer is: `prompt of 512 tokens, 64 generated`. */
export function requestWords({ prompt, generate_tokens, arrival }: Workload): string {
  if (arrival?.kind === 'replay') {
    const [asked, wanted] = [
      arrival.requests.map((r) => r.prompt_tokens),
      arrival.requests.map((r) => r.generate_tokens),
    ];
    return `prompts of ${range(asked)} tokens, ${range(wanted)} generated`;
  }
  return `${promptWords(prompt)}, ${count(generate_tokens)} generated`;
}

function promptWords(prompt: Workload['prompt']): string {
  if (prompt.kind === 'synthetic') return `prompt of ${plural(prompt.tokens, 'token')}`;
  const text = prompt.text.trim();
  return text.length <= QUOTED_CHARS ? `“${text}”` : `text of ${plural(text.length, 'character')}`;
}

/** Who sends when: `one at a time`, `8 at once`, `0.5 a second at random moments`. */
export function loadWords({ concurrency, arrival }: Workload): string {
  if (!arrival) return concurrency > 1 ? `${count(concurrency)} at once` : 'one at a time';
  if (arrival.kind === 'constant') return `${tick(arrival.rate_per_s)} a second, evenly`;
  if (arrival.kind === 'poisson') return `${tick(arrival.rate_per_s)} a second, at random`;
  return `${plural(arrival.requests.length, 'request')} of a trace, over ${duration(arrival.requests.at(-1)?.at_s)}`;
}

/** Whether requests meet each other, or are held against limits: then figures over time are worth a table. */
export function isLoad({ concurrency, arrival, limits }: Workload): boolean {
  return concurrency > 1 || arrival != null || limits != null;
}

/** `cold`, `warm`, or that Ollama may answer from its cache. */
export function stateWords({ cold, cache }: Workload): string {
  if (cold) return 'cold: loaded anew each time';
  return cache === 'reuse' ? 'warm, the same prompt each time' : 'warm';
}

/** What sets a workload apart from a plain one, in a few words; empty for a plain one. `num_ctx`: the suite's. */
export function apartWords(workload: Workload, num_ctx: number): string {
  return [
    (workload.concurrency > 1 || workload.arrival) && loadWords(workload),
    workload.cold ? 'cold' : workload.cache === 'reuse' && 'from the cache',
    workload.num_ctx && workload.num_ctx !== num_ctx && `num_ctx ${count(workload.num_ctx)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** All of a workload in words, part by part. `num_ctx`: the suite's. */
export function workloadParts(workload: Workload, num_ctx: number): string[] {
  const limits = limitWords(workload.limits);
  return [
    requestWords(workload),
    loadWords(workload),
    stateWords(workload),
    `num_ctx ${count(workload.num_ctx ?? num_ctx)}`,
    ENDPOINT[workload.endpoint] ?? '',
    untilWords(workload),
    limits && `good: ${limits}`,
  ].filter(Boolean);
}

/** A line for each workload; one of a sweep (its purpose is that of the one before) tells only what changes. */
export function suiteLines({ workloads, options }: Suite): { name: string; purpose: string; parts: string[] }[] {
  return workloads.map((workload, index) => {
    const before = workloads[index - 1];
    const parts = workloadParts(workload, options.num_ctx);
    if (!before || !workload.purpose || before.purpose !== workload.purpose)
      return { name: workload.name, purpose: workload.purpose, parts };
    const told = new Set(workloadParts(before, options.num_ctx));
    return { name: workload.name, purpose: '', parts: parts.filter((part) => !told.has(part)) };
  });
}

/** When it ends: `until decode ±3 %, 40 samples or 1 min`. */
export function untilWords({ precision, samples, budget_s }: Workload): string {
  const most = `${plural(samples, 'sample')} or ${duration(budget_s)}`;
  return precision ? `until ${METRIC[precision.metric].name} ±${percent(precision.within)}, ${most}` : `until ${most}`;
}

/** What a request must meet to be good: `TTFT ≤ 500 ms, TPOT ≤ 50 ms`. */
export function limitWords(limits: Workload['limits']): string {
  const named = [
    ['TTFT', limits?.ttft_ms],
    ['TPOT', limits?.tpot_ms],
    ['E2E', limits?.e2e_ms],
  ] as const;
  return named.flatMap(([name, ms]) => (ms == null ? [] : [`${name} ≤ ${tick(ms)} ms`])).join(', ');
}

/** Whether the precision that was asked for was reached; null where none was. */
export function precisionWord(summary: WorkloadSummary, workload: Workload | undefined): Word | null {
  const wanted = workload?.precision;
  if (summary.precise == null || !wanted) return null;
  const limit = `±${percent(wanted.within)}`;
  if (summary.precise) return { glyph: 'check', text: `${limit} reached`, tone: 'good' };
  const found = summary.metrics[wanted.metric];
  if (found?.low == null || found.high == null)
    return { glyph: 'warn', text: `too few samples for ${limit}`, tone: 'warn' };
  const share = (found.high - found.low) / 2 / Math.abs(found.median);
  return { glyph: 'warn', text: `±${percent(share)}, not ${limit}`, tone: 'warn' };
}

/** What became of a metric while it was measured: `4 % slower`; empty where it held. */
export function driftWords(estimate: Estimate | undefined, metric: Metric): string {
  if (!estimate?.drift) return '';
  const isRate = METRIC[metric].better === 'higher';
  const word = estimate.drift > 0 ? (isRate ? 'faster' : 'longer') : isRate ? 'slower' : 'shorter';
  return `${percent(Math.abs(estimate.drift))} ${word}`;
}

/** Two quantiles of one thing, in its unit: `0.4 / 2.1`. */
export function pairWords(p50: number | null | undefined, p99: number | null | undefined): string {
  return p50 == null ? number(null) : `${number(p50)} / ${number(p99)}`;
}

/** What is good, once where it is the same for all of them. */
export function limitsOf(workloads: readonly (Workload | undefined)[]): string {
  const named = workloads.flatMap((workload) => {
    const words = limitWords(workload?.limits);
    return workload && words ? [{ name: workload.name, words }] : [];
  });
  const distinct = new Set(named.map(({ words }) => words));
  return distinct.size === 1 ? [...distinct].join('') : named.map(({ name, words }) => `${name}: ${words}`).join('; ');
}

/** The suite's workload of that name. */
export function workloadOf(suite: Suite, name: string): Workload | undefined {
  return suite.workloads.find((workload) => workload.name === name);
}
