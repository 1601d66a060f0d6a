/** Every page, dark and light, wide and narrow, into the folder that OBT_SCREENSHOTS names. Nothing is asserted. */
import { expect, test } from '@playwright/test';
import { everyLook, FOLDER, shoot } from './looks';
import { Stack, type FakeModel } from './stack';

const GB = 1e9;

const llama = { family: 'llama', parameter_size: '3.2B', parameter_count: 3_212_749_888, slots: 4 };
const MODELS: FakeModel[] = [
  {
    ...llama,
    name: 'llama3.2:3b-instruct-q4_K_M',
    size_bytes: 2 * GB,
    quantization: 'Q4_K_M',
    ttft_ms: 60,
    interval_ms: 11,
    jitter_ms: 2,
    load_ms: 600,
  },
  {
    ...llama,
    name: 'llama3.2:3b-instruct-q8_0',
    size_bytes: 3.4 * GB,
    quantization: 'Q8_0',
    ttft_ms: 80,
    interval_ms: 17,
    jitter_ms: 3,
    load_ms: 900,
  },
  {
    name: 'qwen3:8b',
    family: 'qwen3',
    parameter_size: '8.2B',
    parameter_count: 8_190_735_360,
    size_bytes: 5.2 * GB,
    quantization: 'Q4_K_M',
    ttft_ms: 120,
    interval_ms: 24,
    jitter_ms: 4,
    load_ms: 1_500,
    slots: 4,
  },
  {
    name: 'nomic-embed-text:latest',
    family: 'nomic-bert',
    parameter_size: '137M',
    parameter_count: 136_727_040,
    size_bytes: 0.27 * GB,
    quantization: 'F16',
    capabilities: ['embedding'],
  },
];

test('screenshots', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  const stack = await Stack.start();
  const open = (address: string, name: string) =>
    everyLook(page, async (theme, width) => {
      await page.goto(stack.url + address);
      await shoot(page, name, theme, width);
    });
  try {
    await page.goto(stack.url);
    await open('/', 'signed-out');
    await stack.signIn(page);
    await open('/', 'fleet-empty');
    await open('/results', 'results-empty');
    const ollama = await stack.fakeOllama(MODELS);
    await stack.client('mini-pc', ollama);
    await stack.client('workstation', ollama);
    await page.goto(`${stack.url}/models?q=workstation`);
    await page.getByRole('checkbox', { name: /nomic-embed-text/ }).waitFor();
    await open('/models', 'models');
    const query = MODELS.map(({ name }) => `model=${encodeURIComponent(name)}`).join('&');
    await page.goto(`${stack.url}/benchmarks/new?${query}`);
    await page.getByRole('button', { name: 'All of Clients' }).click();
    await page.getByRole('region', { name: 'What will be measured' }).waitFor();
    await shoot(page, 'new-benchmark', 'light', 390);
    await page.getByRole('button', { name: 'Start benchmark' }).click();
    await page.waitForURL(/\/benchmarks\/[0-9a-f-]{36}$/);
    const session = new URL(page.url()).pathname;
    await page.locator('[data-job=completed]').first().waitFor({ timeout: 120_000 });
    await open(session, 'session-running');
    await open('/', 'fleet-running');
    await page.goto(stack.url + session);
    await expect(page.locator('[data-job=completed]')).toHaveCount(6, { timeout: 180_000 });
    const result = await page.locator('[data-job=completed] a').first().getAttribute('href');
    await open(session, 'session');
    await open('/', 'fleet');
    await open('/benchmarks', 'benchmarks');
    await open(`/benchmarks/new?${query}`, 'new-benchmark-prefilled');
    await open('/results', 'results');
    await open(result ?? '', 'result');
    await page.goto(stack.url);
    await page.getByRole('heading', { name: 'Latest results' }).waitFor();
    await stack.server.stop('SIGKILL');
    await page.getByText('Connection lost').waitFor();
    await everyLook(page, (theme, width) => shoot(page, 'fleet-lost', theme, width));
  } finally {
    await stack.stop();
  }
});
