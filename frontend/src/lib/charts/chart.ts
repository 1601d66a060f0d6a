/** The one module that knows Chart.js; loaded when a chart is to be drawn. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import type { Estimate } from '$lib/api/types';
import { estimateInWords, tick } from '$lib/format';
import { labelPlugin, whiskerPlugin } from './whiskers';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

export { Chart };

export interface RateBar {
  label: string;
  estimate: Estimate;
  series: number;
}

export interface BarChart {
  /** `narrow`: the names stand above their bars, not beside them. */
  update(bars: readonly RateBar[], narrow: boolean): void;
  destroy(): void;
}

/** Draw horizontal bars of medians with the whiskers of their intervals. Colours are the page's own. */
export function rateBars(canvas: HTMLCanvasElement, unit: string): BarChart {
  let bars: readonly RateBar[] = [];
  let isNarrow = false;
  const colour = (name: string) => getComputedStyle(canvas).getPropertyValue(name).trim();
  const whiskers = () =>
    bars.map(({ estimate: { low, high } }) => (low == null || high == null ? null : { low, high }));
  const chart = new Chart(canvas, {
    type: 'bar',
    data: { labels: [] as string[], datasets: [{ data: [] as number[], barThickness: 14, borderRadius: 2 }] },
    options: {
      indexAxis: 'y',
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: { right: 12 } },
      plugins: {
        tooltip: { displayColors: false, callbacks: { label: ({ dataIndex }) => tip(bars[dataIndex], unit) } },
      },
    },
    plugins: [
      whiskerPlugin(whiskers, () => colour('--ink')),
      labelPlugin(
        () => (isNarrow ? bars.map((bar) => bar.label) : []),
        () => colour('--soft'),
      ),
    ],
  });
  return {
    update(next, narrow) {
      [bars, isNarrow] = [next, narrow];
      chart.data.labels = bars.map((bar) => bar.label);
      const dataset = chart.data.datasets[0];
      if (dataset) {
        dataset.data = bars.map((bar) => bar.estimate.median);
        dataset.backgroundColor = bars.map((bar) => colour(`--series-${bar.series}`));
      }
      const font = { family: getComputedStyle(canvas).fontFamily, size: 12 };
      const ticks = { color: colour('--soft'), font };
      chart.options.scales = {
        x: {
          beginAtZero: true,
          suggestedMax: Math.max(0, ...bars.map(({ estimate }) => estimate.high ?? estimate.median)) * 1.02,
          ticks: { ...ticks, maxTicksLimit: 7, callback: (value) => tick(Number(value)) },
          grid: { color: colour('--line') },
          border: { display: false },
        },
        y: {
          ticks: { ...ticks, autoSkip: false, display: !narrow },
          grid: { display: false },
          border: { color: colour('--edge') },
        },
      };
      chart.update();
    },
    destroy: () => chart.destroy(),
  };
}

function tip(bar: RateBar | undefined, unit: string): string {
  return bar ? estimateInWords(bar.estimate, unit) : '';
}
