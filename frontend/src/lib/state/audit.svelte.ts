/** The audit log: who did what to which, newest first, narrowed by what stands in the address. */
import { api, unwrap } from '$lib/api/client';
import { apiUrl } from '$lib/api/origin';
import type { AuditEntry } from '$lib/api/types';
import { asParameters, filtersFrom, toQuery, type AuditFilterName, type AuditFilters } from '$lib/audit/filters';
import { Paged } from './paged.svelte';
import { Resource } from './resource.svelte';

const PAGE = 100;
const TYPED_MS = 250;

export class AuditLog {
  filters = $state.raw<AuditFilters>({});
  /** Older deeds are forgotten; null: none is. Undefined until the server was asked. */
  keptDays = $state<number | null | undefined>();
  #typing: ReturnType<typeof setTimeout> | undefined;

  readonly list = new Paged<AuditEntry>(async (after, signal) => {
    const query = { ...asParameters(this.filters), after, limit: PAGE };
    const { entries, next, kept_days } = await unwrap(api.GET('/api/v1/audit', { params: { query }, signal }));
    this.keptDays = kept_days;
    return { entries, next };
  });
  /** Names for the IDs of people: a deed tells the ID alone. */
  readonly people = new Resource<ReadonlyMap<string, string>>(async (signal) => {
    const { people } = await unwrap(api.GET('/api/v1/people', { signal }));
    return new Map(people.map(({ id, name }) => [id, name]));
  });

  readonly isNarrowed = $derived(Object.keys(this.filters).length > 0);

  /** Fetch what an address asks for. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.filters = filtersFrom(query);
    this.refresh();
    return () => {
      clearTimeout(this.#typing);
      this.list.stop();
      this.people.stop();
    };
  }

  refresh(): void {
    void this.list.refresh();
    void this.people.refresh();
  }

  /** Narrow to what is typed, a moment after the last key. */
  type(name: AuditFilterName, value: string): void {
    this.#set(name, value.trim());
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#anew(), TYPED_MS);
  }

  /** Narrow to what was chosen; to all where it is empty. */
  choose(name: AuditFilterName, value: string): void {
    this.#set(name, value);
    this.#anew();
  }

  clear(): void {
    this.filters = {};
    this.#anew();
  }

  /** The filters as they stand in the address. */
  toQuery(): URLSearchParams {
    return toQuery(this.filters);
  }

  /** The file that the server makes of all that the filters leave. */
  exportHref(format: string): string {
    return apiUrl(`/api/v1/audit/export?${new URLSearchParams({ ...asParameters(this.filters), format })}`);
  }

  #set(name: AuditFilterName, value: string): void {
    const { [name]: _, ...others } = this.filters;
    this.filters = value ? { ...others, [name]: value } : others;
  }

  #anew(): void {
    clearTimeout(this.#typing);
    this.list.entries = null;
    void this.list.refresh();
  }
}
