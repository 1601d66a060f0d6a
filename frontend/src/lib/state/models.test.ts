/** The table of models, its operations and its selection: over HTTP. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aClient, aModel, aResult, estimate } from '$lib/testing/builders';
import { aLatest, anOperation, columnsOf, toldOf } from '$lib/testing/models';
import { aServer, type TestServer } from '$lib/testing/server';
import { inventoryOf } from '$lib/models/inventory';
import { fleet } from './fleet.svelte';
import { ModelsTable } from './models.svelte';
import { Selection } from './selection.svelte';

const API = '/api/v1';
const rows = [
  aModel(),
  aModel({ name: 'qwen3:8b', size_bytes: 5e9 }),
  aModel({ name: 'zephyr:7b', client_id: 'cellar-1', client_name: 'cellar' }),
];
let server: TestServer;
let table: ModelsTable;
let stop: () => void;

beforeEach(async () => {
  localStorage.clear();
  server = await aServer(({ path, query }) => {
    const own = rows.filter((row) => !query.get('client_id') || row.client_id === query.get('client_id'));
    if (path === `${API}/models`) return { body: toldOf(own) };
    if (path === `${API}/results/latest/columns`) return { body: columnsOf([aLatest()]) };
    return { body: { operations: [anOperation()], next: null } };
  });
  table = new ModelsTable();
  stop = table.start(new URLSearchParams());
  await vi.waitFor(() =>
    expect([table.all.length, table.facts.latestOf.size, table.operations.open.length]).toEqual([3, 1, 1]),
  );
});
afterEach(async () => {
  stop();
  await server.stop();
});

const names = () => table.rows.map(({ name }) => name);

describe('ModelsTable', () => {
  it('carries all that narrows, sorts and groups it through the address', () => {
    const address = 'q=llama3.2&clients=attic-1&sort=-size_bytes&group=model&columns=name%2Cdigest';
    table.fromQuery(new URLSearchParams(address));
    expect(names()).toEqual(['llama3.2:3b']);
    expect(String(table.toQuery())).toBe(address);
    table.fromQuery(new URLSearchParams('clients=none&sort=nonsense&group=nonsense'));
    expect([table.rows.length, String(table.toQuery())]).toEqual([0, 'clients=none']);
    table.showAll();
    expect([table.rows.length, String(table.toQuery())]).toEqual([3, '']);
  });

  it('keeps the columns that were chosen, and the name always', () => {
    table.setColumns(['digest', 'size_bytes']);
    table.fromQuery(new URLSearchParams());
    expect(table.columns).toEqual(['name', 'digest', 'size_bytes']);
  });

  it('fetches what forgives a typo when a word is found nowhere', async () => {
    await table.searchFor('zehpyr');
    expect([names(), table.near]).toEqual([['zephyr:7b'], ['zehpyr']]);
    await table.searchFor('zephyr');
    expect(table.near).toEqual([]);
  });

  it('selects all that is shown, and carries the selection to a benchmark', () => {
    table.setFilters({ clients: new Set(['attic-1']) });
    table.toggleShown();
    expect([table.shownSelected, table.selectedRows.length]).toEqual([2, 2]);
    table.setFilters({ clients: 'all' });
    expect(String(table.benchmarkQuery())).toBe('model=llama3.2%3A3b&model=qwen3%3A8b&client=attic-1');
    table.toggleShown();
    expect(table.selectedRows).toHaveLength(3);
    table.toggleShown();
    expect(table.selectedRows).toHaveLength(0);
  });

  it('turns a column round when it is chosen again, and opens groups one by one', () => {
    table.sortBy('size_bytes');
    table.sortBy('size_bytes');
    expect([names()[0], table.sort]).toEqual(['qwen3:8b', { column: 'size_bytes', descending: true }]);
    table.groupInto('client');
    const group = table.items[0];
    if (group?.kind !== 'group') throw new Error('a group expected');
    table.toggleGroup(group);
    expect(table.items.map(({ kind }) => kind)).toEqual(['group', 'row', 'row', 'group']);
  });

  it('draws only the lines in sight, of ten thousand', async () => {
    table.resource.data = await inventoryOf(
      Array.from({ length: 10_000 }, (_, index) => aModel({ name: `model:${index}` })),
    );
    await table.window.grow();
    table.window.height = 720;
    table.window.scrollTop = 36 * 5_000;
    expect(table.visible.length).toBeLessThan(60);
    expect(table.visible.some(({ key }) => key === 'attic-1/model:5000')).toBe(true);
    expect(table.window.above + table.visible.length * 36 + table.window.below).toBe(10_000 * 36);
  });

  it('asks for the models of the one client that changed, and leaves the other rows alone', async () => {
    const kept = table.all.find((row) => row.client_id === 'cellar-1');
    const before = server.asked.length;
    table.hear([{ type: 'models_changed', client_id: 'attic-1' }]);
    await vi.waitFor(() => expect(server.asked).toHaveLength(before + 1));
    expect(String(server.asked.at(-1)?.query)).toBe('client_id=attic-1');
    await vi.waitFor(() => expect(table.all[0]).toBe(kept));
    expect(names()).toEqual(['llama3.2:3b', 'qwen3:8b', 'zephyr:7b']);
  });

  it('hears what is in memory, what was measured, and what is done to a model', () => {
    const model = { name: 'qwen3:8b', digest: 'c0ffee00', size_bytes: 1, size_vram_bytes: 1 };
    const loaded = [{ ...model, context_length: null, expires_at: null }];
    fleet.hear([{ type: 'client_changed', client: aClient({ ollama: { reachable: true, version: null, loaded } }) }]);
    expect([...table.facts.loaded]).toEqual(['attic-1/qwen3:8b']);
    const headline = { decode_tokens_per_s: estimate(120) };
    table.hear([
      { type: 'result_added', result: aResult({ id: 'new', headline }) },
      { type: 'result_added', result: aResult({ id: 'old', ended_at: '2020-01-01T00:00:00Z' }) },
      { type: 'result_added', result: aResult({ id: 'cut', status: 'failed', ended_at: '2030-01-01T00:00:00Z' }) },
    ]);
    expect(table.facts.latestOf.get('attic-1/llama3.2:3b')).toMatchObject({
      result_id: 'new',
      decode_tokens_per_s: 120,
    });
    const failed = anOperation({ status: 'failed', ended_at: '2026-11-21T09:01:00Z' });
    table.operations.hear([{ type: 'operation_changed', operation: failed }]);
    expect(table.facts.operationOf.get('attic-1/llama3.2:3b')?.status).toBe('failed');
    table.operations.take([anOperation({ id: 'again', status: 'completed', created_at: '2026-11-21T10:00:00Z' })]);
    expect(table.facts.operationOf.size).toBe(0);
  });
});

it('a selection takes one, a range, and what lies between on extending', () => {
  const selection = new Selection();
  const order = () => ['a', 'b', 'c', 'd'];
  selection.toggle(['a'], order);
  selection.toggle(['c'], order, true);
  expect([...selection.keys].sort()).toEqual(['a', 'b', 'c']);
  selection.toggle(['b'], order);
  selection.extend('d', order);
  expect([...selection.keys].sort()).toEqual(['a', 'b', 'c', 'd']);
  selection.toggle(['a', 'b'], order);
  expect([...selection.keys].sort()).toEqual(['c', 'd']);
  selection.clear();
  expect(selection.keys.size).toBe(0);
});
