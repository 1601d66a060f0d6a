import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { aClientDetail } from '$lib/testing/builders';
import ClientDeeds from './ClientDeeds.svelte';
import KeyNote from './KeyNote.svelte';

const NOW = Date.parse('2026-11-21T09:05:00Z');
const THEN = '2026-11-21T09:00:00Z';
const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent?.trim());

it('two machines with one key: what it means, and to who may act, what to do', async () => {
  const client = aClientDetail({ clone_seen_at: THEN });
  const { rerender } = render(KeyNote, { client, now: NOW, mayAct: true });
  expect(screen.getByText('Two machines use the key of this client')).toBeVisible();
  expect(screen.getByText('5 min ago')).toBeVisible();
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
  await rerender({ mayAct: false });
  expect(screen.queryAllByRole('listitem')).toEqual([]);
  expect(screen.getByText(/Tell an administrator/)).toBeVisible();
});

it('a revoked key: how the machine comes back under its own ID', async () => {
  const client = aClientDetail({ id: 'attic-1', key_revoked_at: THEN, clone_seen_at: THEN });
  const { rerender } = render(KeyNote, { client, now: NOW, mayAct: true });
  expect(screen.getByText('Its key was revoked')).toBeVisible();
  expect(screen.getByText(/^OBT_CLIENT_ID=attic-1 obt-client enrol --again --server \S+ --token TOKEN$/)).toBeVisible();
  await rerender({ mayAct: false });
  expect(screen.queryByText(/OBT_CLIENT_ID/)).toBeNull();
});

it('a key is revoked after a question, once', async () => {
  const onact = vi.fn();
  const shown = { client: aClientDetail({ protocol_version: 2 }), now: NOW, busy: false, mayAdminister: true, onact };
  const { rerender } = render(ClientDeeds, shown);
  await fireEvent.click(screen.getByRole('button', { name: 'Revoke key' }));
  expect(onact).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByRole('button', { name: 'Revoke it', hidden: true }));
  expect(onact).toHaveBeenCalledWith('revoke-key');
  await rerender({ client: aClientDetail({ key_revoked_at: THEN }) });
  expect(screen.getByRole('button', { name: 'Revoke key' })).toBeDisabled();
  expect(screen.getByRole('button', { name: 'Rotate key' })).toBeDisabled();
});

it('who may not administer is offered to drain it, and nothing of its key or its archival', () => {
  render(ClientDeeds, { client: aClientDetail(), now: NOW, busy: false, mayAdminister: false, onact: vi.fn() });
  expect(buttons()).toEqual(['Drain']);
});
