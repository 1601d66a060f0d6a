import { Problem } from '$lib/api/client';
import { expect, it } from 'vitest';
import { browserName } from './browser-name';
import { entranceOf } from './entrance';
import { fieldProblems } from './field-problems';
import { rolesUpTo } from './roles';

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox 145 on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Edge 142 on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
    'Safari 26 on macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'Chrome 142 on Android',
  ],
  ['curl/8.17.0', 'curl/8.17.0'],
  ['', 'a browser that does not say which'],
])('a browser is named by what it calls itself: %s', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name);
});

it.each([
  ['#setup=obt_setup_x', '', { way: 'setup', secret: 'obt_setup_x', reason: '' }],
  ['#reset=obt_reset_x', '', { way: 'reset', secret: 'obt_reset_x', reason: '' }],
  ['#obt_link_x', '', { way: 'link', secret: 'obt_link_x', reason: '' }],
  ['', '', { way: 'usual', secret: '', reason: '' }],
])('a link says by its fragment what it is for: %s', (hash, search, entrance) => {
  expect(entranceOf(hash, search)).toEqual(entrance);
});

it('tells in words why signing in elsewhere failed, and repeats nothing that stands in the address', () => {
  expect(entranceOf('', '?problem=oidc_no_role').reason).toMatch(/no role here/);
  expect(entranceOf('', '?problem=<b>send+money</b>').reason).toMatch(/^Signing in elsewhere did not work/);
});

it('a refusal stands beside the field that it is about', () => {
  const errors = [
    { where: 'body.name', message: 'String should match pattern' },
    { where: 'body.secret', message: 'Too short' },
  ];
  expect(fieldProblems(new Problem(422, 'invalid', 'x', '', errors), ['name', 'password'])).toEqual({
    name: 'String should match pattern',
  });
  const weak = new Problem(422, 'weak_password', 'Known from breaches.');
  expect(fieldProblems(weak, ['name', 'password'])).toEqual({ password: 'Known from breaches.' });
  const taken = new Problem(409, 'name_taken', 'Somebody has this name.');
  expect(fieldProblems(taken, ['name'])).toEqual({ name: 'Somebody has this name.' });
  expect(fieldProblems(new Problem(401, 'wrong_password', 'Name or password is wrong.'), ['name'])).toEqual({});
});

it('a key is offered no role beyond that of its maker', () => {
  expect(rolesUpTo('operator').map(({ id }) => id)).toEqual(['viewer', 'operator']);
  expect(rolesUpTo('administrator')).toHaveLength(3);
  expect(rolesUpTo(null)).toEqual([]);
});
