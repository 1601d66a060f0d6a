/** People, their keys and what they did, for tests. */
import type { ApiKeyView, AuditEntry, EnrolmentTokenView, PersonView } from '$lib/api/types';

const THEN = '2026-11-21T09:00:00Z';
export const ADA = '00000000-0000-4000-8000-00000000ada0';

export function aPerson(change: Partial<PersonView> = {}): PersonView {
  return {
    id: ADA,
    name: 'ada',
    email: null,
    role: 'administrator',
    is_disabled: false,
    has_password: true,
    has_oidc: false,
    created_at: THEN,
    last_seen_at: THEN,
    ...change,
  };
}

export function anApiKey(change: Partial<ApiKeyView> = {}): ApiKeyView {
  return {
    id: 'key-1',
    person_id: ADA,
    person_name: 'ada',
    name: 'ci',
    role: 'viewer',
    prefix: 'obt_abcdef',
    created_at: THEN,
    expires_at: '2027-02-19T09:00:00Z',
    last_used_at: null,
    revoked_at: null,
    ...change,
  };
}

export function aToken(change: Partial<EnrolmentTokenView> = {}): EnrolmentTokenView {
  return {
    id: 'token-1',
    label: 'office',
    tags: [],
    uses_left: 1,
    created_at: THEN,
    expires_at: '2026-11-22T09:00:00Z',
    ...change,
  };
}

export function aDeed(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 1,
    at: THEN,
    actor_kind: 'administrator',
    actor: 'ada',
    actor_id: ADA,
    address: '192.0.2.7',
    action: 'client.changed',
    subject_kind: 'client',
    subject: 'attic-1',
    before: null,
    after: null,
    ...change,
  };
}
