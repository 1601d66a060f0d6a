/** The ways in and one's own account, dark and light, wide and narrow, into the folder that OBT_SCREENSHOTS names. */
import { test, type Page } from '@playwright/test';
import { everyLook, FOLDER, shoot } from './looks';
import { Stack } from './stack';

test('screenshots of the ways in', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  const stack = await Stack.start();
  const look = (name: string, shown: Page = page) =>
    everyLook(shown, (theme, width) => shoot(shown, name, theme, width));
  const link = async () => {
    const made = { name: `eve ${Date.now()}`, role: 'viewer' };
    return (await stack.accounts.asked<{ link: string }>('POST', '/people', made)).link;
  };
  try {
    await page.goto(stack.url);
    await page.getByRole('heading', { name: /no administrator yet/ }).waitFor();
    await look('needs-setup');
    await page.goto(await stack.setupLink());
    await page.getByLabel('Name', { exact: true }).waitFor();
    await look('first-visit');
    await page.goto(await link());
    await page.getByLabel('Password', { exact: true }).waitFor();
    await look('reset');
    await page.goto(`${stack.url}/sign-in?problem=oidc_no_role`);
    await page.getByLabel('Password', { exact: true }).fill('not this one');
    await page.getByLabel('Name or e-mail address').fill('ada');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Name or password is wrong.').waitFor();
    await look('sign-in');
    await stack.signIn(page);
    await page.goto(`${stack.url}/account`);
    await page.getByLabel('Name of the key').fill('nightly');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByRole('region', { name: 'Key nightly' }).waitFor();
    await look('account');
    await stack.endSignIn(page);
    await page.getByText('Your sign-in has ended').waitFor();
    await look('lapsed');
  } finally {
    await stack.stop();
  }
});
