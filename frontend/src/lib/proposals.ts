/** What would fit the machines better than what is chosen, each with one thing to do. Pure functions. */
import type { PlannedPair, SessionPlan, SuiteView } from './api/types';
import { bytes, count, duration, plural } from './format';
import { headroomBytes } from './plan-words';
import { cellKey } from './plan';

export type Proposal = { text: string; action: string } & (
  { kind: 'suite'; hash: string } | { kind: 'leave'; keys: string[] } | { kind: 'context'; num_ctx: number }
);

/** A model that leaves less of GPU memory than this share may be pushed out of it by its context's cache. */
const TIGHT_SHARE = 0.12;
const CONTEXT_MIN = 1_024;

/** Look at the pairs that can be measured. `left`: keys of those that were taken out already. */
export function proposalsOf(
  plan: SessionPlan,
  suites: readonly SuiteView[],
  left: ReadonlySet<string>,
): readonly Proposal[] {
  const pairs = plan.pairs.filter(
    (pair) => pair.state !== 'impossible' && !left.has(cellKey(pair.model, pair.client_id)),
  );
  return [shorterSuite(plan, pairs, suites), withoutSplit(pairs), smallerContext(plan, pairs)].flatMap(
    (one) => one ?? [],
  );
}

function shorterSuite(plan: SessionPlan, pairs: readonly PlannedPair[], suites: readonly SuiteView[]): Proposal | null {
  const isSlow = pairs.length > 0 && pairs.every(({ fit }) => fit?.placement === 'cpu');
  const shipped = suites.filter((suite) => suite.shipped);
  const [shortest] = [...shipped].sort((a, b) => a.budget_s - b.budget_s);
  if (!isSlow || !shortest || shortest.budget_s >= plan.suite.budget_s) return null;
  return {
    kind: 'suite',
    hash: shortest.hash,
    text:
      `Everything here runs on processors: ${plan.suite.suite.title} may take up to ${duration(plan.suite.budget_s)} a ` +
      `model, ${shortest.suite.title} ends within ${duration(shortest.budget_s)}.`,
    action: `Use ${shortest.suite.title}`,
  };
}

function withoutSplit(pairs: readonly PlannedPair[]): Proposal | null {
  const split = pairs.filter(({ fit }) => fit?.placement === 'split');
  if (split.length === 0 || split.length === pairs.length) return null;
  return {
    kind: 'leave',
    keys: split.filter(({ state }) => state === 'possible').map((pair) => cellKey(pair.model, pair.client_id)),
    text: `${plural(split.length, 'pair')} will not lie wholly in GPU memory, and run much slower for it.`,
    action: 'Leave those out',
  };
}

function smallerContext(plan: SessionPlan, pairs: readonly PlannedPair[]): Proposal | null {
  const tight = pairs.flatMap((pair) => {
    const left = headroomBytes(pair.fit);
    return left != null && left < TIGHT_SHARE * (pair.fit?.vram_bytes ?? 0) ? [{ pair, left }] : [];
  });
  const [first] = tight.sort((a, b) => a.left - b.left);
  const half = Math.floor(plan.suite.suite.options.num_ctx / 2);
  if (!first || half < CONTEXT_MIN) return null;
  return {
    kind: 'context',
    num_ctx: half,
    text:
      `${first.pair.model} leaves ${bytes(first.left)} of GPU memory for the cache of ` +
      `${count(plan.suite.suite.options.num_ctx)} tokens: a smaller context is more likely to stay in there.`,
    action: `Write it with ${count(half)}`,
  };
}
