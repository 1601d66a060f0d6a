import { expect, it } from 'vitest';
import { aSample } from '$lib/testing/builders';
import { SampleList } from './samples.svelte';

const numbered = Array.from({ length: 1_000 }, (_, index) =>
  aSample({
    number: index + 1,
    workload: index < 600 ? 'chat' : 'load',
    flags: index === 700 ? ['sent_late'] : [],
    end: index === 701 ? 'error' : 'length',
    role: index < 5 ? 'warmup' : 'measured',
  }),
);

it('draws the rows in sight only, in a space as high as all of them', () => {
  const list = new SampleList(() => numbered);
  list.window.height = 340;
  list.window.scrollTop = 34 * 500;
  expect(list.visible.length).toBeLessThan(50);
  expect(list.visible.map(({ number }) => number)).toContain(505);
  const height = list.window.above + list.visible.length * 34 + list.window.below;
  expect(height).toBe(34 * 1_000);
});

it('narrows to a workload, and to what is doubtful: flagged, failed, left out, but no warm-up', () => {
  const list = new SampleList(() => numbered);
  expect(list.workloads).toEqual(['chat', 'load']);
  list.workload = 'load';
  expect(list.rows).toHaveLength(400);
  list.onlyDoubtful = true;
  expect(list.rows.map(({ number }) => number)).toEqual([701, 702]);
});

it('keeps its place while a row is open, above the rows in sight and below them', () => {
  const list = new SampleList(() => numbered);
  list.window.height = 340;
  list.toggle(10);
  list.openHeight = 200;
  list.window.scrollTop = 34 * 500 + 200;
  expect(list.window.above).toBe(list.window.first * 34 + 200);
  expect(list.visible.map(({ number }) => number)).toContain(505);
  list.window.scrollTop = 0;
  expect(list.visible.map(({ number }) => number)).toContain(10);
  expect(list.window.below).toBe((1_000 - list.window.end) * 34);
  list.toggle(10);
  expect(list.open).toBeNull();
});

it('is short where there is nothing to look for, and tells what any sample has', () => {
  const list = new SampleList(() => [aSample({ load_ms: 700 }), aSample({ lateness_ms: 0.1 })]);
  expect([list.isLong, list.hasLoad, list.hasLateness]).toEqual([false, true, true]);
});
