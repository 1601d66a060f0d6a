/** A chart as a picture: what stands on the page, drawn again with twice the pixels on a solid ground, under a title. */
import { Chart } from './chart';
import { paintText } from './png-text';
import { inlined } from './png-svg';

/** Pixels of the picture for one of the page. */
export const SCALE = 2;
const MARGIN = 20;
const TITLE = 17;
const NOTE = 12;
const FOOT = 30;

export interface Labels {
  title: string;
  /** Unit and what else a reader of the picture alone must know. */
  note: string;
  /** Where it comes from and when it was made. */
  source: string;
}

/** Draw all of `area` as it looks now. */
export async function paint(area: HTMLElement, labels: Labels): Promise<HTMLCanvasElement> {
  const box = area.getBoundingClientRect();
  const head = MARGIN + TITLE + (labels.note ? NOTE + 8 : 0) + 14;
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil((box.width + 2 * MARGIN) * SCALE);
  canvas.height = Math.ceil((head + box.height + FOOT) * SCALE);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('This browser draws no canvas');
  pen.scale(SCALE, SCALE);
  ground(pen, canvas, area);
  frame(pen, area, labels, head + box.height + FOOT - 12);
  pen.translate(MARGIN - box.left, head - box.top);
  await paintParts(pen, area);
  return canvas;
}

/** The picture as a file's content. */
export async function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large'))), 'image/png'),
  );
}

const colour = (area: Element, name: string) => getComputedStyle(area).getPropertyValue(name).trim();

function ground(pen: CanvasRenderingContext2D, canvas: HTMLCanvasElement, area: Element): void {
  pen.fillStyle = colour(area, '--raised');
  pen.fillRect(0, 0, canvas.width, canvas.height);
}

function frame(pen: CanvasRenderingContext2D, area: Element, { title, note, source }: Labels, foot: number): void {
  const { fontFamily } = getComputedStyle(area);
  const write = (text: string, size: number, weight: number, name: string, y: number) => {
    pen.font = `${weight} ${size}px ${fontFamily}`;
    pen.fillStyle = colour(area, name);
    pen.fillText(text, MARGIN, y);
  };
  write(title, TITLE, 600, '--ink', MARGIN + TITLE - 3);
  if (note) write(note, NOTE, 400, '--faint', MARGIN + TITLE + NOTE + 5);
  write(source, 11, 400, '--faint', foot);
}

async function paintParts(pen: CanvasRenderingContext2D, area: HTMLElement): Promise<void> {
  for (const part of area.querySelectorAll<HTMLElement | SVGElement>('*')) {
    const box = part.getBoundingClientRect();
    if (!box.width || !box.height || part.closest('svg') !== (part instanceof SVGSVGElement ? part : null)) continue;
    if (part instanceof HTMLCanvasElement) paintCanvas(pen, part, box);
    else if (part instanceof SVGSVGElement)
      pen.drawImage(await inlined(part), box.left, box.top, box.width, box.height);
    else paintBox(pen, part, box);
  }
  paintText(pen, area);
}

/** A canvas that Chart.js drew is drawn anew with as many pixels as the picture has. */
function paintCanvas(pen: CanvasRenderingContext2D, canvas: HTMLCanvasElement, box: DOMRect): void {
  const chart = Chart.getChart(canvas);
  const usual = chart?.options.devicePixelRatio;
  const redraw = (ratio: number | undefined) => {
    if (!chart) return;
    chart.options.devicePixelRatio = ratio;
    chart.resize(box.width, box.height);
    chart.update('none');
  };
  redraw(SCALE);
  pen.drawImage(canvas, box.left, box.top, box.width, box.height);
  redraw(usual);
}

const CLEAR = /^(transparent|rgba\(.*, 0\)|color\(.* \/ 0\))$/;

function paintBox(pen: CanvasRenderingContext2D, part: Element, box: DOMRect): void {
  const style = getComputedStyle(part);
  if (style.visibility === 'hidden' || part.closest('.sr-only')) return;
  if (!CLEAR.test(style.backgroundColor)) {
    pen.fillStyle = style.backgroundColor;
    pen.beginPath();
    pen.roundRect(box.left, box.top, box.width, box.height, parseFloat(style.borderRadius) || 0);
    pen.fill();
  }
  const line = parseFloat(style.borderTopWidth);
  if (!line || style.borderTopStyle === 'none' || CLEAR.test(style.borderTopColor)) return;
  pen.fillStyle = style.borderTopColor;
  pen.fillRect(box.left, box.top, box.width, line);
}
