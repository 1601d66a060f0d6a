/** Every page in every face, theme and width, and contact sheets of them: what a person looks at before a release. */
import { test, type Page } from '@playwright/test';
import path from 'node:path';
import { drawSheet } from './contact-sheet';
import { FACES, FIXED, furnished, MADE, withFace, type Face, type Pages } from './every-page';
import { everyLook, FOLDER, THEMES, WIDTHS } from './looks';
import { Stack } from './stack';

const LOOK_MS = 120;
const SHEET = { 390: [200, 433], 768: [300, 600], 1280: [400, 500], 1920: [480, 400] } as const;
/** `OBT_SCREENSHOTS_ONLY=models,results`: those pages alone. */
const ONLY = process.env.OBT_SCREENSHOTS_ONLY?.split(',');

async function showFaces(page: Page, url: string, pages: Pages, faces: readonly Face[]): Promise<void> {
  for (const face of faces)
    for (const [name, address] of Object.entries(pages)) {
      if (ONLY && !ONLY.includes(name)) continue;
      await withFace(page, url + address, face, (shown) =>
        everyLook(shown, async (theme, width) => {
          if (face === 'ok') await shown.locator('main .skeleton').waitFor({ state: 'detached' });
          await shown.waitForTimeout(LOOK_MS);
          const file = path.join(FOLDER, `${name}-${face}-${theme}-${width}.png`);
          await shown.screenshot({ path: file, fullPage: face === 'ok' });
        }),
      );
    }
}

test('screenshots of every page without anything to show', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  test.setTimeout(1_500_000);
  const stack = await Stack.start();
  try {
    await stack.signIn(page);
    await showFaces(page, stack.url, FIXED, ['empty']);
  } finally {
    await stack.stop();
  }
});

test('screenshots of every page in its other faces', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  test.setTimeout(1_500_000);
  const stack = await Stack.start();
  try {
    await showFaces(page, stack.url, await furnished(page, stack), ['ok', 'loading', 'error', 'stale']);
  } finally {
    await stack.stop();
  }
});

test('contact sheets', async ({ page }) => {
  test.skip(!FOLDER, 'OBT_SCREENSHOTS names no folder');
  test.setTimeout(300_000);
  for (const theme of THEMES)
    for (const width of WIDTHS) {
      const [width_px, height_px] = SHEET[width];
      const file = (row: string, column: string) => `${row}-${column}-${theme}-${width}.png`;
      const rows = [...Object.keys(FIXED), ...MADE];
      const name = `${theme}-${width}`;
      await drawSheet(page, { folder: FOLDER, rows, columns: FACES, file, name, width_px, height_px });
    }
});
