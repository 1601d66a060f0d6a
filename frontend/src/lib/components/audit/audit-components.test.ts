import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { ADA, aDeed } from '$lib/testing/people';
import AuditFilters from './AuditFilters.svelte';
import AuditTable from './AuditTable.svelte';

const nameOf = (kind: string, id: string) => (kind === 'person' && id === ADA ? 'ada' : null);

function table(...entries: ReturnType<typeof aDeed>[]) {
  const heard = { onsubject: vi.fn<(subject: string) => void>(), onactor: vi.fn<(actor: string) => void>() };
  render(AuditTable, { entries, nameOf, ...heard });
  return heard;
}

it('a deed tells who did what to which, from where, and what is another way now', () => {
  const change = { before: { role: 'viewer' }, after: { role: 'operator' } };
  table(aDeed({ action: 'person.changed', subject_kind: 'person', subject: ADA, ...change }));
  const row = screen.getAllByRole('row')[1] as HTMLElement;
  expect(row).toHaveTextContent(/ada\s*changed a person\s*ada/);
  expect(row).toHaveTextContent(/role\s*was viewer.*, is operator/);
  expect(row).toHaveTextContent('192.0.2.7');
  expect(screen.getByText('viewer').tagName).toBe('DEL');
});

it('what it was done to has its name of then, of now, or the begin of its ID, and leads there', () => {
  const gone = '12345678-0000-4000-8000-000000000000';
  const { onsubject, onactor } = table(
    aDeed({ id: 3, after: { name: 'cellar' } }),
    aDeed({ id: 2, subject_kind: 'person', subject: gone, action: 'session.ended' }),
    aDeed({ id: 1, actor: 'attic-1', actor_kind: 'client', action: 'client.clone_seen' }),
  );
  expect(screen.getByRole('link', { name: 'cellar' })).toHaveAttribute('href', '/clients/attic-1');
  expect(screen.getByRole('link', { name: '12345678' })).toHaveAttribute('title', gone);
  expect(screen.getAllByRole('row')[3]).toHaveTextContent(/attic-1client\s*was seen twice at once/);
  screen.getByRole('button', { name: 'Only what was done to 12345678' }).click();
  expect(onsubject).toHaveBeenCalledWith(gone);
  screen.getByRole('button', { name: 'attic-1' }).click();
  expect(onactor).toHaveBeenCalledWith('attic-1');
});

it('the filters narrow by what is typed and chosen, and keep a code that they do not know', async () => {
  const heard = { ontype: vi.fn(), onchoose: vi.fn(), onclear: vi.fn() };
  render(AuditFilters, { filters: { action: 'badge.given' }, actors: ['ada'], subjects: [], ...heard });
  await fireEvent.input(screen.getByRole('combobox', { name: 'Who did it' }), { target: { value: 'ada' } });
  expect(heard.ontype).toHaveBeenCalledWith('actor', 'ada');
  const what = screen.getByRole('combobox', { name: 'What was done' });
  expect(what).toHaveValue('badge.given');
  await fireEvent.change(what, { target: { value: 'client.' } });
  expect(heard.onchoose).toHaveBeenCalledWith('action', 'client.');
  await fireEvent.change(screen.getByLabelText('From day'), { target: { value: '2026-11-20' } });
  expect(heard.onchoose).toHaveBeenCalledWith('from', '2026-11-20');
  screen.getByRole('button', { name: 'Clear filters' }).click();
  expect(heard.onclear).toHaveBeenCalledOnce();
});
