import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { QUICK_MODEL, Stack } from './stack';

const QWEN = { name: 'qwen3:8b', family: 'qwen3', quantization: 'Q4_K_M', size_bytes: 5_000_000 };
const PHI = { name: 'phi4:14b', family: 'phi', quantization: 'Q8_0', size_bytes: 7_000_000 };
const MODELS = { OBT_ALLOW: 'models', OBT_OLLAMA_WATCH_S: '0.5' };

let stack: Stack;
let shedOllama: string;
test.beforeAll(async () => {
  stack = await Stack.start();
  const [attic, cellar, shed] = await Promise.all([
    stack.fakeOllama([QUICK_MODEL, QWEN, PHI]),
    stack.fakeOllama([QWEN]),
    stack.fakeOllama([QUICK_MODEL]),
  ]);
  shedOllama = shed;
  await Promise.all([
    stack.client('attic', attic, undefined, MODELS),
    stack.client('cellar', cellar),
    stack.client('shed', shed, undefined, MODELS),
  ]);
});
test.afterAll(() => stack.stop());

const boxOf = (page: Page, model: string, client: string) =>
  page.getByRole('checkbox', { name: `Select ${model} on ${client}`, exact: true });
const rowOf = (page: Page, model: string, client: string) =>
  page.getByRole('row').filter({ has: boxOf(page, model, client) });
const dialog = (page: Page) => page.getByRole('dialog');

/** Say what the registry beside the shed's Ollama has, and how fast it is. */
async function offer(model: object, bytes_per_s: number): Promise<void> {
  const body = JSON.stringify({ model, layers: [5_000_000], bytes_per_s });
  const reply = await fetch(`${shedOllama}/_fake/pullable`, { method: 'PUT', body });
  expect(reply.ok).toBe(true);
}

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
  await expect(boxOf(page, 'qwen3:8b', 'attic')).toBeVisible();
  await expect(boxOf(page, 'sprinter:1b', 'shed')).toBeVisible();
});

test('a model is pulled to another client: how far it is, cancelled, asked for again, there', async ({ page }) => {
  await offer(QWEN, 400_000);
  await boxOf(page, 'qwen3:8b', 'attic').click();
  await page.getByRole('button', { name: 'Pull to…' }).click();
  await expect(dialog(page).getByRole('checkbox', { name: /cellar/ })).toBeDisabled();
  await expect(dialog(page).getByText('allows benchmarks only')).toBeVisible();
  await dialog(page).getByRole('checkbox', { name: /attic/ }).check();
  await expect(dialog(page).getByText('installed already')).toBeVisible();
  await dialog(page).getByRole('checkbox', { name: /shed/ }).check();
  await expect(dialog(page).getByRole('heading', { name: 'Pull 1 model on 1 client' })).toBeVisible();
  await expectNoViolation(page);
  await dialog(page).getByRole('button', { name: 'Pull 1 model' }).click();

  await page.getByRole('link', { name: /1 operation running or waiting/ }).click();
  await page.waitForURL(/\/operations$/);
  const bar = page.getByRole('progressbar', { name: 'pulling qwen3:8b on shed' });
  await expect(bar).toBeVisible();
  await expect(page.getByText(/of 5\.0 MB/)).toBeVisible();
  await expect(page.getByText(/\d kB\/s/).first()).toBeVisible();
  await expect(page.getByText(/ s left/).first()).toBeVisible();
  await expect(page.getByText(/^asked by /)).toBeVisible();
  await expectNoViolation(page);

  await page.getByRole('button', { name: 'Cancel pull of qwen3:8b on shed' }).click();
  const retry = page.getByRole('button', { name: 'Retry pull of qwen3:8b on shed' });
  await expect(retry).toBeVisible();
  await offer(QWEN, 1e9);
  await retry.click();
  await expect(page.getByText('1 done')).toBeVisible();
  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await expect(boxOf(page, 'qwen3:8b', 'shed')).toBeVisible();
});

test('deleting names every model and client, says what is left and why, and removes the rest', async ({ page }) => {
  await page.getByRole('searchbox', { name: 'Search models' }).fill('phi4');
  await boxOf(page, 'phi4:14b', 'attic').click();
  await page.getByRole('searchbox', { name: 'Search models' }).fill('cellar');
  await boxOf(page, 'qwen3:8b', 'cellar').click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const will = dialog(page).getByRole('list', { name: 'Will be deleted' });
  await expect(will).toContainText('attic');
  await expect(will).toContainText('phi4:14b');
  await expect(will).not.toContainText('cellar');
  const left = dialog(page).getByRole('list', { name: 'Left as it is' });
  await expect(left).toContainText('1 model on 1 client: the owner does not allow operations on models');
  await expect(left).toContainText('cellar qwen3:8b');
  await expectNoViolation(page);
  await dialog(page).getByRole('button', { name: 'Leave as it is' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete…' }).click();
  await dialog(page).getByRole('button', { name: 'Delete 1 model' }).click();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(boxOf(page, 'phi4:14b', 'attic')).toHaveCount(0);
  await expect(boxOf(page, 'qwen3:8b', 'cellar')).toBeVisible();
  await page.goto(`${stack.url}/operations?kind=delete`);
  await expect(page.getByRole('heading', { name: 'Delete phi4:14b on attic' })).toBeVisible();
});

test('load and unload show in the row, a copy appears beside it', async ({ page }) => {
  const row = rowOf(page, 'sprinter:1b', 'attic');
  await boxOf(page, 'sprinter:1b', 'attic').click();
  await page.getByRole('button', { name: 'Load', exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Load 1 model' }).click();
  await expect(row.getByText('loaded', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Unload', exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Unload 1 model' }).click();
  await expect(row.getByText('on disk')).toBeVisible();
  await page.getByRole('button', { name: 'Copy…' }).click();
  await dialog(page)
    .getByRole('textbox', { name: /Name of the copy/ })
    .fill('mine:1b');
  await dialog(page).getByRole('button', { name: 'Copy 1 model' }).click();
  await expect(boxOf(page, 'mine:1b', 'attic')).toBeVisible();
});

test('a failure says why and what to do, on the row and on the record', async ({ page }) => {
  await fetch(`${shedOllama}/_fake/pullable`, { method: 'PUT', body: JSON.stringify({ model: QWEN, layers: [1] }) });
  await boxOf(page, 'sprinter:1b', 'shed').click();
  await page.getByRole('button', { name: 'Pull to…' }).click();
  await dialog(page).getByRole('checkbox', { name: /shed/ }).check();
  await dialog(page)
    .getByRole('checkbox', { name: /Also where it is installed/ })
    .check();
  await dialog(page).getByRole('button', { name: 'Pull 1 model' }).click();
  const brief = rowOf(page, 'sprinter:1b', 'shed').getByRole('link', { name: 'pull failed' });
  await expect(brief).toBeVisible();
  await brief.click();
  await page.waitForURL(/batch_id=/);
  await expect(page.getByText('the registry has no such model', { exact: false })).toBeVisible();
  await expect(page.getByText('1 failed')).toBeVisible();
  await page.getByRole('combobox', { name: 'State' }).selectOption('completed');
  await expect(page).toHaveURL(/status=completed/);
  await expect(page.getByRole('heading', { name: 'No operation matches these filters' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all operations' }).click();
  await expect(page.getByText('1 failed')).toBeVisible();
});
