/** Is everything well, what runs, what was found; and one client among many. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { bareClient } from './bare-client';
import { HARDWARE } from './measured-machine';
import { QUICK_MODEL, Stack } from './stack';

const SLOW_MODEL = { ...QUICK_MODEL, name: 'walker:7b', interval_ms: 12, slots: 1 };
let stack: Stack;

test.beforeAll(async ({ browser }) => {
  stack = await Stack.start({ OBT_STALE_AFTER_S: '0.5', OBT_OFFLINE_AFTER_S: '1', OBT_RESTART_GRACE_S: '0' });
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL, SLOW_MODEL]));
  const told = { client_version: '0.1.0', ollama: { reachable: true, version: '0.12.3', loaded: [] } };
  const admin = await browser.newPage();
  await stack.signIn(admin);
  const token = await aToken(admin);
  const bare = (name: string, version = '0.1.0') => bareClient(stack.url, token, name, version);
  const gone = await bare('gone');
  await gone.beat('/hardware', HARDWARE);
  await gone.beat('/heartbeat', aBeat({ ...told, interval_s: 0.1 }));
  const mute = await bare('mute');
  await mute.beat('/heartbeat', aBeat({ ...told, ollama: { reachable: false, version: null, loaded: [] } }));
  await bare('old-one', '0.0.1');
  // A page keeps the order that it opened with for a while: it opens when who is gone is offline.
  await expect.poll(() => presenceOf(admin, 'gone')).toBe('offline');
  await admin.close();
});
test.afterAll(() => stack.stop());

/** One token for all: each that is made by the command line takes a program of its own. */
async function aToken(admin: Page): Promise<string> {
  const headers = { Origin: stack.url };
  const made = await admin.request.post(`${stack.url}/api/v1/enrolment-tokens`, { data: { uses: 9 }, headers });
  const { token } = (await made.json()) as { token: string };
  return token;
}

async function presenceOf(admin: Page, client: string): Promise<string> {
  const { presence } = (await (await admin.request.get(`${stack.url}/api/v1/clients/${client}`)).json()) as {
    presence: string;
  };
  return presence;
}

/** Ask for a benchmark on the one client that has an Ollama; return the session's address. */
async function benchmark(page: Page, models: string[]): Promise<string> {
  const { clients } = (await (await page.request.get(`${stack.url}/api/v1/clients`)).json()) as {
    clients: { id: string; model_count: number }[];
  };
  const client_ids = clients.filter((client) => client.model_count > 0).map(({ id }) => id);
  const data = { models, client_ids, remeasure: true };
  const made = await page.request.post(`${stack.url}/api/v1/sessions`, { data, headers: { Origin: stack.url } });
  expect(made.status()).toBe(201);
  return `${stack.url}/benchmarks/${((await made.json()) as { id: string }).id}`;
}

const aBeat = (change: object) => ({
  boot_id: randomUUID(),
  protocol_version: 2,
  state: 'idle',
  interval_s: 3_600,
  ...change,
});

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

test('the fleet tells who needs somebody first, what runs, and what is fastest where', async ({ page }) => {
  await stack.signIn(page);
  const clients = page.getByRole('region', { name: 'Clients' });
  await expect(
    clients
      .getByRole('listitem')
      .filter({ has: page.locator('h3') })
      .first(),
  ).toContainText('gone');
  await expect(page.getByText('3 of 4 clients need attention')).toBeVisible();
  const states = page.getByRole('list', { name: 'Clients by state' });
  await expect(states).toContainText(/1\s*well/);
  await expect(states).toContainText(/1\s*Ollama does not answer/);
  expect(await violations(page)).toEqual([]);

  await benchmark(page, [QUICK_MODEL.name, SLOW_MODEL.name]);
  const running = page.getByRole('region', { name: 'Running now' });
  await expect(running).toContainText(/of \d+ jobs? done/);
  await expect(running.getByRole('progressbar')).toBeVisible();
  await expect(running).toContainText(/tokens\/s now/);
  await expect(running).toHaveCount(0, { timeout: 60_000 });
  const fastest = page.getByRole('region', { name: 'Fastest on each machine' });
  await expect(fastest.getByRole('row', { name: /attic.*sprinter ?:1b/ })).toBeVisible();
  await expect(fastest.getByRole('row', { name: /attic/ })).toContainText(/\d to \d|\d–\d|±/);
  await expect(fastest).not.toContainText('walker');
  expect(await violations(page)).toEqual([]);

  await states.getByRole('link', { name: /offline/ }).click();
  await expect(page).toHaveURL(/\/clients\?state=offline$/);
  await expect(page.getByRole('row')).toHaveCount(2);
});

test('clients are found by what they are, and many are tagged and drained at once', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/clients?q=3060`);
  await expect(page.getByRole('link', { name: 'gone', exact: true })).toBeVisible();
  await expect(page.getByText('1 shown')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('button', { name: 'Client', exact: true }).click();
  await expect(page).toHaveURL(/sort=name/);
  await page.getByRole('checkbox', { name: 'Select attic' }).click();
  await page.getByRole('checkbox', { name: 'Select mute' }).click({ modifiers: ['Shift'] });
  const chosen = page.getByRole('toolbar', { name: 'Selected clients' });
  await expect(chosen).toContainText('3 clients');
  await chosen.getByRole('combobox', { name: 'A tag' }).fill('Lab 1');
  await chosen.getByRole('button', { name: 'Add tag' }).click();
  await expect(chosen).toContainText('3 of 3 changed');
  await chosen.getByRole('button', { name: 'Drain' }).click();
  await expect(page.getByRole('row', { name: /attic/ })).toContainText('drained');
  expect(await violations(page)).toEqual([]);
  await chosen.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('row', { name: /attic/ })).toContainText('well');

  await page.getByRole('combobox', { name: 'Tag', exact: true }).selectOption('lab-1');
  await expect(page).toHaveURL(/tag=lab-1/);
  await page.reload();
  await expect(page.getByText('3 shown')).toBeVisible();
  await page.getByRole('link', { name: 'attic', exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('link', { name: 'gone', exact: true })).toBeFocused();
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('one client is named, tagged, drained, given another key while it measures, put away and brought back', async ({
  page,
}) => {
  await stack.signIn(page);
  const session = await benchmark(page, [SLOW_MODEL.name]);
  await page.getByRole('region', { name: 'Clients' }).getByRole('link', { name: 'attic', exact: true }).click();
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name of this client' }).fill('cellar');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'cellar', level: 1 })).toBeVisible();
  await page.getByRole('combobox', { name: 'Add a tag' }).fill('quiet');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Remove the tag quiet' })).toBeVisible();

  await page.getByRole('button', { name: 'Rotate key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate it' }).click();
  await expect(page.getByText('Rotate it when somebody else may have read it')).toBeVisible();

  const models = page.getByRole('region', { name: 'Models' });
  await expect(models.getByRole('row', { name: /walker ?:7b/ })).toContainText('clean', { timeout: 40_000 });
  const presence = page.getByRole('region', { name: 'Presence' });
  await expect(presence).toContainText('100 % of the known time online');
  await presence.getByText('As a table').click();
  await expect(presence.getByRole('row', { name: /online/ })).toHaveCount(1);

  await page.getByRole('button', { name: 'Drain' }).click();
  await expect(page.getByText(/it gets no new jobs and no operations/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Archive it' }).click();
  await expect(page.getByText(/Archived .* by a person/)).toBeVisible();
  await page.goto(`${stack.url}/clients?archived=1`);
  await page.getByRole('link', { name: 'cellar', exact: true }).click();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('button', { name: 'Archive', exact: true })).toBeVisible();

  await page.goto(session);
  await expect(page.getByText('completed').first()).toBeVisible({ timeout: 30_000 });
});
