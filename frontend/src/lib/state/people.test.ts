import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PersonView } from '$lib/api/types';
import { ADA, aDeed, anApiKey, aPerson, aToken } from '$lib/testing/people';
import { aServer, type Answer, type TestServer } from '$lib/testing/server';
import { AllKeys } from './all-keys.svelte';
import { AuditLog } from './audit.svelte';
import { EnrolmentTokens } from './enrolment-tokens.svelte';
import { PeopleList } from './people.svelte';

const LINK = 'http://obt/sign-in#reset=x';
const UNTIL = '2026-11-21T10:00:00Z';
let server: TestServer;
let people: PersonView[];
let refuse: string | null;
let answer: Answer;
beforeEach(async () => {
  people = [aPerson()];
  refuse = null;
  answer = () => undefined;
  server = await aServer((asked) => {
    if (refuse && asked.method !== 'GET') return { status: 409, body: { code: refuse, detail: 'Not that.' } };
    if (asked.method === 'GET' && asked.path === '/api/v1/people') return { body: { people } };
    return answer(asked);
  });
});
afterEach(() => server.stop());
const asked = (method: string) => server.asked.filter((each) => each.method === method);

describe('people', () => {
  async function started(): Promise<PeopleList> {
    const list = new PeopleList();
    await list.list.refresh();
    return list;
  }

  it('are added with a link that is told once, and stand in order', async () => {
    const bob = aPerson({ id: 'b', name: 'abe', role: 'viewer', has_password: false });
    answer = () => ({ status: 201, body: { ...bob, link: LINK, link_expires_at: UNTIL } });
    const list = await started();
    expect(await list.add({ name: 'abe', email: null, role: 'viewer' })).toBe(true);
    expect(list.list.data?.map(({ name }) => name)).toEqual(['abe', 'ada']);
    expect(list.list.data?.[0]).not.toHaveProperty('link');
    expect(list.invitation).toEqual({ name: 'abe', link: LINK, expires_at: UNTIL, isFirst: true });
  });

  it('are changed, given a new link, and forgotten', async () => {
    answer = ({ method, path }) =>
      method === 'PATCH'
        ? { body: aPerson({ role: 'viewer' }) }
        : path.endsWith('/reset-link')
          ? { body: { link: LINK, expires_at: UNTIL } }
          : { status: 204 };
    const list = await started();
    await list.change(aPerson(), { role: 'viewer' });
    expect(list.list.data?.[0]?.role).toBe('viewer');
    expect(asked('PATCH')[0]).toMatchObject({ path: `/api/v1/people/${ADA}`, body: { role: 'viewer' } });
    await list.invite(aPerson());
    expect(list.invitation).toEqual({ name: 'ada', link: LINK, expires_at: UNTIL, isFirst: false });
    expect(await list.remove(aPerson())).toBe(true);
    expect(list.list.data).toEqual([]);
  });

  it('are shown as they are where something was refused, with why', async () => {
    const list = await started();
    refuse = 'last_administrator';
    people = [aPerson({ name: 'lovelace' })];
    expect(await list.change(aPerson(), { is_disabled: true })).toBe(false);
    expect(list.problem?.code).toBe('last_administrator');
    expect(list.list.data?.[0]?.name).toBe('lovelace');
    expect(list.busy).toBe(false);
  });
});

describe('enrolment tokens', () => {
  it('are made, told once, and revoked', async () => {
    const made = { ...aToken({ tags: ['lab'] }), token: 'secret' };
    answer = ({ method }) =>
      ({ POST: { body: made }, DELETE: { status: 204 } })[method] ?? { body: { tokens: [made] } };
    const tokens = new EnrolmentTokens();
    const wish = { label: 'office', uses: 2, expires_in_hours: 24, tags: ['lab'] };
    expect(await tokens.create(wish)).toBe(true);
    expect(asked('POST')[0]?.body).toEqual(wish);
    expect(tokens.made?.token).toBe('secret');
    expect(tokens.list.data).toHaveLength(1);
    await tokens.revoke(made);
    expect(asked('DELETE')[0]?.path).toBe('/api/v1/enrolment-tokens/token-1');
    expect(tokens.made).toBeNull();
    refuse = 'forbidden';
    expect(await tokens.create(wish)).toBe(false);
    expect(tokens.problem?.detail).toBe('Not that.');
  });
});

describe('the keys of everybody', () => {
  it('are asked for, and revoked', async () => {
    answer = ({ method }) => (method === 'DELETE' ? { status: 204 } : { body: { keys: [anApiKey()] } });
    const keys = new AllKeys();
    await keys.list.refresh();
    expect(asked('GET')[0]?.query.get('all')).toBe('true');
    await keys.revoke(anApiKey());
    expect(asked('DELETE')[0]?.path).toBe('/api/v1/api-keys/key-1');
    expect(keys.problem).toBeNull();
    refuse = 'not_found';
    await keys.revoke(anApiKey());
    expect(keys.problem?.code).toBe('not_found');
  });
});

describe('the audit log', () => {
  const audits = () => server.asked.filter(({ path }) => path === '/api/v1/audit').map(({ query }) => String(query));

  it('is fetched as the address says, page by page, with the names of people', async () => {
    answer = ({ query }) => ({
      body: query.get('after')
        ? { entries: [aDeed({ id: 7 })], next: null, kept_days: 365 }
        : { entries: [aDeed({ id: 9 }), aDeed({ id: 8 })], next: '8', kept_days: 365 },
    });
    const log = new AuditLog();
    const stop = log.start(new URLSearchParams('actor=ada&action=client.'));
    await vi.waitFor(() => expect(log.list.data).toHaveLength(2));
    expect(audits()).toEqual(['actor=ada&action=client.&limit=100']);
    expect(log.keptDays).toBe(365);
    await vi.waitFor(() => expect(log.people.data?.get(ADA)).toBe('ada'));
    await log.list.more();
    expect(log.list.data?.map(({ id }) => id)).toEqual([9, 8, 7]);
    expect(log.list.next).toBeNull();
    expect(log.exportHref('csv')).toBe('/api/v1/audit/export?actor=ada&action=client.&format=csv');
    stop();
  });

  it('is asked once for what is typed in one go, and anew for what is chosen', async () => {
    answer = () => ({ body: { entries: [], next: null, kept_days: null } });
    const log = new AuditLog();
    const stop = log.start(new URLSearchParams());
    await vi.waitFor(() => expect(log.list.data).toEqual([]));
    expect(log.keptDays).toBeNull();
    for (const typed of ['a', 'at', 'attic ']) log.type('subject', typed);
    await vi.waitFor(() => expect(audits()).toContain('subject=attic&limit=100'));
    expect(audits()).toHaveLength(2);
    log.choose('action', 'job.');
    await vi.waitFor(() => expect(audits().at(-1)).toBe('subject=attic&action=job.&limit=100'));
    expect(String(log.toQuery())).toBe('action=job.&subject=attic');
    log.clear();
    expect(log.isNarrowed).toBe(false);
    stop();
  });
});
