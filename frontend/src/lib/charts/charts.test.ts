import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { estimate } from '$lib/testing/builders';
import SampleStrip from './SampleStrip.svelte';
import { scaleOf } from './strip';

it.each([[[88, 91, 90]], [[5]], [[0, 0]], [[0.001, 0.0012]], [[1e6, 3e6]]])(
  'scales %j with room and round ticks',
  (values) => {
    const { low, high, ticks } = scaleOf(values);
    expect(low).toBeLessThanOrEqual(Math.min(...values));
    expect(high).toBeGreaterThan(Math.max(...values));
    expect(low).toBeGreaterThanOrEqual(0);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThan(9);
  },
);

it('draws a point a sample, hollow where it was left out, and the interval as a band', () => {
  const points = [
    { number: 4, value: 90, counted: true, note: '' },
    { number: 5, value: 70, counted: false, note: 'client stalled' },
  ];
  const { container } = render(SampleStrip, {
    points,
    estimate: estimate(),
    unit: 'tokens/s',
    label: 'Decode rate of chat',
  });
  expect(screen.getByRole('img', { name: 'Decode rate of chat: 2 samples, tokens/s' })).toBeVisible();
  expect([...container.querySelectorAll('circle')].map((circle) => circle.textContent?.trim())).toEqual([
    '#4: 90.0 tokens/s',
    '#5: 70.0 tokens/s, client stalled',
  ]);
  expect(container.querySelectorAll('rect')).toHaveLength(1);
});

it('draws thousands of samples as one path each for the counted and the left out', () => {
  const points = Array.from({ length: 3_000 }, (_, index) => ({
    number: index + 1,
    value: 90 + (index % 7),
    counted: index % 100 !== 0,
    note: '',
  }));
  const { container } = render(SampleStrip, { points, estimate: undefined, unit: 'ms', label: 'TTFT of c8' });
  const [counted, leftOut] = [...container.querySelectorAll('path')].map((path) => path.getAttribute('d') ?? '');
  expect(container.querySelectorAll('circle')).toHaveLength(0);
  expect([counted, leftOut].map((path) => path?.split('M').length)).toEqual([2_971, 31]);
});
