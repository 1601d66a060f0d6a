import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { toCsv } from '$lib/export/table';
import { aDeed } from '$lib/testing/people';
import { differences } from './difference';
import { exported } from './export';
import { asParameters, filtersFrom, toQuery } from './filters';
import { CHOICES, deedOf, kindOf, placeOf } from './words';

const SERVER = path.resolve(import.meta.dirname, '../../../../backend/obt_server');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    return entry.isDirectory() ? sources(at) : at.endsWith('.py') ? [readFileSync(at, 'utf8')] : [];
  });
}

describe('deeds in words', () => {
  it('are known of all that the server writes down, and of nothing else', () => {
    const kinds = CHOICES.filter(({ id }) => id.endsWith('.')).map(({ id }) => id.slice(0, -1));
    const pattern = new RegExp(`"((?:${kinds.join('|')})\\.[a-z_]+)"`, 'g');
    const codes = new Set(sources(SERVER).flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1])));
    codes.delete('suite.toml');
    const known = CHOICES.map(({ id }) => id).filter((id) => !id.endsWith('.'));
    expect(known.toSorted()).toEqual([...codes].toSorted());
  });

  it('show a code of a newer release as it is', () => {
    expect(deedOf('person.changed')).toBe('changed a person');
    expect(deedOf('badge.handed_out')).toBe('badge handed out');
    expect(kindOf('terminal')).toBe("at the server's command line");
    expect(kindOf('robot')).toBe('robot');
  });

  it('lead to what they were done to', () => {
    expect(placeOf(aDeed())).toBe('/clients/attic-1');
    const operation = aDeed({ subject_kind: 'operation', subject: 'x', after: { batch_id: 'b 1' } });
    expect(placeOf(operation)).toBe('/operations?batch_id=b%201');
    expect(placeOf(aDeed({ subject_kind: 'suite', subject: 'mine' }))).toBeNull();
  });
});

describe('what a deed made another way', () => {
  it('is a line for each field, as it was and as it is', () => {
    const before = { role: 'viewer', is_disabled: false, tags: ['a'], email: null };
    const after = { role: 'operator', is_disabled: true, tags: [], email: 'ada@example.net' };
    expect(differences({ before, after })).toEqual([
      { name: 'role', before: 'viewer', after: 'operator' },
      { name: 'disabled', before: 'no', after: 'yes' },
      { name: 'tags', before: 'a', after: 'none' },
      { name: 'email', before: 'none', after: 'ada@example.net' },
    ]);
  });

  it('is one side where the other is not told, and nothing where both are the same', () => {
    expect(differences({ before: null, after: { uses: 3, batch_id: 'x', deep: { a: 1 } } })).toEqual([
      { name: 'uses', before: null, after: '3' },
      { name: 'deep', before: null, after: '{"a":1}' },
    ]);
    expect(differences({ before: { name: 'ada' }, after: { name: 'ada' } })).toEqual([]);
    expect(differences({ before: null, after: null })).toEqual([]);
  });
});

describe('filters', () => {
  it('are in the address as they were, but for what is no day', () => {
    const query = 'actor=ada&action=client.&subject=attic&from=2026-11-20&to=2026-11-21';
    expect(String(toQuery(filtersFrom(new URLSearchParams(query))))).toBe(query);
    expect(filtersFrom(new URLSearchParams('from=yesterday&other=1'))).toEqual({});
  });

  it('ask for whole days of the reader, the last one with its evening', () => {
    const { from = '', to = '', action } = asParameters({ from: '2026-11-20', to: '2026-11-20', action: 'job.' });
    expect(new Date(from)).toEqual(new Date(2026, 10, 20));
    expect(new Date(to)).toEqual(new Date(2026, 10, 21));
    expect(action).toBe('job.');
  });
});

it('a deed in a file has what is behind its words, and no formula', () => {
  const text = toCsv(exported, [aDeed({ actor: '=1+1', after: { name: 'cellar' } })]);
  expect(text).toContain("2026-11-21T09:00:00Z,'=1+1,administrator");
  expect(text).toContain('client.changed,client,attic-1,,"{""name"":""cellar""}"');
});
