import { expect, test } from '@playwright/test';
import { QUICK_MODEL, Stack } from './stack';
import { hosted, type WebServer } from './web-server';

let stack: Stack;
let web: WebServer;
let folder = '';
test.beforeAll(async () => {
  web = await hosted(() => folder);
  stack = await Stack.start({ OBT_ALLOWED_ORIGINS: web.url });
  folder = await stack.dashboardCopy();
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]));
});
test.afterAll(async () => {
  await web.stop();
  await stack.stop();
});

test('a dashboard that another web server hosts signs in, reads, writes and is live', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  const { hash } = new URL(await stack.link());
  await page.goto(`${web.url}/sign-in${hash}`);
  await page.waitForURL(`${web.url}/`);
  await expect(page.locator('[data-connection]:visible')).toHaveAttribute('data-connection', 'live');
  await expect(page.getByRole('main').getByText('attic').first()).toBeVisible();

  await page.goto(`${web.url}/settings`);
  await expect(page.getByText(`${stack.url}, another origin than that of this dashboard`)).toBeVisible();

  await page.goto(`${web.url}/benchmarks/new?model=${QUICK_MODEL.name}`);
  await page.getByRole('button', { name: 'Start benchmark' }).click();
  await page.waitForURL(/\/benchmarks\/[0-9a-f-]{36}$/);
  await expect(page.locator('[data-job=completed]')).toHaveCount(1, { timeout: 60_000 });
  expect(complaints.filter((line) => /policy|CORS/i.test(line))).toEqual([]);
});

test('it is signed out until somebody signs in there, and says so', async ({ page }) => {
  await page.goto(`${web.url}/models`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
