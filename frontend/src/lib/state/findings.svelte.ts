/** What a fleet's page tells of results: the fastest clean model of each machine, and what changed lately. */
import { api, unwrap } from '$lib/api/client';
import type { LiveEvent, ResultView } from '$lib/api/types';
import { bestOfEach, changeOf, type Notable } from '$lib/fleet/findings';
import { isGap, live } from '$lib/live.svelte';
import { fleet } from './fleet.svelte';
import { Resource } from './resource.svelte';

/** Machines whose best is shown: those that were measured last. */
const MACHINES_MOST = 8;
const LATELY = 60;
const REFETCH_MS = 3_000;

export class Findings {
  readonly bests = new Resource<ResultView[]>(async (signal) => {
    const client_id = await machines(signal);
    if (!client_id.length) return [];
    const { results } = await unwrap(api.GET('/api/v1/results/latest', { params: { query: { client_id } }, signal }));
    const asked = bestOfEach(results).map(async ({ client_id, model }) => {
      const query = { client_id: [client_id], model: [model], grade: ['clean' as const], limit: 1 };
      return (await unwrap(api.GET('/api/v1/results', { params: { query }, signal }))).results;
    });
    return (await Promise.all(asked)).flat();
  });
  readonly notable = new Resource<Notable[]>(async (signal) => {
    const newest = new Map(fleet.results.map((result) => [result.series, result]));
    const asked = [...newest.values()].map(async (result) => {
      const query = { series: result.series, client_id: [result.client_id], limit: 2 };
      const { results } = await unwrap(api.GET('/api/v1/results', { params: { query }, signal }));
      const [now, before] = results;
      const change = now && changeOf(now, before);
      return now && change ? [{ result: now, ...change }] : [];
    });
    return (await Promise.all(asked)).flat();
  });
  /** Whether both are known, or why not. */
  readonly isSettled = $derived.by(() =>
    [this.bests, this.notable].every(({ data, problem }) => data !== null || problem !== null),
  );
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Fetch, and follow the live socket. Returns its own clean-up. */
  start(): () => void {
    this.#fetch();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.bests.stop();
      this.notable.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    if (!events.some((event) => event.type === 'result_added' || isGap(event))) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#fetch();
    }, REFETCH_MS);
  }

  #fetch(): void {
    void this.bests.refresh();
    if (fleet.results.length) void this.notable.refresh();
  }
}

/** All clients of a small fleet; of a large one those that were measured last. */
async function machines(signal: AbortSignal): Promise<string[]> {
  if (fleet.isKnown && fleet.clients.length <= MACHINES_MOST) return fleet.clients.map(({ id }) => id);
  const query = { grade: ['clean' as const], limit: LATELY };
  const { results } = await unwrap(api.GET('/api/v1/results', { params: { query }, signal }));
  return [...new Set(results.map(({ client_id }) => client_id))].slice(0, MACHINES_MOST);
}
