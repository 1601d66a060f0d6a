/** Where the points of a strip of samples lie. Pure functions. */

export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

const TICKS = 4;

/** A scale around the values with round ticks; never of zero height. */
export function scaleOf(values: readonly number[]): Scale {
  const [least, most] = values.reduce(
    ([l, m], value) => [Math.min(l, value), Math.max(m, value)],
    [Infinity, -Infinity],
  );
  const spread = most - least || Math.abs(most) * 0.1 || 1;
  const step = roundStep((spread * 1.2) / TICKS);
  const low = Math.max(0, Math.floor((least - spread * 0.05) / step) * step);
  const high = Math.ceil((most + spread * 0.05) / step) * step;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step);
  return { low, high, ticks };
}

function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((digit) => digit * power >= wanted) ?? 10) * power;
}

/** A dot for each place as one path, to be stroked with round ends: thousands of dots are one element. */
export function dots(places: readonly { x: number; y: number }[]): string {
  return places.map(({ x, y }) => `M${x.toFixed(1)},${y.toFixed(1)}h0`).join('');
}
