/** The list of results with its filters, and what its chart shows. */
import { api, unwrap } from '$lib/api/client';
import type { Estimate, Grade, LiveEvent, ResultDetail, ResultView, Telemetry } from '$lib/api/types';
import { live } from '$lib/live.svelte';
import { fetchModels } from './inventory';
import { Paged } from './paged.svelte';
import { Resource } from './resource.svelte';

const PAGE = 50;
const BARS_MOST = 24;
export const FILTERS = ['client_id', 'model', 'suite', 'grade', 'session_id'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, string>>;

export interface Bar {
  id: string;
  label: string;
  model: string;
  estimate: Estimate;
}

export class ResultList {
  filters = $state.raw<Filters>({});
  readonly list = new Paged<ResultView>(async (after, signal) => {
    const query = { ...this.filters, grade: this.filters.grade as Grade | undefined, after, limit: PAGE };
    const { results, next } = await unwrap(api.GET('/api/v1/results', { params: { query }, signal }));
    return { entries: results, next: next ?? null };
  });
  readonly #choices = new Resource(async (signal) => {
    const [models, { suites }] = await Promise.all([
      fetchModels(signal),
      unwrap(api.GET('/api/v1/suites', { signal })),
    ]);
    return { models: models.map((row) => row.name), suites: suites.map((view) => view.suite.name) };
  });

  readonly results = $derived.by(() => this.list.entries ?? []);
  readonly modelNames = $derived.by(() =>
    unique([...(this.#choices.data?.models ?? []), ...this.results.map((r) => r.model), this.filters.model]),
  );
  readonly suiteNames = $derived.by(() =>
    unique([...(this.#choices.data?.suites ?? []), ...this.results.map((r) => r.suite_name), this.filters.suite]),
  );
  readonly bars = $derived.by(() => barsOf(this.results));

  /** Fetch with the filters of an address, and follow the live socket. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.filters = Object.fromEntries(FILTERS.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])));
    void this.list.refresh();
    void this.#choices.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.list.stop();
      this.#choices.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'result_added' && matches(event.result, this.filters)) this.list.put(event.result);
      if (event.type === 'snapshot' || event.type === 'resync') void this.list.refresh();
    }
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
}

/** Whether a result is among those that the filters leave. */
export function matches(result: ResultView, filters: Filters): boolean {
  const own = { ...result, suite: result.suite_name };
  return FILTERS.every((name) => filters[name] === undefined || own[name] === filters[name]);
}

/** The newest decode rate of each model on each client, fastest first. Only valid results. */
export function barsOf(results: readonly ResultView[]): Bar[] {
  const newest = new Map<string, Bar>();
  for (const result of results) {
    const estimate = result.headline.decode_tokens_per_s;
    const key = `${result.client_id}/${result.model}/${result.suite_hash}`;
    if (!estimate || result.grade === 'invalid' || newest.has(key)) continue;
    newest.set(key, { id: result.id, label: result.client_name, model: result.model, estimate });
  }
  return [...newest.values()].sort((a, b) => b.estimate.median - a.estimate.median).slice(0, BARS_MOST);
}

function unique(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** One result with every sample. */
export function resultOf(id: string): Resource<ResultDetail> {
  const path = { result_id: id };
  return new Resource((signal) => unwrap(api.GET('/api/v1/results/{result_id}', { params: { path }, signal })));
}

const POINTS_MOST = 2_400;

/** What the machine did meanwhile, in as many points as a wide screen shows. */
export function telemetryOf(id: string): Resource<Telemetry> {
  const params = { path: { job_id: id }, query: { points: POINTS_MOST } };
  return new Resource((signal) => unwrap(api.GET('/api/v1/jobs/{job_id}/telemetry', { params, signal })));
}
