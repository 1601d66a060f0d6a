import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { clockFacts, clockWords } from '$lib/fleet/clock';
import { aClient } from '$lib/testing/builders';
import ClockNote from './ClockNote.svelte';

const off = (clock_offset_ms: number, clock_error_ms: number) =>
  aClient({ clock_offset_ms, clock_error_ms, is_clock_wrong: true });

it.each([
  [0.4, 1.5, "agrees with the server's, to 1.50 ms"],
  [-2_500.5, 1.5, "2.50 s behind the server's, ± 1.50 ms"],
  [240, 30, "240 ms ahead of the server's, ± 30.0 ms"],
  [7_200_000, 5_000, "2 h ahead of the server's, ± 5.00 s"],
])('tells an offset of %d ms within %d ms', (offset, error, words) => {
  expect(clockWords(off(offset, error))).toBe(words);
  expect(clockFacts(off(offset, error))).toEqual([{ name: 'Clock', value: words }]);
});

it('tells nothing of a clock that was not measured', () => {
  expect(clockFacts(aClient())).toEqual([]);
});

it('warns in words, with what to do on that system', async () => {
  const linux = { os: 'Linux', known: true, cpu: null, memory_bytes: null, gpus: [] };
  const { rerender } = render(ClockNote, { client: { ...off(9_000, 2), machine: linux } });
  expect(screen.getByText(/^Its clock is wrong: 9\.00 s ahead of the server's, ± 2\.00 ms$/)).toBeVisible();
  expect(screen.getByText('sudo timedatectl set-ntp true')).toBeVisible();
  await rerender({ client: off(9_000, 2) });
  expect(screen.queryByText(/timedatectl/)).toBeNull();
});
