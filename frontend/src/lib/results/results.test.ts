import { describe, expect, it } from 'vitest';
import { aResult, estimate } from '$lib/testing/builders';
import { toCsv } from '$lib/export/table';
import { FIRST_SORT, nextSort, sortedAs, sortFrom } from './columns';
import { EXPORT_COLUMNS } from './export';
import { asParameters, chipsOf, fromQuery, mayMatch, since, toggled, toQuery, withValue } from './filters';

const query = 'grade=clean&model=a%3A1&model=b&quantization=&q=fast&from=2026-11-01T00%3A00%3A00.000Z';

describe('filters', () => {
  it('stand in an address as they were taken from it, and nothing unknown with them', () => {
    const filters = fromQuery(new URLSearchParams(`${query}&nonsense=1&model=b`));
    expect(fromQuery(toQuery(filters))).toEqual(filters);
    expect(filters).toMatchObject({ model: ['a:1', 'b'], quantization: [''], q: 'fast' });
    expect(asParameters(filters)).toMatchObject({ model: ['a:1', 'b'], grade: ['clean'], status: undefined });
  });

  it('are switched one value at a time', () => {
    const one = toggled({}, 'model', 'a');
    expect(one).toEqual({ model: ['a'] });
    expect(toggled(one, 'model', 'b')).toEqual({ model: ['a', 'b'] });
    expect(toggled(one, 'model', 'a')).toEqual({});
    expect(withValue({ q: 'x' }, 'q', '')).toEqual({});
  });

  it('are told in words', () => {
    const chips = chipsOf(
      { grade: ['disturbed'], client_id: ['c1'], quantization: [''], q: 'fast' },
      (id) => `the ${id}`,
    );
    expect(chips.map(({ title, text }) => `${title}: ${text}`)).toEqual([
      'Grade: disturbed',
      'Quantization: not known',
      'Client: the c1',
      'Search: fast',
    ]);
  });

  it('say whether a new result may be listed', () => {
    const result = aResult();
    expect(mayMatch(result, {})).toBe(true);
    expect(mayMatch(result, { tag: ['gpu'], family: ['llama'] })).toBe(true);
    expect(mayMatch(result, { grade: ['invalid'] })).toBe(false);
    expect(mayMatch(result, { q: 'LLAMA attic' })).toBe(true);
    expect(mayMatch(result, { q: 'llama cellar' })).toBe(false);
    expect(mayMatch(result, { to: result.ended_at })).toBe(false);
    expect(mayMatch(result, { from: result.ended_at, session_id: 'session-1' })).toBe(true);
  });

  it('of a span are the same for a minute', () => {
    const now = Date.parse('2026-11-21T09:05:20Z');
    expect(since('7', now)).toBe('2026-11-14T09:05:00.000Z');
    expect(since('7', now + 30_000)).toBe(since('7', now));
  });
});

describe('order', () => {
  it('begins with what is best, or newest', () => {
    expect(nextSort(FIRST_SORT, 'decode')).toBe('-decode_tokens_per_s');
    expect(nextSort(FIRST_SORT, 'ttft')).toBe('ttft_ms');
    expect(nextSort('ttft_ms', 'ttft')).toBe('-ttft_ms');
    expect(nextSort('ttft_ms', 'model')).toBe('model');
    expect(nextSort(FIRST_SORT, 'ended')).toBe('ended_at');
  });

  it('is told to the head of its column alone', () => {
    expect([sortedAs('-ttft_ms', 'ttft'), sortedAs('ttft_ms', 'ttft'), sortedAs('ttft_ms', 'decode')]).toEqual([
      'descending',
      'ascending',
      undefined,
    ]);
  });

  it('of an address is one that the server knows', () => {
    expect([sortFrom('-suite'), sortFrom('samples'), sortFrom(null)]).toEqual(['-suite', FIRST_SORT, FIRST_SORT]);
  });
});

it('exports each figure with its interval, empty where there is none', () => {
  const [head = '', row = ''] = toCsv(EXPORT_COLUMNS, [
    aResult({ headline: { decode_tokens_per_s: estimate(90), ttft_ms: { ...estimate(5), low: null, high: null } } }),
  ]).split('\r\n');
  expect(head).toContain('"Decode, tokens/s","Decode low, tokens/s","Decode high, tokens/s"');
  expect(head).toContain('"TTFT, ms"');
  expect(row).toMatch(/,90,88,91,,,,5,,,/);
  expect(new Set(EXPORT_COLUMNS.map(({ name }) => name)).size).toBe(EXPORT_COLUMNS.length);
});
