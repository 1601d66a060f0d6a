import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { NewPerson, PersonChange, PersonView } from '$lib/api/types';
import { ADA, anApiKey, aPerson, aToken } from '$lib/testing/people';
import InvitationNote from './InvitationNote.svelte';
import KeyTable from './KeyTable.svelte';
import PeopleTable from './PeopleTable.svelte';
import PersonForm from './PersonForm.svelte';
import TokenForm from './TokenForm.svelte';
import TokenTable from './TokenTable.svelte';

const NOW = Date.parse('2026-11-21T09:05:00Z');
const bob = aPerson({ id: 'bob', name: 'bob', role: 'viewer', email: 'bob@example.net', last_seen_at: null });
const rowOf = (name: string) => screen.getAllByRole('row').find((row) => row.dataset.person === name) as HTMLElement;

function table(people: PersonView[] = [aPerson(), bob]) {
  const heard = {
    onchange: vi.fn<(person: PersonView, wish: PersonChange) => Promise<boolean>>(async () => true),
    oninvite: vi.fn<(person: PersonView) => void>(),
    onremove: vi.fn<(person: PersonView) => void>(),
  };
  render(PeopleTable, { people, meId: ADA, now: NOW, busy: false, ...heard });
  return heard;
}

describe('people', () => {
  it('says of each what they may, whether they can sign in, and when they were seen', () => {
    table([aPerson(), { ...bob, has_password: false }]);
    expect(rowOf('ada')).toHaveTextContent(/ada, you.*may sign in.*5 min ago/);
    expect(rowOf('bob')).toHaveTextContent(/bob@example.net.*invited.*never/);
    expect(screen.getByRole('combobox', { name: 'Role of bob' })).toHaveValue('viewer');
  });

  it('changes a role in place, and shows the old one until the server has taken the new one', async () => {
    const { onchange } = table();
    const role = screen.getByRole('combobox', { name: 'Role of bob' });
    await fireEvent.change(role, { target: { value: 'operator' } });
    expect(onchange).toHaveBeenCalledWith(bob, { role: 'operator' });
    expect(role).toHaveValue('viewer');
  });

  it('asks before one gives up being administrator oneself, and offers neither deletion nor disabling of oneself', async () => {
    const { onchange } = table();
    await fireEvent.change(screen.getByRole('combobox', { name: 'Role of ada' }), { target: { value: 'viewer' } });
    expect(onchange).not.toHaveBeenCalled();
    await fireEvent.click(screen.getByRole('button', { name: 'Become viewer', hidden: true }));
    expect(onchange).toHaveBeenCalledWith(aPerson(), { role: 'viewer' });
    expect(screen.getByRole('button', { name: 'Delete ada' })).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Disable ada' })).toBeDisabled();
  });

  it('disables, invites, edits, and deletes only after a question', async () => {
    const { onchange, oninvite, onremove } = table();
    screen.getByRole('button', { name: 'Disable bob' }).click();
    expect(onchange).toHaveBeenCalledWith(bob, { is_disabled: true });
    screen.getByRole('button', { name: 'New link for bob' }).click();
    expect(oninvite).toHaveBeenCalledWith(bob);
    await fireEvent.click(screen.getByRole('button', { name: 'Edit bob' }));
    await fireEvent.input(screen.getByRole('textbox', { name: 'E-mail address of bob' }), { target: { value: ' ' } });
    await fireEvent.click(within(rowOf('bob')).getByRole('button', { name: 'Save' }));
    expect(onchange).toHaveBeenLastCalledWith(bob, { name: 'bob', email: null });
    await vi.waitFor(() => expect(screen.getByRole('button', { name: 'Edit bob' })).toHaveFocus());
    await fireEvent.click(screen.getByRole('button', { name: 'Delete bob' }));
    expect(onremove).not.toHaveBeenCalled();
    await fireEvent.click(screen.getByRole('button', { name: 'Delete the account', hidden: true }));
    expect(onremove).toHaveBeenCalledWith(bob);
  });

  it('adds somebody with what was typed, and empties the form when that was done', async () => {
    const onadd = vi.fn<(wish: NewPerson) => Promise<boolean>>(async () => true);
    render(PersonForm, { busy: false, onadd });
    const name = screen.getByRole('textbox', { name: 'Name' });
    await fireEvent.input(name, { target: { value: ' grace ' } });
    await fireEvent.click(screen.getByRole('radio', { name: /^Operator/ }));
    await fireEvent.click(screen.getByRole('button', { name: 'Add and make a link' }));
    expect(onadd).toHaveBeenCalledWith({ name: 'grace', email: null, role: 'operator' });
    await vi.waitFor(() => expect(name).toHaveValue(''));
  });

  it('shows a link once, and says what it does to who has a password', async () => {
    const invitation = { name: 'bob', link: 'http://obt/sign-in#reset=x', expires_at: '2026-11-21T10:00:00Z' };
    const { rerender } = render(InvitationNote, { invitation: { ...invitation, isFirst: true }, onclose: () => {} });
    expect(screen.getByText(invitation.link)).toBeVisible();
    expect(screen.queryByText(/all sessions end/)).toBeNull();
    await rerender({ invitation: { ...invitation, isFirst: false } });
    expect(screen.getByText(/all sessions end/)).toBeVisible();
  });
});

describe('tokens', () => {
  it('are made for so many machines, so long, with tags', async () => {
    const onmake = vi.fn();
    render(TokenForm, { busy: false, onmake });
    await fireEvent.input(screen.getByRole('spinbutton', { name: 'Machines' }), { target: { value: '12' } });
    await fireEvent.change(screen.getByRole('combobox', { name: 'Good for' }), { target: { value: '168' } });
    const tags = screen.getByRole('textbox', { name: 'Tags of each machine' });
    await fireEvent.input(tags, { target: { value: 'Lab gpu!' } });
    expect(screen.getByRole('button', { name: 'Make a token' })).toBeDisabled();
    await fireEvent.input(tags, { target: { value: 'Lab gpu' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Make a token' }));
    const made = { label: 'made in the dashboard', uses: 12, expires_in_hours: 168, tags: ['gpu', 'lab'] };
    expect(onmake).toHaveBeenCalledWith(made);
  });

  it('stand with those first that are good, and are revoked', () => {
    const onrevoke = vi.fn();
    const used = aToken({ id: 'used', label: 'old', uses_left: 0 });
    render(TokenTable, { tokens: [used, aToken()], now: NOW, busy: false, onrevoke });
    expect(screen.getAllByRole('row').map(({ textContent }) => textContent?.trim().slice(0, 3))).toEqual([
      'Wha',
      'off',
      'old',
    ]);
    expect(screen.getByRole('button', { name: 'Remove the token old' })).toBeVisible();
    screen.getByRole('button', { name: 'Revoke the token office' }).click();
    expect(onrevoke).toHaveBeenCalledWith(aToken());
  });
});

it('keys tell whose they are and when they were used, and those that are good can be revoked', () => {
  const onrevoke = vi.fn();
  const gone = anApiKey({ id: 'gone', name: 'old', revoked_at: '2026-11-21T09:00:00Z' });
  render(KeyTable, { keys: [gone, anApiKey()], now: NOW, busy: false, onrevoke });
  expect(screen.getAllByRole('row')[1]).toHaveTextContent(/ada.*ci.*Viewer.*obt_abcdef….*good.*never/);
  expect(screen.getAllByRole('button')).toHaveLength(1);
  screen.getByRole('button', { name: 'Revoke the key ci of ada' }).click();
  expect(onrevoke).toHaveBeenCalledWith(anApiKey());
});
