/** Lines of one panel over an axis of time that other panels share; loaded when telemetry is to be drawn. */
import type { ChartDataset } from 'chart.js';
import { tick } from '$lib/format';
import type { Line, Panel } from '$lib/telemetry/panels';
import type { Point } from '$lib/telemetry/series';
import { Chart } from './chart';
import { DASHES } from './looks';

/** What all panels of one telemetry have alike. Seconds since it began, and pixels. */
export interface Frame {
  domain: readonly [number, number];
  moments: readonly number[];
  gutter: number;
  right: number;
}

export interface LineChart {
  update(panel: Panel, frame: Frame): void;
  destroy(): void;
}

const ALONE_PX = 1.6;

/** Draw the lines; moments are told beside the canvas, so that one look tells of all panels. */
export function timeLines(canvas: HTMLCanvasElement): LineChart {
  const colour = (name: string) => getComputedStyle(canvas).getPropertyValue(name).trim();
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      spanGaps: false,
      maintainAspectRatio: false,
      events: [],
      plugins: { tooltip: { enabled: false } },
    },
  });
  return {
    update(panel, { domain: [min, max], moments, gutter, right }) {
      const scale = scaleFor(panel);
      chart.data.datasets = panel.lines.map((line) => datasetOf(line, colour));
      chart.options.layout = { autoPadding: false, padding: { top: 5, right, bottom: 3, left: 0 } };
      chart.options.scales = {
        x: {
          type: 'linear',
          min,
          max,
          afterBuildTicks: (axis) => (axis.ticks = moments.map((value) => ({ value }))),
          ticks: { display: false },
          grid: { color: colour('--line'), drawTicks: false },
          border: { color: colour('--line') },
        },
        y: {
          min: 0,
          max: scale.top,
          afterBuildTicks: (axis) => (axis.ticks = scale.ticks.map((value) => ({ value }))),
          afterFit: (axis) => (axis.width = gutter),
          ticks: {
            color: colour('--faint'),
            font: { family: getComputedStyle(canvas).fontFamily, size: 11 },
            autoSkip: false,
            callback: (value) => tick(Number(value)),
          },
          grid: { color: colour('--line'), drawTicks: false },
          border: { display: false },
        },
      };
      chart.update('none');
    },
    destroy: () => chart.destroy(),
  };
}

export interface Scale {
  top: number;
  ticks: number[];
}

const DIGITS = [1, 2, 2.5, 5, 10];

/** To what there is by nature, unless more was told; else a round end above the most. Two round ticks, and 0. */
export function scaleFor({ lines, most }: Panel): Scale {
  const highest = Math.max(0, ...lines.map(({ range }) => range[1]));
  const isBound = most !== null && most >= highest;
  const half = (isBound ? most : highest || 1) / 2;
  const power = 10 ** Math.floor(Math.log10(half));
  const digit = isBound
    ? DIGITS.findLast((each) => each * power <= half)
    : DIGITS.find((each) => each * power >= half * 0.999);
  const step = (digit ?? 1) * power;
  return { top: isBound ? most : 2 * step, ticks: [0, step, 2 * step] };
}

function datasetOf({ points, look }: Line, colour: (name: string) => string): ChartDataset<'line', Point[]> {
  const shade = colour(`--series-${look}`);
  return {
    data: [...points],
    borderColor: shade,
    backgroundColor: shade,
    borderWidth: 1.6,
    borderDash: [...(DASHES[look - 1] ?? [])],
    pointRadius: points.map((_, index) => (isAlone(points, index) ? ALONE_PX : 0)),
  };
}

/** Whether a point has no neighbour to draw a line to: it would not be seen. */
function isAlone(points: readonly Point[], index: number): boolean {
  const [before, after] = [points[index - 1], points[index + 1]];
  return points[index]?.y != null && before?.y == null && after?.y == null;
}
