/** The operations that concern what a page shows: those that have not ended, and how those that it saw ended. */
import { api, unwrap } from '$lib/api/client';
import type { LiveEvent, OperationView } from '$lib/api/types';
import { isGap, live } from '$lib/live.svelte';
import { isOpen } from '$lib/open-operation';
import { Resource } from './resource.svelte';

const MOST = 500;

export class OperationWatch {
  readonly #open = new Resource<OperationView[]>(async (signal) => {
    const query = { status: ['queued' as const, 'running' as const], limit: MOST };
    return (await unwrap(api.GET('/api/v1/operations', { params: { query }, signal }))).operations;
  });
  /** What the live socket told since, newest word for each. */
  #heard = $state.raw<ReadonlyMap<string, OperationView>>(new Map());

  readonly all = $derived.by(() => {
    const known = new Map((this.#open.data ?? []).map((one) => [one.id, one]));
    for (const [id, one] of this.#heard) known.set(id, one);
    return known;
  });
  readonly open = $derived.by(() => [...this.all.values()].filter(({ status }) => isOpen(status)));
  /** The last one asked for of each model on each client; what went well is told by the row itself. */
  readonly byRow = $derived.by(() => {
    const newest = new Map<string, OperationView>();
    for (const one of this.all.values()) {
      const key = `${one.client_id}/${one.model}`;
      const other = newest.get(key);
      if (!other || other.created_at <= one.created_at) newest.set(key, one);
    }
    for (const [key, one] of newest) if (one.status === 'completed') newest.delete(key);
    return newest as ReadonlyMap<string, OperationView>;
  });

  /** Fetch, and follow the live socket. Returns its own clean-up. */
  start(): () => void {
    void this.#open.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.#open.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    const changed = events.flatMap((event) => (event.type === 'operation_changed' ? [event.operation] : []));
    this.take(changed);
    if (events.some(isGap)) this.#open.renew();
  }

  /** Take in what was asked for just now, before the live socket tells. */
  take(operations: readonly OperationView[]): void {
    if (!operations.length) return;
    this.#heard = new Map([...this.#heard, ...operations.map((one) => [one.id, one] as const)]);
  }
}
