/** Which series are looked at over time: chosen by the address, kept in it. */
import { api, unwrap } from '$lib/api/client';
import type { LiveEvent, Metric, SeriesView, Trend } from '$lib/api/types';
import { isGap, live } from '$lib/live.svelte';
import { flagsOf, lineOf, wholeOf, type Domain } from '$lib/trend/lines';
import { METRICS } from '$lib/words';
import { Resource } from './resource.svelte';

export const SERIES_MOST = 7;
const POINTS = 200;
const PAGE = 30;

/** One series with as many of its points as were asked for. */
export class TrendLine {
  readonly trend: Resource<Trend>;

  constructor(readonly key: string) {
    this.trend = new Resource((signal) => this.#page(undefined, signal));
  }

  /** Fetch the page of older points after those that are there. */
  async more(): Promise<void> {
    const known = this.trend.data;
    if (!known?.next) return;
    const older = await this.#page(known.next, undefined);
    this.trend.data = {
      ...older,
      siblings: known.siblings,
      points: [...known.points, ...older.points],
      events: [...known.events, ...older.events],
    };
  }

  #page(after: string | undefined, signal: AbortSignal | undefined): Promise<Trend> {
    const [series = '', client_id] = this.key.split('~');
    const params = { path: { series }, query: { client_id, after, limit: POINTS } };
    return unwrap(api.GET('/api/v1/series/{series}', { params, signal }));
  }
}

export class Trends {
  lines = $state.raw<readonly TrendLine[]>([]);
  metric = $state<Metric>('decode_tokens_per_s');
  /** What of time is looked at; all of it without. */
  zoomed = $state.raw<Domain | null>(null);
  chosen = $state.raw<ReadonlySet<string>>(new Set());

  readonly told = $derived.by(() =>
    this.lines.flatMap((line) => (line.trend.data ? [{ key: line.key, trend: line.trend.data }] : [])),
  );
  readonly drawn = $derived.by(() => this.told.map(({ key, trend }, index) => lineOf(key, trend, this.metric, index)));
  readonly flags = $derived.by(() => flagsOf(this.told.map(({ trend }) => trend)));
  readonly whole = $derived.by(() => wholeOf(this.drawn));
  readonly domain = $derived.by(() => this.zoomed ?? this.whole);
  readonly metrics = $derived.by(() =>
    METRICS.filter((metric) => this.told.some(({ trend }) => trend.points.some(({ headline }) => headline[metric]))),
  );
  readonly problem = $derived.by(() => this.lines.find((line) => line.trend.problem)?.trend.problem ?? null);
  readonly isWaiting = $derived.by(() => this.lines.some((line) => !line.trend.data && !line.trend.problem));
  readonly hasMore = $derived.by(() => this.told.some(({ trend }) => trend.next));

  /** Take what an address says, and follow the live socket. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.take(query);
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.lines.forEach((line) => line.trend.stop());
    };
  }

  take(query: URLSearchParams): void {
    const metric = METRICS.find((one) => one === query.get('metric'));
    this.metric = metric ?? 'decode_tokens_per_s';
    const [from, to] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('to') ?? '')];
    this.zoomed = from < to ? [from, to] : null;
    this.#show(query.getAll('series'));
  }

  toQuery(): URLSearchParams {
    const query = new URLSearchParams(this.lines.map(({ key }) => ['series', key]));
    if (this.metric !== 'decode_tokens_per_s') query.set('metric', this.metric);
    if (this.zoomed) {
      query.set('from', new Date(this.zoomed[0]).toISOString());
      query.set('to', new Date(this.zoomed[1]).toISOString());
    }
    return query;
  }

  add(key: string): void {
    this.#show([...this.lines.map((line) => line.key), key]);
  }

  remove(key: string): void {
    this.#show(this.lines.map((line) => line.key).filter((other) => other !== key));
  }

  /** Put a result among those to be compared, or take it out. */
  choose(id: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(id)) next.add(id);
    this.chosen = next;
  }

  async more(): Promise<void> {
    await Promise.all(this.lines.map((line) => line.more()));
  }

  refresh(): void {
    this.lines.forEach((line) => void line.trend.refresh());
  }

  hear(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (isGap(event)) this.refresh();
      if (event.type === 'result_added') this.#renew(event.result.series);
    }
  }

  #renew(series: string): void {
    this.lines.filter(({ key }) => key.startsWith(series)).forEach((line) => void line.trend.refresh());
  }

  #show(keys: readonly string[]): void {
    const wanted = [...new Set(keys)].slice(0, SERIES_MOST);
    const known = new Map(this.lines.map((line) => [line.key, line]));
    this.lines = wanted.map((key) => known.get(key) ?? new TrendLine(key));
    this.lines.filter(({ key }) => !known.has(key)).forEach((line) => void line.trend.refresh());
    for (const [key, line] of known) if (!wanted.includes(key)) line.trend.stop();
  }
}

/** Series to choose from, by words of their names. */
export class SeriesSearch {
  text = $state('');
  readonly found = new Resource<{ series: SeriesView[]; next: string | null }>((signal) =>
    this.#page(undefined, signal),
  );

  search(text: string): void {
    this.text = text;
    void this.found.refresh();
  }

  async more(): Promise<void> {
    const known = this.found.data;
    if (!known?.next) return;
    const { series, next } = await this.#page(known.next, undefined);
    this.found.data = { series: [...known.series, ...series], next };
  }

  async #page(after: string | undefined, signal: AbortSignal | undefined) {
    const query = { q: this.text.trim(), limit: PAGE, after };
    const { series, next } = await unwrap(api.GET('/api/v1/series', { params: { query }, signal }));
    return { series, next: next ?? null };
  }
}
