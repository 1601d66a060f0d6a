import { defineConfig } from '@playwright/test';
import { browserOptions } from './e2e/browser';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Each file starts a server, a client and an Ollama of its own, and mostly waits for them.
  workers: 2,
  // One that fails beside others is tried once more, and named: machines that run tests are shared.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    ...browserOptions(),
    viewport: { width: 1280, height: 800 },
    // What moves and what is traced costs more time than what is tested.
    contextOptions: { reducedMotion: 'reduce' },
    trace: process.env.OBT_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
  },
});
