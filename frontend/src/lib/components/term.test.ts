import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import Term from './Term.svelte';

const word = () => screen.getByRole('button');
const note = () => screen.queryByRole('note');

it('is the word itself, or how a sentence says it', () => {
  const { unmount } = render(Term, { id: 'ttft' });
  expect(word()).toHaveTextContent(/^TTFT$/);
  unmount();
  render(Term, { id: 'smallest_difference' });
  expect(word()).toHaveAccessibleName('smallest detectable difference');
});

it('explains itself when it is pressed: in full, with its unit and which way is better, and where there is more', async () => {
  render(Term, { id: 'ttft' });
  expect(note()).toBeNull();
  await fireEvent.click(word());
  const shown = await screen.findByRole('note', { name: 'Time to first token' });
  expect(shown).toHaveTextContent('ms, lower is better');
  expect(shown).toHaveTextContent(/from the moment the request leaves/);
  expect(word()).toHaveAttribute('aria-expanded', 'true');
  expect(word()).toHaveAttribute('aria-controls', shown.id);
  expect(screen.getByRole('link', { name: 'More in the help' })).toHaveAttribute('href', '/help#ttft_ms');
  await fireEvent.click(word());
  expect(note()).toBeNull();
});

it('goes with Escape, and gives the focus back to the word', async () => {
  render(Term, { id: 'clean' });
  await fireEvent.click(word());
  const link = await screen.findByRole('link');
  link.focus();
  await fireEvent.keyDown(link, { key: 'Escape' });
  expect(note()).toBeNull();
  expect(word()).toHaveFocus();
});

it('goes when something else is pressed, not when it is itself', async () => {
  render(Term, { id: 'clean' });
  await fireEvent.click(word());
  await fireEvent.pointerDown(await screen.findByRole('note'));
  expect(note()).not.toBeNull();
  await fireEvent.pointerDown(document.body);
  expect(note()).toBeNull();
});

it('opens for a pointer that rests on it, and stays while the pointer is on the explanation', async () => {
  render(Term, { id: 'decode' });
  await fireEvent(word(), Object.assign(new Event('pointerenter'), { pointerType: 'mouse' }));
  const shown = await screen.findByRole('note');
  await fireEvent(word(), Object.assign(new Event('pointerleave'), { pointerType: 'mouse' }));
  await fireEvent(shown, Object.assign(new Event('pointerenter'), { pointerType: 'mouse' }));
  expect(note()).not.toBeNull();
  await fireEvent(shown, Object.assign(new Event('pointerleave'), { pointerType: 'mouse' }));
  await waitFor(() => expect(note()).toBeNull());
});
