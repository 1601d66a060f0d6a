/** The page of one client, over HTTP. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { chaptersOf, machineFacts } from '$lib/machine';
import { aClient, aClientDetail, aResult } from '$lib/testing/builders';
import { MACHINE } from '$lib/testing/machines';
import { aServer, type TestServer } from '$lib/testing/server';
import { ClientState } from './client.svelte';

const HERE = '/api/v1/clients/attic-1';
const record = { fingerprint: 'a', is_current: true, first_seen_at: '2026-11-01T09:00:00Z', replaced_at: null };
let server: TestServer;
let state: ClientState;
let stop: () => void;

beforeEach(async () => {
  server = await aServer(({ path, query }) => {
    if (path === HERE) return { body: aClientDetail({ hardware: MACHINE, machine: MACHINE }) };
    if (path === `${HERE}/hardware`)
      return { body: { current: MACHINE, fingerprint: 'a', history: [{ ...record, hardware: MACHINE }] } };
    if (path === '/api/v1/results' && query.get('client_id') === 'attic-1')
      return { body: { results: [aResult()], next: null } };
    return undefined;
  });
  state = new ClientState('attic-1');
  stop = state.start();
  await vi.waitFor(() => expect([state.client, state.history.data, state.results.data]).not.toContain(null));
});

afterEach(async () => {
  stop();
  await server.stop();
});

const asked = (path: string) => server.asked.filter((each) => each.path === path).length;

it('knows the machine, what could not be learnt of it, its history and its results', () => {
  expect(machineFacts(state.client?.hardware).find(({ name }) => name === 'GPU')?.value).toMatch(/RTX 4090/);
  expect([
    state.client?.hardware?.notes.length,
    chaptersOf(state.history.data ?? []).length,
    state.results.data?.length,
  ]).toEqual([1, 1, 1]);
});

it('follows its own heartbeats, and asks for the history when its hardware changed', async () => {
  state.hear([{ type: 'client_changed', client: aClient({ id: 'other', name: 'other' }) }]);
  expect(state.client?.name).toBe('attic');
  state.hear([{ type: 'client_changed', client: aClient({ machine: MACHINE, presence: 'stale' }) }]);
  expect([state.client?.presence, asked(`${HERE}/hardware`)]).toEqual(['stale', 1]);
  const changed = { ...MACHINE, memory_bytes: 2 ** 37 };
  state.hear([{ type: 'client_changed', client: aClient({ machine: changed }) }]);
  await vi.waitFor(() => expect(asked(`${HERE}/hardware`)).toBe(2));
});

it('asks again for its results when one came, and for all after a reconnect', async () => {
  state.hear([{ type: 'result_added', result: aResult({ client_id: 'other' }) }]);
  expect(asked('/api/v1/results')).toBe(1);
  state.hear([{ type: 'result_added', result: aResult() }]);
  await vi.waitFor(() => expect(asked('/api/v1/results')).toBe(2));
  state.hear([{ type: 'resync' }, { type: 'client_removed', client_id: 'attic-1' }]);
  await vi.waitFor(() => expect(asked(HERE)).toBeGreaterThan(1));
  await vi.waitFor(() => expect(asked(`${HERE}/hardware`)).toBe(2));
});
