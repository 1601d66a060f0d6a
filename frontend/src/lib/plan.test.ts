import { expect, it } from 'vitest';
import { aClient } from '$lib/testing/builders';
import { aMeasuredPair, aPair, aPlan } from '$lib/testing/plans';
import { askedFor, isRun, NO_WISHES, totals, turned, turnedAgain } from './plan';

const possible = aPair();
const measured = aMeasuredPair({ model: 'b' });
const impossible = aPair({ model: 'c', state: 'impossible', reason: 'not_installed' });
const waiting = aPair({ client_id: 'cellar-1', waits: true });
const plan = aPlan([possible, measured, impossible, waiting]);

it('measures what is possible, and leaves out what was measured lately, unless a person says otherwise', () => {
  expect(plan.pairs.map((pair) => isRun(pair, NO_WISHES))).toEqual([true, false, false, true]);
  const wishes = [possible, measured, impossible].reduce((all, pair) => turned(pair, all), NO_WISHES);
  expect(plan.pairs.map((pair) => isRun(pair, wishes))).toEqual([false, true, false, true]);
  expect(turned(measured, turned(measured, NO_WISHES))).toEqual(NO_WISHES);
});

it('takes all that was measured lately in, and out again', () => {
  const all = turnedAgain(plan, NO_WISHES, true);
  expect([totals(plan, all).again, totals(plan, turnedAgain(plan, all, false)).again]).toEqual([1, 0]);
});

it('counts what becomes of the pairs; the client that works longest is the time of the whole', () => {
  expect(totals(plan, NO_WISHES)).toMatchObject({
    jobs: 2,
    waiting: 1,
    skipped: 1,
    measured: 1,
    again: 0,
    left: 0,
    estimate_s: 70,
    isBound: true,
  });
  expect(totals(plan, turnedAgain(plan, NO_WISHES, true)).estimate_s).toBe(110);
  const known = aPlan([aPair({ estimate_s: 30 })]);
  expect(totals(known, NO_WISHES)).toMatchObject({ estimate_s: 30, isBound: false });
  expect(totals(plan, turned(possible, NO_WISHES)).left).toBe(1);
});

it('asks pair by pair only where something was left out; what is impossible is asked for, so that it is stored why', () => {
  const clients = [aClient()];
  const whole = aPlan([possible, impossible]);
  expect(askedFor(whole, NO_WISHES, ['a'], clients)).toEqual({ models: ['a'], client_ids: ['attic-1'] });
  expect(askedFor(plan, NO_WISHES, ['a'], clients)).toEqual({
    pairs: [
      { client_id: 'attic-1', model: 'llama3.2:3b' },
      { client_id: 'attic-1', model: 'c' },
      { client_id: 'cellar-1', model: 'llama3.2:3b' },
    ],
  });
});
