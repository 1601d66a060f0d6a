import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { QUICK_MODEL, Stack, startBenchmark } from './stack';

let stack: Stack;
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  stack = await Stack.start();
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL, { ...QUICK_MODEL, name: 'walker:8b' }]));
  const page = await browser.newPage();
  await stack.signIn(page);
  await expect(page.getByRole('main').getByText('attic').first()).toBeVisible();
  await startBenchmark(page, stack.url, [QUICK_MODEL.name]);
  await expect(page.locator('[data-job=completed]')).toHaveCount(1, { timeout: 60_000 });
  await page.close();
});
test.afterAll(() => stack.stop());

test.beforeEach(async ({ page }) => {
  await stack.signIn(page);
  await expect(page.locator('[data-connection]:visible')).toHaveAttribute('data-connection', 'live');
});

async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}
const find = (page: Page) => page.getByRole('combobox', { name: 'Find' });

test('Ctrl-K finds a client, a model, a session, a result and an action, and remembers what was opened', async ({
  page,
}) => {
  await page.keyboard.press('Control+k');
  await expect(find(page)).toBeFocused();
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.type('attic');
  await expect(page.getByRole('option').first()).toContainText('attic');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/clients\/attic/);
  for (const [typed, url] of [
    ['walker', /\/models\?q=walker/],
    ['sprinter on attic', /\/results\/[0-9a-f-]{36}$/],
    ['settings', /\/settings$/],
  ] as const) {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(typed);
    await expect(page.getByRole('status').filter({ hasText: /^\d+ match(es)? of \d+ entries$/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await page.waitForURL(url);
  }
  await page.reload();
  await expect(page.locator('[data-connection]:visible')).toHaveAttribute('data-connection', 'live');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option').first()).toContainText('Settings');
  await page.keyboard.type('dark theme');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveClass(/dark/);
  await expect(find(page)).toHaveCount(0);
});

test('keys lead everywhere, and are letters in a field', async ({ page }) => {
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(help).toContainText('Search on this page');
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.waitForURL(/\/models$/);
  await page.keyboard.press('/');
  const search = page.locator('[data-search]').first();
  await expect(search).toBeFocused();
  await page.keyboard.type('g?p/');
  await expect(search).toHaveValue('g?p/');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('radio', { name: 'Off' }).check({ force: true });
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await expect(find(page)).toBeFocused();
  await expect(help).toHaveCount(0);
});

test('live changes can be paused: what waits is told, and shown afterwards', async ({ page }) => {
  await page.getByRole('button', { name: 'Pause live changes' }).first().click();
  const badge = page.locator('[data-connection]:visible');
  await expect(badge).toHaveAttribute('data-connection', 'paused');
  await stack.client('cellar', await stack.fakeOllama([QUICK_MODEL]));
  await expect(badge).toContainText(/paused, \d+ changes?/);
  await expect(page.getByRole('main').getByText('cellar')).toHaveCount(0);
  await page.keyboard.press('p');
  await expect(page.getByRole('main').getByText('cellar').first()).toBeVisible();
  await expect(badge).toHaveAttribute('data-connection', 'live');
});

test('settings are kept: theme, density, times and rate; the theme follows the system unless it was chosen', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`${stack.url}/settings`);
  await expect(page.locator('html')).not.toHaveClass(/dark/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveClass(/dark/);
  expect(await barriers(page)).toEqual([]);
  for (const name of ['Light', 'Compact', 'Date and time', '12 h', 'Every second'])
    await page.getByRole('radio', { name, exact: true }).check({ force: true });
  await page.reload();
  await expect(page.locator('html')).not.toHaveClass(/dark/);
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact');
  await expect(page.getByText(/Now \d+:\d\d:\d\d [ap]m, in your own zone/)).toBeVisible();
  await page.goto(`${stack.url}/benchmarks`);
  await expect(page.getByRole('row').nth(1)).toContainText(/\d{4}-\d\d-\d\d \d+:\d\d [ap]m/);
});

test('words are explained in place and in the help', async ({ page }) => {
  await page.goto(`${stack.url}/help#ttft_ms`);
  await expect(page.locator('#ttft_ms')).toBeInViewport();
  await expect(page.locator('#ttft_ms')).toContainText('ms, lower is better');
  expect(await barriers(page)).toEqual([]);
  await page.goto(`${stack.url}/help/measuring`);
  await expect(page.getByRole('heading', { name: 'Comparing two results' })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'clocks_disagree' })).toBeVisible();
  expect(await barriers(page)).toEqual([]);
});

test('a chart can be saved as a picture, and read as a table', async ({ page }) => {
  await page.goto(`${stack.url}/results`);
  await page.getByRole('table').getByRole('link').first().click();
  await page.waitForURL(/\/results\/[0-9a-f-]{36}$/);
  const chart = page.locator('[data-chart]').first();
  await chart.scrollIntoViewIfNeeded();
  const title = (await chart.getAttribute('data-chart')) ?? '';
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: `Save as PNG: ${title}`, exact: true }).click();
  const file = await (await saving).path();
  const { width, height } = await page.evaluate(
    async (bytes) => {
      const picture = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
      return { width: picture.width, height: picture.height };
    },
    [...(await import('node:fs')).readFileSync(file)],
  );
  const box = await chart.boundingBox();
  expect(width).toBeGreaterThanOrEqual(2 * Math.floor(box?.width ?? 0));
  expect(height).toBeGreaterThan(2 * Math.floor(box?.height ?? 0));
});
