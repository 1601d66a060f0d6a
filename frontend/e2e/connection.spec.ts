import { expect, test } from '@playwright/test';
import { QUICK_MODEL, Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]));
});
test.afterAll(() => stack.stop());

test('a lost connection is said with its age, greys the page, and heals by itself', async ({ page }) => {
  await stack.signIn(page);
  const badge = page.locator('[data-connection]:visible');
  await expect(page.getByRole('heading', { name: 'attic' })).toBeVisible();
  await expect(badge).toHaveAttribute('data-connection', 'live');

  await stack.server.stop('SIGKILL');
  await expect(badge).toHaveAttribute('data-connection', 'reconnecting');
  await expect(page.getByRole('status').filter({ hasText: 'Connection lost' })).toContainText(/\d+ s old/);
  await expect(page.locator('[data-stale=true]')).toContainText('attic');
  await expect(badge).toHaveAttribute('data-connection', 'offline', { timeout: 20_000 });

  await stack.startServer();
  await expect(badge).toHaveAttribute('data-connection', 'live', { timeout: 20_000 });
  await expect(page.getByText('Connection lost')).toHaveCount(0);
  await expect(page.locator('[data-stale=true]')).toHaveCount(0);
});

test('what happened while the connection was lost is there afterwards', async ({ page }) => {
  await stack.signIn(page);
  await expect(page.getByRole('heading', { name: 'attic' })).toBeVisible();
  await stack.server.stop('SIGKILL');
  await expect(page.getByText('Connection lost')).toBeVisible();
  await stack.startServer();
  await stack.client('cellar', await stack.fakeOllama([QUICK_MODEL]));
  await expect(page.getByRole('heading', { name: 'cellar' })).toBeVisible({ timeout: 20_000 });
});

test('a page that is opened while the server cannot answer says so and tries again', async ({ page }) => {
  await stack.signIn(page);
  await page.route('**/api/v1/models', (route) => route.abort());
  await page.goto(`${stack.url}/models`);
  await expect(page.getByRole('alert')).toContainText('The server does not answer');
  await page.unroute('**/api/v1/models');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('checkbox', { name: /sprinter/ }).first()).toBeVisible();
});

test('a session that does not exist is an error in words', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/benchmarks/00000000-0000-4000-8000-000000000000`);
  await expect(page.getByRole('alert')).toContainText(/no session/i);
});
