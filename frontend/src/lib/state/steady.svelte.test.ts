import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HELD_MS, Steady } from './steady.svelte';

interface Entry {
  id: string;
  rank: number;
}
const byRank = (entries: readonly Entry[]) => [...entries].sort((a, b) => a.rank - b.rank);
const entriesOf = (ranks: Record<string, number>) => Object.entries(ranks).map(([id, rank]) => ({ id, rank }));
const ids = (entries: readonly Entry[]) => entries.map(({ id }) => id).join('');

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('keeps every entry at its place while it changes, and puts them right some time after', () => {
  const steady = new Steady<Entry>();
  let entries = $state.raw(entriesOf({ a: 1, b: 2, c: 3 }));
  const seen: string[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      seen.push(ids(steady.arrange(entries, byRank)));
    });
  });
  flushSync();
  entries = entriesOf({ a: 9, b: 2, c: 1 });
  flushSync();
  vi.advanceTimersByTime(HELD_MS);
  flushSync();
  expect(seen).toEqual(['abc', 'abc', 'cba']);
  stop();
});

it('sorts at once where something is new or another order is asked for, and drops what is gone', () => {
  const steady = new Steady<Entry>();
  expect(ids(steady.arrange(entriesOf({ a: 1, b: 2, c: 3 }), byRank, 'up'))).toBe('abc');
  expect(ids(steady.arrange(entriesOf({ b: 5, c: 3 }), byRank, 'up'))).toBe('bc');
  expect(ids(steady.arrange(entriesOf({ b: 5, c: 3 }), byRank, 'down'))).toBe('cb');
  expect(ids(steady.arrange(entriesOf({ b: 5, c: 9, d: 7 }), byRank, 'down'))).toBe('bdc');
});
