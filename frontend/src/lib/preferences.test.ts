import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as format from './format';
import { Preferences, preferences } from './preferences.svelte';
import { Theme } from './state/theme.svelte';

const root = document.documentElement;
let stops: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => {
  stops.forEach((stop) => stop());
  stops = [];
  preferences.set('hours', 24);
  preferences.set('times', 'ages');
});

describe('preferences', () => {
  it('are the usual ones until something was chosen, and kept by this browser from then on', () => {
    const first = new Preferences();
    stops.push(first.start());
    expect([first.liveRateMs, first.density, first.hours, first.singleKeys]).toEqual([250, 'usual', 24, true]);
    first.set('liveRateMs', 5_000);
    first.set('density', 'compact');
    expect(root.dataset.density).toBe('compact');
    const next = new Preferences();
    stops.push(next.start());
    expect([next.liveRateMs, next.density, next.hours]).toEqual([5_000, 'compact', 24]);
  });

  it.each(['nonsense', '{"hours":7,"density":null,"strange":1}', '[]', '3'])('read %s as the usual ones', (kept) => {
    localStorage.setItem('obt-preferences', kept);
    const read = new Preferences();
    stops.push(read.start());
    expect([read.hours, read.density, read.times]).toEqual([24, 'usual', 'ages']);
  });

  it('follow what another tab chooses', () => {
    const here = new Preferences();
    stops.push(here.start());
    localStorage.setItem('obt-preferences', '{"hours":12}');
    dispatchEvent(new StorageEvent('storage', { key: 'obt-preferences' }));
    expect(here.hours).toBe(12);
  });
});

describe('times', () => {
  const local = new Date(2026, 10, 21, 21, 5, 32);

  it('have twelve hours where that is chosen', () => {
    preferences.set('hours', 12);
    expect(format.moment(local.toISOString())).toBe('2026-11-21 9:05 pm');
    expect(format.clockTime(local.getTime())).toBe('9:05:32 pm');
    expect(format.clockTime(new Date(2026, 10, 21, 0, 5, 2).getTime())).toBe('12:05:02 am');
  });

  it('are moments instead of ages where that is chosen', () => {
    expect(format.ago(local.getTime(), local.getTime() + 180_000)).toBe('3 min ago');
    preferences.set('times', 'moments');
    expect(format.ago(local.getTime(), local.getTime() + 180_000)).toBe('2026-11-21 21:05');
  });

  it('name their zone', () => {
    expect(format.zone(local)).toMatch(/^(UTC|[\w/+-]+, UTC([+−]\d+(:\d\d)?)?)$/);
  });
});

describe('the theme', () => {
  let system: { matches: boolean; listener: (() => void) | null };
  beforeEach(() => {
    system = { matches: true, listener: null };
    vi.stubGlobal('matchMedia', () => ({
      get matches() {
        return system.matches;
      },
      addEventListener: (_: string, listener: () => void) => (system.listener = listener),
      removeEventListener: () => (system.listener = null),
    }));
  });
  afterEach(() => vi.unstubAllGlobals());

  function turn(matches: boolean): void {
    system.matches = matches;
    system.listener?.();
  }

  it("follows the system's, while it changes, unless one was chosen", () => {
    const theme = new Theme();
    stops.push(theme.start());
    expect([theme.choice, theme.name, root.classList.contains('dark')]).toEqual(['system', 'dark', true]);
    turn(false);
    expect([theme.name, root.classList.contains('dark')]).toEqual(['light', false]);
    theme.choose('dark');
    turn(false);
    expect([theme.name, localStorage.getItem('obt-theme')]).toEqual(['dark', 'dark']);
    theme.choose('system');
    expect([theme.name, localStorage.getItem('obt-theme')]).toEqual(['light', null]);
  });

  it('is the one that was chosen before', () => {
    localStorage.setItem('obt-theme', 'light');
    const theme = new Theme();
    stops.push(theme.start());
    expect([theme.choice, theme.name, root.classList.contains('dark')]).toEqual(['light', 'light', false]);
    theme.toggle();
    expect([theme.choice, root.classList.contains('dark')]).toEqual(['dark', true]);
  });
});
