import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { aResult, estimate } from '$lib/testing/builders';
import { COLUMNS } from '$lib/results/columns';
import ChosenBar from './ChosenBar.svelte';
import FacetList from './FacetList.svelte';
import FilterChips from './FilterChips.svelte';
import ResultTable from './ResultTable.svelte';

const NOW = Date.parse('2026-11-21T09:05:00Z');
const noop = () => undefined;

function nth(all: HTMLElement[], at: number): HTMLElement {
  const found = all[at];
  if (!found) throw new Error(`there is no element ${at}`);
  return found;
}
const table = (props: object = {}) =>
  render(ResultTable, {
    rows: [aResult(), aResult({ id: 'r2', model: 'qwen3:8b', grade: 'invalid', status: 'failed', headline: {} })],
    first: 0,
    above: 0,
    below: 0,
    rowPx: 38,
    loaded: 2,
    hasMore: false,
    isBusy: false,
    scrollTop: 0,
    columns: COLUMNS,
    sort: '-decode_tokens_per_s',
    selected: new Set(['r2']),
    selectedHere: 1,
    now: NOW,
    onsort: noop,
    ontoggle: noop,
    ontoggleall: noop,
    onscroll: noop,
    onheight: noop,
    onmore: noop,
    ...props,
  });

describe('ResultTable', () => {
  it('shows grade, median and interval, and what was not measured as such', () => {
    table();
    const [first, second] = [1, 2].map((at) => within(nth(screen.getAllByRole('row'), at)));
    expect(first?.getAllByText('clean')[0]).toBeVisible();
    expect(first?.getByTitle(/95 % interval 88.0 to 91.0/)).toHaveTextContent('90.0');
    expect(second?.getByTitle(/^failed/)).toBeVisible();
    expect(second?.getAllByTitle('not measured')).toHaveLength(3);
    expect(screen.getByRole('columnheader', { name: /^Decode/ })).toHaveAttribute('aria-sort', 'descending');
  });

  it('goes up and down its rows by arrows, and tells what is chosen', async () => {
    const ontoggle = vi.fn();
    table({ ontoggle });
    const boxes = screen.getAllByRole('checkbox', { name: /^Select \S+ on/ });
    const [first, second] = [nth(boxes, 0), nth(boxes, 1)];
    first.focus();
    await fireEvent.keyDown(first, { key: 'ArrowDown' });
    expect(second).toHaveFocus();
    expect(second).toBeChecked();
    await fireEvent.click(second, { shiftKey: true });
    expect(ontoggle).toHaveBeenCalledWith(expect.objectContaining({ id: 'r2' }), true);
  });

  it('leaves out columns, and offers more', async () => {
    const onmore = vi.fn();
    table({ columns: ['grade'], hasMore: true, onmore });
    expect(screen.getAllByRole('columnheader')).toHaveLength(3);
    await fireEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(onmore).toHaveBeenCalledOnce();
  });
});

describe('FacetList', () => {
  const values = Array.from({ length: 20 }, (_, at) => ({ value: `m${at}`, name: `Model ${at}`, total: 2_000 - at }));
  const list = (props: object = {}) =>
    render(FacetList, {
      title: 'Client',
      facet: 'client_id',
      values,
      chosen: ['m15'],
      isExact: true,
      ontoggle: noop,
      ...props,
    });

  it('shows few, the chosen one among them, and finds the others', async () => {
    const ontoggle = vi.fn();
    list({ ontoggle });
    expect(screen.getAllByRole('checkbox')).toHaveLength(6);
    expect(screen.getByRole('checkbox', { name: /^Model 15/ })).toBeChecked();
    await fireEvent.click(screen.getByRole('button', { name: 'All 20 of Client' }));
    await fireEvent.input(screen.getByRole('searchbox', { name: 'Search Client' }), { target: { value: 'el 19' } });
    await fireEvent.click(screen.getByRole('checkbox'));
    expect(ontoggle).toHaveBeenCalledWith('m19');
  });

  it('says that there are more where it did not count all', () => {
    list({ isExact: false });
    expect(screen.getByText('2,000+')).toBeVisible();
  });
});

it('FilterChips take one filter off, or all', async () => {
  const [onremove, onclear] = [vi.fn(), vi.fn()];
  const chips = [{ name: 'grade' as const, value: 'clean', title: 'Grade', text: 'clean' }];
  render(FilterChips, { chips, onremove, onclear });
  await fireEvent.click(screen.getByRole('button', { name: 'Remove filter Grade: clean' }));
  expect(onremove).toHaveBeenCalledWith(chips[0]);
  await fireEvent.click(screen.getByRole('button', { name: 'Clear all' }));
  expect(onclear).toHaveBeenCalledOnce();
});

describe('ChosenBar', () => {
  const bar = (results = [aResult()], most = 50) =>
    render(ChosenBar, { results, compareHref: '/compare?result=a', reportHref: '/r', most, onclear: noop });

  it('compares from two on', () => {
    const { unmount } = bar();
    expect(screen.queryByRole('link', { name: 'Compare' })).toBeNull();
    unmount();
    bar([aResult(), aResult({ id: 'b', headline: { ttft_ms: estimate() } })]);
    expect(screen.getByRole('link', { name: 'Compare' })).toHaveAttribute('href', '/compare?result=a');
    expect(screen.getByRole('link', { name: /^Report/ })).toHaveAttribute('href', '/r');
  });

  it('says where there are too many', () => {
    bar([aResult(), aResult({ id: 'b' })], 1);
    expect(screen.getByText(/^At most 1/)).toBeVisible();
    expect(screen.queryByRole('link', { name: 'Compare' })).toBeNull();
  });
});
