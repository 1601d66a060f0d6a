/** Draws the interval of each bar as a whisker: what a bar alone hides. */
import type { Chart, Plugin } from 'chart.js';

export interface Whisker {
  low: number;
  high: number;
}

export interface Line {
  from: [number, number];
  to: [number, number];
}

const CAP_PX = 5;

/** The three strokes of a horizontal whisker at height `y`, in pixels. */
export function strokes(low: number, high: number, y: number): Line[] {
  return [
    { from: [low, y], to: [high, y] },
    { from: [low, y - CAP_PX], to: [low, y + CAP_PX] },
    { from: [high, y - CAP_PX], to: [high, y + CAP_PX] },
  ];
}

/** `whiskers[i]` belongs to bar `i`; null where there were too few samples for an interval. */
export function whiskerPlugin(whiskers: () => readonly (Whisker | null)[], colour: () => string): Plugin<'bar'> {
  return {
    id: 'whiskers',
    afterDatasetsDraw(chart: Chart<'bar'>) {
      const { ctx, scales } = chart;
      const scale = scales.x;
      if (!scale) return;
      ctx.save();
      ctx.strokeStyle = colour();
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      chart.getDatasetMeta(0).data.forEach((bar, index) => {
        const whisker = whiskers()[index];
        if (!whisker) return;
        const [low, high] = [scale.getPixelForValue(whisker.low), scale.getPixelForValue(whisker.high)];
        for (const { from, to } of strokes(low, high, bar.y)) {
          ctx.moveTo(...from);
          ctx.lineTo(...to);
        }
      });
      ctx.stroke();
      ctx.restore();
    },
  };
}

const LABEL_GAP_PX = 11;

/** Writes a name above each bar: for windows too narrow to have them beside. None for an empty list. */
export function labelPlugin(labels: () => readonly string[], colour: () => string): Plugin<'bar'> {
  return {
    id: 'labels',
    afterDatasetsDraw(chart: Chart<'bar'>) {
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.fillStyle = colour();
      ctx.font = `12px ${getComputedStyle(ctx.canvas).fontFamily}`;
      const bars = chart.getDatasetMeta(0).data;
      labels().forEach((label, index) => {
        const bar = bars[index];
        if (bar) ctx.fillText(label, chartArea.left + 2, bar.y - LABEL_GAP_PX, chartArea.width);
      });
      ctx.restore();
    },
  };
}
