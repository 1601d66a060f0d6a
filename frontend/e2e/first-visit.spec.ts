import { expect, test } from '@playwright/test';
import { QUICK_MODEL, Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
});
test.afterAll(() => stack.stop());

test('who is not signed in is told how to get in, on every page', async ({ page }) => {
  await stack.accounts.shared();
  for (const path of ['/', '/models', '/benchmarks', '/benchmarks/new', '/results', '/account', '/sign-in']) {
    await page.goto(stack.url + path);
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(page.getByLabel('Name or e-mail address')).toBeVisible();
    await expect(page.getByText('obt-server link')).toBeVisible();
  }
});

test('a link signs in once, and its secret stays in no address', async ({ page, browser }) => {
  const link = await stack.link();
  await page.goto(link);
  await expect(page).toHaveURL(`${stack.url}/`);
  await expect(page.getByRole('heading', { name: 'Add the first client' })).toBeVisible();
  const stranger = await browser.newPage();
  await stranger.goto(link);
  await expect(stranger.getByRole('alert')).not.toBeEmpty();
  expect(stranger.url()).not.toContain('#');
  await stranger.close();
});

test('without a client there are only the steps to add one; the client then appears by itself', async ({ page }) => {
  await stack.signIn(page);
  await expect(page.getByRole('heading', { name: 'Sessions' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Make a token' }).click();
  const steps = page.getByRole('region', { name: 'Add a client' });
  await expect(steps.getByText('Waiting for its first heartbeat')).toBeVisible();
  const line = (await steps.getByRole('group', { name: /Linux/ }).first().textContent()) ?? '';
  expect(line).toContain(stack.url);
  const [, token] = /(?:OBT_ENROL_TOKEN=|obt-install\.sh )([\w-]{16,})/.exec(line) ?? [];
  expect(token).toBeTruthy();
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]), token);
  await expect(steps.getByRole('link', { name: 'attic' })).toBeVisible();
  await expect(steps).toContainText('has come');
  const client = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'attic' }) });
  await expect(client.getByText('online')).toBeVisible();
  await expect(client.getByText(/Ollama \d/)).toBeVisible();
  await expect(client.getByText(/\d+ threads?/)).toBeVisible();
  await expect(client.getByRole('link', { name: '1 model' })).toBeVisible();
});

test('signing out leaves a page that tells how to come back', async ({ page }) => {
  await stack.signIn(page, 'own');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
