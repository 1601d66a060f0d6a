/**
 * No barrier that axe knows, nothing that the page's own policy blocks, nothing wider than the window: on every page, in
 * every face that it has, dark and light, at a desk and on a phone.
 */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { FIXED, furnished, lively, NOWHERE, withFaces, type Face, type Pages } from './every-page';
import { Stack } from './stack';

// Each test has a server of its own.
test.describe.configure({ mode: 'parallel' });

interface Look {
  theme: 'dark' | 'light';
  width: number;
  /** Without it, all. */
  rules?: readonly string[];
}
/** The theme changes colours and nothing else: what axe knows of those. */
const COLOURS = ['color-contrast', 'link-in-text-block'];
const DARK: Look = { theme: 'dark', width: 1280 };
const LIGHT: Look = { theme: 'light', width: 1280, rules: COLOURS };
const PHONE: Look = { theme: 'light', width: 390 };

async function barriers(page: Page, looks: readonly Look[]): Promise<string[]> {
  const found: string[] = [];
  for (const { theme, width, rules } of looks) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    const axe = new AxeBuilder({ page });
    const every = axe.options({ rules: { 'target-size': { enabled: true } } }); // of WCAG 2.2 AA, and off by default
    const { violations } = await (rules ? axe.withRules([...rules]) : every).analyze();
    for (const { id, nodes } of violations)
      found.push(...nodes.slice(0, 3).map(({ html, any }) => `${theme} ${width} ${id}: ${html} (${any[0]?.message})`));
  }
  return found;
}

async function expectNone(page: Page, url: string, pages: Pages, face: Face, looks: readonly Look[]): Promise<void> {
  const complaints = complaintsOf(page.context());
  const addresses = Object.fromEntries(Object.entries(pages).map(([name, address]) => [name, url + address]));
  await withFaces(page, addresses, face, async (shown, name) => {
    expect.soft(await barriers(shown, looks), `${name}, ${face}`).toEqual([]);
    if (isWell(face)) expect.soft(await tooWide(shown), `${name}, ${face}: beyond the window`).toEqual([]);
  });
  if (isWell(face)) expect.soft(complaints, face).toEqual([]);
}

const isWell = (face: Face) => face === 'ok' || face === 'empty';

/** What pages throw or have blocked, as it comes; that a page is not there is no fault. */
function complaintsOf(context: BrowserContext): string[] {
  const found: string[] = [];
  context.on(
    'console',
    (message) =>
      message.type() === 'error' &&
      !message.text().includes('Not found: /not-there') &&
      found.push(`${message.page()?.url()} ${message.text()}`),
  );
  context.on('weberror', (error) => found.push(String(error.error())));
  return found;
}

async function tooWide(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of [390, 1920]) {
    await page.setViewportSize({ width, height: 844 });
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (beyond > 0) found.push(`${beyond} px at ${width}`);
  }
  return found;
}

async function withStack(page: Page, then: (stack: Stack) => Promise<void>): Promise<void> {
  test.setTimeout(600_000);
  const stack = await Stack.start();
  try {
    await stack.signIn(page);
    await then(stack);
  } finally {
    await stack.stop();
  }
}

test('with something to show', ({ page }) =>
  withStack(page, async (stack) => {
    await expectNone(page, stack.url, await furnished(page, stack), 'ok', [DARK, PHONE]);
  }));

test('when the connection is lost', ({ page }) =>
  withStack(page, async (stack) => {
    const pages = lively(await furnished(page, stack));
    await expectNone(page, stack.url, pages, 'stale', [{ ...DARK, rules: COLOURS }, LIGHT]);
  }));

test('without anything to show, and signed out', ({ page }) =>
  withStack(page, async (stack) => {
    await expectNone(page, stack.url, lively(FIXED), 'empty', [DARK, LIGHT]);
    await page.context().clearCookies();
    await page.goto(stack.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect.soft(await barriers(page, [DARK, LIGHT, PHONE]), 'signed out').toEqual([]);
  }));

test('while the server is asked, and when it fails', ({ page }) =>
  withStack(page, async (stack) => {
    const pages = lively({ ...FIXED, ...NOWHERE });
    // The same parts make these faces on every page.
    await expectNone(page, stack.url, pages, 'loading', [DARK]);
    await expectNone(page, stack.url, pages, 'error', [{ ...DARK, theme: 'light' }]);
  }));
