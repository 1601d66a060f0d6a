/** Pictures of a page in every theme and width, into the folder that OBT_SCREENSHOTS names. */
import { expect, type Page } from '@playwright/test';
import path from 'node:path';

export const FOLDER = process.env.OBT_SCREENSHOTS ?? '';
/** `OBT_SCREENSHOTS_WIDTHS=390,1280`: those alone. */
const ASKED = process.env.OBT_SCREENSHOTS_WIDTHS?.split(',');
export const WIDTHS = ([390, 768, 1280, 1920] as const).filter((width) => ASKED?.includes(String(width)) ?? true);
export const THEMES = ['dark', 'light'] as const;

export async function shoot(page: Page, name: string, theme: string, width: number): Promise<void> {
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await page.waitForTimeout(400);
  await page.screenshot({ path: path.join(FOLDER, `${name}-${theme}-${width}.png`), fullPage: true });
}

/** Take `take` in every theme and width; the page's window and its system's theme are changed, the page stays. */
export async function everyLook(page: Page, take: (theme: string, width: number) => Promise<void>): Promise<void> {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width < 500 ? 844 : 800 });
      await take(theme, width);
    }
  }
}
