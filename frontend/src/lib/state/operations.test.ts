/** Asking for operations, and their record: over HTTP. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientView } from '$lib/api/types';
import { planned, type Wish } from '$lib/models/acting';
import type { Facts } from '$lib/models/columns';
import { adviceFor, batchesOf, leftSeconds, shareOf, subjectOf, whyNot } from '$lib/operations';
import { exported } from '$lib/operations-export';
import { aClient, aModel } from '$lib/testing/builders';
import { anOperation } from '$lib/testing/models';
import { aServer, type TestServer } from '$lib/testing/server';
import { Acting } from './acting.svelte';
import { matches, OperationList } from './operations.svelte';

const API = '/api/v1';
const willing = (change: Partial<ClientView>) => aClient({ allows: 'models', protocol_version: 2, ...change });
const clients = [
  willing({}),
  willing({ id: 'cellar-1', name: 'cellar', allows: 'benchmarks' }),
  willing({ id: 'shed-1', name: 'shed', presence: 'offline' }),
  willing({ id: 'old-1', name: 'old', protocol_version: 1 }),
];
const facts: Facts = {
  clientOf: new Map(clients.map((client) => [client.id, client])),
  loaded: new Set(['attic-1/llama3.2:3b']),
  latestOf: new Map(),
  conflicts: new Map(),
  operationOf: new Map(),
};
const wish = (change: Partial<Wish>): Wish => ({
  kind: 'delete',
  clientIds: new Set(),
  again: false,
  to: '',
  keep_alive_s: 300,
  ...change,
});
const rows = [
  aModel(),
  aModel({ client_id: 'cellar-1' }),
  aModel({ client_id: 'shed-1' }),
  aModel({ client_id: 'old-1' }),
];
let server: TestServer;
beforeEach(async () => {
  server = await aServer(() => undefined);
});
afterEach(() => server.stop());

describe('what would be done', () => {
  const outcome = (change: Partial<Wish>, of = rows, installed = new Set<string>()) => {
    const { acts, refused } = planned(wish(change), of, facts, installed);
    return [acts.map(({ clientId, note }) => [clientId, note]), refused.map(({ clientId, why }) => [clientId, why])];
  };

  it('leaves out whom the owner or the release keeps from it; who is offline waits', () =>
    expect(outcome({})).toEqual([
      [
        ['attic-1', ''],
        ['shed-1', 'waits'],
      ],
      [
        ['cellar-1', 'not_allowed'],
        ['old-1', 'outdated'],
      ],
    ]));

  it('loads what is not loaded, unloads what is', () => {
    expect(outcome({ kind: 'load' }, rows.slice(0, 1))).toEqual([[], [['attic-1', 'already_loaded']]]);
    expect(outcome({ kind: 'unload' }, [aModel({ name: 'b:1' })])).toEqual([[], [['attic-1', 'not_loaded']]]);
    expect(outcome({ kind: 'load' }, [aModel({ cloud: true })])).toEqual([[], [['attic-1', 'cloud']]]);
  });

  it('pulls each name to each chosen client, again only where asked', () => {
    const clientIds = new Set(['attic-1', 'shed-1']);
    const installed = new Set(['attic-1/llama3.2:3b']);
    expect(outcome({ kind: 'pull', clientIds }, rows, installed)).toEqual([
      [['shed-1', 'waits']],
      [['attic-1', 'already_there']],
    ]);
    expect(outcome({ kind: 'pull', clientIds, again: true }, rows, installed)[0]).toEqual([
      ['attic-1', 'renews'],
      ['shed-1', 'waits'],
    ]);
  });

  it('copies under a name that Ollama takes: of several models behind each name', () => {
    expect(outcome({ kind: 'copy', to: 'not a name' }, rows.slice(0, 1))).toEqual([[], [['attic-1', 'no_name']]]);
    const two = [aModel(), aModel({ name: 'b:1' })];
    const { acts } = planned(wish({ kind: 'copy', to: '-mine' }), two, facts, new Set());
    expect(acts.map(({ operation }) => operation)).toEqual([
      { kind: 'copy', model: 'llama3.2:3b', to: 'llama3.2:3b-mine' },
      { kind: 'copy', model: 'b:1', to: 'b:1-mine' },
    ]);
  });
});

describe('Acting', () => {
  it('asks for exactly what was shown, and says why it was refused', async () => {
    const acting = new Acting(() => ({ facts, all: rows }));
    acting.open('load', [aModel({ name: 'b:1' }), ...rows.slice(1, 2)]);
    acting.change({ keep_alive_s: 1_800 });
    server.answer = () => ({
      status: 404,
      body: { status: 404, code: 'not_found', detail: 'No such client.', title: '' },
    });
    expect(await acting.submit()).toBeNull();
    expect([acting.problem?.detail, acting.wish?.kind]).toEqual(['No such client.', 'load']);
    server.answer = () => ({ status: 201, body: { operations: [anOperation()] } });
    expect(await acting.submit()).toHaveLength(1);
    expect(server.asked.at(-1)?.body).toEqual({
      client_ids: [],
      operations: [{ client_id: 'attic-1', operation: { kind: 'load', model: 'b:1', keep_alive_s: 1_800 } }],
    });
    expect(acting.wish).toBeNull();
  });

  it('wants the number typed before many are deleted', () => {
    const acting = new Acting(() => ({ facts, all: rows }));
    acting.open(
      'delete',
      ['a', 'b', 'c', 'd'].map((name) => aModel({ name })),
    );
    expect([acting.toType, acting.canDo]).toEqual(['delete 4', false]);
    acting.typed = ' Delete 4 ';
    expect(acting.canDo).toBe(true);
    acting.open('delete', [aModel()]);
    expect([acting.toType, acting.typed, acting.canDo]).toEqual([null, '', true]);
  });

  it('chooses where a pull goes', () => {
    const acting = new Acting(() => ({ facts, all: [] }));
    acting.open('pull', [aModel()]);
    expect(acting.canDo).toBe(false);
    acting.toggleClient({ id: 'shed-1' });
    acting.toggleClient({ id: 'attic-1' });
    acting.toggleClient({ id: 'attic-1' });
    expect(acting.plan.acts.map(({ clientName }) => clientName)).toEqual(['shed']);
  });
});

describe('OperationList', () => {
  const list = new OperationList();

  it('asks with the filters of the address, and follows what happens', async () => {
    server.answer = () => ({ body: { operations: [anOperation()], next: null } });
    const stop = list.start(new URLSearchParams('status=open&kind=pull&nonsense=1'));
    await vi.waitFor(() => expect(list.open).toHaveLength(1));
    expect(String(server.asked.at(-1)?.query)).toBe('kind=pull&status=queued&status=running&limit=200');
    list.hear([
      { type: 'operation_changed', operation: anOperation({ status: 'completed' }) },
      { type: 'operation_changed', operation: anOperation({ id: 'other', status: 'queued', batch_id: 'b2' }) },
      { type: 'operation_changed', operation: anOperation({ id: 'not this', kind: 'load' }) },
    ]);
    expect(list.operations.map(({ id, status }) => [id, status])).toEqual([
      ['other', 'queued'],
      ['operation-1', 'completed'],
    ]);
    expect(list.batches.map(({ id }) => id).sort()).toEqual(['b2', 'batch-1']);
    list.setFilter('kind', '');
    expect(String(list.toQuery())).toBe('status=open');
    list.clearFilters();
    expect(String(list.toQuery())).toBe('');
    stop();
  });

  it('cancels one or all, and asks again for what did not work', async () => {
    const failed = anOperation({ status: 'failed' });
    const done = anOperation({ id: 'done', status: 'completed' });
    server.answer = ({ method, path }) => {
      if (method === 'GET') return { body: { operations: [failed, done], next: null } };
      if (path.endsWith('/retry') || path.endsWith('operation-1/cancel')) return { body: anOperation({ id: 'again' }) };
      return { body: { operations: [anOperation({ id: 'together' })] } };
    };
    await list.list.refresh();
    await list.retry(failed);
    expect(server.asked.at(-1)?.path).toBe(`${API}/operations/operation-1/retry`);
    expect(list.operations.map(({ id }) => id)).toEqual(['again', 'operation-1', 'done']);
    const [batch] = batchesOf([failed, done]);
    if (!batch) throw new Error('a batch expected');
    await list.retryBatch(batch);
    expect(server.asked.at(-1)?.body).toMatchObject({ operations: [{ client_id: 'attic-1' }] });
    await list.cancel(failed);
    await list.cancelBatch(batch);
    expect(server.asked.at(-1)?.path).toBe(`${API}/operations/batches/batch-1/cancel`);
    server.answer = () => ({
      status: 409,
      body: { status: 409, code: 'conflict', detail: 'It has ended.', title: '' },
    });
    await list.cancel(failed);
    expect(list.problem?.detail).toBe('It has ended.');
  });

  it('matches what the server would', () => {
    expect(matches(anOperation(), { status: 'open', client_id: 'attic-1' })).toBe(true);
    expect(matches(anOperation({ status: 'lost' }), { status: 'open' })).toBe(false);
    expect(matches(anOperation(), { model: 'other' })).toBe(false);
  });
});

describe('an operation in words', () => {
  const progress = { stage: 'pulling', done_bytes: 25, total_bytes: 100, bytes_per_s: 15 };

  it('tells how far it is and what is left; unknown stays unknown', () => {
    expect([shareOf(anOperation({ progress })), leftSeconds(anOperation({ progress }))]).toEqual([0.25, 5]);
    const silent = anOperation({ progress: { ...progress, total_bytes: null, bytes_per_s: null } });
    expect([shareOf(silent), leftSeconds(silent), shareOf(anOperation({ status: 'completed' }))]).toEqual([
      null,
      null,
      1,
    ]);
  });

  it('tells why not, and what to do', () => {
    const full = anOperation({ status: 'failed', error: { code: 'no_space', message: 'no space left on device' } });
    expect([whyNot(full), adviceFor(full)]).toEqual([
      'no space left on device',
      'Make room on that machine, then retry: a pull goes on where it was.',
    ]);
    const away = anOperation({ status: 'skipped', skip_reason: 'offline' });
    expect([whyNot(away), adviceFor(away)]).toEqual(['The client was offline for too long.', '']);
    expect(subjectOf(anOperation({ kind: 'copy', operation: { kind: 'copy', model: 'a', to: 'b' } }))).toBe('a to b');
  });

  it('sums up a batch', () => {
    const others = anOperation({ id: '2', status: 'completed', client_name: 'shed', progress });
    const [batch] = batchesOf([anOperation({ progress }), others]);
    expect(batch).toMatchObject({
      counts: { running: 1, completed: 1 },
      ended: 1,
      clients: ['attic', 'shed'],
      done_bytes: 50,
      total_bytes: 200,
      bytes_per_s: 15,
    });
    expect(exported.map(({ value }) => value(others))).toContain('completed');
  });
});
