/** What was done, in words. The codes are the server's; one that is newer than this page shows as it is. */
import type { AuditEntry } from '$lib/api/types';

interface Group {
  /** How its codes begin: `person.`. */
  id: string;
  name: string;
  /** What follows the dot, and what it says of whoever did it. */
  deeds: Record<string, string>;
}

export const GROUPS: readonly Group[] = [
  {
    id: 'person.',
    name: 'People',
    deeds: {
      created: 'added a person',
      changed: 'changed a person',
      deleted: 'deleted a person',
      link_made: 'made a sign-in link',
      reset_link_made: 'made a link to choose a password',
      password_changed: 'changed a password',
    },
  },
  { id: 'session.', name: 'Sign-ins', deeds: { started: 'signed in', ended: 'ended a sign-in' } },
  { id: 'api_key.', name: 'API keys', deeds: { created: 'made an API key', revoked: 'revoked an API key' } },
  {
    id: 'enrolment_token.',
    name: 'Enrolment tokens',
    deeds: { created: 'made an enrolment token', revoked: 'revoked an enrolment token' },
  },
  {
    id: 'client.',
    name: 'Clients',
    deeds: {
      enrolled: 'enrolled',
      enrolled_again: 'enrolled again',
      changed: 'changed a client',
      drained: 'drained a client',
      resumed: 'resumed a client',
      archived: 'archived a client',
      restored: 'restored a client',
      key_rotation_asked: 'asked for another key',
      key_rotated: 'took another key',
      key_revoked: "revoked a client's key",
      clone_seen: 'was seen twice at once',
    },
  },
  {
    id: 'benchmark.',
    name: 'Benchmarks',
    deeds: { asked: 'started a benchmark', cancelled: 'cancelled a benchmark', uploaded: 'uploaded a run' },
  },
  { id: 'job.', name: 'Jobs', deeds: { cancelled: 'cancelled a job' } },
  {
    id: 'operation.',
    name: 'Operations',
    deeds: { asked: 'asked for an operation', cancelled: 'cancelled an operation' },
  },
  { id: 'suite.', name: 'Suites', deeds: { saved: 'saved a suite', forgotten: 'deleted a suite' } },
  { id: 'prompt.', name: 'Prompts', deeds: { saved: 'saved a prompt', forgotten: 'deleted a prompt' } },
];

const WORDS = new Map(
  GROUPS.flatMap(({ id, deeds }) => Object.entries(deeds).map(([code, text]) => [id + code, text] as const)),
);

/** Such as `changed a person`. */
export function deedOf(action: string): string {
  return WORDS.get(action) ?? action.replaceAll(/[._]/g, ' ');
}

/** What a filter offers: each kind of deeds, and under it each deed. */
export const CHOICES: readonly { id: string; name: string }[] = GROUPS.flatMap(({ id, name, deeds }) => [
  { id, name },
  ...Object.entries(deeds).map(([code, text]) => ({ id: id + code, name: `${name}: ${text}` })),
]);

const PLACES: Record<string, (subject: string) => string> = {
  client: (id) => `/clients/${encodeURIComponent(id)}`,
  session: (id) => `/benchmarks/${encodeURIComponent(id)}`,
  person: () => '/people',
  api_key: () => '/people',
  enrolment_token: () => '/people',
};

/** Where one sees what it was done to; null where there is no such page. */
export function placeOf({ subject_kind, subject, after }: AuditEntry): string | null {
  const batch = after?.batch_id;
  if (subject_kind === 'operation' && typeof batch === 'string')
    return `/operations?batch_id=${encodeURIComponent(batch)}`;
  return PLACES[subject_kind]?.(subject) ?? null;
}

/** Whoever did it, where it was no person who had signed in. */
const OTHERS: Record<string, string> = {
  client: 'client',
  server: 'by itself',
  terminal: "at the server's command line",
  anonymous: 'not signed in',
};
export const kindOf = (kind: string): string => OTHERS[kind] ?? kind;
