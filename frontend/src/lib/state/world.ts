/** What the live socket told, as values: events in, the next world out. Untouched parts stay the same objects. */
import type { ClientView, JobView, LiveEvent, ResultView, SessionView } from '$lib/api/types';
import { isActive } from '$lib/words';

export interface World {
  clients: ReadonlyMap<string, ClientView>;
  sessions: ReadonlyMap<string, SessionView>;
  /** Jobs that a client works on now. */
  jobs: ReadonlyMap<string, JobView>;
  /** Results that came since the page was opened, newest first. */
  results: readonly ResultView[];
}

export const EMPTY: World = { clients: new Map(), sessions: new Map(), jobs: new Map(), results: [] };
const RESULTS_KEPT = 50;

/** Maps that were made of the batch at hand, and may be written to: of a thousand clients one is copied, not one a change. */
type Own = Set<unknown>;

/** Apply a batch of changes. */
export function reduce(world: World, events: readonly LiveEvent[]): World {
  const own: Own = new Set();
  return events.reduce((now, event) => step(now, event, own), world);
}

function step(world: World, event: LiveEvent, own: Own): World {
  switch (event.type) {
    case 'snapshot':
      return {
        ...world,
        clients: byId(event.clients),
        sessions: merged(world.sessions, event.sessions),
        jobs: new Map(),
      };
    case 'client_changed':
      return { ...world, clients: withEntry(world.clients, event.client, own) };
    case 'client_removed':
      return { ...world, clients: without(world.clients, event.client_id, own) };
    case 'session_changed':
      return { ...world, sessions: withEntry(world.sessions, event.session, own) };
    case 'job_changed':
      return { ...world, jobs: jobMoved(world.jobs, event.job, own) };
    case 'result_added':
      return { ...world, results: [event.result, ...others(world.results, event.result.id)].slice(0, RESULTS_KEPT) };
    default:
      return world;
  }
}

/** Put what was fetched beside what is known, or in its place. */
export function merged<Entry extends { id: string }>(
  known: ReadonlyMap<string, Entry>,
  fetched: readonly Entry[],
): ReadonlyMap<string, Entry> {
  return new Map([...known, ...fetched.map((entry) => [entry.id, entry] as const)]);
}

function jobMoved(jobs: ReadonlyMap<string, JobView>, job: JobView, own: Own): ReadonlyMap<string, JobView> {
  return isActive(job.status) ? withEntry(jobs, job, own) : without(jobs, job.id, own);
}

function byId<Entry extends { id: string }>(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}

function withEntry<Entry extends { id: string }>(map: ReadonlyMap<string, Entry>, entry: Entry, own: Own) {
  return writable(map, own).set(entry.id, entry) as ReadonlyMap<string, Entry>;
}

function without<Entry>(map: ReadonlyMap<string, Entry>, id: string, own: Own): ReadonlyMap<string, Entry> {
  if (!map.has(id)) return map;
  const rest = writable(map, own);
  rest.delete(id);
  return rest;
}

function writable<Entry>(map: ReadonlyMap<string, Entry>, own: Own): Map<string, Entry> {
  if (own.has(map)) return map as Map<string, Entry>;
  const copy = new Map(map);
  own.add(copy);
  return copy;
}

function others(results: readonly ResultView[], id: string): ResultView[] {
  return results.filter((result) => result.id !== id);
}
