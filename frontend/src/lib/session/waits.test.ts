import { expect, it } from 'vitest';
import type { WaitReason } from '$lib/api/types';
import { aJob } from '$lib/testing/builders';
import { jobsOf } from './jobs';
import { whyItWaits, withWaits } from './waits';

it('says each reason in words of its own, and opens the underscores of a code that it does not know', () => {
  const codes: (WaitReason | null)[] = ['scheduled', 'offline', 'drained', 'busy', 'limit', 'tag_limit', 'turn', null];
  const told = codes.map((waits_for) => whyItWaits(aJob({ waits_for })));
  expect(new Set(told).size).toBe(codes.length);
  expect(told.some((words) => words.includes('_'))).toBe(false);
  expect(whyItWaits(aJob({ waits_for: 'a_newer_code' as WaitReason }))).toBe('a newer code');
});

it('renews only jobs that wait, and leaves everything the same object where nothing changed', () => {
  const waiting = aJob({ id: 'a', waits_for: 'busy' });
  const elsewhere = aJob({ id: 'b', client_id: 'loft-1', waits_for: 'offline' });
  const running = aJob({ id: 'c', status: 'running' });
  const known = jobsOf([waiting, elsewhere, running]);
  const renewed = withWaits(known, { 'attic-1': null });
  expect(renewed.all).toEqual([{ ...waiting, waits_for: null }, elsewhere, running]);
  expect(renewed.all[1]).toBe(elsewhere);
  expect(withWaits(renewed, { 'attic-1': null })).toBe(renewed);
});
