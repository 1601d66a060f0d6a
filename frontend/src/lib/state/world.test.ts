import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '$lib/api/types';
import { aClient, aJob, aResult, aSession } from '$lib/testing/builders';
import { EMPTY, merged, reduce } from './world';

const snapshot = (clients = [aClient()]): LiveEvent => ({
  type: 'snapshot',
  server_time: '2026-11-21T09:00:00Z',
  server_version: '0.1.0',
  clients,
  sessions: [],
  operations: [],
});

describe('reduce', () => {
  it('takes the clients of a snapshot in place of all known ones', () => {
    const first = reduce(EMPTY, [snapshot([aClient({ id: 'gone' })])]);
    expect([...reduce(first, [snapshot()]).clients.keys()]).toEqual(['attic-1']);
  });

  it('patches one client and leaves the others the same objects', () => {
    const other = aClient({ id: 'cellar-1' });
    const world = reduce(EMPTY, [snapshot([aClient(), other])]);
    const next = reduce(world, [{ type: 'client_changed', client: aClient({ presence: 'stale' }) }]);
    expect(next.clients.get('attic-1')?.presence).toBe('stale');
    expect(next.clients.get('cellar-1')).toBe(other);
    expect(world.clients.get('attic-1')?.presence).toBe('online');
  });

  it('leaves the world before as it was, however many changes come together', () => {
    const world = reduce(EMPTY, [snapshot([aClient(), aClient({ id: 'cellar-1' })])]);
    const next = reduce(world, [
      { type: 'client_changed', client: aClient({ presence: 'stale' }) },
      { type: 'client_removed', client_id: 'cellar-1' },
      { type: 'client_changed', client: aClient({ presence: 'offline' }) },
    ]);
    expect([...next.clients.values()].map(({ presence }) => presence)).toEqual(['offline']);
    expect([...world.clients.values()].map(({ id, presence }) => `${id} ${presence}`)).toEqual([
      'attic-1 online',
      'cellar-1 online',
    ]);
  });

  it('forgets an archived client', () => {
    const world = reduce(EMPTY, [snapshot(), { type: 'client_removed', client_id: 'attic-1' }]);
    expect(world.clients.size).toBe(0);
  });

  it('keeps a job while a client works on it', () => {
    const running = reduce(EMPTY, [{ type: 'job_changed', job: aJob({ status: 'running' }) }]);
    expect(running.jobs.size).toBe(1);
    expect(reduce(running, [{ type: 'job_changed', job: aJob({ status: 'completed' }) }]).jobs.size).toBe(0);
    expect(reduce(EMPTY, [{ type: 'job_changed', job: aJob() }]).jobs).toBe(EMPTY.jobs);
  });

  it('puts a renewed result in front, once', () => {
    const events: LiveEvent[] = ['a', 'b', 'a'].map((id) => ({ type: 'result_added', result: aResult({ id }) }));
    expect(reduce(EMPTY, events).results.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('remembers sessions', () => {
    const world = reduce(EMPTY, [{ type: 'session_changed', session: aSession() }]);
    expect(world.sessions.has('session-1')).toBe(true);
  });

  it('is unmoved by what others look after', () => {
    expect(reduce(EMPTY, [{ type: 'models_changed', client_id: 'attic-1' }, { type: 'resync' }])).toBe(EMPTY);
  });
});

it('merges what was fetched by identity', () => {
  const known = new Map([['session-1', aSession({ title: 'old' })]]);
  expect([...merged(known, [aSession({ title: 'new' })]).values()].map(({ title }) => title)).toEqual(['new']);
});
