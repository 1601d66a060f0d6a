import { expect, it } from 'vitest';
import { aFit, aMeasuredPair, aPair, aPlan } from '$lib/testing/plans';
import { aSuite } from '$lib/testing/builders';
import { contextWords, countdown, fitWords, headroomBytes, pairWord, timeWords, whyWords } from './plan-words';
import { proposalsOf } from './proposals';

const NONE = new Set<string>();

it('shows the arithmetic of memory, and says what it does not know', () => {
  expect(fitWords(aFit())).toBe(
    'Needs 2.0 GB for its weights, which leaves 22.0 GB of GPU memory for the cache of its context; the machine has 24.0 GB of GPU memory and 32.0 GB of memory.',
  );
  expect(fitWords(aFit({ placement: 'split', needed_bytes: 30e9 }))).toMatch(/and more for the cache .* not told/);
  expect(fitWords(aFit({ placement: 'unknown', vram_bytes: null, memory_bytes: null }))).toMatch(/is not known\.$/);
  const seen = aFit({ is_measured: true, needed_bytes: 5e9, seen_vram_bytes: 4e9 });
  expect(fitWords(seen)).toMatch(/^Took 5\.0 GB when it was measured last, 4\.0 GB of that in GPU memory/);
  expect([headroomBytes(aFit()), headroomBytes(seen), headroomBytes(null)]).toEqual([22e9, null, null]);
});

it('says why a pair is impossible, with the numbers and with what to do', () => {
  const large = aFit({ placement: 'does_not_fit', needed_bytes: 99e9 });
  const pair = aPair({ state: 'impossible', reason: 'does_not_fit', fit: large });
  expect(whyWords(pair)).toMatch(/^Does not fit into the memory of this client\. Needs 99\.0 GB for its weights; /);
  const error = { code: 'client_outdated', message: 'Upgrade it.' };
  expect(whyWords(aPair({ reason: 'client_outdated', error }))).toMatch(/Upgrade it\.$/);
  expect(whyWords(aPair())).toBe('');
});

it('names what becomes of a pair', () => {
  expect(pairWord(aPair(), true).text).toBe('will be measured');
  expect(pairWord(aPair({ waits: true }), true).text).toBe('offline: will wait');
  expect(pairWord(aPair(), false).text).toBe('left out');
  expect(pairWord(aMeasuredPair(), false).text).toBe('measured');
  expect(pairWord(aMeasuredPair(), true).text).toBe('will be measured again');
  expect([timeWords(null, 70), timeWords(42, 70)]).toEqual(['up to 1 min 10 s', 'about 42 s']);
});

it('says where a suite asks for more context than a model was made for', () => {
  const plan = aPlan([], { suite: aSuite({ context_tokens: 32_768 }) });
  expect(contextWords(aPair({ fit: aFit({ model_context_tokens: 8_192 }) }), plan)).toMatch(/^made for 8,192 tokens/);
  expect(contextWords(aPair(), plan)).toBe('');
  expect(contextWords(aPair({ fit: null }), plan)).toBe('');
});

it('counts down in days and hours, then as a length of time', () => {
  expect([countdown(-1), countdown(8), countdown(90_000)]).toEqual(['0 s', '8 s', '1 d 1 h']);
});

it('proposes a suite that ends soon where all runs on processors', () => {
  const quick = aSuite({ hash: 'quick' });
  const slow = aSuite({ hash: 'slow', budget_s: 405 });
  const pairs = [aPair({ fit: aFit({ placement: 'cpu', vram_bytes: 0 }) })];
  const found = proposalsOf(aPlan(pairs, { suite: slow }), [slow, quick], NONE);
  expect(found).toMatchObject([{ kind: 'suite', hash: 'quick' }]);
  expect(proposalsOf(aPlan(pairs, { suite: quick }), [slow, quick], NONE)).toEqual([]);
  expect(proposalsOf(aPlan([...pairs, aPair()], { suite: slow }), [slow, quick], NONE)).toEqual([]);
});

it('proposes to leave out what would be split, beside what is not', () => {
  const split = aPair({ model: 'big', fit: aFit({ placement: 'split', needed_bytes: 40e9 }) });
  const found = proposalsOf(aPlan([aPair(), split]), [], NONE);
  expect(found).toMatchObject([{ kind: 'leave', keys: ['attic-1/big'] }]);
  expect(proposalsOf(aPlan([aPair(), split]), [], new Set(['attic-1/big']))).toEqual([]);
  expect(proposalsOf(aPlan([split]), [], NONE)).toEqual([]);
});

it('proposes a smaller context where a model leaves little of GPU memory', () => {
  const tight = aPair({ fit: aFit({ needed_bytes: 23e9 }) });
  expect(proposalsOf(aPlan([tight]), [], NONE)).toMatchObject([{ kind: 'context', num_ctx: 1_024 }]);
  expect(proposalsOf(aPlan([aPair()]), [], NONE)).toEqual([]);
});
