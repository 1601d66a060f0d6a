/** The pages that tell what a suite does and what it measured, with a run of every kind of workload. */
import { test } from '@playwright/test';
import { everyLook, FOLDER, shoot } from './looks';
import { aRun, handOver, WORKLOADS } from './measured';
import { QUICK_MODEL, Stack } from './stack';

test('screenshots of suites and of a measured run', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  const stack = await Stack.start();
  try {
    await stack.signIn(page);
    await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]));
    const result = await handOver(stack.url, await stack.token());
    const long = await handOver(stack.url, await stack.token(), aRun(WORKLOADS.slice(3, 5), 'qwen3:8b', 7));
    await page.goto(`${stack.url}/benchmarks/new?model=${QUICK_MODEL.name}`);
    for (const suite of ['Standard', 'Concurrency', 'Context', 'Cold start', 'Quick']) {
      await page.getByRole('radio', { name: new RegExp(`^${suite}`) }).check();
      const name = `suite-${suite.toLowerCase().replace(' ', '-')}`;
      if (suite === 'Concurrency') await everyLook(page, (theme, width) => shoot(page, name, theme, width));
      else await shoot(page, name, 'light', 1920);
    }
    await page.goto(stack.url + result);
    await page.getByRole('button', { name: 'chat', exact: true }).click();
    await page.getByRole('button', { name: 'Show details of sample 6', exact: true }).click();
    await page.evaluate(() => scrollTo(0, 0));
    await everyLook(page, (theme, width) => shoot(page, 'measured', theme, width));
    await page.goto(stack.url + long);
    await everyLook(page, (theme, width) => shoot(page, 'measured-long', theme, width));
  } finally {
    await stack.stop();
  }
});
