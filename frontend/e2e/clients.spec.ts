import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { handOver } from './measured';
import { HARDWARE } from './measured-machine';
import { QUICK_MODEL, Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]));
});
test.afterAll(() => stack.stop());

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

test('a client has a page of its own, with what its machine is and what could not be learnt', async ({ page }) => {
  await stack.signIn(page);
  await page.getByRole('link', { name: 'attic' }).click();
  await page.waitForURL(/\/clients\/[\w-]+$/);
  await expect(page.getByRole('heading', { name: 'attic', level: 1 })).toBeVisible();
  const hardware = page.getByRole('region', { name: 'Hardware' });
  await expect(hardware).toContainText(/Processor.*Cores.*thread.*Memory.* GB/s);
  await expect(page.getByRole('region', { name: 'History of this machine' })).toContainText(
    /until now\s*First seen as/,
  );
  await expect(page.getByRole('heading', { name: 'Nothing was measured on it' })).toBeVisible();
  await page.getByRole('link', { name: 'Benchmark it' }).first().click();
  await expect(page.getByText('1 of 1 chosen').first()).toBeVisible();
});

test('a client that does not exist is an error in words', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/clients/nobody-here`);
  await expect(page.getByRole('alert')).toContainText(/no client/i);
});

test('a machine whose parts were changed has a history that says what became what', async ({ page }) => {
  await stack.signIn(page);
  const { id, beat } = await stack.bareClient('workstation');
  await beat('/hardware', HARDWARE);
  const more = { ...HARDWARE, memory_bytes: 134_646_000_000, gpus: HARDWARE.gpus.slice(0, 1) };
  await page.goto(`${stack.url}/clients/${id}`);
  await expect(page.getByRole('region', { name: 'Hardware' })).toContainText('RTX 3060');
  await expect(page.getByRole('region', { name: 'What could not be learnt' })).toContainText(
    'rapl may not be read by this user: energy_uj is readable by root alone',
  );
  await beat('/hardware', more);
  const history = page.getByRole('region', { name: 'History of this machine' });
  await expect(history.getByRole('listitem').first()).toContainText(/until now/);
  await expect(history).toContainText(/Memory:\s*63 GB.*125 GB/);
  await expect(history).toContainText(/GPU 2:.*RTX 3060.*gone/);
  expect(await violations(page)).toEqual([]);
});

test('who is outdated is said on the list and on the page, with the line that mends it', async ({ page }) => {
  await stack.signIn(page);
  const { id, beat } = await stack.bareClient('old-one', '0.0.1');
  await beat('/hardware', HARDWARE);
  await page.goto(stack.url);
  const card = page.locator('[data-client=old-one]');
  await expect(card.getByText('outdated, 0.0.1')).toBeVisible();
  await card.getByText('outdated, 0.0.1').click();
  await expect(card.getByText('Run this on its machine to upgrade it')).toBeVisible();
  await page.goto(`${stack.url}/clients/${id}`);
  await expect(page.getByRole('region', { name: 'Release' })).toContainText('outdated: obt-client 0.0.1');
  expect(await violations(page)).toEqual([]);
});

test('a run that was handed over leaves a client with its results', async ({ page }) => {
  await stack.signIn(page);
  await handOver(stack.url, await stack.token(), undefined, 'uploader-of-runs');
  await page.goto(`${stack.url}/clients/uploader-of-runs`);
  await expect(page.getByRole('region', { name: 'Latest results' }).getByRole('link', { name: 'qwen3' })).toBeVisible();
});

for (const system of ['Linux', 'macOS', 'Windows']) {
  test(`the steps to add a client on ${system} have no barrier`, async ({ page }) => {
    await stack.signIn(page);
    await page.getByRole('button', { name: 'Add a client' }).click();
    const steps = page.getByRole('region', { name: 'Add a client' });
    await steps.getByRole('button', { name: 'Make a token' }).click();
    await expect(steps.getByText(/^Good for 1 machine until/)).toBeVisible();
    const tab = steps.getByRole('tab', { name: system });
    test.skip(!(await tab.isVisible()), 'this server has no wheels of its own: it was not built into a package');
    await tab.click();
    await expect(steps.getByRole('group', { name: `Install on ${system}` })).toContainText(
      /obt-install\.(sh|ps1)"? [\w-]{16,}$/,
    );
    await expect(steps.getByText(/^[0-9a-f]{64}$/)).toBeVisible();
    await expect(steps.getByText(/private Python environment/)).toBeVisible();
    await steps.getByText('How to upgrade it, and how to remove it').click();
    await expect(steps.getByRole('group', { name: `Remove on ${system}` })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
}
