import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { Uploader, type Wanted } from './many-results';
import { Stack } from './stack';

const MODELS = ['llama3.2:3b', 'qwen3:8b', 'gemma3:12b', 'phi4:14b', 'mistral-small:24b'];
const RUNS = 12;
let stack: Stack;
let attic: Uploader;

/** 2 machines × 12 runs × 5 models: 120 results. The attic is twice as fast; small models are faster than large ones. */
test.beforeAll(async () => {
  test.setTimeout(180_000); // many small uploads, on a machine that may be busy
  stack = await Stack.start();
  attic = await Uploader.enrol(stack.url, await stack.token(), 'attic');
  const cellar = await Uploader.enrol(stack.url, await stack.token(), 'cellar');
  const fill = async (machine: Uploader, factor: number) => {
    for (let run = 0; run < RUNS; run++) await machine.run(wanted(factor, run), run % 3 ? 'evening' : 'morning');
  };
  await Promise.all([fill(attic, 2), fill(cellar, 1)]);
});
test.afterAll(() => stack.stop());

function wanted(factor: number, run: number): Wanted[] {
  return MODELS.map((model, index) => ({
    model,
    quantization: index % 2 ? 'Q8_0' : 'Q4_K_M',
    decode_tokens_per_s: (factor * (100 + run)) / (index + 1),
    ...(run === 0 && index === 4 && { status: 'failed' as const }),
  }));
}

const links = (page: Page) => page.getByRole('region', { name: 'Results' }).getByRole('link');
const boxes = (page: Page) => page.getByRole('checkbox', { name: /^Select \S+ on/ });
const axe = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
};

test.beforeEach(async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/results`);
  await expect(page.getByText(/^12\d results$/)).toBeVisible();
});

test('facets with counts narrow the list, stand in the address, and come off as chips', async ({ page }) => {
  await expect(page.getByRole('checkbox', { name: /^clean\s*118$/ })).toBeVisible();
  await page.getByRole('checkbox', { name: /^qwen3:8b\s*24$/ }).check();
  await expect(page.getByText('24 results', { exact: true })).toBeVisible();
  await page.getByRole('checkbox', { name: /^attic\s*12$/ }).check();
  await page.getByRole('checkbox', { name: /^gemma3:12b\s*12$/ }).check();
  await expect(page.getByText('24 results', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/model=qwen3%3A8b&model=gemma3%3A12b&client_id=attic/);
  await page.reload();
  await expect(page.getByText('24 results', { exact: true })).toBeVisible();
  await axe(page);
  await page.getByRole('button', { name: 'Remove filter Model: qwen3:8b' }).click();
  await expect(page.getByText('12 results', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect(page.getByText('120 results', { exact: true })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search results' }).fill('cellar phi4 morning');
  await expect(page.getByText('4 results', { exact: true })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search results' }).fill('nothing like it');
  await page.getByRole('button', { name: 'Show all results' }).click();
  await expect(links(page).first()).toBeVisible();
});

test('the server sorts by every column, and gives more as one scrolls; the place is kept', async ({ page }) => {
  await page.getByRole('button', { name: /^Decode/ }).click();
  await expect(links(page).first()).toHaveText('llama3.2:3b');
  await expect(page.getByRole('row').nth(1)).toContainText('222');
  await page.getByRole('button', { name: /^Decode/ }).click();
  await expect(page.getByRole('row').nth(1)).toContainText('mistral-small:24b');
  for (const column of ['Model', 'Client', 'Grade', 'Prefill, tokens/s', 'TTFT, ms', 'Ended']) {
    await page.getByRole('button', { name: column, exact: true }).click();
    await expect(page.getByRole('columnheader', { name: column, exact: true })).toHaveAttribute('aria-sort', /ending$/);
    await expect(page.getByRole('region', { name: 'Results' }).locator('[aria-busy=true]')).toHaveCount(0);
    await expect(links(page).first()).toBeVisible();
  }
  const region = page.getByRole('region', { name: 'Results' });
  await expect(async () => {
    await region.evaluate((box) => (box.scrollTop = box.scrollHeight));
    await expect(page.getByRole('table')).toHaveAttribute('aria-rowcount', '121', { timeout: 500 });
  }).toPass();
  const last = links(page).last();
  await last.scrollIntoViewIfNeeded();
  const place = await region.evaluate((box) => box.scrollTop);
  await last.click();
  await page.waitForURL(/\/results\/[0-9a-f-]{36}$/);
  await page.goBack();
  await expect.poll(() => region.evaluate((box) => box.scrollTop)).toBe(place);
});

test('a set is chosen over filters, to be compared, reported and exported', async ({ page }) => {
  await boxes(page).nth(0).click();
  await boxes(page)
    .nth(2)
    .click({ modifiers: ['Shift'] });
  await page.getByRole('checkbox', { name: /^Q8_0/ }).check();
  await expect(page.getByText('48 results', { exact: true })).toBeVisible();
  await boxes(page).nth(5).click();
  const bar = page.getByRole('toolbar', { name: 'Selected results' });
  await expect(bar).toContainText('4 results');
  await axe(page);

  await bar.getByRole('button', { name: 'Export selected' }).click();
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Download CSV', exact: true }).click(),
  ]);
  const lines = (await readFile(await csv.path(), 'utf8')).trimEnd().split('\r\n');
  expect([lines.length, lines[0]?.includes('"Decode, tokens/s"')]).toEqual([5, true]);
  await expect(page.getByText(/^Saved obt-results-.*\.csv, 4 rows$/)).toBeVisible();

  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [json] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Download all 48 as JSON' }).click(),
  ]);
  expect(JSON.parse(await readFile(await json.path(), 'utf8'))).toHaveLength(48);

  const compare = await bar.getByRole('link', { name: 'Compare' }).getAttribute('href');
  expect(compare).toMatch(/^\/compare\?result=[^&]+(&result=[^&]+){3}$/);
  const [report] = await Promise.all([page.waitForEvent('popup'), bar.getByRole('link', { name: /^Report/ }).click()]);
  await expect(report.getByRole('heading', { level: 1 })).toHaveText('OBT report: 4 results');
  await expect(report.getByRole('img', { name: /^Decode in tokens\/s/ })).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await report.emulateMedia({ colorScheme: scheme });
    await axe(report);
  }
});

test('what is new is told, and put in when asked for', async ({ page }) => {
  await page.getByRole('checkbox', { name: /^phi4:14b/ }).check();
  await expect(page.getByText('24 results', { exact: true })).toBeVisible();
  await expect(links(page)).toHaveCount(24); // the count may come before the rows
  const first = await links(page).first().getAttribute('href');
  const [id] = await attic.run([{ model: 'phi4:14b', quantization: 'Q8_0', decode_tokens_per_s: 77 }], 'evening', true);
  await attic.run([{ model: 'other:1b', quantization: 'Q8_0', decode_tokens_per_s: 77 }], 'evening', true);
  const told = page.getByRole('button', { name: '1 new result: show' });
  await expect(told).toBeVisible();
  expect(await links(page).first().getAttribute('href')).toBe(first);
  await told.click();
  await expect(links(page).first()).toHaveAttribute('href', `/results/${id}`);
  await expect(told).toHaveCount(0);
});

test('a phone has its filters in a dialog, and nothing wider than itself', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const total = await page.getByText(/^12\d results$/).textContent();
  await page.getByRole('button', { name: /^Filters/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('checkbox', { name: /^morning/ })
    .check();
  await page.keyboard.press('Escape');
  await expect(page.getByText('40 results', { exact: true })).toBeVisible();
  expect(total).not.toBe('40 results');
  await axe(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
