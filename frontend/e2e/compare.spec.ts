/** Comparing and trends as a person uses them: a model measured twice, told to be slower the second time. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { aRun, handOver, WORKLOADS } from './measured';
import { until } from './programs';
import { Stack, type FakeModel } from './stack';

const RUNNER: FakeModel = {
  name: 'runner:1b',
  interval_ms: 2,
  ttft_ms: 4,
  load_ms: 5,
  slots: 4,
  quantization: 'Q4_K_M',
};
const JOGGER: FakeModel = {
  ...RUNNER,
  name: 'jogger:3b',
  interval_ms: 4,
  quantization: 'Q8_0',
  size_bytes: 3_000_000_000,
};
const WORKLOAD = { prompt: { kind: 'text', text: 'Why?' }, generate_tokens: 24, samples: 10, budget_s: 30 };
const SUITE = {
  name: 'brief',
  title: 'Brief',
  workloads: [1, 2, 4].map((concurrency) => ({ ...WORKLOAD, name: `c${concurrency}`, concurrency })),
};
const RENEWED = 'ab'.repeat(32);
let stack: Stack;
let ollama = '';
/** In the order in which they were measured: the runner, the runner slowed down, the jogger, the runner renewed. */
const results: string[] = [];
let uploaded = '';

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  stack = await Stack.start();
  ollama = await stack.fakeOllama([RUNNER, JOGGER]);
  await stack.client('attic', ollama);
  const page = await browser.newPage();
  await stack.signIn(page);
  results.push(await measured(page, RUNNER.name));
  await tell({ ...RUNNER, interval_ms: 6 });
  results.push(await measured(page, RUNNER.name), await measured(page, JOGGER.name));
  await tell({ ...RUNNER, digest: RENEWED });
  results.push(await measured(page, RUNNER.name, RENEWED));
  uploaded = (await handOver(stack.url, await stack.token(), aRun(WORKLOADS.slice(0, 1)))).replace('/results/', '');
  await page.close();
});
test.afterAll(() => stack.stop());

const tell = (model: FakeModel) => fetch(`${ollama}/_fake/models`, { method: 'PUT', body: JSON.stringify(model) });

/** Have a model measured once its client told of that digest; return its result. */
async function measured(page: Page, model: string, digest = ''): Promise<string> {
  const ask = async (path: string) => (await page.request.get(`${stack.url}/api/v1${path}`)).text();
  await until(async () => {
    const told = await ask('/models');
    return told.includes(model) && told.includes(digest);
  }, `the client to tell of ${model}`);
  const [client] = [...(await ask('/clients')).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
  const reply = await page.request.post(`${stack.url}/api/v1/sessions`, {
    headers: { Origin: stack.url },
    data: { suite: SUITE, models: [model], client_ids: [client], remeasure: true },
  });
  expect(reply.ok(), await reply.text()).toBe(true);
  const { id } = (await reply.json()) as { id: string };
  const ended = async () => {
    const { jobs } = JSON.parse(await ask(`/sessions/${id}`)) as { jobs: { id: string; status: string }[] };
    const job = jobs[0];
    if (job && ['failed', 'skipped', 'lost'].includes(job.status)) throw new Error(JSON.stringify(job));
    return job?.status === 'completed' ? job.id : undefined;
  };
  return until(ended, `a result of ${model}`);
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

const subject = (page: Page, id = '') => page.locator(`[data-subject="${id}"]`);

test('results are found, added and judged in plain words; another baseline mirrors the verdict', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/compare`);
  await expect(page.getByRole('heading', { name: 'Choose results' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search results to add' }).fill('runner attic');
  const found = page.getByRole('list', { name: 'Found results' });
  await expect(found.getByRole('listitem')).toHaveCount(3);
  await expectNoViolations(page);
  await found.getByRole('button', { name: /^Add/ }).last().click();
  await found.getByRole('button', { name: /^Add/ }).last().click();
  await expect(page).toHaveURL(`${stack.url}/compare?result=${results[0]}&result=${results[1]}`);

  const slower = subject(page, results[1]);
  await expect(slower).toContainText(/[67]\d % slower, sure/);
  await expect(slower).toHaveAttribute('data-verdict', 'slower');
  await slower.getByRole('radio', { name: /^Baseline/ }).check();
  await expect(subject(page, results[0])).toContainText(/[23]\.\d+ times as fast, sure/);
  await page.reload();
  await expect(subject(page, results[1])).toContainText('baseline');
  await expect(page).toHaveURL(`${stack.url}/compare?result=${results[1]}&result=${results[0]}`);
  await expect(page.getByText(/Nothing that is known of all of them differs|facts are alike/)).toBeVisible();
});

test('everything that differs is in bars, strips, lines, a front and tables, to be taken along', async ({ page }) => {
  test.setTimeout(120_000);
  await stack.signIn(page);
  const ids = [results[0], results[1], results[2], uploaded].map((id) => `result=${id}`).join('&');
  await page.goto(`${stack.url}/compare?${ids}`);
  await expect(subject(page, uploaded)).toContainText('not comparable: another suite');
  await expect(page.getByRole('img', { name: /^Decode rate of c1: 4 results/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Samples: Decode rate of c1/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Throughput against concurrency: 3 results at 1, 2, 4/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Decode rate against size: 4 results/ })).toBeVisible();
  const row = page
    .getByRole('region', { name: 'Table of all metrics' })
    .getByRole('row', { name: /Decode, tokens\/s/ })
    .first();
  await expect(row).toContainText(/−\d\d %.*slower/s);
  const differs = page.getByRole('region', { name: 'What differs in the environment' });
  await expect(differs.getByRole('row', { name: /^Quantization Q4_K_M Q4_K_M Q8_0/ })).toBeVisible();
  await expectNoViolations(page);
  await page.evaluate(() => document.documentElement.classList.toggle('dark'));
  await expectNoViolations(page);

  await page.getByRole('combobox', { name: 'Metric' }).selectOption('ttft_ms');
  await expect(page.getByRole('img', { name: /^Samples: Time to first token of c1/ })).toBeVisible();
  await page.getByRole('combobox', { name: 'Show them' }).selectOption('model');
  await expect(page).toHaveURL(/group=model.*metric=ttft_ms/);
  const picture = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as PNG: Decode rate against size' }).click();
  expect((await picture).suggestedFilename()).toBe('decode-rate-against-size.png');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download CSV' }).click();
  const csv = readFileSync(await (await file).path(), 'utf8');
  expect(
    csv.split('\r\n').filter((line) => line.startsWith(String(results[1])) && line.includes(',slower')),
  ).not.toHaveLength(0);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('what is not there is said, and left out by a click', async ({ page }) => {
  await stack.signIn(page);
  const gone = '00000000-0000-4000-8000-000000000000';
  await page.goto(`${stack.url}/compare?result=${results[0]}&result=${gone}`);
  await expect(page.getByText(`There is no result ${gone}.`)).toBeVisible();
  await page.getByRole('button', { name: 'Leave out what is not there' }).click();
  await expect(subject(page, results[0])).toContainText('baseline');
});

test('a series over time, what changed along it, and two of its points compared', async ({ page }) => {
  test.setTimeout(120_000);
  await stack.signIn(page);
  await page.getByRole('link', { name: 'Trends' }).click();
  await page.getByRole('searchbox', { name: 'Search series' }).fill('runner brief');
  const rows = page.getByRole('region', { name: 'Series' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await rows
    .filter({ has: page.getByRole('cell', { name: '2', exact: true }) })
    .getByRole('button', { name: /^Show/ })
    .click();
  const chart = page.getByRole('group', { name: /^Decode rate over time of 1 series/ });
  await expect(chart.locator('[data-point]')).toHaveCount(2);
  const events = page.getByRole('region', { name: 'Events' });
  await expect(events.getByRole('row', { name: /Model's digest \w{12} → abababababab/ })).toBeVisible();
  await events.getByRole('button', { name: 'Show it too' }).click();
  await expect(
    page.getByRole('group', { name: /^Decode rate over time of 2 series/ }).locator('[data-point]'),
  ).toHaveCount(3);
  await expect(page).toHaveURL(/series=.*&series=/);
  await expectNoViolations(page);

  await page.getByRole('radio', { name: 'chooses it to compare' }).check();
  await page.locator(`[data-point="${results[0]}"]`).click();
  await page
    .getByRole('checkbox', { name: /^Choose the result/ })
    .nth(1)
    .check();
  await page.getByRole('link', { name: 'Compare them' }).click();
  await expect(subject(page, results[1])).toContainText(/% slower, sure/);
  await page.goBack();
  await page.locator(`[data-point="${results[0]}"]`).click();
  await expect(page).toHaveURL(`${stack.url}/results/${results[0]}`);
});
