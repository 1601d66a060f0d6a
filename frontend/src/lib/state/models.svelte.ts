/** The table of models: search, filters, sort, groups, selection, and the lines in sight. */
import type { LiveEvent, ModelOnClient, ResultView } from '$lib/api/types';
import { isGap, live } from '$lib/live.svelte';
import { COLUMN_IDS, isLive, sorted, USUAL, type Column, type Facts } from '$lib/models/columns';
import * as filtering from '$lib/models/filters';
import { itemsOf, type Group, type GroupBy } from '$lib/models/groups';
import type { Latest } from '$lib/models/latest';
import { FIRST_SORT, NO_FACTS, NOTHING, type Inventory } from '$lib/models/nothing';
import { keyOf, replaced } from '$lib/models/rows';
import { found, loadForgiving, type Forgiving } from '$lib/models/search';
import { fleet } from './fleet.svelte';
import { fetchModels } from './inventory';
import { inventory, latestResults } from './models-source';
import { OperationWatch } from './operation-watch.svelte';
import { Resource } from './resource.svelte';
import { RowWindow } from './row-window.svelte';
import { Selection } from './selection.svelte';

export const ROW_HEIGHT_PX = 36;
const REFETCH_MS = 500;
const COLUMNS_KEPT = 'obt-models-columns';

export class ModelsTable {
  readonly resource = new Resource<Inventory>(inventory());
  readonly #latest = new Resource<ReadonlyMap<string, Latest>>(latestResults());
  readonly operations = new OperationWatch();
  readonly selection = new Selection();
  search = $state('');
  filters = $state.raw<filtering.Filters>(filtering.NO_FILTERS);
  sort = $state.raw(FIRST_SORT);
  columns = $state.raw<readonly Column[]>(USUAL);
  groupBy = $state<GroupBy>('');
  openGroups = $state.raw<ReadonlySet<string>>(new Set());
  #forgiving = $state.raw<Forgiving | null>(null);
  #refetch: ReturnType<typeof setTimeout> | undefined;
  readonly #outdated = new Set<string>();

  readonly #inventory = $derived(this.resource.data ?? NOTHING);
  readonly all = $derived(this.#inventory.rows);
  readonly #clientOf = $derived(new Map(fleet.clients.map((client) => [client.id, client])));
  readonly #loaded = $derived(
    new Set(
      fleet.clients.flatMap(({ id, ollama }) =>
        (ollama?.loaded ?? []).map(({ name }) => keyOf({ client_id: id, name })),
      ),
    ),
  );
  readonly facts = $derived<Facts>({
    clientOf: this.#clientOf,
    loaded: this.#loaded,
    latestOf: this.#latest.data ?? NO_FACTS.latestOf,
    conflicts: this.#inventory.conflicts,
    operationOf: this.operations.byRow,
  });
  // What changes with every heartbeat is looked at only where it decides, so that a quiet table stays as it is.
  readonly #sorted = $derived(
    this.sort.column === FIRST_SORT.column && !this.sort.descending
      ? this.#inventory.byName
      : sorted(this.all, this.sort, isLive(this.sort.column) ? this.facts : NO_FACTS),
  );
  readonly #narrowed = $derived(filtering.narrowed(this.#sorted, this.filters, () => this.facts));
  readonly #found = $derived(found(this.#narrowed, this.search, this.#forgiving));
  readonly rows = $derived(this.#found.rows);
  /** Words that nothing has as they were written. */
  readonly near = $derived(this.#found.near);
  readonly items = $derived(itemsOf(this.rows, this.groupBy, this.openGroups, () => this.facts));
  readonly window = new RowWindow(ROW_HEIGHT_PX, () => this.items.length);
  readonly visible = $derived(this.items.slice(this.window.first, this.window.end));
  readonly selectedRows = $derived(this.#selectedOf(this.all));
  readonly shownSelected = $derived(this.#selectedOf(this.rows).length);
  readonly options = $derived(this.#inventory.options);
  readonly tags = $derived(filtering.optionsOf(fleet.clients.flatMap((client) => client.tags)));
  readonly differing = $derived(this.#inventory.conflicts.size);

  /** Fetch with the filters of an address, and follow the live socket. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.fromQuery(query);
    this.window.hold();
    void this.resource.refresh();
    void this.#latest.refresh();
    const stops = [live.listen((events) => this.hear(events)), this.operations.start()];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#refetch);
      this.resource.stop();
      this.#latest.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    const results = events.flatMap((event) => (event.type === 'result_added' ? [event.result] : []));
    if (this.#latest.data && results.length) this.#latest.data = withResults(this.#latest.data, results);
    if (events.some(isGap)) {
      this.resource.renew();
      this.#latest.renew();
    }
    for (const event of events)
      if (event.type === 'models_changed' || event.type === 'client_removed') this.#outdated.add(event.client_id);
    if (this.#outdated.size) this.#refetch ??= setTimeout(() => void this.#fetchOutdated(), REFETCH_MS);
  }

  /** One client's models are a small answer; of many clients at once, all of them are. */
  async #fetchOutdated(): Promise<void> {
    this.#refetch = undefined;
    const ids = [...this.#outdated];
    this.#outdated.clear();
    if (ids.length > 3 || !this.resource.data) return this.resource.refresh();
    try {
      for (const id of ids) {
        await this.#put(id, await fetchModels(undefined, id));
      }
    } catch {
      await this.resource.refresh(); // which tells what is wrong
    }
  }

  /** Made in pieces; where other rows came meanwhile, once more with those. */
  async #put(clientId: string, own: ModelOnClient[]): Promise<void> {
    const { inventoryOf } = await import('$lib/models/inventory');
    let before: Inventory;
    let made: Inventory;
    do {
      before = this.#inventory;
      made = await inventoryOf(replaced(before.rows, clientId, own));
    } while (this.#inventory !== before);
    this.resource.data = made;
  }

  #selectedOf(rows: readonly ModelOnClient[]): readonly ModelOnClient[] {
    const { keys } = this.selection;
    return keys.size ? rows.filter((row) => keys.has(keyOf(row))) : [];
  }

  /** Search; what forgives a typo is fetched when a word is found nowhere, at the next letter if it did not come. */
  async searchFor(text: string): Promise<void> {
    this.search = text;
    if (this.near.length && !this.#forgiving) this.#forgiving = await loadForgiving().catch(() => null);
  }

  setFilters(change: Partial<filtering.Filters>): void {
    this.filters = { ...this.filters, ...change };
  }

  showAll(): void {
    this.search = '';
    this.filters = filtering.NO_FILTERS;
  }

  /** Sort by a column; again by the same one turns it round. */
  sortBy(column: Column): void {
    this.sort = { column, descending: this.sort.column === column && !this.sort.descending };
  }

  setColumns(columns: readonly Column[]): void {
    this.columns = COLUMN_IDS.filter((id) => id === 'name' || columns.includes(id));
    localStorage.setItem(COLUMNS_KEPT, this.columns.join(','));
  }

  groupInto(by: GroupBy): void {
    this.groupBy = by;
    this.openGroups = new Set();
  }

  toggleGroup(group: Group): void {
    const open = new Set(this.openGroups);
    const key = group.key.slice('group '.length);
    if (!open.delete(key)) open.add(key);
    this.openGroups = open;
  }

  /** Select all rows that are shown, or deselect them where all are selected. */
  toggleShown(): void {
    this.selection.toggle(this.rows.map(keyOf), () => []);
  }

  /** The table as it stands in the address. */
  toQuery(): URLSearchParams {
    const query = new URLSearchParams();
    if (this.search) query.set('q', this.search);
    filtering.write(this.filters, query);
    const { column, descending } = this.sort;
    if (column !== FIRST_SORT.column || descending) query.set('sort', (descending ? '-' : '') + column);
    if (this.groupBy) query.set('group', this.groupBy);
    if (this.columns.join() !== USUAL.join()) query.set('columns', this.columns.join(','));
    return query;
  }

  /** Take the table from an address; the columns from there, else those chosen last. */
  fromQuery(query: URLSearchParams): void {
    void this.searchFor(query.get('q') ?? '');
    this.filters = filtering.read(query);
    const sort = query.get('sort') ?? '';
    const column = COLUMN_IDS.find((name) => name === sort.replace(/^-/, ''));
    this.sort = column ? { column, descending: sort.startsWith('-') } : FIRST_SORT;
    const group = query.get('group');
    this.groupBy = group === 'model' || group === 'client' ? group : '';
    const chosen = (query.get('columns') ?? localStorage.getItem(COLUMNS_KEPT))?.split(',');
    this.columns = chosen ? COLUMN_IDS.filter((id) => id === 'name' || chosen.includes(id)) : USUAL;
  }

  /** The address of "New benchmark" with what is selected. */
  benchmarkQuery(): URLSearchParams {
    const query = new URLSearchParams();
    for (const name of new Set(this.selectedRows.map((row) => row.name))) query.append('model', name);
    for (const id of new Set(this.selectedRows.map((row) => row.client_id))) query.append('client', id);
    return query;
  }
}

/** What was measured just now, where it is newer. */
function withResults(known: ReadonlyMap<string, Latest>, results: readonly ResultView[]): ReadonlyMap<string, Latest> {
  const next = new Map(known);
  for (const { id, client_id, headline, model, status, model_digest, suite_name, grade, ended_at } of results) {
    const key = keyOf({ client_id, name: model });
    if (status !== 'completed' || (next.get(key)?.ended_at ?? '') > ended_at) continue;
    const decode_tokens_per_s = headline.decode_tokens_per_s?.median ?? null;
    next.set(key, { result_id: id, model_digest, suite_name, grade, ended_at, decode_tokens_per_s });
  }
  return next;
}
