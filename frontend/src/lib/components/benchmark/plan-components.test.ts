import { render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { aSession, aSuite } from '$lib/testing/builders';
import { aFit, aMeasuredPair, aPair, aPlan } from '$lib/testing/plans';
import AgainNote from './AgainNote.svelte';
import PlanCell from './PlanCell.svelte';
import SessionRows from '$lib/components/session/SessionRows.svelte';
import SuiteCards from './SuiteCards.svelte';

const NOW = Date.parse('2026-11-21T10:00:00Z');

function cell(pair: ReturnType<typeof aPair>, isRun: boolean) {
  const on = { onturn: vi.fn(), onlook: vi.fn() };
  render(PlanCell, { pair, plan: aPlan([pair]), clientName: 'attic', isRun, now: NOW, ...on });
  return on;
}

it('a measured pair shows its figure with its interval and its age, and is taken in by its tick', () => {
  const pair = aMeasuredPair();
  const { onturn } = cell(pair, false);
  expect(screen.getByRole('link', { name: /90\.0 tokens\/s/ })).toHaveAttribute('href', '/results/result-1');
  expect(screen.getByText('88.0–91.0')).toBeVisible();
  expect(screen.getByText('1 h old')).toBeVisible();
  screen.getByRole('checkbox', { name: 'Measure llama3.2:3b on attic' }).click();
  expect(onturn).toHaveBeenCalledWith(pair);
});

it('an impossible pair has no tick, and its numbers for those who hear the page', () => {
  const fit = aFit({ placement: 'does_not_fit', needed_bytes: 99e9 });
  const { onlook } = cell(aPair({ state: 'impossible', reason: 'does_not_fit', fit }), false);
  expect(screen.queryByRole('checkbox')).toBeNull();
  expect(screen.getByRole('note')).toHaveTextContent(/does not fit into the memory.*Needs 99\.0 GB for its weights/);
  screen.getByRole('note').focus();
  expect(onlook).toHaveBeenCalledOnce();
});

it('suites are cards, those that only ran here out of the way, saved ones can be deleted', () => {
  const on = { onchoose: vi.fn(), ondelete: vi.fn() };
  const own = aSuite({ hash: 'mine', shipped: false, saved: true, suite: { ...aSuite().suite, name: 'mine' } });
  const others = [aSuite({ hash: 'beefbeef1234', shipped: false })];
  render(SuiteCards, { shipped: [aSuite()], saved: [own], others, chosen: aSuite().hash, ...on });
  expect(screen.getByText('1 other suite that ran here').closest('details')?.open).toBe(false);
  screen.getByRole('radio', { name: /beefbee/, hidden: true }).click();
  expect(on.onchoose).toHaveBeenCalledWith('beefbeef1234');
  screen.getByLabelText('Delete the suite mine').click();
  expect(on.ondelete).toHaveBeenCalledWith('mine');
});

it('what is scheduled counts down, and is queued once its moment is over', () => {
  const {
    suite: _suite,
    jobs: _jobs,
    ...view
  } = aSession({
    state: 'queued',
    counts: { queued: 1 },
    not_before: '2026-11-21T10:01:30Z',
  });
  const { unmount } = render(SessionRows, { sessions: [view], now: NOW });
  expect(screen.getByText('scheduled, in 1 min 30 s')).toBeVisible();
  unmount();
  render(SessionRows, { sessions: [view], now: NOW + 90_000 });
  expect(screen.getByText('queued')).toBeVisible();
});

it('running the same again says what is not the same any more', () => {
  const again = {
    result_id: 'r1',
    client_id: 'attic-1',
    client_name: 'attic',
    is_archived: false,
    model: 'llama3.2:3b',
    model_digest: 'a'.repeat(64),
    digest_now: 'b'.repeat(64),
    tags_now: ['old:3b'],
    suite: aSuite().suite,
    suite_hash: 'c0ffee',
    order_seed: 7,
    ended_at: '2026-11-21T09:00:00Z',
    ollama_version: '0.9.3',
    ollama_version_now: '0.9.4',
  };
  const onorder = vi.fn();
  render(AgainNote, { again, isSameOrder: true, onorder });
  expect(screen.getByText(/is another model now/)).toHaveTextContent(/installed as old:3b: that is chosen/);
  expect(screen.getByText(/Ollama was 0\.9\.3 then, and is 0\.9\.4/)).toBeVisible();
  screen.getByRole('checkbox', { name: /same order/ }).click();
  expect(onorder).toHaveBeenCalledWith(false);
});
