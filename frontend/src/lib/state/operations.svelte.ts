/** The record of operations, newest first, in batches: what runs, waits, and how it ended. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { LiveEvent, OperationKind, OperationStatus, OperationView } from '$lib/api/types';
import { isGap, live } from '$lib/live.svelte';
import { isOpen } from '$lib/open-operation';
import { batchesOf, canRetry, type Batch } from '$lib/operations';
import { Paged } from './paged.svelte';

const PAGE = 200;
const FILTERS = ['client_id', 'kind', 'status', 'model', 'batch_id'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, string>>;
/** What `status` may be beside one status: all that have not ended. */
export const OPEN = 'open';
const OPEN_STATUSES: OperationStatus[] = ['queued', 'running'];

export class OperationList {
  filters = $state.raw<Filters>({});
  /** Why the last thing asked for was refused. */
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  readonly list = new Paged<OperationView>(async (after, signal) => {
    const query = { ...asked(this.filters), after, limit: PAGE };
    const { operations, next } = await unwrap(api.GET('/api/v1/operations', { params: { query }, signal }));
    return { entries: operations, next: next ?? null };
  });

  readonly operations = $derived.by(() => this.list.entries ?? []);
  readonly batches = $derived.by(() =>
    batchesOf([...this.operations].sort((a, b) => b.created_at.localeCompare(a.created_at))),
  );
  readonly open = $derived.by(() => this.operations.filter(({ status }) => isOpen(status)));

  /** Fetch with the filters of an address, and follow the live socket. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.filters = Object.fromEntries(FILTERS.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])));
    void this.list.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.list.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    this.#take(events.flatMap((event) => (event.type === 'operation_changed' ? [event.operation] : [])));
    if (events.some(isGap)) void this.list.refresh();
  }

  /** One of them stays in sight where it has left the filter: one wants to see how it ended. */
  #take(changed: readonly OperationView[]): void {
    const known = this.list.entries;
    if (!known || !changed.length) return;
    const byId = new Map(changed.map((one) => [one.id, one]));
    const kept = known.map((one) => byId.get(one.id) ?? one);
    const ids = new Set(known.map(({ id }) => id));
    this.list.entries = [...changed.filter((one) => !ids.has(one.id) && matches(one, this.filters)), ...kept];
  }

  /** Narrow to one value, or to all where it is empty. */
  setFilter(name: FilterName, value: string): void {
    const { [name]: _, ...others } = this.filters;
    this.filters = value ? { ...others, [name]: value } : others;
    this.list.entries = null;
    void this.list.refresh();
  }

  clearFilters(): void {
    this.filters = {};
    this.list.entries = null;
    void this.list.refresh();
  }

  toQuery(): URLSearchParams {
    return new URLSearchParams(Object.entries(this.filters));
  }

  async cancel({ id }: OperationView): Promise<void> {
    const params = { path: { operation_id: id } };
    await this.#do(async () => [await unwrap(api.POST('/api/v1/operations/{operation_id}/cancel', { params }))]);
  }

  async cancelBatch({ id }: Batch): Promise<void> {
    const params = { path: { batch_id: id } };
    await this.#do(
      async () => (await unwrap(api.POST('/api/v1/operations/batches/{batch_id}/cancel', { params }))).operations,
    );
  }

  async retry({ id }: OperationView): Promise<void> {
    const params = { path: { operation_id: id } };
    await this.#do(async () => [await unwrap(api.POST('/api/v1/operations/{operation_id}/retry', { params }))]);
  }

  /** Ask once more, together, for what did not work. */
  async retryBatch({ operations }: Batch): Promise<void> {
    const again = operations
      .filter(({ status }) => canRetry(status) && status !== 'cancelled')
      .map(({ client_id, operation }) => ({ client_id, operation }));
    const body = { operations: again, client_ids: [] };
    await this.#do(async () => (await unwrap(api.POST('/api/v1/operations', { body }))).operations);
  }

  async #do(ask: () => Promise<OperationView[]>): Promise<void> {
    this.busy = true;
    try {
      this.#take(await ask());
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      await this.list.refresh();
    }
    this.busy = false;
  }
}

function asked({ client_id, kind, status, model, batch_id }: Filters) {
  return {
    client_id: client_id ? [client_id] : undefined,
    kind: kind ? [kind as OperationKind] : undefined,
    status: status === OPEN ? OPEN_STATUSES : status ? [status as OperationStatus] : undefined,
    model: model ? [model] : undefined,
    batch_id: batch_id ? [batch_id] : undefined,
  };
}

/** Whether an operation is among those that the filters leave. */
export function matches(operation: OperationView, { status, ...others }: Filters): boolean {
  const isStatus = !status || (status === OPEN ? isOpen(operation.status) : operation.status === status);
  return isStatus && Object.entries(others).every(([name, value]) => operation[name as keyof OperationView] === value);
}
