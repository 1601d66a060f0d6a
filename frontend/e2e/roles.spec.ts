/** Nobody is offered what their role may not do, on any page that offers something. */
import { expect, test, type Page } from '@playwright/test';
import { handOver } from './measured';
import { QUICK_MODEL, Stack } from './stack';

const SLOW_MODEL = { ...QUICK_MODEL, name: 'walker:7b', interval_ms: 400, slots: 1 };
let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start();
});
test.afterAll(() => stack.stop());

/** What only operators and administrators are offered, somewhere on these pages. */
const OPERATING = [
  'New benchmark',
  'Benchmark it',
  'Rename',
  'Add a tag',
  'Drain',
  'Cancel all',
  'Cancel this job',
  'Run exactly this again',
  `Cancel load of ${QUICK_MODEL.name} on workshop`,
  'Benchmark selected',
  'Delete…',
];
const ADMINISTERING = ['Add a client', 'People', 'Audit log', 'Rotate key', 'Revoke key', 'Archive'];

/** The names of all that one can press, follow or type into. */
async function offered(page: Page, addresses: readonly string[]): Promise<Set<string>> {
  const names = new Set<string>();
  for (const address of addresses) {
    await page.goto(stack.url + address);
    await page.locator('main h1').first().waitFor();
    await page.locator('[data-connection=live]').first().waitFor({ state: 'attached' });
    if (address === '/models') await page.getByRole('checkbox', { name: 'Select all models shown' }).check();
    await page.mouse.move(4, 4);
    await page.mouse.move(8, 8);
    await expect(page.locator('main .skeleton, main [aria-busy=true]')).toHaveCount(0);
    const here = page.locator('a, button, input, select, summary');
    const found = await here.evaluateAll((all) =>
      all.map((each) => each.getAttribute('aria-label') ?? (each as HTMLElement).innerText),
    );
    found.forEach((name) => names.add(name.trim()));
  }
  return names;
}

test('who may only look is offered nothing else, on any page', async ({ browser }) => {
  test.setTimeout(300_000);
  const allow = { OBT_ALLOW: 'models', OBT_OLLAMA_WATCH_S: '0.5' };
  await stack.client('workshop', await stack.fakeOllama([QUICK_MODEL, SLOW_MODEL]), undefined, allow);
  const workshop = async () => {
    const { clients } = await stack.accounts.asked<{ clients: { id: string; name: string; model_count: number }[] }>(
      'GET',
      '/clients',
    );
    return clients.find(({ name, model_count }) => name === 'workshop' && model_count > 0)?.id ?? '';
  };
  await expect.poll(workshop, { timeout: 30_000 }).not.toBe('');
  const id = await workshop();
  const wish = { models: [SLOW_MODEL.name], client_ids: [id], suite: 'quick', remeasure: true };
  const session = (await stack.accounts.asked<{ id: string }>('POST', '/sessions', wish)).id;
  const operation = { kind: 'load', model: QUICK_MODEL.name };
  await stack.accounts.asked('POST', '/operations', { operation, client_ids: [id] });
  const result = await handOver(stack.url, await stack.token());
  const addresses = ['/', `/clients/${id}`, '/models', '/benchmarks', `/benchmarks/${session}`, result, '/operations'];

  for (const role of ['administrator', 'operator', 'viewer'] as const) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('response', (reply) => reply.status() === 403 && refused.push(reply.url()));
    await stack.signInAs(page, role);
    const names = await offered(page, addresses);
    const has = (wanted: readonly string[]) => wanted.filter((name) => names.has(name));
    expect.soft(has(OPERATING), `${role} operates`).toEqual(role === 'viewer' ? [] : OPERATING);
    expect.soft(has(ADMINISTERING), `${role} administers`).toEqual(role === 'administrator' ? ADMINISTERING : []);
    expect.soft(refused, `${role} was refused`).toEqual([]);
    if (role === 'viewer') await expectOnlyLooks(page);
    await context.close();
  }
});

/** Whoever follows an address of somebody else's is told that it is not for them. */
async function expectOnlyLooks(page: Page): Promise<void> {
  await page.goto(`${stack.url}/benchmarks/new`);
  await expect(page.getByRole('heading', { name: 'You may look, not measure' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Start/ })).toHaveCount(0);
  for (const address of ['/people', '/audit']) {
    await page.goto(stack.url + address);
    await expect(page.getByRole('alert')).toContainText("needs the permission 'administer'");
  }
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Find' }).fill('add a client');
  await expect(page.getByRole('option', { name: 'Add a client' })).toHaveCount(0);
}
