import { expect, it } from 'vitest';
import { GridWindow } from './grid-window.svelte';

it('draws of 5,000 jobs only those in sight, both ways', () => {
  const axis = (length: number) => Array.from({ length }, (_, index) => ({ id: `${index}`, name: `${index}` }));
  const grid = new GridWindow(() => ({ models: axis(50), clients: axis(100) }));
  grid.resize(1_000, 600);
  expect([grid.modelsDown, grid.rows.length, grid.columns.length]).toEqual([false, 100, 50]);
  grid.scroll(132 * 30, 30 * 60);
  expect(grid.down.first).toBeGreaterThan(40);
  expect((grid.down.end - grid.down.first) * (grid.across.end - grid.across.first)).toBeLessThan(400);
});
