import { expect, it } from 'vitest';
import { anApiKey, aPerson, aToken } from '$lib/testing/people';
import { byName, goodFirst, isRole, keyStanding, standing, tokenStanding } from './people';
import { readTags } from './tags';

const NOW = Date.parse('2026-11-21T10:00:00Z');

it.each([
  [{}, 'may sign in'],
  [{ has_password: false, has_oidc: true }, 'may sign in'],
  [{ has_password: false }, 'invited'],
  [{ is_disabled: true, has_password: false }, 'disabled'],
])('a person with %o %s', (change, text) => {
  expect(standing(aPerson(change)).text).toBe(text);
});

it.each([
  [{}, 'good'],
  [{ expires_at: null }, 'good'],
  [{ expires_at: '2026-11-21T10:00:00Z' }, 'expired'],
  [{ revoked_at: '2026-11-21T09:30:00Z', expires_at: '2026-11-21T09:40:00Z' }, 'revoked'],
])('a key with %o is %s', (change, text) => {
  expect(keyStanding(anApiKey(change), NOW).text).toBe(text);
});

it.each([
  [{}, 'good'],
  [{ uses_left: 0 }, 'used up'],
  [{ expires_at: '2026-11-21T09:59:59Z' }, 'expired'],
])('a token with %o is %s', (change, text) => {
  expect(tokenStanding(aToken(change), NOW).text).toBe(text);
});

it('what is good comes first, and people by their names', () => {
  expect(goodFirst([1, 2, 3, 4], (each) => each % 2 === 0)).toEqual([2, 4, 1, 3]);
  expect(byName([aPerson({ name: 'Zoe' }), aPerson({ name: 'ada' })]).map(({ name }) => name)).toEqual(['ada', 'Zoe']);
});

it('tells people from clients, servers and guests', () => {
  expect(['viewer', 'operator', 'administrator'].every(isRole)).toBe(true);
  expect(['client', 'server', 'terminal', 'anonymous', 'guest'].some(isRole)).toBe(false);
});

it('reads tags as they are typed, each once, and says which is none', () => {
  expect(readTags(' Office, gpu-room\toffice ')).toEqual({ tags: ['gpu-room', 'office'], problem: '' });
  expect(readTags('')).toEqual({ tags: [], problem: '' });
  expect(readTags('ok -bad').problem).toMatch(/not -bad/);
  expect(readTags(Array.from({ length: 21 }, (_, index) => `t${index}`).join(' ')).problem).toMatch(/^20 tags/);
});
