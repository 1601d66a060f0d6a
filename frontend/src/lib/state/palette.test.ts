import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PAGES, pagesFor } from '$lib/pages';
import { aSession } from '$lib/testing/builders';
import { aServer, type TestServer } from '$lib/testing/server';
import { Palette, type Entry } from './palette.svelte';
import { forgetRecents } from './forget';
import { recents } from './recents';

const CLIENTS = [
  { id: 'attic-1', name: 'attic' },
  { id: 'cellar-1', name: 'cellar' },
];
const pause: Entry = {
  kind: 'action',
  id: 'action Pause',
  text: 'Pause live changes',
  detail: 'action',
  run: () => {},
};
const texts = (palette: Palette) => palette.found.map(({ entry }) => entry.text);

let server: TestServer;
let models: { name: string }[];
beforeEach(async () => {
  localStorage.clear();
  models = [{ name: 'llama3.2:3b-instruct-q4_K_M' }, { name: 'qwen3:8b' }, { name: 'qwen3:8b' }];
  server = await aServer(({ path }) => {
    if (path === '/api/v1/models') return { body: { clients: [], models } };
    if (path === '/api/v1/sessions') return { body: { sessions: [aSession({ title: 'Quick on attic' })], next: null } };
    if (path === '/api/v1/results') return { status: 500, body: { detail: 'no', code: 'internal_error' } };
    return undefined;
  });
});
afterEach(() => server.stop());

async function opened(): Promise<Palette> {
  const palette = new Palette();
  palette.open({ clients: CLIENTS, actions: [pause], pages: PAGES });
  await vi.waitFor(() => expect(palette.isBusy).toBe(false));
  return palette;
}

describe('the palette', () => {
  it('shows actions and pages before anything is typed', async () => {
    const palette = await opened();
    expect(texts(palette).slice(0, 4)).toEqual(['Pause live changes', 'Fleet', 'Clients', 'Models']);
  });

  it('finds clients, models and sessions by pieces of their names, and where each leads', async () => {
    const palette = await opened();
    palette.query = 'llama instr q4';
    expect(palette.found[0]?.entry.href).toBe('/models?q=llama3.2%3A3b-instruct-q4_K_M');
    palette.query = 'cellar';
    expect(palette.found[0]?.entry).toMatchObject({ text: 'cellar', href: '/clients/cellar-1' });
    palette.query = 'quick';
    expect(palette.found[0]?.entry.text).toBe('Quick on attic');
    palette.query = 'qwen';
    expect(texts(palette)).toEqual(['qwen3:8b']);
  });

  it('knows no page that whoever looks may not open, though it was opened before', async () => {
    recents.put({ id: 'page /audit', kind: 'page', text: 'Audit log', detail: 'page', href: '/audit' });
    const palette = new Palette();
    palette.open({ clients: [], actions: [], pages: pagesFor((permission) => permission === 'read') });
    await vi.waitFor(() => expect(palette.isBusy).toBe(false));
    expect(texts(palette)).toContain('Results');
    expect(texts(palette)).not.toContain('Audit log');
    palette.query = 'people';
    expect(texts(palette)).not.toContain('People');
  });

  it('marks what matched', async () => {
    const palette = await opened();
    palette.query = 'atti';
    const marked = palette.found[0]?.pieces.filter(({ isMatch }) => isMatch).map(({ text }) => text);
    expect(marked).toEqual(['atti']);
  });

  it('says that it knows not all where the server failed, and asks again the next time', async () => {
    const palette = await opened();
    expect(palette.isPartial).toBe(true);
    const asked = server.asked.length;
    palette.open({ clients: CLIENTS, actions: [], pages: PAGES });
    await vi.waitFor(() => expect(palette.isBusy).toBe(false));
    expect(server.asked.length).toBe(asked + 3);
  });

  it('has what was opened last at its head, after a reload too', async () => {
    const first = await opened();
    first.query = 'cellar';
    first.chose(first.found[0]?.entry as Entry);
    first.chose(pause);
    const next = await opened();
    expect(texts(next).slice(0, 2)).toEqual(['cellar', 'Pause live changes']);
    expect(next.recentCount).toBe(1);
  });

  it('finds one of ten thousand models', async () => {
    models = Array.from({ length: 10_000 }, (_, index) => ({ name: `family-${index % 97}:${index}b-q4_K_M` }));
    const palette = await opened();
    palette.query = 'family-13:9034';
    expect(texts(palette)[0]).toBe('family-13:9034b-q4_K_M');
    expect(palette.entries.length).toBeGreaterThan(10_000);
  });
});

describe('what was opened last', () => {
  it('is the newest six, each once', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'])
      recents.put({ id: name, kind: 'page', text: name, detail: '', href: `/${name}` });
    expect(recents.all().map(({ id }) => id)).toEqual(['a', 'g', 'f', 'e', 'd', 'c']);
    forgetRecents();
    expect(recents.all()).toEqual([]);
  });

  it('is nothing that leads elsewhere, or cannot be read', () => {
    const strange = { id: 'x', kind: 'page', text: 'x', detail: '', href: 'https://evil.example' };
    localStorage.setItem('obt-recent', JSON.stringify([strange, { ...strange, href: '//evil.example' }, 3, null]));
    expect(recents.all()).toEqual([]);
    localStorage.setItem('obt-recent', '{');
    expect(recents.all()).toEqual([]);
  });
});
