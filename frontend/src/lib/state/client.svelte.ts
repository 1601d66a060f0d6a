/** One client with its machine's history, its models, when it was there, its latest results: kept true by the socket. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { ClientDetail, ClientView, HardwareRecord, LiveEvent, PresenceChange, ResultView } from '$lib/api/types';
import type { Deed } from '$lib/fleet/deeds';
import { withSpeeds, type MeasuredModel } from '$lib/fleet/models';
import { isGap, live } from '$lib/live.svelte';
import { fetchModels } from './inventory';
import { Resource } from './resource.svelte';

const RESULTS_SHOWN = 8;
/** Changes of presence that are asked for: more than a month of an ordinary machine. */
const CHANGES_SHOWN = 500;

export interface History {
  changes: PresenceChange[];
  kept_since: string;
  isWhole: boolean;
}

export class ClientState {
  readonly id: string;
  readonly resource: Resource<ClientDetail>;
  readonly history: Resource<HardwareRecord[]>;
  readonly results: Resource<ResultView[]>;
  readonly models: Resource<MeasuredModel[]>;
  readonly presence: Resource<History>;
  /** Why the last wish was not done. */
  refusal = $state.raw<Problem | null>(null);
  busy = $state(false);

  constructor(id: string) {
    this.id = id;
    const params = { path: { client_id: id } };
    this.resource = new Resource((signal) => unwrap(api.GET('/api/v1/clients/{client_id}', { params, signal })));
    this.history = new Resource(async (signal) => {
      return (await unwrap(api.GET('/api/v1/clients/{client_id}/hardware', { params, signal }))).history;
    });
    this.results = new Resource(async (signal) => {
      const query = { client_id: [id], limit: RESULTS_SHOWN };
      return (await unwrap(api.GET('/api/v1/results', { params: { query }, signal }))).results;
    });
    this.models = new Resource(async (signal) => {
      const query = { client_id: [id] };
      const [models, { results }] = await Promise.all([
        fetchModels(signal, id),
        unwrap(api.GET('/api/v1/results/latest', { params: { query }, signal })),
      ]);
      return withSpeeds(models, results);
    });
    this.presence = new Resource(async (signal) => {
      const query = { limit: CHANGES_SHOWN };
      const page = await unwrap(
        api.GET('/api/v1/clients/{client_id}/presence', { params: { ...params, query }, signal }),
      );
      return { changes: page.changes, kept_since: page.kept_since, isWhole: page.next === null };
    });
  }

  readonly client = $derived.by(() => this.resource.data);

  /** Fetch, and follow the live socket. Returns its own clean-up. */
  start(): () => void {
    this.#fetchAll();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.#all.forEach((each) => each.stop());
    };
  }

  hear(events: LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'client_changed' && event.client.id === this.id) this.#take(event.client);
      if (event.type === 'client_removed' && event.client_id === this.id) void this.resource.refresh();
      if (event.type === 'models_changed' && event.client_id === this.id) void this.models.refresh();
      if (event.type === 'result_added' && event.result.client_id === this.id) this.#fetchMeasured();
    }
    if (events.some(isGap)) this.#fetchAll();
  }

  /** Give it another name, or other tags. Returns whether that was done; `refusal` says why not. */
  change(wish: { name?: string; tags?: string[] }): Promise<boolean> {
    const params = { path: { client_id: this.id } };
    return this.#wish(() => unwrap(api.PATCH('/api/v1/clients/{client_id}', { params, body: wish })));
  }

  act(deed: Deed): Promise<boolean> {
    const params = { path: { client_id: this.id } };
    return this.#wish(() => unwrap(api.POST(`/api/v1/clients/{client_id}/${deed}`, { params })));
  }

  async #wish(ask: () => Promise<ClientDetail>): Promise<boolean> {
    this.busy = true;
    try {
      [this.resource.data, this.refusal] = [await ask(), null];
      return true;
    } catch (thrown) {
      this.refusal = toProblem(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #take(client: ClientView): void {
    const before = this.client;
    if (!before) return;
    this.resource.data = { ...before, ...client };
    if (before.presence !== client.presence) void this.presence.refresh();
    // What a list does not tell of: the whole hardware, and that a new key came into use.
    const isOther = JSON.stringify(before.machine) !== JSON.stringify(client.machine);
    if (isOther) void this.history.refresh();
    if (isOther || before.key_rotation_asked_at) void this.resource.refresh();
  }

  #fetchMeasured(): void {
    void this.results.refresh();
    void this.models.refresh();
  }

  get #all() {
    return [this.resource, this.history, this.results, this.models, this.presence];
  }

  #fetchAll(): void {
    this.#all.forEach((each) => void each.refresh());
  }
}
