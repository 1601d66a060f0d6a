import { expect, it } from 'vitest';
import { browserName } from './browser-name';
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

it('a key is offered no role beyond that of its maker', () => {
  expect(rolesUpTo('operator').map(({ id }) => id)).toEqual(['viewer', 'operator']);
  expect(rolesUpTo('administrator')).toHaveLength(3);
  expect(rolesUpTo(null)).toEqual([]);
});
