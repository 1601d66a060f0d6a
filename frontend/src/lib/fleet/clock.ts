/** How far the clock of a client is from the server's, in words. */
import type { ClientView } from '$lib/api/types';
import { duration, number } from '$lib/format';
import type { Fact } from '$lib/machine';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

function span(ms: number): string {
  if (ms < SECOND_MS) return `${number(ms)} ms`;
  return ms < MINUTE_MS ? `${number(ms / SECOND_MS)} s` : duration(Math.round(ms / SECOND_MS));
}

/** `2.5 s behind the server's, ± 1.5 ms`; that both agree where what was measured cannot tell them apart. */
export function clockWords({ clock_offset_ms: offset, clock_error_ms: error }: ClientView): string {
  if (offset == null || error == null) return '';
  if (Math.abs(offset) <= error) return `agrees with the server's, to ${span(error)}`;
  return `${span(Math.abs(offset))} ${offset > 0 ? 'ahead of' : 'behind'} the server's, ± ${span(error)}`;
}

/** Empty where it was not measured. */
export function clockFacts(client: ClientView): Fact[] {
  const value = clockWords(client);
  return value ? [{ name: 'Clock', value }] : [];
}
