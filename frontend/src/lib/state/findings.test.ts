import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LiveEvent } from '$lib/api/types';
import { aResult } from '$lib/testing/builders';
import { aServer, type TestServer } from '$lib/testing/server';
import { Findings } from './findings.svelte';

let server: TestServer;
let findings: Findings;
let stop = (): void => undefined;

beforeEach(async () => {
  server = await aServer(() => ({ body: { results: [aResult({ id: 'a' })], next: null } }));
  findings = new Findings();
  stop = findings.start();
  await vi.waitFor(() => expect(findings.bests.data).not.toBeNull());
});
afterEach(async () => {
  stop();
  await server.stop();
});

it.each<{ what: string; event: LiveEvent; isAsked: boolean }>([
  { what: 'a new result', event: { type: 'result_added', result: aResult({ id: 'b' }) }, isAsked: true },
  { what: 'a gap', event: { type: 'resync' }, isAsked: true },
  { what: 'news of models', event: { type: 'models_changed', client_id: 'attic' }, isAsked: false },
])('looks again after $what: $isAsked', async ({ event, isAsked }) => {
  const before = server.asked.length;
  vi.useFakeTimers();
  findings.hear([event]);
  await vi.advanceTimersByTimeAsync(3_000);
  vi.useRealTimers();
  if (isAsked) await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(before));
  else expect(server.asked).toHaveLength(before);
});
