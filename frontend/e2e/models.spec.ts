import { expect, test, type Page } from '@playwright/test';
import { QUICK_MODEL, Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
  const [attic, cellar] = await Promise.all([
    stack.fakeOllama([
      QUICK_MODEL,
      { name: 'llama3.2:3b', quantization: 'Q4_K_M', size_bytes: 2_000_000_000 },
      { name: 'qwen3:8b', family: 'qwen3', quantization: 'Q4_K_M', size_bytes: 5_000_000_000 },
    ]),
    stack.fakeOllama([
      { name: 'llama3.2:3b', quantization: 'Q4_K_M', size_bytes: 2_000_000_000 },
      { name: 'mistral:7b', family: 'mistral', quantization: 'F16', size_bytes: 14_000_000_000 },
    ]),
  ]);
  await Promise.all([stack.client('attic', attic), stack.client('cellar', cellar)]);
});
test.afterAll(() => stack.stop());

const names = (page: Page) => page.getByRole('checkbox', { name: /^Select \S+ on/ });

test.beforeEach(async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/models`);
  await expect(names(page)).toHaveCount(5);
});

test('the search narrows at once, stands in the address and survives a reload', async ({ page }) => {
  await page.getByRole('searchbox', { name: 'Search models' }).fill('llama q4');
  await expect(names(page)).toHaveCount(2);
  await expect(page).toHaveURL(/q=llama/);
  await page.reload();
  await expect(names(page)).toHaveCount(2);
  await page.getByRole('searchbox', { name: 'Search models' }).fill('nothing like it');
  await page.getByRole('button', { name: 'Show all models' }).click();
  await expect(names(page)).toHaveCount(5);
});

test('None leaves an empty list with a hint, a client its own models, All everything', async ({ page }) => {
  const filter = page.locator('summary').filter({ hasText: 'Clients' });
  await filter.click();
  await page.getByRole('button', { name: 'None', exact: true }).click();
  await expect(names(page)).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'No client is chosen' })).toBeVisible();
  await expect(page).toHaveURL(/clients=none/);
  await page.getByRole('checkbox', { name: 'cellar' }).check();
  await expect(names(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await expect(names(page)).toHaveCount(5);
});

test('every column sorts, both ways', async ({ page }) => {
  await page.getByRole('button', { name: 'Size' }).click();
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'ascending');
  await page.getByRole('button', { name: 'Size' }).click();
  await expect(names(page).first()).toHaveAccessibleName('Select mistral:7b on cellar');
  for (const column of ['Model', 'Client', 'Parameters', 'Quantization', 'Context, tokens', 'Family', 'Modified']) {
    await page.getByRole('button', { name: column, exact: true }).click();
    await expect(page.getByRole('columnheader', { name: column, exact: true })).toHaveAttribute('aria-sort', /ending$/);
  }
});

test('a range and all that is shown can be selected, and go along to a new benchmark', async ({ page }) => {
  await names(page).nth(0).click();
  await names(page)
    .nth(2)
    .click({ modifiers: ['Shift'] });
  await expect(page.getByText('5 shown, 3 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await page.getByRole('searchbox', { name: 'Search models' }).fill('attic');
  await page.getByRole('checkbox', { name: 'Select all models shown' }).check();
  await expect(page.getByText('3 shown, 3 selected')).toBeVisible();
  await page.getByRole('link', { name: 'Benchmark selected' }).click();
  await expect(page.getByText('3 of 4 chosen')).toBeVisible();
  await expect(page.getByText('1 of 2 chosen')).toBeVisible();
  await expect(page.getByText(/^3 jobs/)).toBeVisible();
  await page.getByRole('checkbox', { name: /cellar/ }).check();
  await expect(page.getByText('not installed on this client')).toHaveCount(2);
  await expect(page.getByText('2 will be skipped')).toBeVisible();
});
