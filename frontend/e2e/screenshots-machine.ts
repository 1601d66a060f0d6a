/** The pages that tell what a client is, and how a machine becomes one. */
import { test } from '@playwright/test';
import { everyLook, FOLDER, shoot } from './looks';
import { HARDWARE } from './measured-machine';
import { QUICK_MODEL, Stack, startBenchmark } from './stack';

test('screenshots of a client and of the steps to add one', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  const stack = await Stack.start();
  try {
    await stack.signIn(page);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await everyLook(page, (theme, width) => shoot(page, 'first-client', theme, width));
    await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]));
    await startBenchmark(page, stack.url, [QUICK_MODEL.name]);
    await page.locator('[data-job=completed]').getByRole('link').click({ timeout: 120_000 });
    await page.getByRole('list', { name: 'Kinds of samples' }).waitFor();
    await everyLook(page, (theme, width) => shoot(page, 'real-result', theme, width));
    const { id, beat } = await stack.bareClient('render-farm-node-07', '0.0.9');
    await beat('/hardware', { ...HARDWARE, memory_bytes: 33_500_000_000, gpus: HARDWARE.gpus.slice(0, 1) });
    await beat('/hardware', HARDWARE);
    await page.goto(`${stack.url}/clients/${id}`);
    await page.getByRole('region', { name: 'History of this machine' }).getByText('until now').waitFor();
    await everyLook(page, (theme, width) => shoot(page, 'client', theme, width));
    await page.goto(stack.url);
    await page.locator('[data-version] summary').first().click();
    await page.getByRole('button', { name: 'Add a client' }).click();
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('tab', { name: 'Windows' }).click();
    await page.getByText('How to upgrade it, and how to remove it').click();
    await everyLook(page, (theme, width) => shoot(page, 'add-client', theme, width));
  } finally {
    await stack.stop();
  }
});
