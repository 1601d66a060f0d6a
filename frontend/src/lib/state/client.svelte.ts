/** One client with the history of its machine and its latest results, kept true by the live socket. */
import { api, unwrap } from '$lib/api/client';
import type { ClientView, HardwareRecord, LiveEvent, ResultView } from '$lib/api/types';
import { live } from '$lib/live.svelte';
import { chaptersOf, machineFacts } from '$lib/machine';
import { Resource } from './resource.svelte';

const RESULTS_SHOWN = 8;

export class ClientState {
  readonly id: string;
  readonly resource: Resource<ClientView>;
  readonly history: Resource<HardwareRecord[]>;
  readonly results: Resource<ResultView[]>;

  constructor(id: string) {
    this.id = id;
    const params = { path: { client_id: id } };
    this.resource = new Resource((signal) => unwrap(api.GET('/api/v1/clients/{client_id}', { params, signal })));
    this.history = new Resource(async (signal) => {
      return (await unwrap(api.GET('/api/v1/clients/{client_id}/hardware', { params, signal }))).history;
    });
    this.results = new Resource(async (signal) => {
      const query = { client_id: id, limit: RESULTS_SHOWN };
      return (await unwrap(api.GET('/api/v1/results', { params: { query }, signal }))).results;
    });
  }

  readonly client = $derived.by(() => this.resource.data);
  readonly facts = $derived.by(() => machineFacts(this.client?.hardware));
  readonly notes = $derived.by(() => this.client?.hardware?.notes ?? []);
  readonly chapters = $derived.by(() => chaptersOf(this.history.data ?? []));

  /** Fetch, and follow the live socket. Returns its own clean-up. */
  start(): () => void {
    this.#fetchAll();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      [this.resource, this.history, this.results].forEach((each) => each.stop());
    };
  }

  hear(events: LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'client_changed' && event.client.id === this.id) this.#take(event.client);
      if (event.type === 'client_removed' && event.client_id === this.id) void this.resource.refresh();
      if (event.type === 'result_added' && event.result.client_id === this.id) void this.results.refresh();
    }
    if (events.some(({ type }) => type === 'snapshot' || type === 'resync')) this.#fetchAll();
  }

  #take(client: ClientView): void {
    const isOther = JSON.stringify(client.hardware) !== JSON.stringify(this.client?.hardware);
    this.resource.data = client;
    if (isOther) void this.history.refresh();
  }

  #fetchAll(): void {
    [this.resource, this.history, this.results].forEach((each) => void each.refresh());
  }
}
