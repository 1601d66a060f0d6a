import { expect, test } from '@playwright/test';
import { Stack, startBenchmark } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
  const slow = { interval_ms: 60, ttft_ms: 200, slots: 4 };
  await stack.client(
    'attic',
    await stack.fakeOllama([
      { name: 'slow:a', ...slow },
      { name: 'slow:b', ...slow },
    ]),
  );
});
test.afterAll(() => stack.stop());

test('one job is cancelled after asking, then all that is left', async ({ page }) => {
  await stack.signIn(page);
  await startBenchmark(page, stack.url, ['slow:a', 'slow:b']);
  await expect(page.getByRole('progressbar', { name: /Samples of/ })).toBeVisible();
  const queued = page.locator('[data-job=queued]');
  await expect(queued).toHaveCount(1);

  await queued.getByRole('button', { name: /^Cancel/ }).click();
  await page.getByRole('button', { name: 'Keep it running' }).click();
  await expect(queued).toHaveCount(1);
  await queued.getByRole('button', { name: /^Cancel/ }).click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await expect(page.locator('[data-job=cancelled]')).toHaveCount(1);

  await page.getByRole('button', { name: 'Cancel all' }).click();
  await page.getByRole('button', { name: 'Cancel all jobs' }).click();
  await expect(page.locator('[data-job=cancelled]')).toHaveCount(2);
  await expect(page.getByText('2 of 2 jobs done')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancel all' })).toHaveCount(0);
});
