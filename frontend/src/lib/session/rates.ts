/** How fast tokens streamed lately, for small lines. Pure functions. */

export interface Rate {
  /** In ms since 1970. */
  at: number;
  /** Tokens a second; null while nothing streams. */
  value: number | null;
}

/** Two minutes of what is told about once a second. */
export const RATES_KEPT = 120;
const APART_MS = 500;

/** Put a value at the end; one that comes sooner than half a second after the last replaces it. */
export function withRate(rates: readonly Rate[], rate: Rate): Rate[] {
  const last = rates.at(-1);
  const kept = last && rates.length > 1 && rate.at - (rates.at(-2)?.at ?? 0) < APART_MS ? rates.slice(0, -1) : rates;
  return [...kept, rate].slice(-RATES_KEPT);
}

const LATELY_MS = 5_000;

/** What was told last, unless that is seconds ago: between two requests nothing streams, and a figure would flicker. */
export function lately(rates: readonly Rate[], now: number): number | null {
  const last = rates.findLast(({ value }) => value !== null);
  return last && now - last.at <= LATELY_MS ? last.value : null;
}

/** Of all jobs together. */
export function latelyOfAll(all: Iterable<readonly Rate[]>, now: number): number | null {
  const told = [...all].map((rates) => lately(rates, now)).filter((rate) => rate !== null);
  return told.length ? told.reduce((sum, rate) => sum + rate, 0) : null;
}

/** The lines through values that were told, as one SVG path; the time from `from` to `to` is `width` wide. */
export function linePath(rates: readonly Rate[], from: number, to: number, width: number, height: number): string {
  const top = Math.max(...rates.map(({ value }) => value ?? 0), 0) || 1;
  const x = (at: number) => (((at - from) / Math.max(1, to - from)) * width).toFixed(1);
  const y = (value: number) => (height - (value / top) * height).toFixed(1);
  let isDown = false;
  return rates
    .filter(({ at }) => at >= from)
    .map(({ at, value }) => {
      const command = value === null ? '' : `${isDown ? 'L' : 'M'}${x(at)},${y(value)}`;
      isDown = value !== null;
      return command;
    })
    .join('');
}
