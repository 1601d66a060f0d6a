/** What people, and the keys of their programs, are for. The table of who may what is the server's. */
import type { Role } from '$lib/api/types';

export interface RoleWords {
  id: Role;
  name: string;
  /** Completes "may". */
  may: string;
}

/** Each may all that the one before it may. */
export const ROLES: readonly RoleWords[] = [
  { id: 'viewer', name: 'Viewer', may: 'read everything but people, keys, tokens and the audit log' },
  {
    id: 'operator',
    name: 'Operator',
    may: 'besides: start and cancel benchmarks and operations, save suites, name, tag and drain clients',
  },
  {
    id: 'administrator',
    name: 'Administrator',
    may: 'besides: people, enrolment tokens, keys and archival of clients, the audit log',
  },
];

/** The roles that somebody may give to a key of theirs: none that may more than they do. */
export function rolesUpTo(mine: Role | null): readonly RoleWords[] {
  return ROLES.slice(0, ROLES.findIndex(({ id }) => id === mine) + 1);
}

export const roleName = (role: Role): string => ROLES.find(({ id }) => id === role)?.name ?? role;
