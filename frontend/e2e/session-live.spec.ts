/** A session while it runs: what a person sees fill, and what stays after a reload, a kill and the end. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { until, type Program } from './programs';
import { Stack } from './stack';

const MODEL = { interval_ms: 5, ttft_ms: 20, load_ms: 50, slots: 4 };
const LEASE_S = 4;
let stack: Stack;
let client: Program;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  stack = await Stack.start({ OBT_LEASE_S: String(LEASE_S), OBT_RESTART_GRACE_S: '0' });
  const models = ['walker:3b', 'strider:8b'].map((name, index) => ({ ...MODEL, name, interval_ms: 7 + 3 * index }));
  client = await stack.client('attic', await stack.fakeOllama(models));
  // A machine that never asks for work: its job waits for as long as it takes to look at it.
  const idle = await stack.bareClient('cellar');
  const model = { name: 'walker:3b', digest: 'ab'.repeat(32), size_bytes: 2e9, capabilities: ['completion'] };
  await idle.beat('/models', { models: [model] });
});
test.afterAll(() => stack.stop());

const strip = (page: Page, workload: string) => page.locator('figure').filter({ hasText: workload });
const points = async (page: Page) => Number(await page.locator('[data-points]').first().getAttribute('data-points'));
/** What is chosen in the matrix. */
const shown = (page: Page) => page.locator('[data-job] [aria-pressed=true]');

interface Installed {
  clients: { id: string; name: string; model_count: number }[];
}

/** Ask for a session of these models on these machines, once they have told what they have, and look at it. */
async function begin(page: Page, models: string[], names: string[]): Promise<void> {
  const ids = await until(async () => {
    const { clients } = (await (await page.request.get(`${stack.url}/api/v1/clients`)).json()) as Installed;
    const found = clients.filter(({ name, model_count }) => names.includes(name) && model_count > 0);
    return found.length === names.length && found.map(({ id }) => id);
  }, 'the clients to tell their models');
  const reply = await page.request.post(`${stack.url}/api/v1/sessions`, {
    headers: { Origin: stack.url },
    data: { models, client_ids: ids, remeasure: true },
  });
  expect(reply.status()).toBe(201);
  const { id } = (await reply.json()) as { id: string };
  await page.goto(`${stack.url}/benchmarks/${id}`);
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

test('samples, rates, telemetry and log appear as they come; a reload and the address keep it', async ({ page }) => {
  test.setTimeout(120_000);
  await stack.signIn(page);
  await begin(page, ['walker:3b', 'strider:8b'], ['attic', 'cellar']);
  await expect(page.getByRole('progressbar', { name: 'Jobs done' })).toHaveAttribute('aria-valuemax', '4');

  // The job that runs is followed without being chosen; its strip grows.
  await expect(strip(page, 'Decode rate').getByRole('img')).toBeVisible();
  const before = await points(page);
  await expect.poll(() => points(page)).toBeGreaterThan(before);
  // A reload in the middle loses nothing.
  const seen = await points(page);
  await page.reload();
  await expect.poll(() => points(page)).toBeGreaterThanOrEqual(seen);
  await expect(page.getByText(/so far/).first()).toBeVisible();
  await expect(page.getByText(/^[\d.,]+ tokens\/s now$/).first()).toBeVisible();
  await expect(page.getByText(/^(about|at most) \d/)).toBeVisible();
  await expect(page.getByRole('img', { name: /When samples were timed\. chat/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Processor, %/ })).toBeVisible();
  const log = page.getByRole('list', { name: 'Log, newest first' });
  await expect(log.getByText('measures').first()).toBeVisible();
  await expectNoViolations(page);

  // The one that waits can be looked at, and its link sent to somebody.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Show walker:3b on cellar, queued' }).click();
  await expect(page).toHaveURL(/\?job=[0-9a-f-]{36}$/);
  await expect(page.getByText(/^It waits: its client is/)).toBeVisible();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  await page.reload();
  await expect(shown(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Follow what runs' }).click();
  await expect(page).not.toHaveURL(/job=/);

  await expect(page.locator('[data-job=completed]')).toHaveCount(2, { timeout: 45_000 });
  await page.getByRole('button', { name: 'Cancel walker:3b on cellar' }).click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await expect(page.getByRole('heading', { name: 'What it found' })).toBeVisible();
  await expect(page.getByRole('row', { name: /attic walker ?:3b .*clearly the first of 2/ })).toBeVisible();
  await expect(log.getByText('completed')).toHaveCount(2);
  const compare = page.getByRole('link', { name: 'Compare all' });
  await expect(compare).toHaveAttribute('href', /^\/compare\?result=[0-9a-f-]{36}&result=[0-9a-f-]{36}$/);
  await expect(page.getByRole('link', { name: 'Run again' })).toHaveAttribute('href', /\/benchmarks\/new\?again=/);
  await expect(page.getByRole('link', { name: 'Report' })).toHaveAttribute('href', /report\?result_id=/);
  await expect(page.getByRole('button', { name: 'Cancel all' })).toHaveCount(0);
  await expectNoViolations(page);
});

test('a client that is killed in the middle: its job is lost, what it measured stays, and it comes back', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await stack.signIn(page);
  await begin(page, ['strider:8b'], ['attic']);
  await expect.poll(() => points(page)).toBeGreaterThan(2);
  await client.stop('SIGKILL');
  await expect(page.locator('[data-job=lost]')).toContainText('The client went silent', { timeout: 20_000 });
  await expect(page.locator('[data-job=lost]')).toContainText(/\d+ samples kept/);
  expect(await points(page)).toBeGreaterThan(2);
  const log = page.getByRole('list', { name: 'Log, newest first' });
  await expect(log.locator('[data-log=lost]')).toHaveText(/lost: its client went silent/);

  client.start();
  await expect(page.locator('[data-job=failed]')).toContainText(/restarted/, { timeout: 20_000 });
  await expect(log.locator('[data-log=failed]')).toContainText(/restarted/);
  await page.getByRole('link', { name: /samples kept/ }).click();
  await page.waitForURL(/\/results\/[0-9a-f-]{36}$/);
  await expect(page.getByText('invalid').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Run exactly this again' })).toHaveAttribute('href', /again=/);
  await expect(page.getByRole('link', { name: 'Trend of this series' })).toHaveAttribute('href', /series=[0-9a-f]{64}/);
  await expectNoViolations(page);
});
