/** The state classes, over HTTP. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onSignedOut, Problem } from '$lib/api/client';
import type { LiveEvent } from '$lib/api/types';
import { aClient, aJob, aMe, aSession, estimate } from '$lib/testing/builders';
import { aServer, type TestServer } from '$lib/testing/server';
import { Account } from './account.svelte';
import { Resource } from './resource.svelte';
import { SessionState } from './session.svelte';
import { SessionList } from './sessions.svelte';

const API = '/api/v1';
let server: TestServer;
let stops: (() => void)[] = [];

beforeEach(async () => {
  server = await aServer(() => undefined);
});

afterEach(async () => {
  stops.forEach((stop) => stop());
  stops = [];
  await server.stop();
});

/** Answer these paths, and 404 to all others. */
function serve(answers: Record<string, unknown>): void {
  server.answer = ({ path }) => (path in answers ? { body: answers[path] } : undefined);
}

const problem = (status: number, detail: string) => ({ status, body: { status, code: 'a_code', detail, title: '' } });
const snapshot = (clients = [aClient()]): LiveEvent => ({
  type: 'snapshot',
  server_time: '',
  server_version: '0',
  clients,
  sessions: [],
  operations: [],
});

describe('Resource', () => {
  it('keeps what it had when it cannot be renewed, and says why', async () => {
    let fails = false;
    const resource = new Resource(async () => {
      if (fails) throw new Problem(503, 'away', 'Later.');
      return 1;
    });
    await resource.refresh();
    fails = true;
    await resource.refresh();
    expect([resource.data, resource.problem?.detail, resource.busy]).toEqual([1, 'Later.', false]);
    fails = false;
    await resource.refresh();
    expect(resource.problem).toBeNull();
  });

  it('listens to the newest question only', async () => {
    const answers: ((value: string) => void)[] = [];
    const resource = new Resource<string>(() => new Promise((resolve) => answers.push(resolve)));
    const [first, second] = [resource.refresh(), resource.refresh()];
    answers[1]?.('new');
    answers[0]?.('old');
    await Promise.all([first, second]);
    expect(resource.data).toBe('new');
  });
});

describe('Account', () => {
  it('is in, out, or unknown while the server is away', async () => {
    const account = new Account();
    await account.check();
    expect([account.status, account.problem?.status]).toEqual(['unknown', 404]);
    serve({ [`${API}/auth/me`]: aMe() });
    await account.check();
    expect(account.status).toBe('in');
    server.answer = () => problem(401, 'Sign in.');
    await account.check();
    expect(account.status).toBe('out');
  });

  it('is in when it was given a session, and out when it signs out', async () => {
    const account = new Account();
    serve({ [`${API}/auth/me`]: aMe() });
    await account.entered();
    expect([account.status, account.me?.name]).toEqual(['in', 'ada']);
    server.answer = () => ({ status: 204 });
    await account.signOut();
    expect([account.status, account.me]).toEqual(['out', null]);
  });

  it('stays out when an answer from before it signed out comes late', async () => {
    const account = new Account();
    let reply: (answer: { body: unknown }) => void = () => undefined;
    const late = new Promise<{ body: unknown }>((resolve) => (reply = resolve));
    server.answer = ({ path }) => (path === `${API}/auth/me` ? late : { status: 204 });
    const asked = account.check();
    await account.signOut();
    reply({ body: aMe() });
    await asked;
    expect([account.status, account.me]).toEqual(['out', null]);
  });

  it('knows what its role may, and asks again when the server refuses it something', async () => {
    const account = new Account();
    expect(account.can('read')).toBe(false);
    serve({ [`${API}/auth/me`]: aMe() });
    stops.push(account.start());
    await vi.waitFor(() => expect(account.can('administer')).toBe(true));
    const demoted = aMe({ kind: 'viewer', role: 'viewer', permissions: ['read', 'own_account'] });
    server.answer = ({ path }) =>
      path === `${API}/auth/me` ? { body: demoted } : { status: 403, body: { code: 'forbidden', detail: 'No.' } };
    await new SessionList().list.refresh();
    await vi.waitFor(() => expect([account.can('operate'), account.can('read')]).toEqual([false, true]));
  });

  it('is out while nobody could be in, and not at fault', async () => {
    const account = new Account();
    server.answer = () => ({ status: 403, body: { code: 'needs_setup', detail: 'No administrator yet.' } });
    await account.check();
    expect([account.status, account.problem, account.lapsedAt]).toEqual(['out', null, null]);
  });

  it('hears of every answer that says signed out', async () => {
    const told = vi.fn();
    stops.push(onSignedOut(told));
    server.answer = () => problem(401, 'Sign in.');
    await new SessionList().list.refresh();
    expect(told).toHaveBeenCalledOnce();
  });
});

describe('SessionState', () => {
  it('fills cell by cell, for its own jobs only', async () => {
    serve({ [`${API}/sessions/session-1`]: aSession() });
    const state = new SessionState('session-1');
    stops.push(state.start());
    await vi.waitFor(() => expect(state.session).not.toBeNull());
    expect([state.axes.models, state.axes.clients, state.ended, state.isOpen]).toEqual([
      [{ id: 'llama3.2:3b', name: 'llama3.2:3b' }],
      [{ id: 'attic-1', name: 'attic' }],
      0,
      true,
    ]);
    const { jobs: _jobs, suite: _suite, ...view } = aSession({ state: 'completed' });
    const done = aJob({ status: 'completed', headline: { decode_tokens_per_s: estimate() } });
    state.hear([
      { type: 'job_changed', job: done },
      { type: 'job_changed', job: aJob({ session_id: 'another', status: 'failed' }) },
      { type: 'session_changed', session: view },
    ]);
    expect(state.jobAt('llama3.2:3b', 'attic-1')).toBe(done);
    expect([state.ended, state.isOpen]).toEqual([1, false]);
  });

  it('fetches anew after a reconnect', async () => {
    serve({ [`${API}/sessions/session-1`]: aSession() });
    const state = new SessionState('session-1');
    state.hear([snapshot()]);
    await vi.waitFor(() => expect(state.session?.title).toContain('Quick'));
  });

  it('cancels a job and all, and says why it could not', async () => {
    const state = new SessionState('session-1');
    server.answer = ({ method }) => (method === 'POST' ? problem(409, 'It has ended.') : { body: aSession() });
    await state.cancelJob(aJob());
    expect(state.problem?.detail).toBe('It has ended.');
    server.answer = () => ({ body: aSession({ state: 'cancelled' }) });
    await state.cancelAll();
    expect([state.problem, state.session?.state]).toEqual([null, 'cancelled']);
    expect(server.asked.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
      `${API}/jobs/job-1/cancel`,
      `${API}/sessions/session-1/cancel`,
    ]);
  });
});
