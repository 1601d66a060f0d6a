/** When a client was there. Pure functions. */
import type { PresenceChange } from '$lib/api/types';

export type Heard = PresenceChange['presence'];

export interface Stretch {
  presence: Heard | 'before';
  from_ms: number;
  to_ms: number;
}

/** What a client was in a span of time, oldest first. `changes` are newest first; before the first nothing is known. */
export function stretchesOf(changes: readonly PresenceChange[], from_ms: number, to_ms: number): Stretch[] {
  const oldestFirst = [...changes].reverse().map(({ at, presence }) => ({ at: Date.parse(at), presence }));
  const begins: { at: number; presence: Stretch['presence'] }[] = [
    { at: -Infinity, presence: 'before' },
    ...oldestFirst,
  ];
  const stretches = begins.map(({ at, presence }, place) => ({
    presence,
    from_ms: Math.max(from_ms, at),
    to_ms: Math.min(to_ms, begins[place + 1]?.at ?? to_ms),
  }));
  return joined(stretches.filter((each) => each.to_ms > each.from_ms));
}

function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const each of stretches) {
    const last = all.at(-1);
    if (last?.presence === each.presence) last.to_ms = each.to_ms;
    else all.push({ ...each });
  }
  return all;
}

/** The share of the time that is known in which it was online; null where nothing is known. */
export function shareOnline(stretches: readonly Stretch[]): number | null {
  const lasting = (of: (presence: Stretch['presence']) => boolean) =>
    stretches.filter(({ presence }) => of(presence)).reduce((sum, each) => sum + each.to_ms - each.from_ms, 0);
  const known = lasting((presence) => presence !== 'before' && presence !== 'unknown');
  return known > 0 ? lasting((presence) => presence === 'online') / known : null;
}
