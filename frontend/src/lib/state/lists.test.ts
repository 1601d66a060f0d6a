/** What comes page by page, and what the fleet shows: over HTTP. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '$lib/api/types';
import { aClient, aJob, aResult, aSession } from '$lib/testing/builders';
import { aDownloads } from '$lib/testing/machines';
import { aServer, type TestServer } from '$lib/testing/server';
import { Enrolment } from './enrolment.svelte';
import { Fleet } from './fleet.svelte';
import { resultOf } from './results.svelte';
import { SessionList } from './sessions.svelte';

const API = '/api/v1';
let server: TestServer;

beforeEach(async () => {
  server = await aServer(() => undefined);
});
afterEach(() => server.stop());

const problem = (status: number, detail: string) => ({ status, body: { status, code: 'a_code', detail, title: '' } });
const snapshot: LiveEvent = {
  type: 'snapshot',
  server_time: '',
  server_version: '0',
  clients: [aClient()],
  sessions: [],
  operations: [],
};

describe('Fleet', () => {
  it('knows after a snapshot who is there, what runs and what came last', async () => {
    const job = aJob({ status: 'running' });
    server.answer = ({ path }) => {
      if (path === `${API}/sessions`) return { body: { sessions: [aSession()], next: null } };
      if (path === `${API}/results`) return { body: { results: [aResult()], next: null } };
      return { body: aSession({ jobs: [job] }) };
    };
    const fleet = new Fleet();
    expect(fleet.isKnown).toBe(false);
    fleet.hear([snapshot]);
    expect(fleet.clients.map(({ name }) => name)).toEqual(['attic']);
    await vi.waitFor(() => expect(fleet.jobOf.get('attic-1')).toEqual(job));
    expect([fleet.sessions.length, fleet.results.length]).toEqual([1, 1]);
    fleet.hear([{ type: 'job_changed', job: { ...job, status: 'completed' } }]);
    expect(fleet.jobOf.size).toBe(0);
  });

  it('keeps what came live while its history was on the way', async () => {
    let arrive: () => void = () => undefined;
    const onTheWay = new Promise<void>((resolve) => (arrive = resolve));
    server.answer = async ({ path }) => {
      await onTheWay;
      if (path === `${API}/sessions`) return { body: { sessions: [aSession({ state: 'running' })], next: null } };
      return { body: { results: [aResult({ id: 'before' })], next: null } };
    };
    const fleet = new Fleet();
    const refreshed = fleet.refresh();
    fleet.hear([
      { type: 'session_changed', session: aSession({ state: 'completed' }) },
      { type: 'result_added', result: aResult({ id: 'since' }) },
    ]);
    arrive();
    await refreshed;
    expect(fleet.sessions.map(({ state }) => state)).toEqual(['completed']);
    expect(fleet.results.map(({ id }) => id)).toEqual(['since', 'before']);
  });

  it('says why its history is missing', async () => {
    server.answer = () => problem(503, 'The database cannot answer now.');
    const fleet = new Fleet();
    await fleet.refresh();
    expect([fleet.isHistoryKnown, fleet.problem?.detail]).toEqual([false, 'The database cannot answer now.']);
  });
});

describe('SessionList', () => {
  it('goes back page by page and takes in what is new, once', async () => {
    server.answer = ({ query }) =>
      query.get('after')
        ? { body: { sessions: [aSession({ id: 'old' })], next: null } }
        : { body: { sessions: [aSession({ id: 'new' })], next: 'cursor' } };
    const { list } = new SessionList();
    await list.refresh();
    await list.more();
    await list.more();
    expect(list.data?.map(({ id }) => id)).toEqual(['new', 'old']);
    expect(server.asked).toHaveLength(2);
    list.put(aSession({ id: 'newest' }));
    list.put(aSession({ id: 'old', title: 'renamed' }));
    expect(list.data?.map(({ id, title }) => [id, title === 'renamed'])).toEqual([
      ['newest', false],
      ['new', false],
      ['old', true],
    ]);
  });

  it('follows the live socket', async () => {
    server.answer = () => ({ body: { sessions: [], next: null } });
    const sessions = new SessionList();
    const stop = sessions.start();
    await vi.waitFor(() => expect(sessions.list.data).toEqual([]));
    sessions.hear([{ type: 'session_changed', session: aSession() }]);
    expect(sessions.list.data).toHaveLength(1);
    sessions.hear([{ type: 'resync' }]);
    await vi.waitFor(() => expect(sessions.list.data).toEqual([]));
    stop();
  });

  it('keeps what it has when a page cannot be had', async () => {
    server.answer = () => ({ body: { sessions: [aSession()], next: 'cursor' } });
    const { list } = new SessionList();
    await list.refresh();
    server.answer = () => problem(500, 'The server failed.');
    await list.more();
    expect([list.data?.length, list.problem?.detail, list.busy]).toEqual([1, 'The server failed.', false]);
  });
});

describe('resultOf', () => {
  it('fetches one result, or says that there is none', async () => {
    const resource = resultOf('unknown');
    await resource.refresh();
    expect(resource.problem?.detail).toBe('There is nothing here.');
  });
});

describe('Enrolment', () => {
  it('makes a token for so many machines, or says why not', async () => {
    const enrolment = new Enrolment();
    server.answer = () => problem(403, 'You may not.');
    await enrolment.create(3);
    expect([enrolment.token, enrolment.problem?.detail]).toEqual([null, 'You may not.']);
    const token = { id: 'x', label: '', uses_left: 3, created_at: '', expires_at: '', token: 'secret' };
    server.answer = () => ({ status: 201, body: token });
    await enrolment.create(3);
    expect([enrolment.token, enrolment.problem, enrolment.busy]).toEqual([token, null, false]);
    expect(server.asked.at(-1)?.body).toMatchObject({ uses: 3 });
  });

  it('knows who came since a token was made, and what the server has to install', async () => {
    let clients = [aClient()];
    const enrolment = new Enrolment(() => clients);
    expect(enrolment.arrived).toEqual([]);
    server.answer = ({ path }) => ({ body: path.endsWith('/downloads') ? aDownloads() : { token: 'secret' } });
    await Promise.all([enrolment.create(1), enrolment.downloads.refresh()]);
    expect(enrolment.downloads.data?.lines).toHaveLength(3);
    clients = [...clients, aClient({ id: 'cellar-1', name: 'cellar' })];
    expect(enrolment.arrived.map(({ name }) => name)).toEqual(['cellar']);
  });
});
