import { describe, expect, it } from 'vitest';
import type { ModelOnClient } from '$lib/api/types';
import { aClient, aModel } from '$lib/testing/builders';
import { aLatest, toldOf } from '$lib/testing/models';
import { COLUMN_IDS, sorted, stateOf, type Column, type Facts } from './columns';
import { exported } from './export';
import { bound, countOf, narrowed, NO_FILTERS, optionsOf, read, write, type Filters } from './filters';
import { itemsOf } from './groups';
import { conflictsIn, keyOf, replaced, rowsOf } from './rows';
import { found, loadForgiving } from './search';

const rows = [
  aModel(),
  aModel({ name: 'qwen3:8b', family: 'qwen3', size_bytes: 5e9, parameter_count: null, parameter_size: null }),
  aModel({
    name: 'llama3.2:10b',
    client_id: 'cellar-1',
    client_name: 'cellar',
    size_bytes: 9e9,
    parameter_count: null,
    parameter_size: '10B',
    capabilities: ['completion', 'vision'],
  }),
];
const facts: Facts = {
  clientOf: new Map([
    ['attic-1', aClient({ tags: ['gpu'], allows: 'models' })],
    ['cellar-1', aClient({ id: 'cellar-1', name: 'cellar', presence: 'offline', tags: [], allows: 'nothing' })],
  ]),
  loaded: new Set(['attic-1/qwen3:8b']),
  latestOf: new Map([['attic-1/llama3.2:3b', aLatest()]]),
  conflicts: new Map(),
  operationOf: new Map(),
};
const names = (list: readonly ModelOnClient[]) => list.map(({ name }) => name);
const kept = (change: Partial<Filters>) => names(narrowed(rows, { ...NO_FILTERS, ...change }, () => facts));

describe('rows', () => {
  it('come from the compact list, one for each client', () => {
    const told = toldOf(rows);
    expect([...rowsOf(told)]).toEqual(rows);
    const [first] = told.models;
    if (!first) throw new Error('a model expected');
    const shared = { ...told, models: [{ ...first, clients: [1, 0], modified_at_s: [null, 7] }] };
    expect([...rowsOf(shared)].map((row) => [keyOf(row), row.modified_at_s])).toEqual([
      ['cellar-1/llama3.2:3b', null],
      ['attic-1/llama3.2:3b', 7],
    ]);
  });

  it('of one client take the place of what it had, and leave all others the same objects', () => {
    const next = replaced(rows, 'attic-1', [aModel({ name: 'new:1' })]);
    expect(names(next)).toEqual(['llama3.2:10b', 'new:1']);
    expect(next[0]).toBe(rows[2]);
  });

  it('tell which tags have several digests, and on how many clients each', () => {
    const other = aModel({ client_id: 'cellar-1', digest: 'abcdef01' });
    const third = aModel({ client_id: 'shed-1' });
    expect([...conflictsIn([...rows, other, third])]).toEqual([
      [
        'llama3.2:3b',
        new Map([
          [aModel().digest, 2],
          ['abcdef01', 1],
        ]),
      ],
    ]);
    expect(conflictsIn(rows).size).toBe(0);
  });
});

describe('search', () => {
  it('wants every word, wherever it stands', () => {
    expect(names(found(rows, ' LLAMA  cellar ', null).rows)).toEqual(['llama3.2:10b']);
    expect(found(rows, 'q4_k attic', null)).toEqual({ rows: rows.slice(0, 2), near: [] });
    expect(found(rows, '', null).rows).toHaveLength(3);
  });

  it('forgives one letter in a word that nothing has, and says which word', async () => {
    const forgiving = await loadForgiving();
    for (const typo of ['lama', 'llmaa', 'llaama', 'llana']) {
      const { rows: left, near } = found(rows, `${typo} attic`, forgiving);
      expect([typo, names(left), near]).toEqual([typo, ['llama3.2:3b'], typo === 'lama' ? [] : [typo]]);
    }
    expect(found(rows, 'xyzzy', forgiving).rows).toEqual([]);
  });

  it('forgives nothing in a word of two letters, and nothing before it can', () => {
    expect(found(rows, 'zz', () => [0])).toEqual({ rows: [], near: [] });
    expect(found(rows, 'llmaa', null)).toEqual({ rows: [], near: ['llmaa'] });
  });
});

describe('filters', () => {
  it.each<[string, Partial<Filters>, string[]]>([
    ['clients', { clients: new Set(['cellar-1']) }, ['llama3.2:10b']],
    ['no client', { clients: new Set() }, []],
    ['a tag of the client', { tags: new Set(['gpu']) }, ['llama3.2:3b', 'qwen3:8b']],
    ['family', { families: new Set(['qwen3']) }, ['qwen3:8b']],
    ['capability', { capabilities: new Set(['vision', 'tools']) }, ['llama3.2:10b']],
    ['size', { min_gb: 3, max_gb: 6 }, ['qwen3:8b']],
    ['measured', { measured: 'yes' }, ['llama3.2:3b']],
    ['not measured', { measured: 'no' }, ['qwen3:8b', 'llama3.2:10b']],
    ['loaded', { loaded: 'yes' }, ['qwen3:8b']],
    ['two at once', { families: new Set(['llama']), measured: 'no' }, ['llama3.2:10b']],
    ['differing', { differs: 'yes' }, []],
  ])('narrow by %s', (_, change, left) => expect(kept(change)).toEqual(left));

  it('go through the address and back', () => {
    const filters: Filters = {
      ...NO_FILTERS,
      clients: new Set(),
      tags: new Set(['gpu', 'lab']),
      loaded: 'no',
      min_gb: 1.5,
    };
    const query = new URLSearchParams();
    write(filters, query);
    expect(decodeURIComponent(String(query))).toBe('clients=none&tags=gpu,lab&loaded=no&min_gb=1.5');
    expect(read(query)).toEqual(filters);
    expect(countOf(filters)).toBe(4);
    expect(read(new URLSearchParams('loaded=perhaps&min_gb=much&sort=name'))).toEqual(NO_FILTERS);
  });

  it('read a bound as people type it', () =>
    expect([bound(' 1,5 '), bound('0'), bound(''), bound('-1'), bound(null)]).toEqual([1.5, 0, null, null, null]));

  it('offer what there is, with counts', () =>
    expect(optionsOf(['b', 'a', 'b', '–'])).toEqual(
      [
        { id: '–', name: 'not told', count: 1 },
        { id: 'a', name: 'a', count: 1 },
        { id: 'b', name: 'b', count: 2 },
      ].sort((a, b) => a.name.localeCompare(b.name)),
    ));
});

describe('sorting', () => {
  const by = (column: Column, descending = false) => names(sorted(rows, { column, descending }, facts));

  it('reads numbers in names as numbers', () =>
    expect(by('name')).toEqual(['llama3.2:3b', 'llama3.2:10b', 'qwen3:8b']));
  it('goes both ways', () => {
    expect(by('size_bytes', true)).toEqual(['llama3.2:10b', 'qwen3:8b', 'llama3.2:3b']);
    expect(by('size_bytes')).toEqual(['llama3.2:3b', 'qwen3:8b', 'llama3.2:10b']);
    expect(by('client_name', true)[0]).toBe('llama3.2:10b');
  });
  it('puts the unknown last, either way; a size in words counts', () => {
    expect(by('parameter_count')).toEqual(['llama3.2:3b', 'llama3.2:10b', 'qwen3:8b']);
    expect(by('parameter_count', true)).toEqual(['llama3.2:10b', 'llama3.2:3b', 'qwen3:8b']);
    expect(by('decode_tokens_per_s', true)[0]).toBe('llama3.2:3b');
  });
  it('is what comparing row by row would give', () => {
    const dice = (most: number, at: number) => (at * 7_919 + 13) % most;
    const many = Array.from({ length: 500 }, (_, at) =>
      aModel({
        name: `model:${dice(23, at)}b`,
        client_name: `client ${dice(17, at)}`,
        context_length: dice(5, at) ? dice(7, at) * 1_024 : null,
      }),
    );
    const compared = (a: string, b: string) => new Intl.Collator('en', { numeric: true }).compare(a, b);
    const unknown = (row: ModelOnClient) => Number(row.context_length === null);
    for (const turn of [1, -1]) {
      const wanted = [...many].sort(
        (a, b) =>
          unknown(a) - unknown(b) ||
          turn * ((a.context_length ?? 0) - (b.context_length ?? 0)) ||
          compared(a.name, b.name) ||
          compared(a.client_name, b.client_name),
      );
      expect(sorted(many, { column: 'context_length', descending: turn < 0 }, facts)).toEqual(wanted);
    }
  });
  it('leaves its input alone, whatever the column', () => {
    const before = [...rows];
    for (const column of COLUMN_IDS) expect(by(column)).toHaveLength(3);
    expect(rows).toEqual(before);
  });
});

describe('groups', () => {
  const parts = [...rows, aModel({ client_id: 'cellar-1', client_name: 'cellar', digest: 'abcdef01' })];

  it('stand where their first row would, closed, with their sums', () => {
    const items = itemsOf(parts, 'model', new Set(), () => facts);
    expect(items.map(({ key }) => key)).toEqual(['group llama3.2:3b', 'group qwen3:8b', 'group llama3.2:10b']);
    expect(items[0]).toMatchObject({ size_bytes: 4e9, digests: 2, measured: 1, loaded: 0, best_tokens_per_s: 98.4 });
    expect(items[1]).toMatchObject({ loaded: 1, best_tokens_per_s: null });
  });

  it('show their rows when they are open', () => {
    const items = itemsOf(parts, 'client', new Set(['cellar-1']), () => facts);
    expect(items.map(({ kind, key }) => [kind, key])).toEqual([
      ['group', 'group attic-1'],
      ['group', 'group cellar-1'],
      ['row', 'cellar-1/llama3.2:10b'],
      ['row', 'cellar-1/llama3.2:3b'],
    ]);
    expect(items[1]).toMatchObject({ name: 'cellar', isOpen: true });
  });
});

it('a row is in the cloud, away, in memory or on disk', () => {
  const states = [...rows, aModel({ cloud: true }), aModel({ client_id: 'unheard-of' })].map((row) =>
    stateOf(row, facts),
  );
  expect(states).toEqual(['on disk', 'loaded', 'offline', 'cloud', 'on disk']);
});

it('every column is given away, with raw numbers', () => {
  const columns = exported(facts);
  const line = Object.fromEntries(columns.map(({ name, value }) => [name, value(aModel())]));
  expect(line).toMatchObject({
    Model: 'llama3.2:3b',
    'Size, bytes': 2_000_000_000,
    'Client allows': 'models',
    'Decode, tokens/s': 98.4,
    'Digests of this tag': 1,
    State: 'on disk',
  });
});
