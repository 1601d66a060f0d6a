/** The table of models: search, filter, sort, selection, and the rows in sight. */
import { api, unwrap } from '$lib/api/client';
import type { LiveEvent, ModelOnClient } from '$lib/api/types';
import { live } from '$lib/live.svelte';
import { COLUMNS, filtered, keyOf, patched, sorted, type ClientChoice, type Column, type Sort } from './model-rows';
import { Resource } from './resource.svelte';
import { RowWindow } from './row-window.svelte';

export const ROW_HEIGHT_PX = 36;
const REFETCH_MS = 500;
const FIRST_SORT: Sort = { column: 'name', descending: false };

export class ModelsTable {
  readonly resource = new Resource<ModelOnClient[]>(async (signal) => {
    return (await unwrap(api.GET('/api/v1/models', { signal }))).models;
  });
  search = $state('');
  clients = $state.raw<ClientChoice>('all');
  sort = $state.raw<Sort>(FIRST_SORT);
  selected = $state.raw<ReadonlySet<string>>(new Set());
  #anchor: string | null = null;
  #refetch: ReturnType<typeof setTimeout> | undefined;

  readonly all = $derived(this.resource.data ?? []);
  readonly rows = $derived(sorted(filtered(this.all, this.search, this.clients), this.sort));
  readonly window = new RowWindow(ROW_HEIGHT_PX, () => this.rows.length);
  readonly visible = $derived(this.rows.slice(this.window.first, this.window.end));
  readonly selectedRows = $derived(this.all.filter((row) => this.selected.has(keyOf(row))));
  readonly shownSelected = $derived(this.rows.filter((row) => this.selected.has(keyOf(row))).length);
  /** Every client that has a model, by name. */
  readonly clientNames = $derived(
    [...new Map(this.all.map((row) => [row.client_id, row.client_name]))]
      .map(([id, name]) => ({ id, name }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  );

  /** Fetch, and follow the live socket. Returns its own clean-up. */
  start(): () => void {
    void this.resource.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      clearTimeout(this.#refetch);
      this.resource.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    const changed = events.flatMap((event) => (event.type === 'client_changed' ? [event.client] : []));
    if (changed.length && this.resource.data) this.resource.data = patched(this.resource.data, changed);
    const isOutdated = events.some(({ type }) =>
      ['models_changed', 'client_removed', 'snapshot', 'resync'].includes(type),
    );
    if (isOutdated) this.#refetch ??= setTimeout(() => this.#fetchAnew(), REFETCH_MS);
  }

  #fetchAnew(): void {
    this.#refetch = undefined;
    void this.resource.refresh();
  }

  /** Sort by a column; again by the same one turns it round. */
  sortBy(column: Column): void {
    this.sort = { column, descending: this.sort.column === column && !this.sort.descending };
  }

  /** Select or deselect one row; with `range`, everything between it and the row touched before. */
  toggle(row: ModelOnClient, range: boolean): void {
    const key = keyOf(row);
    const isOn = !this.selected.has(key);
    const keys = range ? this.#between(key) : [key];
    const selected = new Set(this.selected);
    for (const each of keys)
      if (isOn) selected.add(each);
      else selected.delete(each);
    this.selected = selected;
    this.#anchor = key;
  }

  #between(key: string): string[] {
    const keys = this.rows.map(keyOf);
    const [from, to] = [keys.indexOf(this.#anchor ?? key), keys.indexOf(key)];
    return from < 0 ? [key] : keys.slice(Math.min(from, to), Math.max(from, to) + 1);
  }

  /** Select all rows that are shown, or deselect them where all are selected. */
  toggleShown(): void {
    const shown = this.rows.map(keyOf);
    const isAll = this.shownSelected === shown.length;
    const selected = new Set(this.selected);
    for (const key of shown)
      if (isAll) selected.delete(key);
      else selected.add(key);
    this.selected = selected;
  }

  clearSelection(): void {
    this.selected = new Set();
  }

  /** The filters as they stand in the address. */
  toQuery(): URLSearchParams {
    const query = new URLSearchParams();
    if (this.search) query.set('q', this.search);
    if (this.clients !== 'all') query.set('clients', this.clients.size ? [...this.clients].join(',') : 'none');
    const { column, descending } = this.sort;
    if (column !== FIRST_SORT.column || descending) query.set('sort', (descending ? '-' : '') + column);
    return query;
  }

  /** Take the filters from an address. */
  fromQuery(query: URLSearchParams): void {
    this.search = query.get('q') ?? '';
    const clients = query.get('clients');
    this.clients = clients === null ? 'all' : new Set(clients === 'none' ? [] : clients.split(','));
    const sort = query.get('sort') ?? '';
    const column = COLUMNS.find((name) => name === sort.replace(/^-/, ''));
    this.sort = column ? { column, descending: sort.startsWith('-') } : FIRST_SORT;
  }

  /** The address of "New benchmark" with what is selected. */
  benchmarkQuery(): URLSearchParams {
    const query = new URLSearchParams();
    for (const name of new Set(this.selectedRows.map((row) => row.name))) query.append('model', name);
    for (const id of new Set(this.selectedRows.map((row) => row.client_id))) query.append('client', id);
    return query;
  }
}
