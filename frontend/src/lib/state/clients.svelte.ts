/** The table of clients: search, filters, sort, columns, selection, the rows in sight, and what is done with many. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { ClientView } from '$lib/api/types';
import type { BatchWish } from '$lib/fleet/deeds';
import { COLUMNS, FILTERS, FIRST_SORT, filtered, optionsOf, sorted, tagsOf, type Column } from '$lib/fleet/rows';
import type { FilterName, Filters, Sort } from '$lib/fleet/rows';
import { fleet } from './fleet.svelte';
import { Resource } from './resource.svelte';
import { RowWindow } from './row-window.svelte';
import { Selection } from './selection.svelte';
import { Steady } from './steady.svelte';

export const ROW_HEIGHT_PX = 37;

export class ClientsTable {
  search = $state('');
  filters = $state.raw<Filters>({});
  sort = $state.raw<Sort>(FIRST_SORT);
  columns = $state.raw<'all' | ReadonlySet<string>>('all');
  /** Those that are archived, in place of those that are not. */
  isArchive = $state(false);
  readonly archive = new Resource<ClientView[]>(async (signal) => {
    return (await unwrap(api.GET('/api/v1/clients', { params: { query: { archived: true } }, signal }))).clients;
  });
  readonly selection = new Selection();
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** What the last deed came to. */
  told = $state('');

  readonly all = $derived.by(() => (this.isArchive ? (this.archive.data ?? []) : fleet.clients));
  /** Another object whenever something else is asked for: then what changed meanwhile is put right, too. */
  readonly #order = $derived({ sort: this.sort, search: this.search, filters: this.filters, of: this.isArchive });
  readonly #steady = new Steady<ClientView>();
  readonly rows = $derived.by(() =>
    this.#steady.arrange(
      filtered(this.all, this.search, this.filters),
      (clients) => sorted(clients, this.sort),
      this.#order,
    ),
  );
  readonly window = new RowWindow(ROW_HEIGHT_PX, () => this.rows.length);
  readonly visible = $derived.by(() => this.rows.slice(this.window.first, this.window.end));
  readonly selected = $derived.by(() => this.all.filter(({ id }) => this.selection.keys.has(id)));
  readonly shownColumns = $derived.by(() =>
    COLUMNS.filter((column) => column === 'name' || this.columns === 'all' || this.columns.has(column)),
  );
  readonly tags = $derived.by(() => tagsOf(fleet.clients));

  options(filter: FilterName) {
    return optionsOf(this.all, filter);
  }

  choose(filter: FilterName, value: string): void {
    this.filters = { ...this.filters, [filter]: value || undefined };
  }

  sortBy(column: Column): void {
    this.sort = { column, descending: this.sort.column === column && !this.sort.descending };
  }

  toggle(id: string, range: boolean): void {
    this.selection.toggle([id], () => this.rows.map((row) => row.id), range);
  }

  toggleShown(): void {
    const ids = this.rows.map(({ id }) => id);
    this.selection.toggle(ids, () => ids);
  }

  /** Do it to all that are selected. */
  async apply(wish: BatchWish): Promise<void> {
    this.busy = true;
    try {
      const body = { add_tags: [], remove_tags: [], ...wish, client_ids: this.selected.map(({ id }) => id) };
      const { changed } = await unwrap(api.POST('/api/v1/client-changes', { body }));
      this.told = `${changed} of ${body.client_ids.length} changed`;
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    } finally {
      this.busy = false;
    }
  }

  /** The filters as they stand in the address. */
  toQuery(): URLSearchParams {
    const query = new URLSearchParams();
    if (this.search) query.set('q', this.search);
    for (const name of FILTERS) if (this.filters[name]) query.set(name, this.filters[name]);
    if (this.isArchive) query.set('archived', '1');
    const { column, descending } = this.sort;
    if (column !== FIRST_SORT.column || descending) query.set('sort', (descending ? '-' : '') + column);
    if (this.columns !== 'all') query.set('columns', [...this.columns].join(','));
    return query;
  }

  /** Take the filters from an address. */
  fromQuery(query: URLSearchParams): void {
    this.search = query.get('q') ?? '';
    this.filters = Object.fromEntries(FILTERS.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])));
    this.isArchive = query.get('archived') === '1';
    const sort = query.get('sort') ?? '';
    const column = COLUMNS.find((name) => name === sort.replace(/^-/, ''));
    this.sort = column ? { column, descending: sort.startsWith('-') } : FIRST_SORT;
    const columns = query.get('columns');
    this.columns = columns === null ? 'all' : new Set(columns.split(','));
  }
}
