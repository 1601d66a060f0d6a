import { expect, it } from 'vitest';
import { RowWindow } from './row-window.svelte';

it('draws a table that appears from its first rows on, until all are drawn that are worth it', async () => {
  const rows = new RowWindow(10, () => 1_000);
  rows.height = 200;
  const all = rows.end;
  rows.hold();
  const begun = rows.end;
  expect([begun > 0, begun < all]).toEqual([true, true]);
  expect(rows.below).toBe((1_000 - begun) * 10);
  const growing = rows.grow();
  expect(rows.end).toBe(begun);
  await growing;
  expect(rows.end).toBe(all);
});

it('holds nothing back from who scrolls', () => {
  const rows = new RowWindow(10, () => 1_000);
  rows.hold();
  rows.scrollTop = 5_000;
  expect((rows.end - rows.first) * 10).toBeGreaterThanOrEqual(rows.height);
});
