import { expect, test, type Page } from '@playwright/test';
import { Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
  await stack.bareClient('attic');
});
test.afterAll(() => stack.stop());

async function open(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('obt-theme', 'dark'));
  await stack.signIn(page);
  await page.goto(stack.url);
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await expect(page.locator('[data-connection]:visible')).toHaveAttribute('data-connection', 'live');
}

test('the keyboard reaches the content at once, and shows where it is', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Add a client' })).toBeFocused();
});

test('the theme is remembered', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Light theme' }).click();
  await expect(page.locator('html')).not.toHaveClass(/dark/);
  expect(await page.evaluate(() => localStorage.getItem('obt-theme'))).toBe('light');
});
