import { afterEach, describe, expect, it } from 'vitest';
import { apiOrigin, apiUrl, isHostedApart, liveAddress } from './origin';

function name(api: string): void {
  const meta = document.createElement('meta');
  [meta.name, meta.content] = ['obt-api', api];
  document.head.append(meta);
}

afterEach(() => document.querySelector('meta[name="obt-api"]')?.remove());

describe('where the API is', () => {
  it('is the origin that the dashboard came from, unless its page names another', () => {
    expect([apiOrigin(), isHostedApart()]).toEqual([location.origin, false]);
    expect(apiUrl('/api/v1/export/report')).toBe('/api/v1/export/report');
    name('');
    expect([apiOrigin(), isHostedApart()]).toEqual([location.origin, false]);
  });

  it('is the origin that the page names, for requests, links and the socket', () => {
    name('https://obt.example.net/');
    expect([apiOrigin(), isHostedApart()]).toEqual(['https://obt.example.net', true]);
    expect(apiUrl('/install.sh')).toBe('https://obt.example.net/install.sh');
    expect(liveAddress()).toBe('wss://obt.example.net/api/v1/live');
  });

  it('has a plain socket beside a plain API', () => {
    name('http://10.0.0.5:8881');
    expect(liveAddress()).toBe('ws://10.0.0.5:8881/api/v1/live');
  });

  it('is the own origin where the page names nonsense', () => {
    name('nonsense');
    expect(apiOrigin()).toBe(location.origin);
  });
});
