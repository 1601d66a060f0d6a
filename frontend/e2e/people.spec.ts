/** Who may sign in, their keys, tokens of machines, and what was done: for administrators. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PASSWORD } from './accounts';
import { bareClient } from './bare-client';
import { Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
});
test.afterAll(() => stack.stop());

async function expectNoBarrier(page: Page): Promise<void> {
  for (const theme of ['dark', 'light']) {
    await page.evaluate((name) => document.documentElement.classList.toggle('dark', name === 'dark'), theme);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${theme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
}

const rowOf = (page: Page, name: string) => page.locator(`tr[data-person="${name}"]`);

test('a person is added, chooses a password by the link, gets another role, and is gone', async ({ page }) => {
  await stack.signIn(page);
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('grace');
  await page.getByRole('textbox', { name: /^E-mail address/ }).fill('Grace@example.net');
  await page.getByRole('radio', { name: /^Operator/ }).check();
  await page.getByRole('button', { name: 'Add and make a link' }).click();
  const note = page.getByRole('region', { name: 'Link for grace' });
  await expect(note.getByText(/good once, until/)).toBeVisible();
  await expect(rowOf(page, 'grace')).toContainText('grace@example.net');
  await expect(rowOf(page, 'grace')).toContainText('invited');
  await expectNoBarrier(page);

  const secret = (await note.locator('code').innerText()).split('#reset=')[1];
  const entered = await stack.accounts.sent('POST', '/auth/reset', { secret, password: PASSWORD });
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const me = async () => (await stack.accounts.sent('GET', '/auth/me', undefined, cookie)).json();
  expect(await me()).toMatchObject({ name: 'grace', role: 'operator' });

  await page.reload();
  await expect(rowOf(page, 'grace')).toContainText('may sign in');
  await expect(page.getByRole('region', { name: 'Link for grace' })).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Role of grace' }).selectOption('viewer');
  await expect.poll(async () => (await me()) as object).toMatchObject({ role: 'viewer' });
  await page.getByRole('button', { name: 'Disable grace' }).click();
  await expect(rowOf(page, 'grace')).toContainText('disabled');
  await expect(me()).rejects.toThrow('401');
  await page.getByRole('button', { name: 'Delete grace' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(rowOf(page, 'grace')).toBeVisible();
  await page.getByRole('button', { name: 'Delete grace' }).click();
  await page.getByRole('button', { name: 'Delete the account' }).click();
  await expect(rowOf(page, 'grace')).toHaveCount(0);
});

test('the last administrator stays, and one is asked before giving the role up', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/people`);
  await page.getByRole('combobox', { name: 'Role of ada' }).selectOption('viewer');
  await page.getByRole('button', { name: 'Become viewer' }).click();
  await expect(page.getByRole('alert')).toContainText('This is the last administrator');
  await expect(page.getByRole('combobox', { name: 'Role of ada' })).toHaveValue('administrator');
});

test('a token gives its tags, a key of somebody else is revoked', async ({ page }) => {
  await stack.signIn(page);
  const viewer = await stack.accounts.shared('viewer');
  const made = await stack.accounts.sent('POST', '/api-keys', { name: 'nightly', role: 'viewer' }, viewer);
  const { key } = (await made.json()) as { key: string };
  await page.goto(`${stack.url}/people`);
  await page.getByRole('textbox', { name: 'What it is for' }).fill('lab machines');
  await page.getByRole('textbox', { name: 'Tags of each machine' }).fill('Lab gpu-room');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = await page.getByRole('group', { name: 'Enrolment token' }).locator('code').innerText();
  await bareClient(stack.url, token, 'lab-one', '0.1.0');
  await page.reload();
  const tokenRow = page.getByRole('row').filter({ hasText: 'lab machines' });
  await expect(tokenRow).toContainText('used up');
  const asked = () =>
    fetch(`${stack.url}/api/v1/clients`, { headers: { Authorization: `Bearer ${key}` } }).then((reply) => reply.status);
  expect(await asked()).toBe(200);
  await page.getByRole('button', { name: 'Revoke the key nightly of vera' }).click();
  await page.getByRole('button', { name: 'Revoke it' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'nightly' })).toContainText('revoked');
  expect(await asked()).toBe(401);
  await expectNoBarrier(page);
  await page.goto(`${stack.url}/clients/lab-one`);
  await expect(page.getByRole('link', { name: 'gpu-room' })).toBeVisible();
});

test('what was done is told with who did it and what changed, narrowed by the address, and taken away', async ({
  page,
}) => {
  await stack.bareClient('attic');
  await stack.accounts.asked('PATCH', '/clients/attic', { name: 'cellar', tags: ['dry'] });
  await stack.signIn(page);
  await page.goto(`${stack.url}/audit?action=client.&subject=attic`);
  const deed = page.locator('tr[data-deed="client.changed"]');
  await expect(deed).toHaveCount(1);
  await expect(deed).toContainText('changed a client');
  await expect(deed.locator('del').first()).toHaveText('attic');
  await expect(deed.locator('ins').first()).toHaveText('cellar');
  await expect(deed).toContainText('127.0.0.1');
  await expect(page.locator('tr[data-deed="client.enrolled"]')).toHaveCount(1);
  await expect(page.locator('tr[data-deed^="session"]')).toHaveCount(0);
  await expectNoBarrier(page);

  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Download all that match as CSV' }).click(),
  ]);
  const text = readFileSync(await file.path(), 'utf8');
  expect(text).toContain('client.changed');
  expect(text).not.toContain('session.started');

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL(/\/audit$/);
  await expect(page.locator('tr[data-deed="session.started"]').first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Who did it' }).fill('nobody-like-that');
  await expect(page.getByRole('heading', { name: 'Nothing done is like that' })).toBeVisible();
  await expect(page).toHaveURL(/actor=nobody-like-that/);
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`${stack.url}/audit`);
  await page.locator('tr[data-deed]').first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('two machines with one key are told of, and its key is revoked', async ({ page }) => {
  const client = await stack.bareClient('twin');
  const beat = (boot_id: string) =>
    client.beat('/heartbeat', {
      boot_id,
      protocol_version: 1,
      client_version: '0.1.0',
      state: 'idle',
      interval_s: 3_600,
      ollama: { reachable: true, version: '0.12.3', loaded: [] },
    });
  const [one, other] = [randomUUID(), randomUUID()];
  for (const boot of [one, other, one]) await beat(boot);
  await stack.signIn(page);
  await page.goto(`${stack.url}/clients/twin`);
  await expect(page.getByText('Two machines use the key of this client')).toBeVisible();
  await expectNoBarrier(page);
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await page.getByRole('button', { name: 'Revoke it' }).click();
  await expect(page.getByText('Its key was revoked')).toBeVisible();
  await expect(page.getByText(/^OBT_CLIENT_ID=twin obt-client enrol --again/)).toBeVisible();
  await expect(beat(one)).rejects.toThrow('401');
});
