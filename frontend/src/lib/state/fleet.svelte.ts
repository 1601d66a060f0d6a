/** All clients, what runs now and what came last: kept true by the live socket. */
import { api, toProblem, unreachable, unwrap, type Problem } from '$lib/api/client';
import type { JobView, LiveEvent } from '$lib/api/types';
import { live } from '$lib/live.svelte';
import { isActive } from '$lib/words';
import { EMPTY, merged, reduce, type World } from './world';

const SESSIONS_SHOWN = 6;
const RESULTS_SHOWN = 8;

export class Fleet {
  #world = $state.raw<World>(EMPTY);
  /** What came live since something was asked for, of each fetch: newer than its answer, and so told once more on top. */
  readonly #fetches = new Set<LiveEvent[]>();
  /** Whether a snapshot came at all. */
  isKnown = $state(false);
  /** Whether sessions and results were fetched at all. */
  isHistoryKnown = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** Why nothing is known at all: the connection was lost before anything came. */
  readonly silence = $derived(live.connection === 'lost' && !this.isKnown ? unreachable() : null);

  readonly clients = $derived([...this.#world.clients.values()].sort((a, b) => a.name.localeCompare(b.name)));
  readonly sessions = $derived(
    [...this.#world.sessions.values()]
      .sort((a, b) => b.created_at.localeCompare(a.created_at))
      .slice(0, SESSIONS_SHOWN),
  );
  readonly results = $derived(this.#world.results.slice(0, RESULTS_SHOWN));
  /** The job that each busy client works on, by the client's ID. */
  readonly jobOf = $derived(new Map([...this.#world.jobs.values()].map((job) => [job.client_id, job])));

  /** Hear the live socket. Returns its own clean-up. */
  start(): () => void {
    return live.listen((events) => this.hear(events));
  }

  hear(events: LiveEvent[]): void {
    this.#world = reduce(this.#world, events);
    for (const since of this.#fetches) since.push(...events);
    if (events.some((event) => event.type === 'snapshot')) {
      this.isKnown = true;
      void this.refresh();
    } else if (events.some((event) => event.type === 'resync')) {
      live.retry();
    }
  }

  /** Fetch what a snapshot does not hold: the last sessions and results, and what runs at this moment. */
  async refresh(): Promise<void> {
    const since: LiveEvent[] = [];
    this.#fetches.add(since);
    try {
      const [{ sessions }, { results }] = await Promise.all([
        unwrap(api.GET('/api/v1/sessions', { params: { query: { limit: SESSIONS_SHOWN } } })),
        unwrap(api.GET('/api/v1/results', { params: { query: { limit: RESULTS_SHOWN } } })),
      ]);
      this.#world = reduce({ ...this.#world, sessions: merged(this.#world.sessions, sessions), results }, since);
      [this.isHistoryKnown, this.problem] = [true, null];
      const jobs = await this.#runningJobs();
      this.#world = reduce({ ...this.#world, jobs: merged(this.#world.jobs, jobs) }, since);
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    this.#fetches.delete(since);
  }

  async #runningJobs(): Promise<JobView[]> {
    const running = this.sessions.filter((session) => session.state === 'running');
    const details = await Promise.all(
      running.map(({ id }) =>
        unwrap(api.GET('/api/v1/sessions/{session_id}', { params: { path: { session_id: id } } })),
      ),
    );
    return details.flatMap((detail) => detail.jobs).filter((job) => isActive(job.status));
  }
}

export const fleet = new Fleet();
