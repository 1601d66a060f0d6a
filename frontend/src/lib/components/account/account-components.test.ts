import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { Problem } from '$lib/api/client';
import BrowserTable from './BrowserTable.svelte';
import CreatedKey from './CreatedKey.svelte';
import NewKeyForm from './NewKeyForm.svelte';
import PasswordChange from './PasswordChange.svelte';
import PasswordForm from './PasswordForm.svelte';
import SetupForm from './SetupForm.svelte';
import SignInCard from './SignInCard.svelte';

const type = (label: string, value: string) => fireEvent.input(screen.getByLabelText(label), { target: { value } });
const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const ways = { needs_setup: false, has_oidc: false, guest_view: false };

describe('PasswordForm', () => {
  const shown = { problem: null, busy: false, waitS: 0, onsubmit: vi.fn<(name: string, password: string) => void>() };

  it('hands over what was typed, and shows it only to who asks', async () => {
    render(PasswordForm, { ...shown, name: 'ada' });
    const password = screen.getByLabelText('Password');
    expect(password).toHaveAttribute('type', 'password');
    await click('Show Password');
    expect(password).toHaveAttribute('type', 'text');
    await type('Password', 'four plain words');
    await click('Sign in');
    expect(shown.onsubmit).toHaveBeenCalledWith('ada', 'four plain words');
  });

  it('may be pasted into, and filled by what keeps passwords', async () => {
    render(PasswordForm, { ...shown, name: '' });
    expect(screen.getByLabelText('Name or e-mail address')).toHaveAttribute('autocomplete', 'username');
    const password = screen.getByLabelText('Password');
    expect(password).toHaveAttribute('autocomplete', 'current-password');
    expect(await fireEvent.paste(password)).toBe(true);
  });

  it('says why it was refused, and how long the server will not listen', async () => {
    const problem = new Problem(429, 'too_many_attempts', 'Too many wrong passwords. Try again in 8 s.', '', [], 8);
    const { rerender } = render(PasswordForm, { ...shown, problem, waitS: 8 });
    expect(screen.getByRole('alert')).toHaveTextContent('Try again in 8 s');
    expect(screen.getByRole('button', { name: 'Again in 8 s' })).toBeDisabled();
    await rerender({ ...shown, problem, waitS: 0 });
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeEnabled();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('SetupForm', () => {
  const shown = () => ({ problem: null, busy: false, onsubmit: vi.fn<(...typed: (string | null)[]) => void>() });

  it('sends nothing where the passwords differ, and says so beside the second', async () => {
    const props = shown();
    render(SetupForm, props);
    await type('Name', 'ada');
    await type('Password', 'plum anvil harbour');
    await type('Password again', 'plum anvil harbor');
    await click('Become the administrator');
    expect(props.onsubmit).not.toHaveBeenCalled();
    expect(screen.getByLabelText('Password again')).toHaveAccessibleDescription('This is not the same as above.');
    await type('Password again', 'plum anvil harbour');
    await click('Become the administrator');
    expect(props.onsubmit).toHaveBeenCalledWith('ada', null, 'plum anvil harbour');
  });

  it('tells the rules before, and goes to the field that was refused', async () => {
    const { rerender } = render(SetupForm, shown());
    expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(/^10 characters or more/);
    await rerender({ problem: new Problem(422, 'weak_password', 'Known from breaches.') });
    await vi.waitFor(() => expect(screen.getByLabelText('Password')).toHaveFocus());
    expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(/Known from breaches\.$/);
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

it('PasswordChange asks for the present one, and forgets what was typed when it is done', async () => {
  const onsubmit = vi.fn(async () => true);
  render(PasswordChange, { action: 'Change it', asksCurrent: true, problem: null, busy: false, onsubmit });
  await type('Present password', 'the old one');
  await type('New password', 'plum anvil harbour');
  await type('New password again', 'plum anvil harbour');
  await click('Change it');
  expect(onsubmit).toHaveBeenCalledWith('plum anvil harbour', 'the old one');
  await vi.waitFor(() => expect(screen.getByLabelText('New password')).toHaveValue(''));
});

it('SignInCard offers no way that the server does not have', () => {
  const props = { ways, problem: null, busy: false, waitS: 0, onpassword: vi.fn(), onguest: vi.fn() };
  const { unmount } = render(SignInCard, props);
  expect(screen.queryByRole('link', { name: /OpenID/ })).toBeNull();
  expect(screen.queryByRole('button', { name: /without signing in/ })).toBeNull();
  unmount();
  render(SignInCard, { ...props, ways: { ...ways, has_oidc: true, guest_view: true } });
  expect(screen.getByRole('link', { name: /OpenID/ })).toHaveAttribute('href', '/api/v1/auth/oidc/begin');
  screen.getByRole('button', { name: /without signing in/ }).click();
  expect(props.onguest).toHaveBeenCalledOnce();
});

it('NewKeyForm offers an operator no administrator’s key', async () => {
  const onsubmit = vi.fn(async () => true);
  render(NewKeyForm, { mine: 'operator', problem: null, busy: false, onsubmit });
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).not.toContain('Administrator');
  await type('Name of the key', 'nightly');
  await fireEvent.change(screen.getByLabelText('Role'), { target: { value: 'operator' } });
  await fireEvent.change(screen.getByLabelText('Good for'), { target: { value: '30' } });
  await click('Make a key');
  expect(onsubmit).toHaveBeenCalledWith({ name: 'nightly', role: 'operator', expires_in_days: 30 });
});

it('CreatedKey gives a line that tries it', () => {
  const created = {
    id: 'x',
    person_id: 'y',
    person_name: 'ada',
    name: 'nightly',
    role: 'viewer' as const,
    prefix: 'obt_secret',
    created_at: '2026-11-21T09:00:00Z',
    expires_at: null,
    last_used_at: null,
    revoked_at: null,
    key: `obt_${'k'.repeat(43)}`,
  };
  render(CreatedKey, { created, server: 'https://obt.lan', onclose: () => undefined });
  expect(screen.getByRole('group', { name: 'Try the key' })).toHaveTextContent(
    `curl --fail -s -H "Authorization: Bearer ${created.key}" https://obt.lan/api/v1/clients`,
  );
});

it('BrowserTable marks the one that looks, and ends others only', () => {
  const then = '2026-11-21T09:00:00Z';
  const session = {
    id: 'a',
    created_at: then,
    last_seen_at: then,
    expires_at: then,
    address: '10.0.0.7',
    browser: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    is_current: true,
  };
  const other = { ...session, id: 'b', address: '10.0.0.8', is_current: false };
  const onend = vi.fn();
  render(BrowserTable, { sessions: [session, other], now: Date.parse(then), busy: false, onend });
  expect(screen.getByText('this browser')).toBeVisible();
  screen.getByRole('button', { name: 'Sign out Firefox 145 on Linux at 10.0.0.8' }).click();
  expect(onend).toHaveBeenCalledExactlyOnceWith(other);
  expect(screen.getAllByRole('button')).toHaveLength(1);
});
