/** Values over time as points of a line: gaps stay gaps. Pure functions. */

/** A tick that comes so many times later than usual leaves a gap: what was between is not known. */
const GAP_TIMES = 4;

export interface Point {
  /** Seconds since the series began. */
  x: number;
  y: number | null;
}

export type Values = readonly (number | null)[];

/** The usual time between two ticks, in seconds: the median; 1 where there are too few. */
export function usualStep(times: readonly number[]): number {
  const steps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const sorted = steps.filter((step) => step > 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}

/** A point a tick. Where a value was not told, or ticks were left out, the line breaks. */
export function pointsOf(times: readonly number[], values: Values): Point[] {
  const longest = GAP_TIMES * usualStep(times);
  return times.flatMap((x, index) => {
    const point = { x, y: values[index] ?? null };
    const before = times[index - 1];
    return before !== undefined && x - before > longest ? [{ x: (before + x) / 2, y: null }, point] : [point];
  });
}

/** The least and the most of what was told; null where nothing was. */
export function rangeOf(values: Values): [number, number] | null {
  const told = values.filter((value) => value !== null);
  if (!told.length) return null;
  return told.reduce<[number, number]>(
    ([l, m], value) => [Math.min(l, value), Math.max(m, value)],
    [Infinity, -Infinity],
  );
}

/** The tick nearest to a moment; -1 where there is none. `times` rise. */
export function nearest(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low > 0 && at - (times[low - 1] ?? 0) < (times[low] ?? 0) - at ? low - 1 : low > high ? -1 : low;
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];

/** Round moments between two ends, at most `most` of them. All in seconds. */
export function roundMoments([begin, end]: readonly [number, number], most: number): number[] {
  const step =
    STEPS_S.find((each) => (end - begin) / each <= most) ?? Math.ceil((end - begin) / most / 86_400) * 86_400;
  const first = Math.ceil(begin / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((end - first) / step) + 1) }, (_, index) => first + index * step);
}
