/** A benchmark that is being put together. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { LiveEvent, ModelOnClient, SuiteView } from '$lib/api/types';
import { live } from '$lib/live.svelte';
import { fleet } from './fleet.svelte';
import { fetchModels } from './inventory';
import { cellKey, plan } from './plan';
import { Resource } from './resource.svelte';

interface Choices {
  models: ModelOnClient[];
  suites: SuiteView[];
}

export class Draft {
  readonly resource = new Resource<Choices>(async (signal) => {
    const [models, { suites }] = await Promise.all([
      fetchModels(signal),
      unwrap(api.GET('/api/v1/suites', { signal })),
    ]);
    return { models, suites };
  });
  models = $state.raw<ReadonlySet<string>>(new Set());
  clientIds = $state.raw<ReadonlySet<string>>(new Set());
  suiteHash = $state<string | null>(null);
  title = $state('');
  search = $state('');
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  readonly #installed = $derived(
    new Map((this.resource.data?.models ?? []).map((row) => [cellKey(row.name, row.client_id), row])),
  );
  /** Every model that some client has, by name, with how many of the chosen clients have it. */
  readonly modelNames = $derived([...new Set((this.resource.data?.models ?? []).map((row) => row.name))].sort());
  readonly shownModels = $derived(
    this.modelNames.filter((name) => name.toLowerCase().includes(this.search.trim().toLowerCase())),
  );
  readonly chosenModels = $derived(this.modelNames.filter((name) => this.models.has(name)));
  readonly chosenClients = $derived(fleet.clients.filter((client) => this.clientIds.has(client.id)));
  readonly suites = $derived(this.resource.data?.suites ?? []);
  readonly shippedSuites = $derived(this.suites.filter(({ shipped }) => shipped));
  readonly otherSuites = $derived(this.suites.filter(({ shipped }) => !shipped));
  readonly suite = $derived(this.suites.find((suite) => suite.hash === this.suiteHash) ?? this.suites[0] ?? null);
  readonly plan = $derived(plan(this.chosenModels, this.chosenClients, this.#installed, this.suite?.budget_s ?? 0));
  readonly canStart = $derived(this.plan.jobs > 0 && this.suite !== null && !this.busy);

  /** Fetch the choices; with one client only, it is chosen. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.models = new Set(query.getAll('model'));
    this.clientIds = new Set(query.getAll('client'));
    void this.resource.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.resource.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    if (events.some(({ type }) => type === 'models_changed' || type === 'snapshot')) void this.resource.refresh();
  }

  toggleModel(name: string): void {
    this.models = toggled(this.models, name);
  }

  toggleClient(id: string): void {
    this.clientIds = toggled(this.clientIds, id);
  }

  chooseModels(names: readonly string[]): void {
    this.models = new Set(names);
  }

  chooseClients(ids: readonly string[]): void {
    this.clientIds = new Set(ids);
  }

  /** How many of the chosen clients have the model. */
  installedOn(name: string): number {
    return this.chosenClients.filter((client) => this.#installed.has(cellKey(name, client.id))).length;
  }

  /** Start it; return the session's ID, or null where the server refused (`problem` says why). */
  async submit(): Promise<string | null> {
    if (!this.suite) return null;
    this.busy = true;
    try {
      const body = {
        suite: this.suite.hash,
        models: this.chosenModels,
        client_ids: this.chosenClients.map((client) => client.id),
        ...(this.title.trim() && { title: this.title.trim() }),
      };
      const session = await unwrap(api.POST('/api/v1/sessions', { body }));
      this.problem = null;
      return session.id;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }
}

function toggled(set: ReadonlySet<string>, entry: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(entry)) next.add(entry);
  return next;
}
