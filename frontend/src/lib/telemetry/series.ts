/** Values over time as points of a line: gaps stay gaps. Pure functions. */

/** Too short a time to tell a rate of: a tick that comes so soon after another (at a sample's end) leaves no gap. */
const SHORT_S = 0.5;

export interface Point {
  /** Seconds since the series began. */
  x: number;
  y: number | null;
}

export type Values = readonly (number | null)[];

/** The mean time between two ticks, in seconds; 1 where there are too few. */
export function meanStep(times: readonly number[]): number {
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return span > 0 ? span / (times.length - 1) : 1;
}

/** A point a tick. Where a value was not told, the line breaks. */
export function pointsOf(times: readonly number[], values: Values): Point[] {
  return times.flatMap((x, index) => {
    const y = values[index] ?? null;
    const isTooSoon = index > 0 && x - (times[index - 1] ?? x) < SHORT_S;
    return y === null && isTooSoon ? [] : [{ x, y }];
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
