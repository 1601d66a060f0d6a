import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '$lib/api/types';
import { aResult } from '$lib/testing/builders';
import { aServer, type TestServer } from '$lib/testing/server';
import { ResultList } from './result-list.svelte';

const API = '/api/v1';
const COUNTS = { total: 3, is_exact: true, counted_most: 50_000, facets: [] };
let server: TestServer;
let stop = (): void => undefined;

beforeEach(async () => {
  server = await aServer(({ path, query }) => {
    if (path === `${API}/results/facets`) return { body: COUNTS };
    const isSecond = query.get('after') === 'page-2';
    const ids = isSecond ? ['c'] : ['a', 'b'];
    return { body: { results: ids.map((id) => aResult({ id })), next: isSecond ? null : 'page-2' } };
  });
});
afterEach(async () => {
  stop();
  await server.stop();
});

async function aList(query = ''): Promise<ResultList> {
  const list = new ResultList();
  stop = list.start(new URLSearchParams(query));
  await vi.waitFor(() => expect(list.rows).toHaveLength(2));
  return list;
}
const lastAsked = () => String(server.asked.filter(({ path }) => path === `${API}/results`).at(-1)?.query);
const added = (change: object) => ({ type: 'result_added' as const, result: aResult(change) });

describe('ResultList', () => {
  it('asks with the filters and the order of the address', async () => {
    const list = await aList('model=x&model=y&sort=-ttft_ms&nonsense=1');
    expect(lastAsked()).toBe('model=x&model=y&sort=-ttft_ms&limit=100');
    expect(String(list.toQuery())).toBe('model=x&model=y&sort=-ttft_ms');
    expect(list.exportHref('csv')).toBe('/api/v1/export/results.csv?model=x&model=y&sort=-ttft_ms');
    await vi.waitFor(() => expect(list.facets.data?.total).toBe(3));
  });

  it('narrows, sorts and starts over each time', async () => {
    const list = await aList();
    list.toggle('grade', 'clean');
    await vi.waitFor(() => expect(lastAsked()).toBe('grade=clean&sort=-ended_at&limit=100'));
    list.sortBy('decode');
    await vi.waitFor(() => expect(lastAsked()).toBe('grade=clean&sort=-decode_tokens_per_s&limit=100'));
    list.clear();
    await vi.waitFor(() => expect(lastAsked()).toBe('sort=-decode_tokens_per_s&limit=100'));
  });

  it('fetches what comes next as one scrolls, and keeps what is chosen over pages and filters', async () => {
    const list = await aList();
    list.choose(aResult({ id: 'b' }), false);
    list.scrolled(0);
    await vi.waitFor(() => expect(list.rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']));
    list.choose(aResult({ id: 'c' }), true);
    expect(list.selected.map(({ id }) => id)).toEqual(['b', 'c']);
    list.refresh();
    await vi.waitFor(() => expect(list.rows).toHaveLength(2));
    expect(list.selected.map(({ id }) => id).sort()).toEqual(['b', 'c']);
    expect(list.chosenQuery('result')).toBe('result=b&result=c');
    expect(list.chosenHere).toBe(1);
  });

  it('lets what is new wait, and renews what is known where it stands', async () => {
    const list = await aList('grade=clean');
    list.hear([added({ id: 'new' }), added({ id: 'bad', grade: 'invalid' }), added({ id: 'b', sample_count: 9 })]);
    expect([...list.fresh]).toEqual(['new']);
    expect(list.rows.map(({ id, sample_count }) => [id, sample_count])).toEqual([
      ['a', 1],
      ['b', 9],
    ]);
    list.refresh();
    expect(list.fresh.size).toBe(0);
  });

  it.each(['resync', 'snapshot'])('finds what came while nobody told it, after a %s', async (type) => {
    const list = await aList('sort=-ttft_ms');
    server.answer = ({ path }) => {
      if (path === `${API}/results/facets`) return { body: COUNTS };
      return { body: { results: [aResult({ id: 'missed' }), aResult({ id: 'a', sample_count: 9 })], next: 'page-2' } };
    };
    list.hear([{ type } as LiveEvent]);
    await vi.waitFor(() => expect([...list.fresh]).toEqual(['missed']));
    expect(list.rows.map(({ id, sample_count }) => [id, sample_count])).toEqual([
      ['a', 9],
      ['b', 1],
    ]);
    expect(lastAsked()).toBe('sort=-ttft_ms&limit=100');
  });

  it('begins anew where it was told to look again before its first rows came', async () => {
    const list = new ResultList();
    stop = list.start(new URLSearchParams());
    list.hear([{ type: 'snapshot' } as LiveEvent]);
    await vi.waitFor(() => expect(list.rows).toHaveLength(2));
    expect(list.fresh.size).toBe(0);
  });

  it('keeps the rows and says why where the next page cannot be had', async () => {
    const list = await aList();
    server.answer = () => ({ status: 503, body: { status: 503, code: 'x', detail: 'Not now.', title: '' } });
    await list.list.more();
    expect([list.rows.length, list.list.problem?.detail]).toEqual([2, 'Not now.']);
  });
});
