/** The words that stand on the page, drawn where they stand: line by line, as the browser broke them. */

interface Line {
  text: string;
  left: number;
  top: number;
  bottom: number;
}

/** Draw every visible text of `area` that is in no SVG. */
export function paintText(pen: CanvasRenderingContext2D, area: HTMLElement): void {
  const walk = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest('svg, .sr-only, script, style')) continue;
    const style = getComputedStyle(parent);
    if (style.visibility === 'hidden' || !parent.getClientRects().length) continue;
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    pen.fillStyle = style.color;
    for (const line of linesOf(node as Text)) draw(pen, line);
  }
}

function draw(pen: CanvasRenderingContext2D, { text, left, top, bottom }: Line): void {
  const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = pen.measureText(text);
  pen.fillText(text, left, (top + bottom + up - down) / 2);
}

/** The lines of a text as the browser broke it: its words, joined where they stand at the same height. */
export function linesOf(node: Text): Line[] {
  const lines: Line[] = [];
  const range = document.createRange();
  for (const word of node.data.matchAll(/\S+/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const box = range.getBoundingClientRect();
    const last = lines.at(-1);
    if (!box.width) continue;
    if (last && Math.abs(last.top - box.top) < 2) last.text += ` ${word[0]}`;
    else lines.push({ text: word[0], left: box.left, top: box.top, bottom: box.bottom });
  }
  return lines;
}
