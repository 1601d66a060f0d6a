/** Where the samples of a strip over time lie. Pure functions. */
import type { Span } from '$lib/telemetry/timing';

const LEAST_PX = 1.5;
const MARK_PX = 3.5;

/** Each span as a bar from `top`, as one path: thousands of them are one element. `x` gives pixels for seconds. */
export function bars(spans: readonly Span[], x: (at: number) => number, top: number, height: number): string {
  return spans
    .map(({ begin, end }) => {
      const width = Math.max(LEAST_PX, x(end) - x(begin));
      return `M${x(begin).toFixed(1)},${top}h${width.toFixed(1)}v${height}h${-width.toFixed(1)}z`;
    })
    .join('');
}

/** A small triangle over the middle of each span. */
export function marks(spans: readonly Span[], x: (at: number) => number, top: number): string {
  return spans
    .map(({ begin, end }) => {
      const middle = (x(begin) + x(end)) / 2;
      return `M${middle.toFixed(1)},${top}l${MARK_PX},${2 * MARK_PX - 1}h${-2 * MARK_PX}z`;
    })
    .join('');
}

/** A name that fits into so many pixels, its end cut; about six pixels a letter. */
export function fitting(name: string, px: number): string {
  const most = Math.max(3, Math.floor(px / 6.2));
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
