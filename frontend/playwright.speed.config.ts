import { defineConfig } from '@playwright/test';
import everyTest from './playwright.config';

/** `python -m bench.pages` runs it: OBT_SPEED_URL and OBT_SPEED_COOKIE name a server with a large database. */
export default defineConfig(everyTest, {
  testMatch: 'speed.ts',
  workers: 1,
  timeout: 600_000,
  use: { trace: 'off', screenshot: 'off' },
});
