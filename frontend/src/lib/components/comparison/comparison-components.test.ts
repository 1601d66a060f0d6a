/** What a comparison says, and what can be done with it. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { aResult, aSummary, estimate } from '$lib/testing/builders';
import { aCompared, aPair, aSeries } from '$lib/testing/comparisons';
import { metricRows } from '$lib/comparison/rows';
import { subjectsOf } from '$lib/comparison/subjects';
import { keyOf } from '$lib/trend/lines';
import SeriesPicker from '$lib/components/trend/SeriesPicker.svelte';
import DifferenceTable from './DifferenceTable.svelte';
import EnvironmentTable from './EnvironmentTable.svelte';
import ResultPicker from './ResultPicker.svelte';
import SubjectList from './SubjectList.svelte';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const result = (id: string, model: string, change = {}) =>
  aCompared(id, {
    result: aResult({ id, model, ...change }),
    workloads: [aSummary({ metrics: { decode_tokens_per_s: estimate() } })],
  });
const results = [result('one', 'a:1b'), result('two', 'b:1b', { grade: 'disturbed', reasons: ['on_battery'] })];
const pairs = new Map([['two', aPair('two')]]);
const subjects = subjectsOf(results, 'none');

describe('the list of what is compared', () => {
  it('says a plain verdict, and makes another the baseline by a click', async () => {
    const [onbaseline, onremove] = [vi.fn(), vi.fn()];
    render(SubjectList, { subjects, pairs, now: NOW, onbaseline, onremove });
    expect(screen.getByText('10 % slower, sure')).toBeVisible();
    expect(screen.getByText(/−11 to −9.4 %/)).toBeVisible();
    expect(screen.getByText('disturbed')).toBeVisible();
    expect(screen.getByRole('radio', { name: 'Baseline: a:1b' })).toBeChecked();
    await fireEvent.click(screen.getByRole('radio', { name: 'Baseline: b:1b' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Remove a:1b' }));
    expect([onbaseline.mock.calls, onremove.mock.calls]).toEqual([[['two']], [['one']]]);
  });

  it('stands under the names of its groups', () => {
    const grouped = subjectsOf(results, 'model');
    render(SubjectList, { subjects: grouped, pairs, now: NOW, onbaseline: vi.fn(), onremove: vi.fn() });
    expect(screen.getAllByRole('listitem').map((one) => one.textContent?.trim())).toContain('a:1b');
  });
});

describe('the table of all metrics', () => {
  it('has the difference with its interval, and the verdict with glyph and word', () => {
    const rows = metricRows(results, [...pairs.values()], false);
    render(DifferenceTable, { subjects, pairs, rows });
    const row = screen.getByRole('row', { name: /Decode, tokens\/s/ });
    expect(within(row).getByText('−10 %')).toBeVisible();
    expect(within(row).getByText('−11 to −9.4 %')).toBeVisible();
    expect(within(row).getByText('slower').parentElement?.querySelector('svg')).not.toBeNull();
  });

  it('says of single figures that they are not judged', () => {
    const line = { code: 'vram_bytes' as const, workload: null, before: 1e9, after: 2e9, relative: 1 };
    const cells = [
      { id: 'one', value: 1e9, line: undefined },
      { id: 'two', value: 2e9, line },
    ];
    render(DifferenceTable, { subjects, pairs, rows: [{ kind: 'figure', workload: null, code: 'vram_bytes', cells }] });
    expect(screen.getByText('one figure, not judged')).toBeVisible();
    expect(screen.getByText('2.0 GB')).toBeVisible();
  });
});

it('shows what differs, and counts what is alike and what is not known', () => {
  const differences = [{ code: 'ollama_version', name: '', values: ['0.9.3', null] }];
  render(EnvironmentTable, { subjects, differences, alike: 1, unknown: 2 });
  expect(screen.getByRole('row', { name: 'Ollama 0.9.3 unknown' })).toBeVisible();
  expect(screen.getByText(/1 fact\s+is alike, 2 facts\s+are not known of all/)).toBeVisible();
});

describe('choosing results', () => {
  const props = {
    problem: null,
    chosen: ['one'],
    suite: aResult().suite_hash,
    now: NOW,
    isFull: false,
    onsearch: vi.fn(),
    onadd: vi.fn(),
  };

  it('adds what is not chosen yet, and marks what cannot be compared', async () => {
    const onadd = vi.fn();
    const found = [aResult({ id: 'one' }), aResult({ id: 'two', suite_hash: 'other', model: 'b:1b' })];
    render(ResultPicker, { ...props, found, onadd });
    expect(screen.getByText('added')).toBeVisible();
    expect(screen.getByText('another suite')).toBeVisible();
    await fireEvent.click(screen.getByRole('button', { name: /^Add b:1b on attic/ }));
    expect(onadd).toHaveBeenCalledWith('two');
  });

  it('asks when one has stopped typing, and says when nothing was found', async () => {
    vi.useFakeTimers();
    const onsearch = vi.fn();
    render(ResultPicker, { ...props, found: [], onsearch });
    const field = screen.getByRole('searchbox');
    for (const value of ['l', 'll', 'llama']) await fireEvent.input(field, { target: { value } });
    expect(onsearch).not.toHaveBeenCalled();
    vi.runAllTimers();
    vi.useRealTimers();
    expect(onsearch.mock.calls).toEqual([['llama']]);
    expect(screen.getByText(/No result has these words/)).toBeVisible();
  });

  it('lets nobody add more than can be compared', () => {
    render(ResultPicker, { ...props, isFull: true, found: [aResult({ id: 'two' })] });
    expect(screen.getByRole('button', { name: /^Add/ })).toBeDisabled();
    expect(screen.getByText(/At most 50/)).toBeVisible();
  });
});

it('shows and hides series by their row', async () => {
  const [onadd, onremove] = [vi.fn(), vi.fn()];
  const [on, off] = [aSeries(), aSeries({ client_id: 'cellar-1', client_name: 'cellar' })];
  const acts = { onsearch: vi.fn(), onadd, onremove, onmore: vi.fn() };
  const about = { series: [on, off], text: '', chosen: new Set([keyOf(on)]), hasMore: false, isFull: false, now: NOW };
  render(SeriesPicker, { ...about, ...acts });
  await fireEvent.click(screen.getByRole('button', { name: /^Hide llama3.2:3b on attic/ }));
  await fireEvent.click(screen.getByRole('button', { name: /^Show llama3.2:3b on cellar/ }));
  expect([onremove.mock.calls, onadd.mock.calls]).toEqual([[[keyOf(on)]], [[keyOf(off)]]]);
});
