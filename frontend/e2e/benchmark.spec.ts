import { expect, test } from '@playwright/test';
import { QUICK_MODEL, Stack, startBenchmark } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
  const ollama = await stack.fakeOllama([
    QUICK_MODEL,
    { ...QUICK_MODEL, name: 'walker:8b', interval_ms: 3 },
    { name: 'embedder:latest', capabilities: ['embedding'] },
    { name: 'giant:cloud', remote_host: 'https://cloud.example' },
  ]);
  await stack.client('attic', ollama);
});
test.afterAll(() => stack.stop());

test('from choosing to the chart: a session fills live, and stays after a reload', async ({ page }) => {
  test.setTimeout(180_000);
  await stack.signIn(page);
  await page.getByRole('link', { name: 'New benchmark' }).click();
  await expect(page.getByRole('button', { name: 'Start benchmark' })).toBeDisabled();
  await page.getByRole('button', { name: 'All of Models' }).click();
  await expect(page.getByText('makes embeddings only')).toBeVisible();
  await expect(page.getByText('runs in a cloud')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: '2 jobs, at most' })).toBeVisible();
  await page.getByRole('button', { name: 'Start benchmark' }).click();

  await page.waitForURL(/\/benchmarks\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('progressbar', { name: /Samples of/ })).toBeVisible();
  await expect(page.getByText(/tokens\/s now/).first()).toBeVisible();
  await expect(page.getByText('4 of 4 jobs done')).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('[data-job=completed]')).toHaveCount(2);
  await expect(page.locator('[data-job=skipped]')).toHaveCount(2);
  const cell = page.locator('[data-job=completed]').first();
  const figure = (await cell.textContent()) ?? '';
  await page.reload();
  await expect(page.locator('[data-job=completed]').first()).toHaveText(figure);

  await cell.getByRole('link').click();
  await page.waitForURL(/\/results\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { name: /sprinter|walker/ })).toBeVisible();
  await expect(page.getByText(/n = \d+/).first()).toBeVisible();
  await expect(page.getByRole('img', { name: /samples, tokens\/s/ }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Show details of sample 1', exact: true }).click();
  await expect(page.getByText('"eval_count"')).toBeVisible();

  await page.getByRole('link', { name: 'Results', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Results', exact: true })).toBeVisible();
  for (const name of ['sprinter', 'walker'])
    await expect(
      page
        .locator('main')
        .getByRole('link', { name: new RegExp(name) })
        .first(),
    ).toBeVisible();
});

test('what runs is on the fleet page too, and the session among the benchmarks', async ({ page }) => {
  await stack.signIn(page);
  await startBenchmark(page, stack.url, ['walker:8b']);
  await page.getByRole('link', { name: 'Fleet', exact: true }).click();
  const client = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'attic' }) });
  await expect(client.getByRole('progressbar')).toBeVisible();
  await page.getByRole('link', { name: 'Benchmarks', exact: true }).click();
  await expect(page.getByRole('row').nth(1)).toContainText('completed', { timeout: 60_000 });
});

test('a real Ollama is measured', async ({ page }) => {
  const ollama = process.env.OBT_TEST_OLLAMA_URL ?? '';
  test.skip(!ollama, 'OBT_TEST_OLLAMA_URL names no Ollama');
  test.setTimeout(300_000);
  await stack.client('real', ollama);
  await stack.signIn(page);
  // The smallest model that this client has.
  await page.goto(`${stack.url}/models?q=real&sort=size_bytes`);
  await page
    .getByRole('checkbox', { name: /on real$/ })
    .first()
    .check();
  await page.getByRole('link', { name: 'Benchmark selected' }).click();
  await page.getByRole('button', { name: 'Start benchmark' }).click();
  await page.waitForURL(/\/benchmarks\/[0-9a-f-]{36}$/);
  await expect(page.locator('[data-job=completed]')).toHaveCount(1, { timeout: 240_000 });
  await expect(page.locator('[data-job=completed]')).toContainText(/[\d.,]+\s*tokens\/s/);
});
