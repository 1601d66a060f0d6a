import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { QUICK_MODEL, Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
  const ollama = await stack.fakeOllama([
    QUICK_MODEL,
    { name: 'embedder:latest', capabilities: ['embedding'] },
    { name: 'giant:70b', size_bytes: 9e15 },
  ]);
  await stack.client('attic', ollama);
});
test.afterAll(() => stack.stop());

async function noViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target) }))).toEqual([]);
}

const open = async (page: Page, query = '') => {
  await page.goto(`${stack.url}/benchmarks/new${query}`);
  await expect(page.getByRole('group', { name: 'Clients' }).getByRole('checkbox', { name: 'attic' })).toBeChecked();
};
const pair = (page: Page, model: string) => page.getByRole('checkbox', { name: `Measure ${model} on attic` });

/** What the whole comes to, beside the button that starts it. */
const foot = (page: Page) => page.getByRole('status').filter({ hasText: /\bjobs?\b/ });

test('every pair says what will become of it, and why', async ({ page }) => {
  await stack.signIn(page);
  await open(page);
  await page.getByRole('button', { name: 'All of Models' }).click();
  const matrix = page.getByRole('region', { name: 'What will be measured' });
  await expect(matrix.getByText('makes embeddings only, generates no text', { exact: true })).toBeVisible();
  const reason = matrix.getByText('does not fit into the memory of this client', { exact: true });
  await expect(reason).toBeVisible();
  await reason.hover();
  await expect(
    page.getByText(/giant:70b on attic: Does not fit .* Needs 9\.0 PB for its weights; the machine has/),
  ).toBeVisible();
  await expect(matrix.getByText(/^up to 1 min 10 s/)).toBeVisible();
  await expect(foot(page)).toContainText('1 job, at most 1 min 10 s of sampling');
  await expect(page).toHaveURL(/model=giant/);
  await page.reload();
  await expect(reason).toBeVisible();
  await noViolations(page);
});

test('what was measured lately is shown with its age, left out, and measured again when asked', async ({ page }) => {
  test.setTimeout(120_000);
  await stack.signIn(page);
  await open(page, `?model=${QUICK_MODEL.name}`);
  await page.getByRole('button', { name: 'Start benchmark' }).click();
  await page.waitForURL(/\/benchmarks\/[0-9a-f-]{36}$/);
  await expect(page.locator('[data-job=completed]')).toHaveCount(1, { timeout: 60_000 });

  await open(page, `?model=${QUICK_MODEL.name}`);
  const cell = page.getByRole('region', { name: 'What will be measured' }).getByRole('cell');
  await expect(cell).toContainText(/measured.*[\d.,]+ tokens\/s.*\d+ s old/);
  await expect(pair(page, QUICK_MODEL.name)).not.toBeChecked();
  await expect(page.getByRole('button', { name: 'Start benchmark' })).toBeDisabled();
  await expect(foot(page)).toContainText('1 measured lately, left out');
  await page.getByRole('checkbox', { name: /^Measure again what was measured/ }).check();
  await expect(pair(page, QUICK_MODEL.name)).toBeChecked();
  await expect(foot(page)).toContainText('1 job, about');
  await expect(page.getByRole('button', { name: 'Start benchmark' })).toBeEnabled();
  await noViolations(page);

  const result = await cell.getByRole('link').getAttribute('href');
  await page.goto(`${stack.url}/benchmarks/new?again=${result?.split('/').at(-1)}`);
  await expect(page.getByText('The same again')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /same order/ })).toBeChecked();
  await expect(pair(page, QUICK_MODEL.name)).toBeVisible();
});

test('a suite of one’s own is written, judged in place, saved, given out and read again', async ({ page }) => {
  await stack.signIn(page);
  await open(page, `?model=${QUICK_MODEL.name}`);
  await page.getByRole('button', { name: 'Edit a copy' }).click();
  const editor = page.getByRole('region', { name: 'Your suite' });
  const context = editor.getByRole('spinbutton', { name: 'num_ctx' });
  await context.fill('32');
  await expect(editor.getByText(/must be greater than or equal to 64/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start benchmark' })).toBeDisabled();
  await context.fill('1024');
  await expect(editor.getByText('in order')).toBeVisible();
  await editor.getByRole('button', { name: 'Duplicate workload 1' }).click();
  await editor.getByRole('button', { name: 'Remove workload 4' }).click();
  await expect(editor.getByRole('group', { name: 'Workload 2: chat-copy' })).toBeVisible();
  await editor.getByLabel('Name', { exact: true }).first().fill('mine');
  await expect(editor.getByText('in order')).toBeVisible();
  await noViolations(page);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    editor.getByRole('button', { name: 'Save as a file' }).click(),
  ]);
  const text = readFileSync(await download.path(), 'utf-8');
  expect(download.suggestedFilename()).toBe('mine.toml');
  expect(text).toContain('num_ctx = 1024');
  await editor.getByRole('button', { name: 'Save suite as “mine”' }).click();
  await expect(editor.getByText('Saved as mine')).toBeVisible();
  await expect(page.getByRole('radiogroup', { name: 'Suite' }).getByText('mine', { exact: true })).toBeVisible();

  const broken = {
    name: 'b.toml',
    mimeType: 'text/plain',
    buffer: Buffer.from(text.replace('blocks', 'blocsk').replace('samples = 20', 'samples = 0')),
  };
  await editor.getByLabel('Suite file').setInputFiles(broken);
  await expect(editor.getByText('The file was not taken')).toBeVisible();
  await expect(editor.getByText(/workloads\[1\]\.samples/)).toBeVisible();
  await editor
    .getByLabel('Suite file')
    .setInputFiles({ ...broken, buffer: Buffer.from(text.replace('num_ctx = 1024', 'num_ctx = 1536')) });
  await expect(context).toHaveValue('1536');
});

test('a benchmark is scheduled, shown with its countdown, and found by its stage', async ({ page }) => {
  await stack.signIn(page);
  await open(page, `?model=${QUICK_MODEL.name}&suite=context`);
  await page.getByRole('radio', { name: 'At a moment' }).check();
  await page.getByRole('textbox', { name: 'Title' }).fill('At night');
  await page.getByRole('button', { name: '2 at night' }).click();
  await page.getByRole('button', { name: 'Schedule benchmark' }).click();
  await page.waitForURL(/\/benchmarks\/[0-9a-f-]{36}$/);

  await page.goto(`${stack.url}/benchmarks`);
  const row = page.getByRole('row').filter({ hasText: 'At night' });
  await expect(row).toContainText(/scheduled.*in \d+/);
  await page.getByRole('combobox', { name: 'Stage' }).selectOption('scheduled');
  await expect(page).toHaveURL(/stage=scheduled/);
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
  await page.getByRole('searchbox', { name: 'Search titles' }).fill('nothing like it');
  await expect(page.getByRole('heading', { name: 'No benchmark matches' })).toBeVisible();
  await noViolations(page);
});

test('of a long list the rows in sight are drawn, and nothing else', async ({ page }) => {
  await stack.signIn(page);
  await page.route('**/api/v1/models', async (route) => {
    const response = await route.fetch();
    const told = (await response.json()) as { models: { name: string }[] };
    const [one] = told.models;
    const more = Array.from({ length: 500 }, (_, number) => ({ ...one, name: `one-of-many:${number}` }));
    await route.fulfill({ response, json: { ...told, models: [...told.models, ...more] } });
  });
  await open(page);
  const list = page.getByRole('group', { name: 'Models' }).getByRole('list');
  await expect(list).toContainText('one-of-many:0');
  const drawn = await list.evaluate(async (element) => {
    const counts: number[] = [];
    for (let frame = 0; frame < 20; frame += 1) {
      await new Promise(requestAnimationFrame);
      counts.push(element.children.length);
    }
    return counts;
  });
  expect(Math.max(...drawn)).toBeLessThan(60);
  expect(new Set(drawn).size).toBe(1);
});
