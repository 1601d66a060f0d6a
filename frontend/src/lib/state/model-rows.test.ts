import { describe, expect, it } from 'vitest';
import { aClient, aModel } from '$lib/testing/builders';
import { filtered, keyOf, patched, sorted } from './model-rows';

const rows = [
  aModel(),
  aModel({ name: 'qwen3:8b', family: 'qwen3', size_bytes: 5e9, parameter_count: null }),
  aModel({ name: 'llama3.2:10b', client_id: 'cellar-1', client_name: 'cellar', size_bytes: 9e9 }),
];
const names = (list: typeof rows) => list.map(({ name }) => name);

describe('filtered', () => {
  it('wants every word, wherever it stands', () => {
    expect(names(filtered(rows, ' LLAMA  cellar ', 'all'))).toEqual(['llama3.2:10b']);
    expect(filtered(rows, 'q4_k 3.2b attic', 'all')).toHaveLength(2);
    expect(filtered(rows, '', 'all')).toHaveLength(3);
  });
  it('shows nothing when no client is chosen', () => expect(filtered(rows, '', new Set())).toEqual([]));
  it('shows the models of the chosen clients', () =>
    expect(names(filtered(rows, '', new Set(['cellar-1'])))).toEqual(['llama3.2:10b']));
});

describe('sorted', () => {
  it('reads numbers in names as numbers', () =>
    expect(names(sorted(rows, { column: 'name', descending: false }))).toEqual([
      'llama3.2:3b',
      'llama3.2:10b',
      'qwen3:8b',
    ]));
  it('sorts by size, both ways', () => {
    expect(names(sorted(rows, { column: 'size_bytes', descending: true }))).toEqual([
      'llama3.2:10b',
      'qwen3:8b',
      'llama3.2:3b',
    ]);
    expect(names(sorted(rows, { column: 'size_bytes', descending: false }))[0]).toBe('llama3.2:3b');
  });
  it('puts the unknown last, either way', () => {
    for (const descending of [true, false])
      expect(names(sorted(rows, { column: 'parameter_count', descending })).at(-1)).toBe('qwen3:8b');
  });
  it('leaves its input alone', () => {
    const before = [...rows];
    sorted(rows, { column: 'size_bytes', descending: true });
    expect(rows).toEqual(before);
  });
});

describe('patched', () => {
  it('takes presence and what is loaded from a heartbeat', () => {
    const loaded = {
      name: 'qwen3:8b',
      digest: 'c0ffee00',
      size_bytes: 1,
      size_vram_bytes: 1,
      context_length: null,
      expires_at: null,
    };
    const client = aClient({ presence: 'stale', ollama: { reachable: true, version: null, loaded: [loaded] } });
    const next = patched(rows, [client]);
    expect(next.map((row) => [row.presence, row.loaded])).toEqual([
      ['stale', false],
      ['stale', true],
      ['online', false],
    ]);
    expect(next[2]).toBe(rows[2]);
  });
  it('leaves a row that did not change the same object', () => expect(patched(rows, [aClient()])[0]).toBe(rows[0]));
});

it('tells the same model on two clients apart', () => {
  expect(keyOf(aModel())).not.toBe(keyOf(aModel({ client_id: 'cellar-1' })));
});
