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

test('a result shows the machine meanwhile on one axis of time, and one moment in all of it', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(stack.url + everything);
  const strip = page.getByRole('img', { name: /^When samples were timed\. chat: 32 from .*, 3 disturbed; / });
  await expect(strip).toBeVisible();
  await expect(page.getByRole('list', { name: 'Kinds of samples' })).toContainText('disturbed: 10');
  await expect(page.getByRole('img', { name: /^Processor, %: all .* others / }).locator('canvas')).toHaveAttribute(
    'width',
    /[1-9]/,
  );
  await expect(page.getByText('GPU 2: NVIDIA GeForce RTX 3060')).toBeVisible();
  await expect(page.getByRole('img', { name: /^Slowed, too hot: 1\d s in all/ })).toHaveCount(2);

  const values = page.locator('[data-value]');
  await expect(values.first()).toHaveText(/ to /);
  await strip.hover({ position: { x: 400, y: 20 } });
  await expect(page.locator('[data-cursor]')).toBeVisible();
  await expect(page.locator('[data-moment]')).toHaveText(/^\d+:\d\d at \d\d:\d\d:\d\d · /);
  for (const value of await values.all()) await expect(value).toHaveText(/^(–|[\d.,]+)$/);

  await page.mouse.move(0, 0);
  await expect(page.locator('[data-cursor]')).toHaveCount(0);
  const moment = page.getByRole('slider', { name: 'Moment that is looked at' });
  await moment.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await expect(moment).toHaveAttribute('aria-valuetext', /no sample$/);
  await page.locator('summary', { hasText: 'As a table' }).click();
  const rows = page.getByRole('region', { name: 'Telemetry as a table' }).getByRole('row');
  await expect(rows.nth(20)).toContainText(/^\d:\d\d/);
});

test('a result tells its grade, its energy, where its model lay, and all of its environment', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(stack.url + everything);
  const grade = page.getByRole('region', { name: 'Grade', exact: true });
  await expect(grade).toContainText('the machine was not quiet while most samples were taken: think: 7 of 12');
  await expect(grade).toContainText('others used the processor');
  await expect(grade).toContainText('a device was at its power limit: gpu0: 31 % of the time');
  const workloads = page.getByRole('region', { name: 'Workloads' });
  await expect(workloads.getByRole('row', { name: /^chat/ })).toContainText('3 disturbed, left out');
  await expect(workloads.getByRole('row', { name: /^think/ })).toContainText('7 disturbed, counted: most were');
  await expect(page.getByRole('main').getByText('62 % in GPU memory').first()).toBeVisible();
  await expect(page.getByText('J/token').first()).toBeVisible();
  const energy = page.getByRole('region', { name: 'Energy by workload' });
  await expect(energy.getByRole('row', { name: /^chat/ })).toContainText('counted by the devices');
  for (const text of ['of its systemd unit', 'OLLAMA_FLASH_ATTENTION', '6.8.0-57-generic', '38.4 W, of all devices'])
    await expect(page.getByText(text).first()).toBeVisible();
  const samples = page.getByRole('region', { name: 'Samples', exact: true });
  await expect(samples.getByText('disturbed, left out')).toHaveCount(3);
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
    await page.locator('summary', { hasText: 'workload by workload' }).click();
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
