/** The charts that decisions are made by: what they draw, and what they say to those who do not see them. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { estimate } from '$lib/testing/builders';
import { aPoint, aTrend } from '$lib/testing/comparisons';
import { flagsOf, lineOf, wholeOf } from '$lib/trend/lines';
import { placed } from './labels';
import { jitter, linear, path, shortened } from './plot';
import SpeedAgainstSize from './SpeedAgainstSize.svelte';
import ThroughputLines from './ThroughputLines.svelte';
import TrendChart from './TrendChart.svelte';
import ValueStrips from './ValueStrips.svelte';
import WhiskerBars from './WhiskerBars.svelte';

const bar = { id: '1', name: 'a', colour: 1, relative: null, tone: 'quiet' as const, isBaseline: true };
const spot = { id: '1', name: 'small', colour: 1, quantization: 'Q4', size_bytes: 2e9, estimate: estimate() };

it('draws bars with whiskers, the difference beside each, and the baseline through all', () => {
  const slower = { ...bar, id: '2', name: 'b', isBaseline: false, relative: -0.1, tone: 'bad' as const };
  const bars = [
    { ...bar, estimate: estimate(100, 99, 101) },
    { ...slower, estimate: estimate(90, 89, 91) },
    { ...slower, id: '3', name: 'c', estimate: undefined },
  ];
  const { container } = render(WhiskerBars, { bars, unit: 'tokens/s', title: 'Decode rate' });
  expect(screen.getByRole('img', { name: /Decode rate: 3 results/ })).toBeVisible();
  expect(container.querySelectorAll('rect')).toHaveLength(2);
  expect(container.querySelectorAll('svg path')).toHaveLength(2);
  expect(container.querySelector('.fill-bad')?.textContent).toBe('−10 %');
  expect(container.textContent).toContain('not measured');
  expect(container.querySelectorAll('[stroke-dasharray]')).toHaveLength(1);
});

it('gives the figures of a chart as a table', async () => {
  const strips = [{ id: '1', name: 'a', colour: 1, values: [3, 1, 2], total: 3, estimate: estimate(2, 1, 3) }];
  const { container } = render(ValueStrips, { strips, unit: 'ms', title: 'Samples' });
  expect(container.querySelector('path[stroke-linecap]')?.getAttribute('d')?.split('M')).toHaveLength(4);
  await fireEvent.click(screen.getByRole('button', { name: /As a table/ }));
  expect(screen.getByRole('row', { name: /^a 3 1\.00 2\.00 3\.00/ })).toBeVisible();
});

it('draws throughput as a line for each result, with the same room for each doubling', () => {
  const point = (concurrency: number, tokens_per_s: number | null) => ({
    workload: `c${concurrency}`,
    concurrency,
    tokens_per_s,
    requests_per_s: null,
    decode: null,
    ttft: null,
  });
  const sweeps = [
    { id: '1', name: 'a', colour: 2, points: [point(1, 50), point(2, 90), point(4, null), point(8, 120)] },
  ];
  const { container } = render(ThroughputLines, { sweeps, title: 'Throughput' });
  const places = [...container.querySelectorAll('circle')].map((circle) => Number(circle.getAttribute('cx')));
  expect(places).toHaveLength(3);
  expect((places[2] ?? 0) - (places[1] ?? 0)).toBeCloseTo(2 * ((places[1] ?? 0) - (places[0] ?? 0)));
  expect(screen.getByRole('img', { name: /at 1, 2, 4, 8 requests at once/ })).toBeVisible();
});

it('draws fainter whoever is beaten in speed and size', () => {
  const spots = [spot, { ...spot, id: '2', name: 'large', size_bytes: 4e9, estimate: estimate(50, 49, 51) }];
  const { container } = render(SpeedAgainstSize, { spots, title: 'Speed', unit: 'tokens/s' });
  expect([...container.querySelectorAll('[data-front]')].map((one) => one.getAttribute('data-front'))).toEqual([
    'true',
    'false',
  ]);
  expect(container.querySelector('[data-front=false]')).toHaveAttribute('opacity', '0.45');
  expect(container.textContent).toContain('small');
});

const trend = aTrend({
  points: [
    aPoint(21, { grade: 'invalid', headline: {} }),
    aPoint(20, { grade: 'disturbed', reasons: ['on_battery'] }),
    aPoint(19),
  ],
});
const chart = {
  lines: [lineOf('k', trend, 'decode_tokens_per_s', 0)],
  flags: flagsOf([trend]),
  domain: wholeOf([lineOf('k', trend, 'decode_tokens_per_s', 0)]),
  unit: 'tokens/s',
  label: 'Decode rate over time',
  chosen: new Set(['result-19']),
};

it('draws a trend with its grades by shape, its events in words, and what is chosen', async () => {
  const onpoint = vi.fn();
  const { container } = render(TrendChart, { ...chart, onpoint, onzoom: vi.fn() });
  expect(container.querySelector('[data-flag]')?.textContent).toContain('Ollama 0.9.3 → 0.12.1');
  expect([...container.querySelectorAll('[data-point]')].map((one) => one.getAttribute('data-grade'))).toEqual([
    'clean',
    'disturbed',
    'invalid',
  ]);
  expect(container.querySelector('[data-point=result-20]')).toHaveAttribute(
    'aria-label',
    expect.stringContaining('disturbed (the machine ran on its battery)'),
  );
  expect(container.querySelectorAll('circle.stroke-ink')).toHaveLength(1);
  await fireEvent.click(container.querySelector('[data-point=result-20]') as Element);
  expect(onpoint.mock.calls[0]?.[0]).toBe('result-20');
});

it('looks closer at what the pointer was dragged over, and opens nothing by that', async () => {
  const [onpoint, onzoom] = [vi.fn(), vi.fn()];
  const { container } = render(TrendChart, { ...chart, onpoint, onzoom });
  const svg = container.querySelector('svg[role=group]') as Element;
  await fireEvent.pointerDown(svg, { button: 0, clientX: 100 });
  await fireEvent.pointerMove(svg, { clientX: 200 });
  await fireEvent.pointerUp(svg, { clientX: 200 });
  await fireEvent.click(container.querySelector('[data-point=result-20]') as Element);
  const [from, to] = onzoom.mock.calls[0]?.[0] as [number, number];
  expect(chart.domain[0]).toBeLessThan(from);
  expect(from).toBeLessThan(to);
  expect(to).toBeLessThan(chart.domain[1]);
  expect(onpoint).not.toHaveBeenCalled();
});

it('writes names where they hide nothing, and leaves out those without room', () => {
  const dots = [0, 1, 2].map((index) => ({ id: String(index), x: 100, y: 50 + index, text: 'llama3.2:3b' }));
  const labels = placed(dots, 400, 200);
  const boxes = labels.map(({ x, y, anchor }) => [anchor === 'start' ? x : x - 66, y]);
  expect(labels).toHaveLength(3);
  for (const [left, top] of boxes)
    expect(
      boxes.filter(([x, y]) => Math.abs((x ?? 0) - (left ?? 0)) < 66 && Math.abs((y ?? 0) - (top ?? 0)) < 12),
    ).toHaveLength(1);
  expect(placed(dots, 60, 200)).toHaveLength(0);
});

it('turns values into places, paths with gaps, and long names into short ones', () => {
  expect(linear([0, 10], [100, 0])(2.5)).toBe(75);
  expect(linear([3, 3], [0, 1])(3)).toBe(0);
  expect(path([{ x: 1, y: 2 }, { x: 3, y: 4 }, null, { x: 5, y: 6 }])).toBe('M1.0,2.0L3.0,4.0M5.0,6.0');
  expect(shortened('qwen2.5:7b-instruct-q4_K_M', 100)).toBe('qwen2.5…-q4_K_M');
  expect(shortened('short', 100)).toBe('short');
  expect(new Set(Array.from({ length: 9 }, (_, index) => jitter(index, 8)))).toHaveProperty('size', 9);
});
