/** Every page in every face, theme and width, and contact sheets of them: what a person looks at before a release. */
import { test, type Page } from '@playwright/test';
import path from 'node:path';
import { drawSheet } from './contact-sheet';
import { everyLook, FOLDER, THEMES, WIDTHS } from './looks';
import { aRun, handOver, WORKLOADS } from './measured';
import { QUICK_MODEL, Stack, startBenchmark } from './stack';

const FACES = ['ok', 'empty', 'loading', 'error', 'stale'] as const;
type Face = (typeof FACES)[number];
const SETTLE_MS = 900;
const LOOK_MS = 120;
const SHEET = { 390: [200, 433], 768: [300, 600], 1280: [400, 500], 1920: [480, 400] } as const;
/** `OBT_SCREENSHOTS_ONLY=models,results`: those pages alone. */
const ONLY = process.env.OBT_SCREENSHOTS_ONLY?.split(',');

/** The pages by their names, each with where it is. */
type Pages = Record<string, string>;
const FIXED: Pages = {
  fleet: '/',
  clients: '/clients',
  models: '/models',
  benchmarks: '/benchmarks',
  'new-benchmark': '/benchmarks/new',
  results: '/results',
  compare: '/compare',
  trends: '/trends',
  operations: '/operations',
  settings: '/settings',
  help: '/help',
  measuring: '/help/measuring',
};

async function furnished(page: Page, stack: Stack): Promise<Pages> {
  const models = [QUICK_MODEL, { ...QUICK_MODEL, name: 'walker:8b', quantization: 'Q8_0', size_bytes: 8.5e9 }];
  await stack.client('attic', await stack.fakeOllama(models));
  await stack.signIn(page);
  await startBenchmark(page, stack.url, [QUICK_MODEL.name, 'walker:8b']);
  const session = new URL(page.url()).pathname;
  await page.locator('[data-job=completed]').nth(1).waitFor({ timeout: 180_000 });
  const first = await handOver(stack.url, await stack.token());
  const second = await handOver(stack.url, await stack.token(), aRun(WORKLOADS.slice(3, 5), 'qwen3:8b', 7));
  const query = [first, second].map((address) => `result=${address.split('/').at(-1)}`).join('&');
  return {
    ...FIXED,
    'new-benchmark': `/benchmarks/new?model=${QUICK_MODEL.name}&model=walker:8b`,
    client: await hrefOf(page, stack.url, 'attic'),
    session,
    result: first,
    compare: `/compare?${query}`,
  };
}

async function hrefOf(page: Page, url: string, name: string): Promise<string> {
  await page.goto(`${url}/clients`);
  return (await page.getByRole('main').getByRole('link', { name }).first().getAttribute('href')) ?? '/clients';
}

/** Let the server never answer, or always fail; who is signed in it tells. */
async function hinder(page: Page, face: Face): Promise<void> {
  if (face !== 'loading' && face !== 'error') return;
  await page.routeWebSocket('**/api/v1/live', (socket) => (face === 'error' ? void socket.close() : undefined));
  const body = JSON.stringify({ status: 500, code: 'internal_error', detail: 'The server failed. Its log says why.' });
  const failure = {
    status: 500,
    contentType: 'application/problem+json',
    body,
    headers: { 'X-Request-ID': '4f1d2c3b' },
  };
  await page.route(/\/api\/v1\/(?!auth)/, (route) => (face === 'error' ? route.fulfill(failure) : undefined));
}

async function showFace(page: Page, address: string, name: string, face: Face): Promise<void> {
  await page.goto(address);
  await page.waitForTimeout(SETTLE_MS);
  if (face === 'stale') {
    await page.locator('[data-connection=live]').first().waitFor({ state: 'attached' });
    await page.context().setOffline(true);
    await page.getByText('Connection lost').first().waitFor();
  }
  await everyLook(page, async (theme, width) => {
    await page.waitForTimeout(LOOK_MS);
    const file = path.join(FOLDER, `${name}-${face}-${theme}-${width}.png`);
    await page.screenshot({ path: file, fullPage: face === 'ok' });
  });
  if (face === 'stale') await page.context().setOffline(false);
}

async function showFaces(page: Page, url: string, pages: Pages, faces: readonly Face[]): Promise<void> {
  for (const face of faces)
    for (const [name, address] of Object.entries(pages)) {
      if (ONLY && !ONLY.includes(name)) continue;
      const shown = await page.context().newPage();
      await hinder(shown, face);
      await showFace(shown, url + address, name, face);
      await shown.close();
    }
}

test('screenshots of every page without anything to show', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  test.setTimeout(1_500_000);
  const stack = await Stack.start();
  try {
    await stack.signIn(page);
    await showFaces(page, stack.url, FIXED, ['empty']);
  } finally {
    await stack.stop();
  }
});

test('screenshots of every page in its other faces', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  test.setTimeout(1_500_000);
  const stack = await Stack.start();
  try {
    await showFaces(page, stack.url, await furnished(page, stack), ['ok', 'loading', 'error', 'stale']);
  } finally {
    await stack.stop();
  }
});

test('contact sheets', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  test.setTimeout(300_000);
  for (const theme of THEMES)
    for (const width of WIDTHS) {
      const [width_px, height_px] = SHEET[width];
      const file = (row: string, column: string) => `${row}-${column}-${theme}-${width}.png`;
      const rows = [...Object.keys(FIXED), 'client', 'session', 'result'];
      const name = `${theme}-${width}`;
      await drawSheet(page, { folder: FOLDER, rows, columns: FACES, file, name, width_px, height_px });
    }
});
