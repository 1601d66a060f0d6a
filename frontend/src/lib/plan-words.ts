/** A pair of a planned benchmark in words: what becomes of it, and the arithmetic behind. Pure functions. */
import type { Fit, PlannedPair, SessionPlan } from './api/types';
import { age, bytes, count, duration } from './format';
import { SKIP, type Word } from './words';

const PLACED: Record<Fit['placement'], string> = {
  gpu: 'in GPU memory',
  shared: 'in shared memory',
  split: 'split: GPU and processor',
  cpu: 'on the processor',
  does_not_fit: 'does not fit',
  unknown: '',
};

/** Where the model will lie, in two words; empty where that is not known. */
export function placementWords(fit: Fit | null): string {
  return fit ? PLACED[fit.placement] : '';
}

/** The sizes that a placement follows from. */
export function fitWords(fit: Fit | null): string {
  if (!fit) return '';
  const has = [
    fit.vram_bytes ? `${bytes(fit.vram_bytes)} of GPU memory` : '',
    fit.memory_bytes ? `${bytes(fit.memory_bytes)} of memory` : '',
  ].filter(Boolean);
  const there = has.length ? `the machine has ${has.join(' and ')}` : 'the memory of the machine is not known';
  return fit.is_measured ? `${seenWords(fit)}; ${there}.` : `${weightWords(fit)}; ${there}.`;
}

function seenWords(fit: Fit): string {
  return `Took ${bytes(fit.needed_bytes)} when it was measured last, ${bytes(fit.seen_vram_bytes)} of that in GPU memory`;
}

function weightWords(fit: Fit): string {
  const left = headroomBytes(fit);
  const needs = `Needs ${bytes(fit.needed_bytes)} for its weights`;
  if (fit.placement === 'does_not_fit') return needs;
  if (left != null) return `${needs}, which leaves ${bytes(left)} of GPU memory for the cache of its context`;
  return `${needs}, and more for the cache of its context, how much is not told`;
}

/** What is left of GPU memory beside the model, in bytes; null where it is not wholly in there. */
export function headroomBytes(fit: Fit | null): number | null {
  if (fit?.placement !== 'gpu' || fit.vram_bytes == null || fit.is_measured) return null;
  return fit.vram_bytes - fit.needed_bytes;
}

/** Why a pair is impossible, in a sentence; with the numbers where there are any. */
export function whyWords(pair: PlannedPair): string {
  return pair.reason ? [sentence(SKIP[pair.reason]), moreWords(pair)].filter(Boolean).join(' ') : '';
}

/** What there is to say beyond the reason of an impossible pair: its numbers, and what to do. */
export function moreWords(pair: PlannedPair): string {
  const sizes = pair.reason === 'does_not_fit' ? fitWords(pair.fit) : '';
  return [sizes, pair.error?.message].filter(Boolean).join(' ');
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** What becomes of a pair, by its state and whether it was taken in. */
export function pairWord(pair: PlannedPair, isRun: boolean): Word {
  if (pair.reason) return { glyph: 'skip', text: SKIP[pair.reason], tone: 'quiet' };
  if (pair.state === 'measured' && !isRun) return { glyph: 'check', text: 'measured', tone: 'good' };
  if (!isRun) return { glyph: 'stop', text: 'left out', tone: 'quiet' };
  if (pair.waits) return { glyph: 'clock', text: 'offline: will wait', tone: 'warn' };
  return {
    glyph: 'dot',
    text: pair.state === 'measured' ? 'will be measured again' : 'will be measured',
    tone: 'good',
  };
}

/** How long a pair takes: `about 1 min 5 s`, or `up to 1 min 10 s` where the suite's budget is all that is known. */
export function timeWords(estimate_s: number | null, budget_s: number): string {
  return estimate_s == null ? `up to ${duration(budget_s)}` : `about ${duration(estimate_s)}`;
}

/** What a model's own longest context means for a suite; empty where the suite stays inside. */
export function contextWords(pair: PlannedPair, plan: SessionPlan): string {
  const made = pair.fit?.model_context_tokens;
  if (made == null || made >= plan.suite.context_tokens) return '';
  return `made for ${count(made)} tokens of context: longer workloads are left out`;
}

/** How long ago something ended, by an age in seconds. */
export function ageWords(endedAt: string, now: number): string {
  return age(Date.parse(endedAt), now);
}

/** Until a moment, as a countdown: `2 d 3 h`, `12 min 5 s`, `8 s`. */
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.round(seconds));
  const days = Math.floor(left / 86_400);
  return days ? `${count(days)} d ${Math.floor((left % 86_400) / 3_600)} h` : duration(left);
}

/** A moment as a browser's field for moments has it, in the viewer's own zone. */
export function fieldOf(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
