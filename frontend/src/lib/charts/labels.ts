/** Names beside dots, where they hide neither each other nor another dot. Pure functions. */

export interface Labelled {
  id: string;
  x: number;
  y: number;
  text: string;
}

export interface Label {
  id: string;
  x: number;
  y: number;
  anchor: 'start' | 'end';
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const LETTER_PX = 6;
const HEIGHT_PX = 13;
const GAP_PX = 10;
const DOT_PX = 6;

/** Put each name where there is room: right or left of its dot, a little above or below. One without room has none. */
export function placed(dots: readonly Labelled[], width: number, height: number): Label[] {
  const taken: Box[] = dots.map(({ x, y }) => around(x - DOT_PX, x + DOT_PX, y - DOT_PX, y + DOT_PX));
  return dots.flatMap((dot) => {
    const found = candidates(dot).find(
      ({ box }) => isInside(box, width, height) && !taken.some((one) => meet(one, box)),
    );
    if (!found) return [];
    taken.push(found.box);
    return [found.label];
  });
}

function candidates({ id, x, y, text }: Labelled): { label: Label; box: Box }[] {
  const long = text.length * LETTER_PX;
  return [4, -9, 17, -22, 30].flatMap((down) =>
    ([1, -1] as const).map((side) => {
      const at = x + side * GAP_PX;
      const [left, right] = side > 0 ? [at, at + long] : [at - long, at];
      const label: Label = { id, x: at, y: y + down, anchor: side > 0 ? 'start' : 'end' };
      return { label, box: around(left, right, y + down - HEIGHT_PX + 3, y + down + 3) };
    }),
  );
}

const around = (left: number, right: number, top: number, bottom: number): Box => ({ left, right, top, bottom });
const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const isInside = (box: Box, width: number, height: number) =>
  box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
