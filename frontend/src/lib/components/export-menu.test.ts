import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExportColumn } from '$lib/export/table';
import ExportMenu from './ExportMenu.svelte';

interface Row {
  model: string;
  rate: number | null;
}
const columns: ExportColumn<Row>[] = [
  { name: 'Model', value: ({ model }) => model },
  { name: 'Decode, tokens/s', value: ({ rate }) => rate },
];
const rows = () => [
  { model: 'llama3.2:3b', rate: 98.4 },
  { model: '=1+1', rate: null },
];
const opener = () => screen.getByRole('button', { name: 'Export' });
const focused = () => document.activeElement?.getAttribute('aria-label');
const show = (props = {}) => render(ExportMenu<Row>, { name: 'results', columns, rows, ...props });

let saved: Blob[];
let clipboard: string[];
beforeEach(() => {
  [saved, clipboard] = [[], []];
  // jsdom has neither of these.
  URL.createObjectURL = (blob) => `blob:${saved.push(blob as Blob)}`;
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  const writeText = (text: string) => Promise.resolve(void clipboard.push(text));
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
});
afterEach(() => vi.restoreAllMocks());

describe('ExportMenu', () => {
  it('saves a file and says so', async () => {
    show();
    await fireEvent.click(opener());
    await fireEvent.click(await screen.findByRole('menuitem', { name: /^Download CSV/ }));
    expect(await screen.findByText(/^Saved obt-results-.*\.csv, 2 rows$/)).toHaveAttribute('role', 'status');
    expect(await saved[0]?.text()).toBe('Model,"Decode, tokens/s"\r\nllama3.2:3b,98.4\r\n\'=1+1,\r\n');
    expect(screen.queryByRole('menu')).toBeNull();
  });

  it('copies, and says so', async () => {
    show();
    await fireEvent.click(opener());
    await fireEvent.click(await screen.findByRole('menuitem', { name: 'Copy JSON' }));
    expect(await screen.findByText('Copied 2 rows as JSON')).toBeVisible();
    expect(JSON.parse(clipboard[0] ?? '')).toEqual([
      { Model: 'llama3.2:3b', 'Decode, tokens/s': 98.4 },
      { Model: '=1+1', 'Decode, tokens/s': null },
    ]);
  });

  it('says when the browser refuses to copy, and when rows cannot be had', async () => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    const { rerender } = show();
    await fireEvent.click(opener());
    await fireEvent.click(await screen.findByRole('menuitem', { name: 'Copy Markdown' }));
    expect(await screen.findByText(/does not let this page copy/)).toBeVisible();
    await rerender({ rows: () => Promise.reject(new Error('gone')) });
    await fireEvent.click(opener());
    await fireEvent.click(await screen.findByRole('menuitem', { name: /^Download Markdown/ }));
    expect(await screen.findByText(/nothing was exported/)).toBeVisible();
    expect(saved).toEqual([]);
  });

  it('is worked by keys alone', async () => {
    show();
    opener().focus();
    await fireEvent.keyDown(opener(), { key: 'ArrowDown' });
    await vi.waitFor(() => expect(focused()).toMatch(/^Download CSV/));
    const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
    await press('ArrowUp');
    expect(focused()).toBe('Copy Markdown');
    await press('ArrowDown');
    expect(focused()).toMatch(/^Download CSV/);
    await press('ArrowDown');
    expect(focused()).toMatch(/^Download JSON/);
    await press('Escape');
    expect(opener()).toHaveFocus();
    expect(opener()).toHaveAttribute('aria-expanded', 'false');
  });

  it('offers what the server writes, of more than is here', async () => {
    show({ server: { note: 'all 1,204 results', href: (format: string) => `/export.${format}` } });
    await fireEvent.click(opener());
    const link = await screen.findByRole('menuitem', { name: /all 1,204 results as JSON/ });
    expect(link).toHaveAttribute('href', '/export.json');
  });
});
