import { defineConfig } from '@playwright/test';
import everyTest from './playwright.config';

/** `OBT_SCREENSHOTS=folder pnpm run screenshots`: every page, dark and light, wide and narrow. */
export default defineConfig(everyTest, {
  testMatch: 'screenshots*.ts',
  timeout: 300_000,
  use: { ...everyTest.use, actionTimeout: 30_000, navigationTimeout: 60_000 },
});
