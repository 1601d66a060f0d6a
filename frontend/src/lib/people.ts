/** How people, their API keys and enrolment tokens stand, in words. Pure functions. */
import type { ApiKeyView, EnrolmentTokenView, PersonView } from './api/types';
import { ROLES } from './account/roles';
import type { Word } from './words';

/** A link, told once: by it a person chooses a password. */
export interface Invitation {
  name: string;
  link: string;
  /** The moment until which it is good. */
  expires_at: string;
  /** It is their first; otherwise the password that they have is good until they use it. */
  isFirst: boolean;
}

/** Whether somebody can sign in now, and by what. */
export function standing({ is_disabled, has_password, has_oidc }: PersonView): Word {
  if (is_disabled) return { glyph: 'stop', text: 'disabled', tone: 'warn' };
  if (has_password || has_oidc) return { glyph: 'check', text: 'may sign in', tone: 'good' };
  return { glyph: 'clock', text: 'invited', tone: 'busy' };
}

/** Whether a key is good now. `now` in ms since 1970. */
export function keyStanding({ revoked_at, expires_at }: ApiKeyView, now: number): Word {
  if (revoked_at) return { glyph: 'cross', text: 'revoked', tone: 'quiet' };
  if (expires_at && Date.parse(expires_at) <= now) return { glyph: 'clock', text: 'expired', tone: 'quiet' };
  return { glyph: 'check', text: 'good', tone: 'good' };
}

/** Whether machines can still enrol with a token. `now` in ms since 1970. */
export function tokenStanding({ uses_left, expires_at }: EnrolmentTokenView, now: number): Word {
  if (uses_left <= 0) return { glyph: 'check', text: 'used up', tone: 'quiet' };
  if (Date.parse(expires_at) <= now) return { glyph: 'clock', text: 'expired', tone: 'quiet' };
  return { glyph: 'dot', text: 'good', tone: 'good' };
}

/** Those that are good come first; within both, the order stays. */
export function goodFirst<Entry>(entries: readonly Entry[], isGood: (entry: Entry) => boolean): Entry[] {
  return [...entries.filter(isGood), ...entries.filter((entry) => !isGood(entry))];
}

/** By name, as people read it. */
export function byName(people: readonly PersonView[]): PersonView[] {
  return [...people].sort((a, b) => a.name.localeCompare(b.name));
}

const PEOPLE_ARE: readonly string[] = ROLES.map(({ id }) => id);

/** Whether whoever did something was a person who had signed in: their kind is their role. */
export const isRole = (kind: string): boolean => PEOPLE_ARE.includes(kind);
