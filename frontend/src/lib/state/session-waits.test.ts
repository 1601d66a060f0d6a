/** Why the jobs of a session wait: asked for, since the live socket does not tell it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobView, LiveEvent } from '$lib/api/types';
import { aJob, aSession } from '$lib/testing/builders';
import { aServer, type TestServer } from '$lib/testing/server';
import { SessionState } from './session.svelte';

const SESSION = '/api/v1/sessions/session-1';
let server: TestServer;
const asked = () => server.asked.filter(({ path }) => path === `${SESSION}/waits`).length;
const told = (change: Partial<JobView>): LiveEvent => ({ type: 'job_changed', job: aJob(change) });
const reasons = (state: SessionState) => state.jobs.all.map(({ waits_for }) => waits_for ?? null);

beforeEach(async () => {
  const jobs = ['one', 'two'].map((id) => aJob({ id, model: id, waits_for: 'offline' }));
  server = await aServer(({ path }) => {
    if (path === `${SESSION}/waits`) return { body: { clients: { 'attic-1': 'turn' } } };
    return { body: path === SESSION ? { ...aSession({ jobs }), jobs_next: null } : { results: [], next: null } };
  });
});

afterEach(() => server.stop());

it('keeps the reason of a job that the live socket tells of, until it is asked again', async () => {
  const state = new SessionState('session-1');
  await state.refresh();
  state.hear([told({ id: 'one', model: 'one' }), told({ id: 'two', model: 'two', status: 'running' })]);
  expect(reasons(state)).toEqual(['offline', null]);
  await state.renewWaits();
  expect(reasons(state)).toEqual(['turn', null]);
  expect(state.why?.(state.jobs.all[0] ?? aJob())).toMatch(/turn/);
});

it('asks only while some wait, and leaves what did not change the same', async () => {
  const state = new SessionState('session-1');
  await state.refresh();
  await state.renewWaits();
  const { jobs } = state;
  await state.renewWaits();
  expect([state.jobs === jobs, asked()]).toEqual([true, 2]);
  state.hear(['one', 'two'].map((id) => told({ id, model: id, status: 'completed' })));
  await state.renewWaits();
  expect(asked()).toBe(2);
});

it('leaves the reasons as they were where there is no answer', async () => {
  const state = new SessionState('session-1');
  await state.refresh();
  await state.renewWaits();
  await state.refresh();
  server.answer = () => undefined;
  await state.renewWaits();
  expect(reasons(state)).toEqual(['offline', 'offline']);
});
