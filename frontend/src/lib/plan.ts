/** What a benchmark would do, as the server told it, less what a person takes out of it. Pure functions. */
import type { ClientView, NewSession, PlannedPair, SessionPlan } from '$lib/api/types';

export function cellKey(model: string, clientId: string): string {
  return `${clientId}/${model}`;
}

const keyOf = (pair: PlannedPair): string => cellKey(pair.model, pair.client_id);

/** Which pairs a person chose against the rule: what is possible is measured, what was measured lately is left out. */
export interface Wishes {
  left: ReadonlySet<string>;
  again: ReadonlySet<string>;
}

export const NO_WISHES: Wishes = { left: new Set(), again: new Set() };

/** Whether a pair will be measured. */
export function isRun(pair: PlannedPair, wishes: Wishes): boolean {
  if (pair.state === 'impossible') return false;
  return pair.state === 'measured' ? wishes.again.has(keyOf(pair)) : !wishes.left.has(keyOf(pair));
}

/** Take a pair in, or out. */
export function turned(pair: PlannedPair, wishes: Wishes): Wishes {
  const kind = pair.state === 'measured' ? 'again' : 'left';
  const next = new Set(wishes[kind]);
  if (!next.delete(keyOf(pair))) next.add(keyOf(pair));
  return { ...wishes, [kind]: next };
}

/** Take all that was measured lately in, or out. */
export function turnedAgain(plan: SessionPlan, wishes: Wishes, on: boolean): Wishes {
  const measured = plan.pairs.filter(({ state }) => state === 'measured').map(keyOf);
  return { ...wishes, again: new Set(on ? measured : []) };
}

export interface ClientTime {
  id: string;
  name: string;
  jobs: number;
  ahead: number;
  estimate_s: number;
  isBound: boolean;
}

export interface Totals {
  jobs: number;
  waiting: number;
  skipped: number;
  measured: number;
  again: number;
  left: number;
  /** Until the last client is done: clients work side by side. */
  estimate_s: number;
  /** The suite's budget stands for at least one pair: it may take less, and never more. */
  isBound: boolean;
  clients: ClientTime[];
}

export const NOTHING: Totals = {
  jobs: 0,
  waiting: 0,
  skipped: 0,
  measured: 0,
  again: 0,
  left: 0,
  estimate_s: 0,
  isBound: false,
  clients: [],
};

/** What becomes of all pairs together. */
export function totals(plan: SessionPlan, wishes: Wishes): Totals {
  const runs = plan.pairs.filter((pair) => isRun(pair, wishes));
  const clients = timesOf(plan, runs);
  const ofState = (state: PlannedPair['state']) => plan.pairs.filter((pair) => pair.state === state);
  const measured = ofState('measured').length;
  const again = runs.filter(({ state }) => state === 'measured').length;
  return {
    jobs: runs.length,
    waiting: runs.filter(({ waits }) => waits).length,
    skipped: ofState('impossible').length,
    measured,
    again,
    left: ofState('possible').length - (runs.length - again),
    estimate_s: Math.max(0, ...clients.map(({ estimate_s }) => estimate_s)),
    isBound: clients.some(({ isBound }) => isBound),
    clients,
  };
}

function timesOf(plan: SessionPlan, runs: readonly PlannedPair[]): ClientTime[] {
  const byClient = new Map<string, PlannedPair[]>();
  for (const pair of runs) byClient.set(pair.client_id, [...(byClient.get(pair.client_id) ?? []), pair]);
  return plan.clients.map((client) => {
    const own = byClient.get(client.client_id) ?? [];
    return {
      id: client.client_id,
      name: client.client_name,
      jobs: own.length,
      ahead: client.jobs_ahead,
      estimate_s: own.reduce((sum, { estimate_s }) => sum + (estimate_s ?? plan.suite.budget_s), 0),
      isBound: own.some(({ estimate_s }) => estimate_s == null),
    };
  });
}

type Asked = Pick<NewSession, 'models' | 'client_ids' | 'pairs'>;

/** What to ask for: every model on every client where nothing was taken out, else pair by pair. */
export function askedFor(
  plan: SessionPlan,
  wishes: Wishes,
  models: readonly string[],
  clients: readonly ClientView[],
): Asked {
  const kept = plan.pairs.filter((pair) => pair.state === 'impossible' || isRun(pair, wishes));
  if (kept.length === plan.pairs.length) return { models: [...models], client_ids: clients.map(({ id }) => id) };
  return { pairs: kept.map(({ client_id, model }) => ({ client_id, model })) };
}
