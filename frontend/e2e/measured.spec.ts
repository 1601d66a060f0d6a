import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { aRun, handOver, WORKLOADS } from './measured';
import { QUICK_MODEL, Stack } from './stack';

let stack: Stack;
let everything = '';
let long = '';
test.beforeAll(async () => {
  stack = await Stack.start();
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]));
  everything = await handOver(stack.url, await stack.token());
  const loads = WORKLOADS.filter(({ concurrency, arrival }) => concurrency || arrival);
  long = await handOver(stack.url, await stack.token(), aRun(loads, 'qwen3:8b', 7));
});
test.afterAll(() => stack.stop());

test('a result tells precision, drift, load, lateness and its own error', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(stack.url + everything);
  const workloads = page.getByRole('region', { name: 'Workloads' });
  await expect(workloads.getByRole('row', { name: /^chat/ })).toContainText(/±\S+ %, not ±3 %.*got \S+ % slower/s);
  await expect(workloads.getByRole('columnheader', { name: /First answer/ })).toBeVisible();
  await expect(workloads.getByRole('row', { name: /^read-4096/ })).toContainText('num_ctx 8,192');
  await workloads.getByRole('button', { name: 'users-c8' }).click();
  await expect(workloads.getByRole('table', { name: 'Spread of users-c8' })).toContainText('End-to-end latency, ms');

  const load = page.getByRole('region', { name: 'Figures under load' });
  await expect(load.getByRole('row')).toHaveCount(3);
  await expect(load.getByRole('row', { name: /^arrivals/ })).toContainText('2.5 a second, at random');
  await expect(page.getByText('Good: TTFT ≤ 400 ms, TPOT ≤ 30 ms.')).toBeVisible();
  await expect(
    page.getByRole('img', { name: 'Latency from the intended send of arrivals: 60 samples, ms' }),
  ).toBeVisible();
  await expect(page.getByText("TTFT ≤ 14 µs, gap ≤ 21 µs at p99 with 8 streams, the kernel's clock")).toBeVisible();
  await expect(page.getByText('2,048 to 8,192, by workload')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('more than a thousand samples: few rows are drawn, all can be reached and narrowed', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(stack.url + long);
  const samples = page.getByRole('region', { name: 'Samples', exact: true });
  await expect(samples.getByRole('table')).toHaveAttribute('aria-rowcount', '1261');
  expect(await samples.getByRole('row').count()).toBeLessThan(80);
  await samples.evaluate((table) => {
    table.scrollIntoView({ block: 'end' });
    table.scrollTo(0, table.scrollHeight);
  });
  await expect(samples.getByRole('button', { name: 'Show details of sample 1260', exact: true })).toBeInViewport();

  await page.getByRole('checkbox', { name: 'Only flagged, failed or left out' }).check();
  await expect(page.getByText('1 of 1,260 shown')).toBeVisible();
  await expect(samples.getByText('sent late', { exact: true })).toBeVisible();
  await page.getByRole('combobox', { name: 'Workload' }).selectOption('users-c8');
  await expect(samples.getByText('No sample matches these filters.')).toBeVisible();
});

test('a row that is open stays so, and keeps the place of the others', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(stack.url + long);
  const samples = page.getByRole('region', { name: 'Samples', exact: true });
  await samples.getByRole('button', { name: 'Show details of sample 3', exact: true }).click();
  await expect(samples.getByText('"eval_count": 64')).toBeVisible();
  await samples.evaluate((table) => {
    table.scrollIntoView({ block: 'end' });
    table.scrollTo(0, table.scrollHeight);
  });
  await expect(samples.getByRole('button', { name: 'Show details of sample 1260', exact: true })).toBeInViewport();
  await samples.evaluate((table) => table.scrollTo(0, 0));
  await samples.getByRole('button', { name: 'Hide details of sample 3', exact: true }).click();
  await expect(samples.getByText('"eval_count": 64')).toHaveCount(0);
});

for (const width of [390, 1280]) {
  test(`the shipped suites tell what they do at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await stack.signIn(page);
    await page.goto(`${stack.url}/benchmarks/new?model=${QUICK_MODEL.name}`);
    const suites = page.getByRole('radiogroup', { name: 'Suite' }).getByRole('radio');
    await expect(suites.first()).toBeChecked();
    await expect(page.getByText('2 other suites that ran here')).toBeVisible();
    for (const suite of ['Standard', 'Concurrency', 'Context', 'Cold start']) {
      await page.getByRole('radio', { name: new RegExp(`^${suite}`) }).check();
      await expect(
        page
          .getByRole('list', { name: `Workloads of ${suite}` })
          .getByRole('listitem')
          .first(),
      ).toContainText(/generated · one at a time · .* · num_ctx [\d,]+ · until /);
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
}
