/** Who comes in, by which way, and what they find there. */
import { expect, test, type Page } from '@playwright/test';
import { NAMES, PASSWORD } from './accounts';
import { QUICK_MODEL, Stack } from './stack';

let stack: Stack;
test.beforeAll(async () => {
  stack = await Stack.start({ OBT_SIGN_IN_GUESSES: '3' });
});
test.afterAll(() => stack.stop());

const fill = (page: Page, label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);

async function typePassword(page: Page, password: string): Promise<void> {
  await fill(page, 'Name or e-mail address', NAMES.administrator);
  await fill(page, 'Password', password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('the first visit makes the administrator, with the rules told before and refusals beside the field', async ({
  page,
}) => {
  await page.goto(stack.url);
  await expect(page.getByRole('heading', { name: 'This server has no administrator yet' })).toBeVisible();
  await expect(page.getByText('obt-server link')).toBeVisible();

  await page.goto(await stack.setupLink());
  await expect(page.getByText(/^10 characters or more/)).toBeVisible();
  expect(page.url()).not.toContain('#');
  await fill(page, 'Name', NAMES.administrator);
  await fill(page, 'Password', 'password1234');
  await fill(page, 'Password again', 'password1234');
  await page.getByRole('button', { name: 'Become the administrator' }).click();
  const password = page.getByLabel('Password', { exact: true });
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await expect(password).toBeFocused();
  await expect(password).toHaveAccessibleDescription(/known from breaches/);

  await password.fill(PASSWORD);
  await fill(page, 'Password again', PASSWORD);
  await page.getByRole('button', { name: 'Become the administrator' }).click();
  await expect(page.getByRole('heading', { name: 'Add the first client' })).toBeVisible();
  await expect(page.getByRole('link', { name: `My account, ${NAMES.administrator}` })).toBeVisible();
  stack.accounts.isMade('administrator');

  await page.context().clearCookies();
  await page.goto(await stack.setupLink());
  await expect(page.getByRole('alert')).toContainText('has its administrator already');
});

test('a wrong password is refused, and after some the page says how long to wait; a right one signs in', async ({
  page,
}) => {
  await page.goto(`${stack.url}/models`);
  await typePassword(page, 'not this one');
  await expect(page.getByRole('alert')).toHaveText('Name or password is wrong.');
  // The waits double: on a machine with much to do the first ones are over before the next attempt.
  await expect(async () => {
    await typePassword(page, 'nor that one');
    await expect(page.getByRole('button', { name: /^Again in \d+ s$/ })).toBeDisabled({ timeout: 3_000 });
    await expect(page.getByRole('alert')).toContainText(/Try again in \d+ s/, { timeout: 100 });
  }).toPass();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled();
  await typePassword(page, PASSWORD);
  await expect(page.getByRole('heading', { name: 'Models' })).toBeVisible();
  await expect(page).toHaveURL(`${stack.url}/models`);
});

test('who reads is shown no button that starts something', async ({ page, browser }) => {
  await stack.client('attic', await stack.fakeOllama([QUICK_MODEL]));
  await stack.signInAs(page, 'viewer');
  const writer = await browser.newPage();
  await stack.signInAs(writer, 'operator');
  const starts = (shown: Page) => shown.getByRole('link', { name: /^(New|Start the first) benchmark$/ });
  for (const shown of [page, writer]) await expect(shown.getByRole('heading', { name: 'attic' })).toBeVisible();
  await expect(starts(writer)).not.toHaveCount(0);
  await expect(starts(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Add a client' })).toHaveCount(0);
  await writer.close();
});

test('a key made in the page reads what its role may, until it is revoked', async ({ page }) => {
  await stack.signIn(page);
  await page.goto(`${stack.url}/account`);
  await fill(page, 'Name of the key', 'nightly');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const made = page.getByRole('region', { name: 'Key nightly' });
  const key = (await made.getByRole('group', { name: 'The key nightly' }).textContent())?.trim() ?? '';
  await expect(made.getByRole('group', { name: 'Try the key' })).toContainText(`curl --fail -s -H "Authorization`);
  const ask = async (path: string, method = 'GET') =>
    (await fetch(`${stack.url}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${key}` } })).status;
  expect([await ask('/clients'), await ask('/people'), await ask('/auth/sessions')]).toEqual([200, 403, 403]);

  await page.reload();
  const row = page.getByRole('row').filter({ hasText: 'nightly' });
  await expect(row).toContainText(key.slice(0, 10));
  await expect(row).not.toContainText(key);
  await expect(row.getByText('never')).toHaveCount(0);
  await row.getByRole('button', { name: 'Revoke the key nightly' }).click();
  await page.getByRole('button', { name: 'Revoke it' }).click();
  await expect(row).toContainText('revoked');
  expect(await ask('/clients')).toBe(401);
});

test('a session ended elsewhere signs its page out at once, which goes on when its person signs in again', async ({
  browser,
}) => {
  const [desk, phone] = [await browser.newContext(), await browser.newContext()];
  const [here, there] = [await desk.newPage(), await phone.newPage()];
  await stack.signIn(here, 'own');
  await stack.signIn(there, 'own');
  await there.goto(`${stack.url}/models`);
  await expect(there.locator('[data-connection]:visible')).toHaveAttribute('data-connection', 'live');
  await here.goto(`${stack.url}/account`);
  await expect(here.getByText('this browser')).toBeVisible();
  await here.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await here.getByRole('button', { name: 'Sign it out' }).click();
  await expect(here.getByRole('button', { name: /^Sign out Chrome/ })).toHaveCount(0);
  stack.accounts.forget();

  const again = there.getByRole('region', { name: 'Sign in again' });
  await expect(again.getByText('Your sign-in has ended')).toBeVisible();
  await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(again).toHaveCount(0);
  await expect(there.locator('[data-connection]:visible')).toHaveAttribute('data-connection', 'live');
  await Promise.all([desk.close(), phone.close()]);
});

test('a password is changed by who knows it, and by the link that an administrator gives', async ({ page }) => {
  const next = 'gravel lantern oboe tundra';
  await stack.signInAs(page, 'viewer');
  await page.goto(`${stack.url}/account`);
  const change = async (current: string) => {
    await fill(page, 'Present password', current);
    await fill(page, 'New password', next);
    await fill(page, 'New password again', next);
    await page.getByRole('button', { name: 'Change it' }).click();
  };
  await change('not mine');
  await expect(page.getByLabel('Present password', { exact: true })).toHaveAccessibleDescription(/is wrong/);
  await change(PASSWORD);
  await expect(page.getByText('It is changed.')).toBeVisible();

  const { people } = await stack.accounts.asked<{ people: { id: string; name: string }[] }>('GET', '/people');
  const id = people.find(({ name }) => name === NAMES.viewer)?.id;
  const { link } = await stack.accounts.asked<{ link: string }>('POST', `/people/${id}/reset-link`);
  await page.context().clearCookies();
  await page.goto(link);
  await fill(page, 'Password', PASSWORD);
  await fill(page, 'Password again', PASSWORD);
  await page.getByRole('button', { name: 'Take this password' }).click();
  await expect(page.getByRole('link', { name: `My account, ${NAMES.viewer}` })).toBeVisible();
});
