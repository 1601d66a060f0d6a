import { expect, it } from 'vitest';
import { aJob } from './testing/builders';
import { GRADE, hasEnded, isActive, JOB, phase, PRESENCE, reason, SESSION } from './words';

it('tells every state apart without its colour: no two of a kind share glyph and word', () => {
  for (const words of [JOB, SESSION, GRADE, PRESENCE]) {
    const shown = Object.values(words).map(({ glyph, text }) => `${glyph} ${text}`);
    expect(new Set(shown).size).toBe(shown.length);
  }
});

it('opens the underscores of a code that it does not know', () => {
  expect(reason('no_sample_counted')).toBe('no sample counted');
  expect(reason('a_newer_code')).toBe('a newer code');
});

it('says what a job does', () => {
  const progress = {
    phase: 'sampling' as const,
    workload: 'chat',
    samples_done: 1,
    samples_planned: 2,
    tokens_per_s: null,
  };
  expect(phase(aJob({ status: 'claimed', progress }))).toBe('starts');
  expect(phase(aJob({ status: 'running', progress }))).toBe('measures: chat');
  expect(phase(aJob({ status: 'running', progress: { ...progress, phase: 'preflight', workload: null } }))).toMatch(
    /quiet/,
  );
});

it('knows which states are over', () => {
  expect(isActive('claimed') && isActive('running')).toBe(true);
  expect(hasEnded('queued')).toBe(false);
  expect((['completed', 'failed', 'cancelled', 'skipped', 'lost'] as const).every(hasEnded)).toBe(true);
});
