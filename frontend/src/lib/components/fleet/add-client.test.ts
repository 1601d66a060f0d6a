import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { Problem } from '$lib/api/client';
import { aClient } from '$lib/testing/builders';
import { aDownloads } from '$lib/testing/machines';
import AddClient from './AddClient.svelte';

const token = {
  id: 'x',
  label: '',
  tags: [],
  uses_left: 2,
  created_at: '',
  expires_at: '2026-11-22T09:00:00Z',
  token: 'secret',
};

function show(change: Record<string, unknown> = {}) {
  const asked = { create: vi.fn<(uses: number, tags: string[]) => void>(), retry: vi.fn<() => void>() };
  const told = { server: 'http://obt.lan:8881', downloads: aDownloads(), silence: null, token, problem: null };
  return { ...asked, ...render(AddClient, { ...told, busy: false, arrived: [], ...asked, ...change }) };
}

it('fills the token into the line of each system, and shows what the script does and its hash', async () => {
  const { create } = show();
  expect(screen.getByRole('group', { name: 'Install on Linux' })).toHaveTextContent(
    'OBT_ENROL_TOKEN=x; fetch linux | run -- secret',
  );
  expect(screen.getByText(/^linux-0+$/)).toBeVisible();
  expect(
    screen.getAllByRole('listitem').filter(({ textContent }) => /systemd|its own/.test(textContent ?? '')),
  ).not.toEqual([]);
  expect(screen.getByText(/Good for 2 machines/)).toBeVisible();
  expect(screen.queryByText(/this machine's own/)).toBeNull();
  await fireEvent.click(screen.getByRole('tab', { name: 'Windows' }));
  expect(screen.getByRole('group', { name: 'Install on Windows' })).toHaveTextContent('fetch windows | run -- secret');
  expect(screen.getByRole('group', { name: 'Remove on Windows', hidden: true })).toHaveTextContent('remove windows');
  screen.getByRole('button', { name: 'Make another token' }).click();
  expect(create).toHaveBeenCalledWith(1, []);
});

it('moves between systems by the arrows', async () => {
  show();
  const linux = screen.getByRole('tab', { name: 'Linux' });
  await fireEvent.keyDown(linux, { key: 'ArrowLeft' });
  expect(screen.getByRole('tab', { name: 'Windows' })).toHaveAttribute('aria-selected', 'true');
  await fireEvent.keyDown(screen.getByRole('tab', { name: 'Windows' }), { key: 'Home' });
  expect(linux).toHaveFocus();
});

it('shows a line without a token as one that cannot be copied yet', () => {
  show({ token: null });
  expect(screen.getByText(/Make the token first/)).toBeVisible();
  expect(screen.getByRole('group', { name: 'Install on Linux' })).toHaveTextContent('run -- TOKEN');
  expect(screen.getByRole('button', { name: 'Copy: Install on Linux' })).toBeDisabled();
});

it('says who has come, and that it waits until then', async () => {
  const { rerender } = show();
  expect(screen.getByText('Waiting for its first heartbeat')).toBeVisible();
  await rerender({ arrived: [aClient({ name: 'cellar', id: 'cellar-1' })] });
  expect(screen.getByRole('link', { name: 'cellar' })).toHaveAttribute('href', '/clients/cellar-1');
  expect(screen.queryByText('Waiting for its first heartbeat')).toBeNull();
});

it('says why nothing can be installed from here, and what still works', () => {
  show({ downloads: aDownloads({ why_not: 'The package holds no client.', lines: [] }) });
  expect(screen.getByText(/The package holds no client/)).toBeVisible();
  expect(screen.getByText('OBT_SERVER_URL=http://obt.lan:8881 OBT_ENROL_TOKEN=secret obt-client run')).toBeVisible();
});

it('asks again for what the server has, and warns that no other machine can dial a loopback address', () => {
  const { retry } = show({
    server: 'http://127.0.0.1:8881',
    downloads: null,
    silence: new Problem(500, 'x', 'Later.'),
    problem: new Problem(403, 'x', 'You may not.'),
  });
  expect(screen.getByText(/this machine's own/)).toBeVisible();
  expect(screen.getAllByRole('alert')[0]).toHaveTextContent('You may not.');
  screen.getByRole('button', { name: 'Try again' }).click();
  expect(retry).toHaveBeenCalledOnce();
});

it('gives each machine the tags that are typed, and takes no word that is none', async () => {
  const { create } = show({ token: null });
  const field = screen.getByRole('textbox', { name: 'Tags' });
  await fireEvent.input(field, { target: { value: 'Office, gpu/room' } });
  expect(screen.getByText(/not gpu\/room/)).toBeVisible();
  screen.getByRole('button', { name: 'Make a token' }).click();
  expect(create).not.toHaveBeenCalled();
  await fireEvent.input(field, { target: { value: 'Office, gpu-room office' } });
  screen.getByRole('button', { name: 'Make a token' }).click();
  expect(create).toHaveBeenCalledWith(1, ['gpu-room', 'office']);
});
