/** A benchmark that is being put together: what, where, with which suite, when; and what the server says of it. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type {
  Again,
  ClientView,
  LiveEvent,
  ModelOnClient,
  NewSession,
  PlannedPair,
  SessionPlan,
  SuiteView,
} from '$lib/api/types';
import { isGap, live } from '$lib/live.svelte';
import { fleet } from './fleet.svelte';
import { fetchModels } from './inventory';
import { askedFor, NO_WISHES, NOTHING, totals, turned, turnedAgain } from '$lib/plan';
import { Resource } from './resource.svelte';
import { SuiteEdit } from './suite-edit.svelte';

export const PAIRS_MAX = 5_000;
const SETTLE_MS = 200;
/** An address that is longer than this helps nobody. */
const IN_ADDRESS_MAX = 60;

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
  readonly preview = new Resource<{ question: string; plan: SessionPlan | null }>(async (signal) => {
    const question = this.#question;
    if (!this.isChosen || this.isTooMany) return { question, plan: null };
    return { question, plan: await unwrap(api.POST('/api/v1/sessions/plan', { body: this.#body(), signal })) };
  });
  models = $state.raw<ReadonlySet<string>>(new Set());
  clientIds = $state.raw<ReadonlySet<string>>(new Set());
  /** A suite's name or hash, as an address has it. */
  suiteKey = $state<string | null>(null);
  /** The suite that is being written; while there is one, it is the chosen one. */
  edit = $state.raw<SuiteEdit | null>(null);
  wishes = $state.raw(NO_WISHES);
  title = $state('');
  search = $state('');
  clientSearch = $state('');
  tag = $state('');
  /** A moment of the viewer's own zone as a browser's field has it; empty: at once. */
  startsAt = $state('');
  again = $state.raw<Again | null>(null);
  isSameOrder = $state(true);
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  #settling: ReturnType<typeof setTimeout> | undefined;

  readonly #rows = $derived(this.resource.data?.models ?? []);
  readonly modelNames = $derived([...new Set(this.#rows.map((row) => row.name))].sort());
  readonly shownModels = $derived(this.modelNames.filter((name) => has(name, this.search)));
  readonly tags = $derived([...new Set(fleet.clients.flatMap((client) => client.tags))].sort());
  readonly shownClients = $derived(
    fleet.clients.filter(
      (client) => has(client.name, this.clientSearch) && (!this.tag || client.tags.includes(this.tag)),
    ),
  );
  readonly chosenModels = $derived(this.modelNames.filter((name) => this.models.has(name)));
  readonly chosenClients = $derived(fleet.clients.filter((client) => this.clientIds.has(client.id)));
  readonly suites = $derived(this.resource.data?.suites ?? []);
  readonly shippedSuites = $derived(this.suites.filter(({ shipped }) => shipped));
  readonly savedSuites = $derived(this.suites.filter(({ saved }) => saved));
  readonly otherSuites = $derived(this.suites.filter(({ shipped, saved }) => !shipped && !saved));
  readonly #picked = $derived(
    this.suites.find(({ hash }) => hash === this.suiteKey) ??
      this.suites.find(({ suite, shipped, saved }) => (shipped || saved) && suite.name === this.suiteKey) ??
      this.suites[0] ??
      null,
  );
  /** What will be measured with: the edited suite as it was last in order, else the one that was picked. */
  readonly suite = $derived(this.edit ? this.edit.view : this.#picked);
  readonly isChosen = $derived(this.chosenModels.length > 0 && this.chosenClients.length > 0 && this.suite !== null);
  /** Changes whenever the server has to be asked anew. */
  readonly #question = $derived(
    JSON.stringify([this.chosenModels, this.chosenClients.map(({ id }) => id), this.suite?.hash]),
  );
  readonly isTooMany = $derived(this.chosenModels.length * this.chosenClients.length > PAIRS_MAX);
  readonly plan = $derived(this.isChosen && !this.isTooMany ? (this.preview.data?.plan ?? null) : null);
  readonly totals = $derived(this.plan ? totals(this.plan, this.wishes) : NOTHING);
  readonly notBefore = $derived(this.startsAt ? new Date(this.startsAt) : null);
  /** Whether the server's word is about what is chosen now. */
  readonly isCurrent = $derived(this.preview.data?.question === this.#question);
  readonly canStart = $derived(
    this.totals.jobs > 0 && this.isCurrent && !this.busy && (!this.edit || this.edit.isInOrder),
  );
  readonly #installed = $derived.by(() => {
    const clientsOf = new Map<string, Set<string>>();
    for (const { name, client_id } of this.#rows) {
      let clients = clientsOf.get(name);
      if (!clients) clientsOf.set(name, (clients = new Set()));
      clients.add(client_id);
    }
    return clientsOf;
  });

  /** Fetch the choices, follow the live socket, ask anew when the choice changes. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.models = new Set(query.getAll('model'));
    this.clientIds = new Set(query.getAll('client'));
    this.suiteKey = query.get('suite');
    const resultId = query.get('again');
    if (resultId) void this.#runAgain(resultId);
    void this.resource.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    const stopAsking = $effect.root(() => {
      $effect(() => {
        if (this.#question) this.#settle();
      });
    });
    return () => {
      stopAsking();
      stopListening();
      clearTimeout(this.#settling);
      this.edit?.stop();
      this.resource.stop();
      this.preview.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    const types = new Set(events.map(({ type }) => type));
    if (types.has('models_changed') || events.some(isGap)) {
      void this.resource.refresh();
      this.#settle();
    } else if (types.has('result_added')) this.#settle();
    const moved = events.flatMap((event) => (event.type === 'client_changed' ? [event.client.id] : []));
    if (moved.some((id) => this.clientIds.has(id))) this.#settle();
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

  chooseSuite(key: string): void {
    this.edit?.stop();
    this.edit = null;
    this.suiteKey = key;
  }

  /** Forget a saved suite; what ran with it stays. */
  async forgetSuite(name: string): Promise<void> {
    try {
      await unwrap(api.DELETE('/api/v1/suites/saved/{name}', { params: { path: { name } } }));
      await this.resource.refresh();
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
  }

  /** Begin to write a suite, from the chosen one. */
  editSuite(): void {
    if (this.suite) this.edit = new SuiteEdit(this.suite);
  }

  turn(pair: PlannedPair): void {
    this.wishes = turned(pair, this.wishes);
  }

  turnAgain(on: boolean): void {
    if (this.plan) this.wishes = turnedAgain(this.plan, this.wishes, on);
  }

  /** How many of the chosen clients have the model. */
  installedOn(name: string): number {
    const clients = this.#installed.get(name);
    return clients ? this.chosenClients.filter(({ id }) => clients.has(id)).length : 0;
  }

  /** The models whose weights lie wholly in the GPU memory of every chosen client that has them. */
  readonly fittingModels = $derived.by(() => {
    const memoryOf = new Map(this.chosenClients.map((client) => [client.id, gpuBytes(client)]));
    const own = this.#rows.filter((row) => memoryOf.has(row.client_id) && !row.cloud);
    const beyond = new Set(own.filter((row) => row.size_bytes > (memoryOf.get(row.client_id) ?? 0)).map(nameOf));
    return [...new Set(own.map(nameOf))].filter((name) => !beyond.has(name)).sort();
  });

  /** What is to be kept in the address. */
  query(): URLSearchParams {
    const params = new URLSearchParams();
    const all = [
      ...this.chosenModels.map((name) => ['model', name]),
      ...[...this.clientIds].map((id) => ['client', id]),
    ];
    if (all.length <= IN_ADDRESS_MAX) for (const [key, value] of all) params.append(key ?? '', value ?? '');
    if (!this.edit && this.suiteKey) params.set('suite', this.suiteKey);
    if (this.again) params.set('again', this.again.result_id);
    return params;
  }

  /** Start it; return the session's ID, or null where the server refused (`problem` says why). */
  async submit(): Promise<string | null> {
    if (!this.plan) return null;
    this.busy = true;
    try {
      const asked = askedFor(this.plan, this.wishes, this.chosenModels, this.chosenClients);
      const { suite, remeasure } = this.#body();
      const session = await unwrap(
        api.POST('/api/v1/sessions', { body: { suite, remeasure, ...asked, ...this.#how() } }),
      );
      this.problem = null;
      return session.id;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }

  #how(): Pick<NewSession, 'title' | 'not_before' | 'order_seed'> {
    const title = this.title.trim();
    return {
      ...(title && { title }),
      ...(this.notBefore && { not_before: this.notBefore.toISOString() }),
      ...(this.again?.order_seed != null && this.isSameOrder && { order_seed: this.again.order_seed }),
    };
  }

  #body(): NewSession {
    const suite = this.edit ? this.edit.content : (this.suite?.hash ?? 'quick');
    const client_ids = this.chosenClients.map(({ id }) => id);
    return { suite, models: this.chosenModels, client_ids, remeasure: true };
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.preview.refresh(), SETTLE_MS);
  }

  async #runAgain(resultId: string): Promise<void> {
    try {
      const again = await unwrap(api.GET('/api/v1/sessions/again', { params: { query: { result_id: resultId } } }));
      this.again = again;
      this.models = new Set([
        again.digest_now === again.model_digest ? again.model : (again.tags_now[0] ?? again.model),
      ]);
      this.clientIds = new Set([again.client_id]);
      this.suiteKey = again.suite_hash;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
  }
}

const nameOf = ({ name }: ModelOnClient): string => name;

function gpuBytes({ machine }: ClientView): number {
  return (machine?.gpus ?? []).reduce((sum, { memory_bytes }) => sum + (memory_bytes ?? 0), 0);
}

function has(text: string, search: string): boolean {
  return text.toLowerCase().includes(search.trim().toLowerCase());
}

function toggled(set: ReadonlySet<string>, entry: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(entry)) next.add(entry);
  return next;
}
