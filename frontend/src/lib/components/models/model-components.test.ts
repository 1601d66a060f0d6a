import { render, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { itemsOf } from '$lib/models/groups';
import type { Facts } from '$lib/models/columns';
import { batchesOf } from '$lib/operations';
import { aClient, aModel } from '$lib/testing/builders';
import { aLatest, anOperation } from '$lib/testing/models';
import ModelGrid from './ModelGrid.svelte';
import OperationBatch from '$lib/components/operations/OperationBatch.svelte';
import RefusedList from './RefusedList.svelte';
import SelectionBar from './SelectionBar.svelte';

const rows = [
  aModel({ digest: 'aaaaaaaa' }),
  aModel({ name: 'cloudy:1', cloud: true }),
  aModel({ name: 'gone:1', client_id: 'cellar-1', client_name: 'cellar', size_bytes: 14e9 }),
];
const facts: Facts = {
  clientOf: new Map([
    ['attic-1', aClient({ allows: 'models' })],
    ['cellar-1', aClient({ id: 'cellar-1', name: 'cellar', presence: 'offline', allows: 'benchmarks' })],
  ]),
  loaded: new Set(),
  latestOf: new Map([['attic-1/llama3.2:3b', aLatest({ grade: 'disturbed' })]]),
  conflicts: new Map([
    [
      'llama3.2:3b',
      new Map([
        ['aaaaaaaa', 1],
        ['bbbbbbbb', 3],
      ]),
    ],
  ]),
  operationOf: new Map([
    [
      'attic-1/cloudy:1',
      anOperation({ kind: 'delete', status: 'failed', error: { code: 'ollama_gone', message: 'No answer.' } }),
    ],
  ]),
};

function drawn(by: '' | 'model' = '') {
  const heard = { onsort: vi.fn(), ontoggle: vi.fn(), onextend: vi.fn(), ontoggleshown: vi.fn(), ongroup: vi.fn() };
  const items = itemsOf(rows, by, new Set(), () => facts);
  render(ModelGrid, {
    items,
    visible: items,
    first: 0,
    above: 0,
    below: 17_000,
    rowHeight: 36,
    columns: ['name', 'client_name', 'digest', 'state', 'decode_tokens_per_s', 'measured_at', 'size_bytes', 'allows'],
    facts,
    now: Date.parse('2026-11-21T12:00:00Z'),
    selected: new Set(['cellar-1/gone:1']),
    total: 3,
    shownSelected: 1,
    sort: { column: 'name', descending: true },
    view: '',
    onscroll: () => undefined,
    onheight: () => undefined,
    ...heard,
  });
  return heard;
}

const key = (name: string, more: KeyboardEventInit = {}) =>
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }),
  );

describe('ModelGrid', () => {
  it('says of each row what it is, what was measured, and what differs', async () => {
    drawn();
    expect(screen.getByRole('grid', { name: 'Models' })).toHaveAttribute('aria-rowcount', '4');
    expect(screen.getByRole('columnheader', { name: 'Model' })).toHaveAttribute('aria-sort', 'descending');
    expect(screen.getByRole('checkbox', { name: 'Select gone:1 on cellar' })).toBeChecked();
    for (const text of ['offline', '14.0 GB', '98.4', 'models too', 'benchmarks only'])
      expect(screen.getAllByText(text)[0]).toBeVisible();
    expect(screen.getByText(/disturbed/)).toHaveTextContent('disturbed3 h ago');
    expect(
      screen.getByTitle('llama3.2:3b has 2 digests: bbbbbbbb on 3 clients, aaaaaaaa on 1 client'),
    ).toHaveTextContent('differs');
    expect(await screen.findByTitle(/No answer. Start Ollama/)).toHaveTextContent('delete failed');
  });

  it('has one cell in the tab order; arrows move it, Space and Shift select, Enter opens', async () => {
    const { ontoggle, onextend, ontoggleshown } = drawn();
    const cells = screen.getAllByRole('gridcell');
    expect(cells.filter((cell) => cell.tabIndex === 0)).toHaveLength(1);
    cells[0]?.focus();
    key('ArrowRight');
    await vi.waitFor(() => expect(document.activeElement).toBe(cells[1]));
    key(' ');
    expect(ontoggle).toHaveBeenCalledWith(['attic-1/llama3.2:3b'], false);
    key('ArrowDown', { shiftKey: true });
    await vi.waitFor(() => expect(onextend).toHaveBeenCalledWith('attic-1/cloudy:1'));
    key('End', { ctrlKey: true });
    await vi.waitFor(() => expect(document.activeElement).toBe(cells.at(-1)));
    key('a', { ctrlKey: true });
    expect(ontoggleshown).toHaveBeenCalledOnce();
    const opened = vi.fn();
    screen.getByRole('link', { name: '98.4' }).addEventListener('click', (event) => {
      event.preventDefault();
      opened();
    });
    cells[5]?.focus();
    key('Enter');
    expect(opened).toHaveBeenCalledOnce();
  });

  it('sorts by its heads, and selects groups as a whole', async () => {
    const { onsort, ontoggle, ongroup } = drawn('model');
    screen.getByRole('button', { name: 'Size' }).click();
    expect(onsort).toHaveBeenCalledWith('size_bytes');
    (await screen.findByRole('checkbox', { name: 'Select all 1 of llama3.2:3b' })).click();
    expect(ontoggle).toHaveBeenCalledWith(['attic-1/llama3.2:3b'], false);
    screen.getByRole('button', { name: 'gone:1' }).click();
    expect(ongroup).toHaveBeenCalledOnce();
  });
});

it('SelectionBar names what is selected and what can be done, nothing by whom that is not allowed', async () => {
  const onact = vi.fn();
  const bar = { rows, canAct: true, benchmarkHref: '/benchmarks/new?x', onact, onclear: () => undefined };
  const { rerender } = render(SelectionBar, bar);
  expect(screen.getByRole('toolbar')).toHaveTextContent('3 models on 2 clients, 18.0 GB');
  screen.getByRole('button', { name: 'Delete…' }).click();
  expect(onact).toHaveBeenCalledWith('delete');
  expect(screen.getByRole('link', { name: 'Benchmark selected' })).toHaveAttribute('href', '/benchmarks/new?x');
  await rerender({ ...bar, canAct: false });
  expect(screen.queryByRole('link')).toBeNull();
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Clear selection']);
});

it('RefusedList tells each reason once, with its clients and models', () => {
  const refused = ['a', 'b'].map((model) => ({
    clientId: 'c',
    clientName: 'cellar',
    model,
    why: 'not_allowed' as const,
  }));
  render(RefusedList, { refused, isOpen: true });
  expect(screen.getByText(/^2 models on 1 client: the owner does not allow operations on models/)).toBeVisible();
  expect(screen.getByText('cellar').parentElement).toHaveTextContent('cellar a, b');
});

it('OperationBatch shows what runs first, its bytes, and what one can do; to onlookers nothing', async () => {
  const progress = { stage: 'pulling', done_bytes: 25e6, total_bytes: 100e6, bytes_per_s: 15e6 };
  const [batch] = batchesOf([
    anOperation({ id: 'done', status: 'completed', model: 'a:1' }),
    anOperation({ progress }),
    anOperation({ id: 'bad', model: 'c:1', status: 'failed', error: { code: 'no_space', message: 'no space left' } }),
  ]);
  if (!batch) throw new Error('a batch expected');
  const heard = { oncancel: vi.fn(), onretry: vi.fn(), oncancelall: vi.fn(), onretryall: vi.fn() };
  const shown = { batch, now: Date.now(), busy: false, canAct: true, ...heard };
  const { rerender } = render(OperationBatch, shown);
  expect(screen.getByRole('heading', { name: 'Pull 3 models on attic' })).toBeVisible();
  const [, first] = screen.getAllByRole('row');
  for (const text of ['pulling', '25 %, 25.0 MB of 100 MB', '15.0 MB/s', '5 s left'])
    expect(first).toHaveTextContent(text);
  expect(screen.getByText('no space left')).toBeVisible();
  expect(screen.getByText(/Make room on that machine/)).toBeVisible();
  screen.getByRole('button', { name: 'Cancel pull of llama3.2:3b on attic' }).click();
  expect(heard.oncancel).toHaveBeenCalledWith(expect.objectContaining({ id: 'operation-1' }));
  screen.getByRole('button', { name: 'Retry it' }).click();
  expect(heard.onretryall).toHaveBeenCalledOnce();
  await rerender({ ...shown, canAct: false });
  expect(screen.queryAllByRole('button')).toEqual([]);
});
