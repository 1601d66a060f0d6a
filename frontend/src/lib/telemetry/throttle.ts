/** When a processor was slower than it could be, and why. The bits are those of `obt_core.telemetry.Throttle`. */
import type { Word } from '$lib/words';
import type { Values } from './series';

export interface Slowed {
  /** Which part of the machine; empty where there is one alone. */
  part: string;
  bit: number;
  word: Word;
  /** From when to when, in seconds since the series began. */
  spans: [number, number][];
  total_s: number;
}

const REASONS: readonly [number, Word][] = [
  [1, { glyph: 'warn', text: 'too hot', tone: 'warn' }],
  [4, { glyph: 'warn', text: 'the power supply asked for less', tone: 'warn' }],
  [8, { glyph: 'half', text: 'another reason', tone: 'quiet' }],
  [2, { glyph: 'half', text: 'at its power limit', tone: 'quiet' }],
];
const KNOWN = REASONS.reduce((bits, [bit]) => bits | bit, 0);

/** Each reason that was told, with its spans: a tick speaks for the time since the one before it. */
export function slowedOf(times: readonly number[], bits: Values, part = ''): Slowed[] {
  return REASONS.flatMap(([bit, word]) => {
    const isSo = (value: number | null) => value !== null && (value & bit || (bit === 8 && value & ~KNOWN));
    const spans = spansOf(
      times,
      bits.map((value) => Boolean(isSo(value))),
    );
    const total_s = spans.reduce((sum, [begin, end]) => sum + end - begin, 0);
    return spans.length ? [{ part, bit, word, spans, total_s }] : [];
  });
}

function spansOf(times: readonly number[], isOn: readonly boolean[]): [number, number][] {
  const spans: [number, number][] = [];
  isOn.forEach((on, index) => {
    if (!on) return;
    const [begin, end] = [times[Math.max(0, index - 1)] ?? 0, times[index] ?? 0];
    const last = spans.at(-1);
    if (isOn[index - 1] && last) last[1] = end;
    else spans.push([begin, end]);
  });
  return spans;
}

/** The reasons that held at a tick. */
export function slowedAt(slowed: readonly Slowed[], at: number): Slowed[] {
  return slowed.filter(({ spans }) => spans.some(([begin, end]) => begin <= at && at <= end));
}
