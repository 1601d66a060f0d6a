/** What was fetched, with the faces that a view of it can have. */
import { toProblem, type Problem } from '$lib/api/client';

export class Resource<Data> {
  data = $state.raw<Data | null>(null);
  /** Why the last attempt failed; null after one that went well. */
  problem = $state.raw<Problem | null>(null);
  /** When `data` was fetched, in ms since 1970. */
  fetchedAt = $state<number | null>(null);
  busy = $state(false);
  readonly #fetch: (signal: AbortSignal) => Promise<Data>;
  #running: AbortController | null = null;
  #again = false;

  constructor(fetch: (signal: AbortSignal) => Promise<Data>) {
    this.#fetch = fetch;
  }

  /** Fetch anew; a fetch that still runs is given up. Never throws. */
  async refresh(): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    this.#again = false;
    try {
      const data = await this.#fetch(running.signal);
      if (running.signal.aborted) return;
      [this.data, this.problem, this.fetchedAt] = [data, null, Date.now()];
    } catch (thrown) {
      if (running.signal.aborted) return;
      this.problem = toProblem(thrown);
    }
    this.busy = false;
    if (this.#again) void this.refresh();
  }

  /** Fetch anew, but let a fetch that runs end first: it may have been asked too early, and is better than none. */
  renew(): void {
    if (this.busy) this.#again = true;
    else void this.refresh();
  }

  /** Give up a fetch that runs. */
  stop(): void {
    this.#running?.abort();
    this.busy = this.#again = false;
  }
}
