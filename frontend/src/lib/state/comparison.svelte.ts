/** What is compared with what: chosen by the address, kept in it, fetched anew when it changes. */
import { api, unwrap } from '$lib/api/client';
import type { ComparisonView, LiveEvent, ResultView, SampleValues } from '$lib/api/types';
import { choicesOf, firstChoice, GROUPS, subjectsOf, type Choice, type Grouping } from '$lib/comparison/subjects';
import { isGap, live } from '$lib/live.svelte';
import { Resource } from './resource.svelte';

export const COMPARED_MOST = 50;
const FOUND_MOST = 20;

export class Comparison {
  /** The first is the baseline. */
  ids = $state.raw<readonly string[]>([]);
  grouping = $state<Grouping>('none');
  #wanted = $state.raw<Choice | undefined>(undefined);
  readonly view = new Resource<ComparisonView>((signal) => {
    const query = { result_id: [...this.ids] };
    return unwrap(api.GET('/api/v1/compare', { params: { query }, signal }));
  });
  readonly samples = new Resource<SampleValues>((signal) => {
    const query = { result_id: [...this.ids], ...(this.choice as Choice) };
    return unwrap(api.GET('/api/v1/compare/samples', { params: { query }, signal }));
  });

  readonly subjects = $derived.by(() => subjectsOf(this.view.data?.results ?? [], this.grouping));
  readonly pairs = $derived.by(() => new Map((this.view.data?.pairs ?? []).map((pair) => [pair.result_id, pair])));
  readonly choices = $derived.by(() => choicesOf(this.view.data?.results ?? []));
  /** The workload and the metric that are looked at. */
  readonly choice = $derived.by(() => {
    const headline = this.view.data?.pairs.find((pair) => pair.headline)?.headline ?? undefined;
    return firstChoice(this.choices, this.#wanted ?? headline);
  });

  /** Take what an address says, and follow the live socket. Returns its own clean-up. */
  start(query: URLSearchParams): () => void {
    this.take(query);
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.view.stop();
      this.samples.stop();
    };
  }

  /** Take what an address says. */
  take(query: URLSearchParams): void {
    const grouping = GROUPS.find((one) => one === query.get('group'));
    const [workload, metric] = [query.get('workload'), query.get('metric')];
    this.grouping = grouping ?? 'none';
    this.#wanted = workload && metric ? { workload, metric: metric as Choice['metric'] } : undefined;
    this.#choose(query.getAll('result'));
  }

  toQuery(): URLSearchParams {
    const query = new URLSearchParams(this.ids.map((id) => ['result', id]));
    if (this.grouping !== 'none') query.set('group', this.grouping);
    if (this.#wanted) {
      query.set('workload', this.#wanted.workload);
      query.set('metric', this.#wanted.metric);
    }
    return query;
  }

  add(id: string): void {
    this.#choose([...this.ids, id]);
  }

  remove(id: string): void {
    this.#choose(this.ids.filter((other) => other !== id));
  }

  /** Compare these alone. */
  keep(ids: readonly string[]): void {
    this.#choose(ids);
  }

  /** Make a result the baseline: the others keep their order. */
  setBaseline(id: string): void {
    this.#choose([id, ...this.ids.filter((other) => other !== id)]);
  }

  look(choice: Choice): void {
    this.#wanted = choice;
    this.samples.data = null;
    void this.samples.refresh();
  }

  async refresh(): Promise<void> {
    if (!this.ids.length) return;
    await this.view.refresh();
    if (this.choice && !this.view.problem) await this.samples.refresh();
  }

  hear(events: readonly LiveEvent[]): void {
    const isRenewed = events.some(
      (event) => isGap(event) || (event.type === 'result_added' && this.ids.includes(event.result.id)),
    );
    if (isRenewed) void this.refresh();
  }

  #choose(ids: readonly string[]): void {
    const next = [...new Set(ids)].slice(0, COMPARED_MOST);
    if (next.join() === this.ids.join() && (this.view.data || this.view.busy)) return;
    this.ids = next;
    this.view.problem = null;
    if (!next.length) {
      this.view.stop();
      this.view.data = null;
      return;
    }
    void this.refresh();
  }
}

/** Results to choose from, by words of their names. */
export class ResultSearch {
  text = $state('');
  readonly found = new Resource<ResultView[]>(async (signal) => {
    const query = { q: this.text.trim(), limit: FOUND_MOST };
    const { results } = await unwrap(api.GET('/api/v1/results', { params: { query }, signal }));
    return results;
  });

  search(text: string): void {
    this.text = text;
    void this.found.refresh();
  }
}
