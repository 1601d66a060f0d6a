import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeAll, expect, it, vi } from 'vitest';
import KeyboardHelp from './KeyboardHelp.svelte';
import Palette from './Palette.svelte';

beforeAll(() => {
  // jsdom has no modal dialogs, and scrolls nothing.
  Element.prototype.scrollIntoView = () => undefined;
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
});

const found = ['Fleet', 'Models', 'attic'].map((text) => ({
  entry: { id: text, kind: 'page', text, detail: 'page', keys: ['g', 'f'] },
  pieces: [
    { text: text.slice(0, 2), isMatch: true },
    { text: text.slice(2), isMatch: false },
  ],
}));
const shown = { query: '', found, recentCount: 1, total: 3, busy: false, partial: false };

function show(more: Partial<typeof shown> = {}) {
  const [onchoose, onclose] = [vi.fn(), vi.fn()];
  render(Palette, { ...shown, ...more, onchoose, onclose });
  return { field: screen.getByRole('combobox', { name: 'Find' }), onchoose, onclose };
}
const active = (field: HTMLElement) => document.getElementById(field.getAttribute('aria-activedescendant') ?? '');

it('is a combobox that names the entry it stands on, and goes around at both ends', async () => {
  const { field, onchoose } = show();
  expect(field).toHaveAttribute('aria-controls', screen.getByRole('listbox').id);
  expect(active(field)).toHaveTextContent(/^Fleet/);
  await fireEvent.keyDown(field, { key: 'ArrowDown' });
  expect(active(field)).toHaveTextContent(/^Models/);
  expect(screen.getByRole('option', { selected: true })).toBe(active(field));
  await fireEvent.keyDown(field, { key: 'ArrowUp' });
  await fireEvent.keyDown(field, { key: 'ArrowUp' });
  expect(active(field)).toHaveTextContent(/^attic/);
  await fireEvent.keyDown(field, { key: 'Enter' });
  expect(onchoose).toHaveBeenCalledExactlyOnceWith(2);
});

it('opens what is clicked, and begins anew when something is typed', async () => {
  const { field, onchoose } = show();
  await fireEvent.keyDown(field, { key: 'ArrowDown' });
  await fireEvent.input(field, { target: { value: 'a' } });
  expect(active(field)).toHaveTextContent(/^Fleet/);
  await fireEvent.click(screen.getByRole('option', { name: /attic/ }));
  expect(onchoose).toHaveBeenCalledExactlyOnceWith(2);
});

it('says how much it found, and that nothing matches', async () => {
  show();
  expect(screen.getByRole('status')).toHaveTextContent('3 matches of 3 entries');
});

it('opens nothing where nothing matches', async () => {
  const { field, onchoose } = show({ found: [], partial: true });
  expect(screen.getByRole('status')).toHaveTextContent('Nothing matches; the server did not tell all');
  expect(field).not.toHaveAttribute('aria-activedescendant');
  await fireEvent.keyDown(field, { key: 'Enter' });
  expect(onchoose).not.toHaveBeenCalled();
});

it('has every shortcut in its help', () => {
  render(KeyboardHelp, { singleKeys: false, may: (permission) => permission !== 'administer' });
  expect(screen.queryByText('People')).toBeNull();
  expect(screen.getByText('Results')).toBeVisible();
  for (const group of ['Everywhere', 'Go to', 'In lists and tables'])
    expect(screen.getByRole('region', { name: group })).toBeVisible();
  expect(screen.getByText('New benchmark').parentElement).toHaveTextContent('gn');
  expect(screen.getByText(/Single keys are turned off/)).toBeVisible();
});
