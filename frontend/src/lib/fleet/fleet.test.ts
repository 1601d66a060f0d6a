/** What a fleet is told by: health, rows, presence, findings. */
import { describe, expect, it } from 'vitest';
import { aClient, aModel, aResult, estimate } from '$lib/testing/builders';
import type { LatestResult, MachineSummary, PresenceChange } from '$lib/api/types';
import { bestOfEach, changeOf } from './findings';
import { countsOf, healthsOf, worstFirst } from './health';
import { withSpeeds } from './models';
import { shareOnline, stretchesOf } from './presence';
import { filtered, optionsOf, sorted } from './rows';

const gpu = (name: string): MachineSummary => ({
  known: true,
  os: 'Linux',
  gpus: [{ vendor: 'nvidia', name, memory_bytes: 2 ** 34 }],
});
const mute = { reachable: false, version: null, loaded: [] };
const CLIENTS = [
  aClient({ id: 'a', name: 'a', client_version: '0.10.0', tags: ['lab'], machine: gpu('RTX 4090') }),
  aClient({ id: 'b', name: 'b', presence: 'offline', ollama: mute, client_version: '0.9.0', version_state: 'older' }),
  aClient({ id: 'c', name: 'c', drained_at: '2026-11-21T09:00:00Z', tags: ['lab', 'quiet'] }),
  aClient({ id: 'd', name: 'd', ollama: mute, client_version: '0.9.0' }),
];

describe('health', () => {
  it('says all of a client, the worst first, and blames no Ollama of a machine that is away', () => {
    expect(CLIENTS.map(healthsOf)).toEqual([['well'], ['offline', 'outdated'], ['drained'], ['ollama']]);
  });
  it('calls no client outdated that has never told its release', () => {
    expect(healthsOf(aClient({ presence: 'new', client_version: '', version_state: 'older' }))).toEqual(['new']);
  });
  it('puts first who needs somebody, then who measures', () => {
    const more = [...CLIENTS, aClient({ id: 'z', name: 'z' })];
    expect(worstFirst(more, ({ id }) => id === 'z').map(({ id }) => id)).toEqual(['b', 'd', 'c', 'z', 'a']);
  });
  it('counts each state, and each client once in what adds up', () => {
    const counts = countsOf(CLIENTS);
    expect(counts.reduce((sum, { worstOf }) => sum + worstOf, 0)).toBe(CLIENTS.length);
    expect(counts.find(({ health }) => health === 'outdated')).toMatchObject({ clients: 1, worstOf: 0 });
  });
});

describe('rows', () => {
  const ids = (rows: typeof CLIENTS) => rows.map(({ id }) => id).join('');
  it('are found by all words, in names, tags and hardware', () => {
    expect(ids(filtered(CLIENTS, 'rtx LAB', {}))).toBe('a');
    expect(ids(filtered(CLIENTS, '', { tag: 'lab' }))).toBe('ac');
    expect(ids(filtered(CLIENTS, '', { state: 'attention' }))).toBe('bcd');
    expect(ids(filtered(CLIENTS, '', { state: 'outdated', version: '0.9.0' }))).toBe('b');
  });
  it('sort versions by their numbers, and equals by name either way', () => {
    expect(ids(sorted(CLIENTS.slice(0, 2), { column: 'release', descending: false }))).toBe('ba');
    expect(ids(sorted(CLIENTS, { column: 'memory', descending: true }))).toBe('abcd');
  });
  it('offer what there is, with how many have it', () => {
    expect(optionsOf(CLIENTS, 'tag')).toEqual([
      { id: 'lab', count: 2 },
      { id: 'quiet', count: 1 },
    ]);
  });
});

describe('presence', () => {
  const at = (minutes: number) => new Date(minutes * 60_000).toISOString();
  const change = (minutes: number, presence: PresenceChange['presence']) => ({ at: at(minutes), presence });
  const CHANGES = [change(90, 'online'), change(60, 'unknown'), change(30, 'offline'), change(10, 'online')];

  it('is cut into stretches of the span asked for, and what came before is not made up', () => {
    const told = stretchesOf(CHANGES, 0, 100 * 60_000).map((each) => [each.presence, each.to_ms / 60_000]);
    expect(told).toEqual([
      ['before', 10],
      ['online', 30],
      ['offline', 60],
      ['unknown', 90],
      ['online', 100],
    ]);
    expect(stretchesOf(CHANGES, 95 * 60_000, 100 * 60_000)).toEqual([
      { presence: 'online', from_ms: 95 * 60_000, to_ms: 100 * 60_000 },
    ]);
  });
  it('counts the time that is known alone', () => {
    expect(shareOnline(stretchesOf(CHANGES, 0, 100 * 60_000))).toBeCloseTo(30 / 60);
    expect(shareOnline(stretchesOf([], 0, 1_000))).toBeNull();
  });
});

describe('findings', () => {
  const latest = (change: Partial<LatestResult>): LatestResult => ({
    client_id: 'a',
    model: 'm',
    model_digest: 'sha256:1',
    result_id: 'r',
    suite_name: 'quick',
    grade: 'clean',
    ended_at: '2026-11-21T09:00:00Z',
    decode_tokens_per_s: 10,
    prefill_tokens_per_s: null,
    ttft_ms: null,
    ...change,
  });
  it('know the fastest clean model of each machine', () => {
    const results = [
      latest({ model: 'slow' }),
      latest({ model: 'fast', decode_tokens_per_s: 20 }),
      latest({ model: 'doubtful', decode_tokens_per_s: 90, grade: 'disturbed' }),
      latest({ client_id: 'b', model: 'other', decode_tokens_per_s: 30 }),
      latest({ client_id: 'c', decode_tokens_per_s: null }),
    ];
    expect(bestOfEach(results).map(({ model }) => model)).toEqual(['other', 'fast']);
  });
  it('call a change what is large and sure, and nothing else', () => {
    const result = (median: number, low: number | null, high: number | null) =>
      aResult({ headline: { decode_tokens_per_s: estimate(median, low, high) } });
    expect(changeOf(result(80, 78, 82), result(100, 98, 102))?.share).toBeCloseTo(-0.2);
    expect(changeOf(result(80, 60, 99), result(100, 98, 102))).toBeNull();
    expect(changeOf(result(99, 98.9, 99.1), result(100, 99.9, 100.1))).toBeNull();
    expect(changeOf(result(80, null, null), result(100, 98, 102))).toBeNull();
    expect(changeOf(result(80, 78, 82), undefined)).toBeNull();
  });
  it('say of a model whether what was measured is what is installed', () => {
    const models = [aModel({ name: 'new' }), aModel({ name: 'm', digest: '2' }), aModel({ name: 'same', digest: '1' })];
    const told = withSpeeds(models, [latest({}), latest({ model: 'same', decode_tokens_per_s: 11 })]);
    expect(told.map(({ model, isOfOther }) => [model.name, isOfOther])).toEqual([
      ['same', false],
      ['m', true],
      ['new', false],
    ]);
  });
});
