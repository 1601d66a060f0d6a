/** Sessions, newest first, narrowed to what is asked. */
import { api, unwrap } from '$lib/api/client';
import type { LiveEvent, SessionView, Stage } from '$lib/api/types';
import { isGap, live } from '$lib/live.svelte';
import { Paged } from './paged.svelte';

const PAGE = 50;
const SETTLE_MS = 250;
const STAGES: readonly string[] = ['open', 'scheduled', 'ended'] satisfies Stage[];

export class SessionList {
  stage = $state<Stage | ''>('');
  suite = $state('');
  q = $state('');
  readonly list = new Paged<SessionView>(async (after, signal) => {
    const query = { ...this.#narrow(), after, limit: PAGE };
    const { sessions, next } = await unwrap(api.GET('/api/v1/sessions', { params: { query }, signal }));
    return { entries: sessions, next: next ?? null };
  });
  readonly isNarrowed = $derived(Boolean(this.stage || this.suite || this.q.trim()));
  /** The suites of what is in sight, to choose from. */
  readonly suites = $derived(
    [...new Set([...(this.list.data ?? []).map(({ suite_name }) => suite_name), this.suite].filter(Boolean))].sort(),
  );
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** Fetch with the filters of an address, and follow the live socket. Returns its own clean-up. */
  start(query = new URLSearchParams()): () => void {
    const stage = query.get('stage') ?? '';
    if (STAGES.includes(stage)) this.stage = stage as Stage;
    [this.suite, this.q] = [query.get('suite') ?? '', query.get('q') ?? ''];
    void this.list.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      clearTimeout(this.#settling);
      this.list.stop();
    };
  }

  /** Narrow it, or no more: what is not given stays. */
  narrow(change: { stage?: Stage | ''; suite?: string; q?: string }): void {
    Object.assign(this, change);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.list.refresh(), change.q === undefined ? 0 : SETTLE_MS);
  }

  /** What is to be kept in the address. */
  query(): URLSearchParams {
    return new URLSearchParams(Object.entries(this.#narrow()));
  }

  hear(events: LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'session_changed') this.#put(event.session);
      if (isGap(event)) void this.list.refresh();
    }
  }

  /** Renew what is in sight. Whether something new belongs into a narrowed list, the server knows. */
  #put(session: SessionView): void {
    const isShown = this.list.data?.some(({ id }) => id === session.id) ?? false;
    if (isShown || !this.isNarrowed) this.list.put(session);
    else this.narrow({});
  }

  #narrow(): Record<string, string> {
    const q = this.q.trim();
    return { ...(this.stage && { stage: this.stage }), ...(this.suite && { suite: this.suite }), ...(q && { q }) };
  }
}
