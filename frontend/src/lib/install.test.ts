import { expect, it } from 'vitest';
import { aClient } from './testing/builders';
import { aDownloads, MACHINE } from './testing/machines';
import { isLoopback, packagesWords, stepsOf, SYSTEMS, upgradeLine } from './install';

it('tells in four steps what the script does, for each system its own service', () => {
  const steps = SYSTEMS.map(({ system }) => stepsOf(system, '0.2.0'));
  expect(steps.map((each) => each.length)).toEqual([4, 4, 4]);
  expect(new Set(steps.map((each) => each[3])).size).toBe(3);
  expect(steps[0]?.[1]).toContain('obt-client 0.2.0');
});

it('says which machines need no package index', () => {
  expect(packagesWords(aDownloads())).toMatch(/come from the package index/);
  const third_party = [
    { platform: 'linux-x86_64', python: '3.11', wanted: 30, present: 30 },
    { platform: 'linux-x86_64', python: '3.12', wanted: 30, present: 30 },
    { platform: 'macos-arm64', python: '3.12', wanted: 30, present: 12 },
  ];
  expect(packagesWords(aDownloads({ third_party }))).toMatch(/here for linux-x86_64 with Python 3\.11, 3\.12\. Other/);
});

it.each([
  ['Linux', 'upgrade linux'],
  ['Darwin', 'upgrade macos'],
  ['Windows', 'upgrade windows'],
])('knows the line that upgrades a client on %s', (os, line) => {
  expect(upgradeLine(aDownloads(), aClient({ machine: { ...MACHINE, os } }))).toBe(line);
});

it('knows no such line while nobody told what is here', () => {
  expect(upgradeLine(null, aClient())).toBe('');
  expect(upgradeLine(aDownloads({ lines: [] }), aClient())).toBe('');
});

it.each([
  ['http://127.0.0.1:8881', true],
  ['http://localhost:8881', true],
  ['http://[::1]:8881', true],
  ['http://obt.lan:8881', false],
])('knows whether another machine can dial %s', (address, isOwn) => {
  expect(isLoopback(address)).toBe(isOwn);
});
