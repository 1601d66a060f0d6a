/** The states of comparing and of trends, over HTTP. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '$lib/api/types';
import { aResult } from '$lib/testing/builders';
import { aComparison, aCompared, aPoint, aSeries, aTrend, anEvent } from '$lib/testing/comparisons';
import { aServer, type TestServer } from '$lib/testing/server';
import { Comparison, ResultSearch } from './comparison.svelte';
import { SeriesSearch, Trends } from './trends.svelte';

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

const asked = (path: string) => server.asked.filter((one) => one.path === path);

describe('Comparison', () => {
  function opened(query: string): Comparison {
    server.answer = ({ path, query: wish }) => {
      const results = wish.getAll('result_id').map((id) => aCompared(id));
      if (path === `${API}/compare`) return { body: aComparison({ results }) };
      const values = results.map(({ result }) => ({ result_id: result.id, values: [1, 2], total: 2 }));
      return { body: { workload: wish.get('workload'), metric: wish.get('metric'), results: values } };
    };
    const comparison = new Comparison();
    stops.push(comparison.start(new URLSearchParams(query)));
    return comparison;
  }

  it('is what the address says, and says it again', async () => {
    const query = 'result=one&result=two&group=model&workload=chat&metric=ttft_ms';
    const comparison = opened(query);
    await vi.waitFor(() => expect(comparison.samples.data?.metric).toBe('ttft_ms'));
    expect(comparison.subjects.map(({ id, group }) => [id, group])).toEqual([
      ['one', 'llama3.2:3b'],
      ['two', 'llama3.2:3b'],
    ]);
    expect(String(comparison.toQuery())).toBe(query);
  });

  it('looks first at what its verdict comes from', async () => {
    const comparison = opened('result=one&result=two');
    await vi.waitFor(() => expect(comparison.samples.data).not.toBeNull());
    expect(comparison.choice).toMatchObject({ workload: 'chat', metric: 'decode_tokens_per_s' });
    comparison.look({ workload: 'chat', metric: 'ttft_ms' });
    await vi.waitFor(() => expect(comparison.samples.data?.metric).toBe('ttft_ms'));
    expect(String(comparison.toQuery())).toContain('metric=ttft_ms');
  });

  it('puts the baseline first, adds once, and forgets what is removed', async () => {
    const comparison = opened('result=one&result=two');
    comparison.add('three');
    comparison.add('three');
    comparison.setBaseline('two');
    expect(comparison.ids).toEqual(['two', 'one', 'three']);
    comparison.remove('one');
    await vi.waitFor(() => expect(comparison.subjects.map(({ id }) => id)).toEqual(['two', 'three']));
    comparison.keep([]);
    expect([comparison.ids.length, comparison.view.data]).toEqual([0, null]);
  });

  it('asks for nothing while nothing is chosen', () => {
    const comparison = opened('');
    comparison.hear([{ type: 'resync' } as LiveEvent]);
    expect([server.asked.length, comparison.view.busy]).toEqual([0, false]);
  });

  it('is renewed when one of its results is', async () => {
    const comparison = opened('result=one&result=two');
    await vi.waitFor(() => expect(comparison.samples.data).not.toBeNull());
    comparison.hear([{ type: 'result_added', result: aResult({ id: 'other' }) } as LiveEvent]);
    expect(asked(`${API}/compare`)).toHaveLength(1);
    comparison.hear([{ type: 'result_added', result: aResult({ id: 'two' }) } as LiveEvent]);
    await vi.waitFor(() => expect(asked(`${API}/compare`)).toHaveLength(2));
  });

  it('says why it cannot be shown', async () => {
    server.answer = () => ({ status: 404, body: { detail: 'There is no result one.', code: 'not_found' } });
    const comparison = new Comparison();
    stops.push(comparison.start(new URLSearchParams('result=one')));
    await vi.waitFor(() => expect(comparison.view.problem?.status).toBe(404));
    expect(comparison.subjects).toEqual([]);
  });

  it('finds results by words', async () => {
    server.answer = () => ({ body: { results: [aResult()], next: null } });
    const search = new ResultSearch();
    search.search(' llama ');
    await vi.waitFor(() => expect(search.found.data).toHaveLength(1));
    expect(server.asked[0]?.query.get('q')).toBe('llama');
  });
});

describe('Trends', () => {
  const KEY = `${aSeries().series}~attic-1`;

  function opened(query: string): Trends {
    server.answer = ({ path, query: wish }) => {
      if (!path.startsWith(`${API}/series/`)) return undefined;
      if (path.endsWith('dead')) return { status: 404, body: { detail: 'There is no series.', code: 'not_found' } };
      if (wish.get('after')) return { body: aTrend({ points: [aPoint(10)], events: [anEvent(10)] }) };
      return { body: aTrend({ next: 'older' }) };
    };
    const trends = new Trends();
    stops.push(trends.start(new URLSearchParams(query)));
    return trends;
  }

  it('is what the address says, and says it again', async () => {
    const from = '2026-11-19T00:00:00.000Z';
    const query = new URLSearchParams({ series: KEY, metric: 'ttft_ms', from, to: '2026-11-20T00:00:00.000Z' });
    const trends = opened(String(query));
    await vi.waitFor(() => expect(trends.drawn).toHaveLength(1));
    expect(server.asked[0]?.query.get('client_id')).toBe('attic-1');
    expect([trends.metric, trends.domain[0]]).toEqual(['ttft_ms', Date.parse(from)]);
    expect(String(trends.toQuery())).toBe(String(query));
  });

  it('draws the points of all that is shown, and what changed', async () => {
    const trends = opened(`series=${KEY}`);
    await vi.waitFor(() => expect(trends.drawn[0]?.points).toHaveLength(3));
    expect(trends.flags.map(({ words }) => words)).toEqual([['Ollama 0.9.3 → 0.12.1']]);
    expect(trends.metrics).toEqual(['decode_tokens_per_s']);
    await trends.more();
    expect(trends.drawn[0]?.points.map(({ id }) => id)[0]).toBe('result-10');
    expect([trends.flags.length, trends.hasMore]).toEqual([2, false]);
  });

  it('keeps what can be shown beside what cannot', async () => {
    const trends = opened(`series=${KEY}&series=dead`);
    await vi.waitFor(() => expect([trends.drawn.length, trends.problem?.status]).toEqual([1, 404]));
    trends.remove('dead');
    expect([trends.problem, trends.isWaiting]).toEqual([null, false]);
  });

  it('chooses results and lets them go, and takes no series twice', async () => {
    const trends = opened(`series=${KEY}`);
    trends.choose('one');
    trends.choose('two');
    trends.choose('one');
    trends.add(KEY);
    expect([[...trends.chosen], trends.lines.length]).toEqual([['two'], 1]);
  });

  it('is renewed by a result of its own', async () => {
    const trends = opened(`series=${KEY}`);
    await vi.waitFor(() => expect(trends.drawn).toHaveLength(1));
    const before = server.asked.length;
    trends.hear([{ type: 'result_added', result: aResult({ series: 'another' }) } as LiveEvent]);
    expect(server.asked).toHaveLength(before);
    trends.hear([{ type: 'result_added', result: aResult({ series: aSeries().series }) } as LiveEvent]);
    await vi.waitFor(() => expect(server.asked).toHaveLength(before + 1));
  });

  it('finds series by words, page by page', async () => {
    server.answer = ({ query }) =>
      query.get('after')
        ? { body: { series: [aSeries({ client_id: 'b' })], next: null } }
        : { body: { series: [aSeries()], next: 'more' } };
    const search = new SeriesSearch();
    search.search('llama');
    await vi.waitFor(() => expect(search.found.data?.next).toBe('more'));
    await search.more();
    expect(search.found.data?.series.map(({ client_id }) => client_id)).toEqual(['attic-1', 'b']);
    expect(asked(`${API}/series`)[1]?.query.get('q')).toBe('llama');
  });
});
