/** Which browser: the one named, Playwright's own, or a Chromium of this machine, in this order. */
import { chromium, type LaunchOptions } from '@playwright/test';
import { existsSync } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export function browserOptions(): { launchOptions: LaunchOptions } {
  const isRoot = process.getuid?.() === 0;
  return { launchOptions: { executablePath: executable(), args: isRoot ? ['--no-sandbox'] : [] } };
}

function executable(): string | undefined {
  const named = process.env.OBT_TEST_CHROMIUM ?? process.env.PLAYWRIGHT_CHROMIUM;
  if (named) return named;
  if (process.env.PLAYWRIGHT_BROWSERS_PATH || existsSync(chromium.executablePath())) return undefined;
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin'];
  return folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find(existsSync);
}
