/** Every page by its name, a server with something to show on each, and the faces that a page can have. */
import { expect, type Page } from '@playwright/test';
import { Uploader } from './many-results';
import { aRun, handOver, WORKLOADS } from './measured';
import { HARDWARE } from './measured-machine';
import { QUICK_MODEL, startBenchmark, type Stack } from './stack';

export const FACES = ['ok', 'empty', 'loading', 'error', 'stale'] as const;
export type Face = (typeof FACES)[number];
/** The pages by their names, each with where it is. */
export type Pages = Record<string, string>;

export const FIXED: Pages = {
  fleet: '/',
  clients: '/clients',
  models: '/models',
  benchmarks: '/benchmarks',
  'new-benchmark': '/benchmarks/new',
  results: '/results',
  compare: '/compare',
  trends: '/trends',
  operations: '/operations',
  people: '/people',
  audit: '/audit',
  account: '/account',
  settings: '/settings',
  help: '/help',
  measuring: '/help/measuring',
  'not-there': '/not-there',
};
/** Those that know nothing of the server: they have one face. */
const STILL = ['settings', 'help', 'measuring', 'not-there'];
/** A page with many charts on a machine with much to do. */
const WAIT_MS = 30_000;
const NOBODY = '00000000-0000-4000-8000-000000000000';
/** What `furnished` adds to them, where a server says nothing of it. */
export const NOWHERE: Pages = {
  client: '/clients/nobody',
  session: `/benchmarks/${NOBODY}`,
  result: `/results/${NOBODY}`,
  'trends-chosen': '/trends?series=none',
};
export const MADE = Object.keys(NOWHERE);

/** Those that have all faces. */
export function lively(pages: Pages): Pages {
  return Object.fromEntries(Object.entries(pages).filter(([name]) => !STILL.includes(name)));
}

const WALKER = { ...QUICK_MODEL, name: 'walker:8b-instruct-q8_0', quantization: 'Q8_0', size_bytes: 8.5e9 };
const RATES = [58, 58.4, 57.9, 61.2, 61, 60.7, 52.1, 52.4];

/** Have clients of many kinds, results, operations and a series with its events; return where each page is. */
export async function furnished(page: Page, stack: Stack): Promise<Pages> {
  const allow = { OBT_ALLOW: 'models', OBT_OLLAMA_WATCH_S: '0.5' };
  const ollama = await stack.fakeOllama([QUICK_MODEL, WALKER]);
  await stack.client('attic', ollama, undefined, allow);
  await stack.signIn(page);
  await startBenchmark(page, stack.url, [QUICK_MODEL.name, WALKER.name]);
  const session = new URL(page.url()).pathname;
  const node = await stack.bareClient('render-farm-node-07', '0.0.9');
  await node.beat('/hardware', HARDWARE);
  const evening = await Uploader.enrol(stack.url, await stack.token(), 'evening-machine');
  for (const [index, decode] of RATES.toReversed().entries()) {
    const ollama_version = index < 2 ? '0.13.0' : '0.12.3';
    await evening.run([{ model: 'qwen3:8b', quantization: 'Q4_K_M', decode_tokens_per_s: decode, ollama_version }]);
  }
  const compared = [
    await handOver(stack.url, await stack.token()),
    await handOver(stack.url, await stack.token(), aRun(WORKLOADS, 'qwen3:14b')),
    await handOver(stack.url, await stack.token(), aRun(WORKLOADS.slice(3, 5), 'qwen3:8b', 7)),
  ];
  await page.locator('[data-job=completed]').nth(1).waitFor({ timeout: 180_000 });
  await someOperations(page, stack, ollama);
  const { series } = (await told(page, `${stack.url}/api/v1/series?q=evening`)) as { series: { series: string }[] };
  const client = await clientId(page, stack, 'attic');
  await page.request.patch(`${stack.url}/api/v1/clients/${client}`, {
    data: { tags: ['attic', 'quiet'] },
    headers: { Origin: stack.url },
  });
  return {
    ...FIXED,
    'new-benchmark': `/benchmarks/new?client=${client}&model=${QUICK_MODEL.name}&model=${WALKER.name}`,
    client: `/clients/${client}`,
    session,
    result: compared[0] ?? '',
    compare: `/compare?${compared.map((address) => `result=${address.split('/').at(-1)}`).join('&')}`,
    'trends-chosen': `/trends?series=${series[0]?.series}`,
  };
}

/** One that is done, one that failed, one under way for as long as anybody looks. */
async function someOperations(page: Page, stack: Stack, ollama: string): Promise<void> {
  const body = JSON.stringify({ model: { ...WALKER, name: 'sprinter:70b' }, layers: [40e9], bytes_per_s: 400_000 });
  await fetch(`${ollama}/_fake/pullable`, { method: 'PUT', body });
  const client_id = await clientId(page, stack, 'attic');
  const asked = [
    { kind: 'load', model: QUICK_MODEL.name },
    { kind: 'pull', model: 'nobody:has-it' },
    { kind: 'pull', model: 'sprinter:70b' },
  ];
  for (const operation of asked) {
    const data = { operation, client_ids: [client_id] };
    const reply = await page.request.post(`${stack.url}/api/v1/operations`, { data, headers: { Origin: stack.url } });
    expect(reply.ok(), await reply.text()).toBe(true);
  }
}

async function told(page: Page, url: string): Promise<unknown> {
  return (await page.request.get(url)).json();
}

async function clientId(page: Page, stack: Stack, name: string): Promise<string> {
  const { clients } = (await told(page, `${stack.url}/api/v1/clients`)) as { clients: { id: string; name: string }[] };
  return clients.find((client) => client.name === name)?.id ?? name;
}

/** Let the server never answer, or always fail; who is signed in it tells. */
async function hinder(page: Page, face: Face): Promise<void> {
  if (face !== 'loading' && face !== 'error') return;
  await page.routeWebSocket('**/api/v1/live', (socket) => (face === 'error' ? void socket.close() : undefined));
  const body = JSON.stringify({ status: 500, code: 'internal_error', detail: 'The server failed. Its log says why.' });
  const headers = { 'X-Request-ID': '4f1d2c3b' };
  const failure = { status: 500, contentType: 'application/problem+json', body, headers };
  await page.route(/\/api\/v1\/(?!auth)/, (route) => (face === 'error' ? route.fulfill(failure) : undefined));
}

/** Show a page's face on a page of its own, do `look`, and close it. */
export async function withFace(page: Page, address: string, face: Face, look: (shown: Page) => Promise<void>) {
  await withFaces(page, { [address]: address }, face, (shown) => look(shown));
}

/** The same for several, one after the other; they lose the connection together, since that takes time to notice. */
export async function withFaces(
  page: Page,
  pages: Pages,
  face: Face,
  look: (shown: Page, name: string) => Promise<void>,
): Promise<void> {
  const context = page.context();
  const waiting: [name: string, shown: Page][] = [];
  for (const [name, address] of Object.entries(pages)) {
    const shown = await context.newPage();
    await hinder(shown, face);
    await shown.goto(address);
    await settled(shown, face);
    if (face === 'stale') waiting.push([name, shown]);
    else await look(shown, name);
    if (face !== 'stale') await shown.close();
  }
  if (face !== 'stale') return;
  await context.setOffline(true);
  for (const [name, shown] of waiting) {
    await shown.bringToFront();
    await shown.getByText('Connection lost').first().waitFor();
    await look(shown, name);
    await shown.close();
  }
  await context.setOffline(false);
}

/** Wait until the page shows what it will show: the static ones know nothing of the server. */
async function settled(shown: Page, face: Face): Promise<void> {
  await shown.locator('main h1').first().waitFor();
  const isLive = face !== 'error' && face !== 'loading';
  if (isLive) await shown.locator('[data-connection=live]').first().waitFor({ state: 'attached' });
  if (face === 'loading') return;
  await shown.waitForLoadState('networkidle');
  // What is fetched when somebody begins to use the page is fetched now.
  await expect(async () => {
    await shown.mouse.move(4, 4);
    await shown.mouse.move(8, 8);
    expect(await shown.locator('main .skeleton, main [aria-busy=true]').count()).toBe(0);
  }).toPass({ timeout: WAIT_MS });
}
