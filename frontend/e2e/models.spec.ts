import AxeBuilder from '@axe-core/playwright';
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
      { name: 'llama3.2:3b', quantization: 'Q4_K_M', size_bytes: 2_000_000_000, digest: 'ab'.repeat(32) },
      { name: 'mistral:7b', family: 'mistral', quantization: 'F16', size_bytes: 14_000_000_000 },
    ]),
  ]);
  await Promise.all([stack.client('attic', attic), stack.client('cellar', cellar)]);
});
test.afterAll(() => stack.stop());

const names = (page: Page) => page.getByRole('checkbox', { name: /^Select \S+ on/ });
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search models' });

async function expectNoViolation(page: Page): Promise<void> {
  for (const theme of ['dark', 'light']) {
    await page.evaluate((name) => document.documentElement.classList.toggle('dark', name === 'dark'), theme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${theme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
}

test.beforeEach(async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/models`);
  await expect(names(page)).toHaveCount(5);
});

test('the search narrows at once, stands in the address and survives a reload and a way back', async ({ page }) => {
  await search(page).fill('llama q4');
  await expect(names(page)).toHaveCount(2);
  await expect(page).toHaveURL(/q=llama/);
  await page.reload();
  await expect(names(page)).toHaveCount(2);
  await page.getByRole('link', { name: 'Operations' }).first().click();
  await page.waitForURL(/\/operations/);
  await page.goBack();
  await expect(names(page)).toHaveCount(2);
  await expect(search(page)).toHaveValue('llama q4');
  await search(page).fill('nothing like it');
  await page.getByRole('button', { name: 'Show all models' }).click();
  await expect(names(page)).toHaveCount(5);
});

test('a word with one letter wrong finds what comes close, and says so', async ({ page }) => {
  await search(page).fill('mistarl');
  await expect(names(page)).toHaveCount(1);
  await expect(page.getByRole('status').filter({ hasText: 'nothing has “mistarl”, these come close' })).toBeVisible();
});

test('the same tag with different digests stands out, with a word', async ({ page }) => {
  await expect(page.getByText('differs', { exact: false }).filter({ hasText: /^differs/ })).toHaveCount(2);
  await page.getByRole('button', { name: '1 tag differs between clients' }).click();
  await expect(names(page)).toHaveCount(2);
  await expect(page).toHaveURL(/differs=yes/);
  await expect(page.getByTitle(/llama3.2:3b has 2 digests: .* on 1 client, .* on 1 client/).first()).toBeVisible();
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

test('filters combine, stand in the address, and are taken off together', async ({ page }) => {
  await page.locator('summary').filter({ hasText: 'Quantization' }).click();
  await page.getByRole('button', { name: 'Only Q4_K_M' }).click();
  await expect(names(page)).toHaveCount(3);
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'At least, GB' }).fill('3');
  await page.keyboard.press('Tab');
  await expect(names(page)).toHaveCount(1);
  await page.getByRole('combobox', { name: 'Measured' }).selectOption('no');
  await expect(page).toHaveURL(/quantizations=Q4_K_M&measured=no&min_gb=3/);
  await page.reload();
  await expect(names(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(names(page)).toHaveCount(5);
});

test('every column sorts, both ways', async ({ page }) => {
  await page.getByRole('button', { name: 'Size', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'ascending');
  await page.getByRole('button', { name: 'Size', exact: true }).click();
  await expect(names(page).first()).toHaveAccessibleName('Select mistral:7b on cellar');
  for (const column of ['Model', 'Client', 'State', 'Decode, tokens/s', 'Measured', 'Parameters', 'Digest', 'Allows']) {
    await page.getByRole('button', { name: column, exact: true }).click();
    await expect(page.getByRole('columnheader', { name: column, exact: true })).toHaveAttribute('aria-sort', /ending$/);
  }
});

test('columns are chosen, and stay chosen', async ({ page }) => {
  await page.locator('summary').filter({ hasText: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Family' }).uncheck();
  await page.getByRole('checkbox', { name: 'Modified' }).check();
  await expect(page.getByRole('columnheader', { name: 'Family' })).toHaveCount(0);
  await page.goto(`${stack.url}/models`);
  await expect(page.getByRole('columnheader', { name: 'Modified' })).toBeVisible();
  await expect(page).toHaveURL(/columns=/);
  await page.locator('summary').filter({ hasText: 'Columns' }).click();
  await page.getByRole('button', { name: 'The usual ones' }).click();
  await expect(page).not.toHaveURL(/columns=/);
});

test('groups show their sums, and open by the keyboard alone', async ({ page }) => {
  await page.getByRole('combobox', { name: 'Groups' }).selectOption('model');
  const llama = page.getByRole('row').filter({ hasText: 'llama3.2:3b' });
  await expect(llama).toContainText('2 installed');
  await expect(llama).toContainText('4.0 GB');
  await expect(llama).toContainText('2 different digests');
  await expect(names(page)).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Select all 2 of llama3.2:3b' }).focus();
  await page.getByRole('gridcell').first().focus();
  await page.keyboard.press('Enter');
  await expect(names(page)).toHaveCount(2);
  await expect(page).toHaveURL(/group=model/);
});

test('arrows move one focus through the table, Space and Shift select', async ({ page }) => {
  const cell = (row: number, column: number) => page.getByRole('row').nth(row).getByRole('gridcell').nth(column);
  await cell(1, 0).focus();
  await page.keyboard.press('ArrowRight');
  await expect(cell(1, 1)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(cell(3, 1)).toBeFocused();
  await expect(page.getByText('5 shown, 2 selected')).toBeVisible();
  await expect(page.locator('[data-cell][tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press('End');
  await page.keyboard.press('Control+End');
  await expect(page.getByRole('row').nth(5).getByRole('gridcell').last()).toBeFocused();
  await page.keyboard.press('Control+a');
  await expect(page.getByText('5 shown, 5 selected')).toBeVisible();
  await expectNoViolation(page);
});

test('a range and all that is shown can be selected, and go along to a new benchmark', async ({ page }) => {
  await names(page).nth(0).click();
  await names(page)
    .nth(2)
    .click({ modifiers: ['Shift'] });
  await expect(page.getByText('5 shown, 3 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await search(page).fill('attic');
  await page.getByRole('checkbox', { name: 'Select all models shown' }).check();
  await expect(page.getByText('3 shown, 3 selected')).toBeVisible();
  const link = page.getByRole('link', { name: 'Benchmark selected' });
  const asked = new URL((await link.getAttribute('href')) ?? '', stack.url).searchParams;
  expect(asked.getAll('model').sort()).toEqual(['llama3.2:3b', 'qwen3:8b', 'sprinter:1b']);
  expect(asked.getAll('client')).toHaveLength(1);
  await link.click();
  await page.waitForURL(/\/benchmarks\/new\?/);
});
