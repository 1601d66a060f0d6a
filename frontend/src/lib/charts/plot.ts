/** Where things lie in a drawing. Pure functions. */
import { scaleOf, type Scale } from './strip';

/** Pixels for values between two ends. */
export function linear([low, high]: readonly [number, number], [from, to]: readonly [number, number]) {
  const span = high - low || 1;
  return (value: number) => from + ((value - low) / span) * (to - from);
}

/** A scale that begins at zero, for what is drawn as a length. */
export function fromZero(most: number): Scale {
  return scaleOf([0, most > 0 ? most : 1]);
}

/** So much beside the middle of its row that dots of one value do not hide each other; the same for the same place. */
export function jitter(index: number, px: number): number {
  return (((index * 5) % 9) - 4) * (px / 4);
}

const LETTER_PX = 6.6;

/** A name that fits into so many pixels, cut in the middle: model names differ at both ends. */
export function shortened(name: string, px: number): string {
  const most = Math.max(4, Math.floor(px / LETTER_PX));
  if (name.length <= most) return name;
  const head = Math.ceil((most - 1) / 2);
  return `${name.slice(0, head)}…${name.slice(name.length - (most - 1 - head))}`;
}

/** A path through points; a gap where one is missing. */
export function path(points: readonly ({ x: number; y: number } | null)[]): string {
  let isDown = false;
  return points
    .map((point) => {
      const move = point && `${isDown ? 'L' : 'M'}${point.x.toFixed(1)},${point.y.toFixed(1)}`;
      isDown = Boolean(point);
      return move ?? '';
    })
    .join('');
}
