import { expect, test, type Page } from '@playwright/test';
import { QUICK_MODEL, Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]));
});
test.afterAll(() => stack.stop());

const badge = (page: Page) => page.locator('[data-connection]:visible');
const MODELS = '**/api/v1/models*';

test('a sign-in that ends in mid-use keeps the page, greyed, and what was typed; a link in another tab heals it', async ({
  page,
}) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/models`);
  await expect(page.getByText(QUICK_MODEL.name).first()).toBeVisible();
  const search = page.locator('[data-search]').first();
  await search.fill('sprint');

  await stack.endSignIn(page);
  const note = page.getByRole('alert').filter({ hasText: 'Your sign-in has ended' });
  await expect(note).toContainText(/What you see is from .*, \d+ s old/);
  await expect(note).toContainText('obt-server link');
  await expect(page.locator('[data-stale=true]')).toContainText(QUICK_MODEL.name);
  await expect(search).toHaveValue('sprint');
  await expect(badge(page)).toHaveAttribute('data-connection', 'signed out');

  const other = await page.context().newPage();
  await other.goto(await stack.link());
  await other.waitForURL(`${stack.url}/`);
  await expect(note).toHaveCount(0);
  await expect(page.locator('[data-stale=true]')).toHaveCount(0);
  await expect(badge(page)).toHaveAttribute('data-connection', 'live');
  await expect(search).toHaveValue('sprint');
});

test('who signs out leaves nothing on the screen, in no tab', async ({ page }) => {
  await stack.signIn(page, 'own');
  const other = await page.context().newPage();
  await other.goto(`${stack.url}/models`);
  await expect(other.getByText(QUICK_MODEL.name).first()).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  for (const each of [page, other]) {
    await expect(each.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(each.getByText(QUICK_MODEL.name)).toHaveCount(0);
  }
});

test('a server that fails is an error with its code and the request to look for, and can be asked again', async ({
  page,
}) => {
  await stack.signIn(page, 'own');
  const body = JSON.stringify({ status: 500, code: 'internal_error', detail: 'The server failed. Its log says why.' });
  const headers = { 'X-Request-ID': '4f1d2c3b4a59' };
  // The server is well from the press on: before it, the page asks by itself whenever something happens.
  const isPressed = () => page.evaluate(() => 'pressed' in document.documentElement.dataset);
  await page.route(MODELS, async (route) =>
    (await isPressed())
      ? route.continue()
      : route.fulfill({ status: 500, headers, contentType: 'application/problem+json', body }),
  );
  await page.goto(`${stack.url}/models`);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The server failed');
  await expect(alert).toContainText('500 internal_error, request 4f1d2c3b4a59');
  await page.evaluate(() => addEventListener('pointerdown', () => (document.documentElement.dataset.pressed = '')));
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(QUICK_MODEL.name).first()).toBeVisible();
  await expect(alert).toHaveCount(0);
});

test('a slow server shows where things will be, not before a moment has passed', async ({ page }) => {
  await stack.signIn(page, 'own');
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(MODELS, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${stack.url}/models`);
  const waiting = page.locator('main [aria-busy=true]').first();
  await expect(waiting).toBeVisible();
  await expect(waiting).toHaveCSS('animation-delay', '0.15s');
  release();
  await expect(page.getByText(QUICK_MODEL.name).first()).toBeVisible();
  await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
});

test('a part that is fetched apart shows where it will be, not before a moment has passed', async ({ page }) => {
  await stack.signIn(page, 'own');
  await page.goto(`${stack.url}/clients`);
  await page.getByRole('link', { name: 'attic', exact: true }).hover();
  await page.waitForLoadState('networkidle');
  await page.route('**/_app/immutable/chunks/*.js', () => {});
  await page.getByRole('link', { name: 'attic', exact: true }).click();
  const waiting = page.locator('main [aria-busy=true] .awaited');
  await expect(waiting.first()).toBeVisible();
  const shown = await waiting.evaluateAll((all) => all.map((each) => getComputedStyle(each).animationName));
  expect(new Set(shown)).toEqual(new Set(['appear']));
});

test('a device without a network says that it is the device, and goes on when there is one', async ({ page }) => {
  await stack.signIn(page, 'own');
  await expect(badge(page)).toHaveAttribute('data-connection', 'live');
  await page.context().setOffline(true);
  await expect(page.getByRole('status').filter({ hasText: 'Connection lost' })).toContainText(
    'This device has no network.',
  );
  await expect(page.locator('[data-stale=true]')).toContainText('attic');
  await page.context().setOffline(false);
  await expect(badge(page)).toHaveAttribute('data-connection', 'live', { timeout: 20_000 });
  await expect(page.getByText('Connection lost')).toHaveCount(0);
});
