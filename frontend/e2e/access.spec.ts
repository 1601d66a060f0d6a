import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { QUICK_MODEL, Stack, startBenchmark } from './stack';

let stack: Stack;
let session = '';
let result = '';
let client = '';
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  stack = await Stack.start();
  const ollama = await stack.fakeOllama([QUICK_MODEL, { name: 'embedder:latest', capabilities: ['embedding'] }]);
  await stack.client('attic', ollama);
  const page = await browser.newPage();
  await stack.signIn(page);
  client = (await page.getByRole('link', { name: 'attic' }).getAttribute('href')) ?? '';
  await startBenchmark(page, stack.url, [QUICK_MODEL.name, 'embedder:latest']);
  session = new URL(page.url()).pathname;
  const link = page.locator('[data-job=completed]').getByRole('link');
  await expect(link).toBeVisible({ timeout: 60_000 });
  result = (await link.getAttribute('href')) ?? '';
  await page.close();
});
test.afterAll(() => stack.stop());

const PAGES: [string, () => string][] = [
  ['fleet', () => '/'],
  ['client', () => client],
  ['models', () => '/models'],
  ['benchmarks', () => '/benchmarks'],
  ['new benchmark', () => '/benchmarks/new?model=sprinter:1b&model=embedder:latest'],
  ['session', () => session],
  ['results', () => '/results'],
  ['result', () => result],
];

async function open(page: Page, path: string, theme: string): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript((name) => localStorage.setItem('obt-theme', name), theme);
  await stack.signIn(page);
  await page.goto(stack.url + path);
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await expect(page.locator('[data-connection]:visible')).toHaveAttribute('data-connection', 'live');
  return complaints;
}

for (const theme of ['dark', 'light']) {
  for (const [name, path] of PAGES) {
    test(`${name} has no barrier in ${theme}, and nothing that its own policy blocks`, async ({ page }) => {
      const complaints = await open(page, path(), theme);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
      expect(complaints).toEqual([]);
    });
  }
}

for (const width of [390, 1920]) {
  test(`no page is wider than a window of ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    for (const [name, path] of PAGES) {
      await open(page, path(), 'dark');
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, name).toBeLessThanOrEqual(0);
    }
  });
}

test('the keyboard reaches the content at once, and shows where it is', async ({ page }) => {
  await open(page, '/', 'dark');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Add a client' })).toBeFocused();
});

test('the theme is remembered', async ({ page }) => {
  await open(page, '/', 'dark');
  await page.getByRole('button', { name: 'Light theme' }).click();
  await expect(page.locator('html')).not.toHaveClass(/dark/);
  expect(await page.evaluate(() => localStorage.getItem('obt-theme'))).toBe('light');
});
