/** The list of results: filters, order, counts, the rows in sight, what is chosen, and what came meanwhile. */
import { api, unwrap } from '$lib/api/client';
import { apiUrl } from '$lib/api/origin';
import type { LiveEvent, ResultFacets, ResultView } from '$lib/api/types';
import { isGap, live } from '$lib/live.svelte';
import { FIRST_SORT, nextSort, sortFrom, type Column } from '$lib/results/columns';
import {
  asParameters,
  fromQuery,
  mayMatch,
  toggled,
  toQuery,
  withValue,
  type FacetName,
  type Filters,
} from '$lib/results/filters';
import { Paged, type Page } from './paged.svelte';
import { Resource } from './resource.svelte';
import { RowWindow } from './row-window.svelte';
import { Selection } from './selection.svelte';

const PAGE = 100;
/** Rows before the end of what is here at which more is asked for. */
const AHEAD = 40;
const TYPED_MS = 250;
export const ROW_PX = { usual: 38, compact: 30, narrow: 62 } as const;
export const COMPARED_MOST = 50;

export class ResultList {
  filters = $state.raw<Filters>({});
  sort = $state(FIRST_SORT);
  /** What is typed; it narrows a moment later. */
  typed = $state('');
  rowPx = $state<number>(ROW_PX.usual);
  /** Results that came since, and wait to be put in. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());
  readonly selection = new Selection();
  readonly #chosen = new Map<string, ResultView>();
  #typing: ReturnType<typeof setTimeout> | undefined;

  readonly list = new Paged<ResultView>((after, signal) => this.#page(after, signal));
  /** The first page once more, after what was told may have been missed. */
  readonly #again = new Resource<void>(async (signal) => {
    const { entries } = await this.#page(undefined, signal);
    if (!signal.aborted) this.#take(entries);
  });
  readonly facets = new Resource<ResultFacets>((signal) => {
    const params = { query: asParameters(this.filters) };
    return unwrap(api.GET('/api/v1/results/facets', { params, signal }));
  });

  readonly rows = $derived.by(() => this.list.entries ?? []);
  readonly window = $derived.by(() => new RowWindow(this.rowPx, () => this.rows.length));
  readonly visible = $derived.by(() => this.rows.slice(this.window.first, this.window.end));
  readonly isNarrowed = $derived(String(toQuery(this.filters)) !== '');
  readonly selected = $derived.by(() => [...this.selection.keys].flatMap((id) => this.#resultOf(id) ?? []));

  /** Fetch what an address asks for, and follow the live socket. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.filters = fromQuery(query);
    this.sort = sortFrom(query.get('sort'));
    this.typed = this.filters.q ?? '';
    this.refresh();
    return this.#follow();
  }

  /** Go on where one left; what came meanwhile is asked for in the counts alone. Returns its own clean-up. */
  resume(): () => void {
    if (!this.list.data) this.refresh();
    else void this.facets.refresh();
    return this.#follow();
  }

  #follow(): () => void {
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      clearTimeout(this.#typing);
      this.list.stop();
      this.#again.stop();
      this.facets.stop();
    };
  }

  /** Fetch from the first row on. */
  refresh(): void {
    this.#fetchRows();
    void this.facets.refresh();
  }

  #fetchRows(): void {
    this.#again.stop();
    this.fresh = new Set();
    this.window.scrollTop = 0;
    this.window.hold();
    void this.list.refresh().then(() => this.window.grow());
  }

  /** What is new waits to be asked for: nobody's rows jump. What is known is renewed where it stands. */
  hear(events: readonly LiveEvent[]): void {
    if (events.some(isGap)) this.#lookAgain();
    const added = events.flatMap((event) => (event.type === 'result_added' ? [event.result] : []));
    this.#take(added.filter((result) => this.#isHere(result) || mayMatch(result, this.filters)));
  }

  #lookAgain(): void {
    void this.facets.refresh();
    if (this.list.data) void this.#again.refresh();
    else this.#fetchRows();
  }

  #take(results: readonly ResultView[]): void {
    results.filter((result) => this.#isHere(result)).forEach((result) => this.list.put(result));
    const fresh = new Set([...this.fresh, ...results.filter((one) => !this.#isHere(one)).map(({ id }) => id)]);
    if (fresh.size !== this.fresh.size) this.fresh = fresh;
  }

  #isHere(result: ResultView): boolean {
    return this.rows.some(({ id }) => id === result.id);
  }

  async #page(after: string | undefined, signal: AbortSignal): Promise<Page<ResultView>> {
    const query = { ...asParameters(this.filters), sort: this.sort, after, limit: PAGE };
    const { results, next } = await unwrap(api.GET('/api/v1/results', { params: { query }, signal }));
    return { entries: results, next: next ?? null };
  }

  toggle(facet: FacetName, value: string): void {
    this.#narrow(toggled(this.filters, facet, value));
  }

  set<Name extends keyof Filters>(name: Name, value: Filters[Name]): void {
    this.#narrow(withValue(this.filters, name, value));
  }

  clear(): void {
    this.typed = '';
    this.#narrow({});
  }

  /** Narrow to what is typed once nothing more is typed. */
  searchFor(text: string): void {
    this.typed = text;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.set('q', text.trim()), TYPED_MS);
  }

  sortBy(column: Column | 'model'): void {
    this.sort = nextSort(this.sort, column);
    this.#fetchRows();
  }

  #narrow(filters: Filters): void {
    clearTimeout(this.#typing);
    if (filters.q === undefined) this.typed = '';
    this.filters = filters;
    this.refresh();
  }

  /** Tell how far was scrolled; what comes next is fetched in time. */
  scrolled(top: number): void {
    this.window.scrollTop = top;
    if (this.window.end >= this.rows.length - AHEAD && !this.list.problem) void this.list.more();
  }

  /** Choose or leave a result; with `range`, all between it and the last one too. */
  choose(result: ResultView, range: boolean): void {
    this.selection.toggle([result.id], () => this.rows.map(({ id }) => id), range);
    this.#remember();
  }

  /** Choose all that are here, or leave them where all are chosen. */
  chooseAll(): void {
    this.selection.toggle(
      this.rows.map(({ id }) => id),
      () => [],
    );
    this.#remember();
  }

  readonly chosenHere = $derived.by(() => this.rows.filter(({ id }) => this.selection.keys.has(id)).length);

  /** What is chosen stays so though a filter leaves it out: it is kept aside. */
  #remember(): void {
    for (const row of this.rows) if (this.selection.keys.has(row.id)) this.#chosen.set(row.id, row);
  }

  #resultOf(id: string): ResultView | undefined {
    return this.rows.find((row) => row.id === id) ?? this.#chosen.get(id);
  }

  /** Filters and order as they stand in the address. */
  toQuery(): URLSearchParams {
    const query = toQuery(this.filters);
    if (this.sort !== FIRST_SORT) query.set('sort', this.sort);
    return query;
  }

  /** The address of what the server writes of all that the filters leave. */
  exportHref(format: string): string {
    const query = this.toQuery();
    return apiUrl(`/api/v1/export/results.${format}${query.size ? `?${String(query)}` : ''}`);
  }

  /** Results as parameters: `/compare?result=..`. */
  chosenQuery(name: string): string {
    return String(new URLSearchParams([...this.selection.keys].map((id) => [name, id])));
  }
}
