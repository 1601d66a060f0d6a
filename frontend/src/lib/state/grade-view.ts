/** Why a result has its grade, and what else its reader should know. Pure functions. */
import type { Condition, Environment, ResultDetail, Workload, WorkloadSummary } from '$lib/api/types';
import { count, percent, plural } from '$lib/format';
import { reason, type Word } from '$lib/words';
import { workloadOf } from '$lib/workload';

export interface Reason {
  code: string;
  text: string;
  detail: string;
}

const GPU_SHARE_WHOLE = 0.999;

/** What made the grade, each in words, with what is known beside. */
export function reasonsOf(result: ResultDetail): Reason[] {
  return result.reasons.map((code) => ({ code, text: reason(code), detail: detailOf(code, result) }));
}

/** Conditions that lower no grade. */
export function toldOf(result: ResultDetail): Reason[] {
  const only = conditionsOf(result).filter(({ code }) => !result.reasons.includes(code));
  return only.map(({ code, detail = '' }) => ({ code, text: reason(code), detail }));
}

function conditionsOf({ environment }: ResultDetail): readonly Condition[] {
  return environment?.conditions ?? [];
}

function detailOf(code: string, result: ResultDetail): string {
  const told = conditionsOf(result).filter((condition) => condition.code === code && condition.detail);
  if (told.length) return told.map(({ detail }) => detail).join('; ');
  if (code === 'other_models_loaded') return result.environment?.other_models_loaded?.join(', ') ?? '';
  if (code !== 'machine_not_quiet') return '';
  const counted = result.summary.workloads.filter(({ counts_disturbed }) => counts_disturbed);
  return counted
    .map(({ workload, disturbed, taken }) => `${workload}: ${count(disturbed)} of ${count(taken)}`)
    .join(', ');
}

/** How many of a workload's samples were disturbed, and what became of them; null where none was. */
export function disturbedWord(summary: WorkloadSummary, workload: Workload | undefined): Word | null {
  if (!summary.disturbed) return null;
  const many = `${count(summary.disturbed)} disturbed`;
  if (summary.counts_disturbed) return { glyph: 'warn', text: `${many}, counted: most were`, tone: 'warn' };
  const isWhole = summary.precise === true || (workload !== undefined && summary.counted >= workload.samples);
  return { glyph: 'warn', text: `${many}, ${isWhole ? 'replaced' : 'left out'}`, tone: isWhole ? 'quiet' : 'warn' };
}

/** What is said of a clean result. */
export function cleanWords({ summary }: ResultDetail): string {
  const disturbed = summary.workloads.reduce((sum, workload) => sum + (workload.disturbed ?? 0), 0);
  if (!disturbed) return 'nothing disturbed it: it may be compared';
  return `it may be compared: ${plural(disturbed, 'disturbed sample')} did not count`;
}

/** The share of the model in GPU memory, null where it is not known. */
export function offloadOf(environment: Environment | null): number | null {
  const { size_bytes, size_vram_bytes } = environment ?? {};
  return size_bytes && size_vram_bytes != null ? size_vram_bytes / size_bytes : null;
}

/** Where the model's layers were. */
export function offloadWord(environment: Environment | null): Word | null {
  const share = offloadOf(environment);
  if (share === null) return null;
  if (share === 0) return { glyph: 'ring', text: 'on the processor alone', tone: 'quiet' };
  if (share >= GPU_SHARE_WHOLE) return { glyph: 'dot', text: 'all in GPU memory', tone: 'quiet' };
  return { glyph: 'half', text: `${percent(share)} in GPU memory`, tone: 'warn' };
}

/** The names of workloads whose disturbed samples are counted. */
export function countingDisturbed({ summary }: ResultDetail): ReadonlySet<string> {
  return new Set(summary.workloads.flatMap(({ workload, counts_disturbed }) => (counts_disturbed ? [workload] : [])));
}

/** The suite's workload with its word on disturbed samples, for a table. */
export function disturbedIn(result: ResultDetail): ReadonlyMap<string, Word> {
  return new Map(
    result.summary.workloads.flatMap((summary) => {
      const word = disturbedWord(summary, workloadOf(result.suite, summary.workload));
      return word ? [[summary.workload, word] as const] : [];
    }),
  );
}
