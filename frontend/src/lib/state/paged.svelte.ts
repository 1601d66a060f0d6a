/** A list that is fetched page by page, newest first, and takes in what happens meanwhile. */
import { toProblem, type Problem } from '$lib/api/client';

export interface Page<Entry> {
  entries: Entry[];
  next: string | null;
}

export class Paged<Entry extends { id: string | number }> {
  entries = $state.raw<Entry[] | null>(null);
  next = $state<string | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  readonly #fetch: (after: string | undefined, signal: AbortSignal) => Promise<Page<Entry>>;
  #running: AbortController | null = null;

  constructor(fetch: (after: string | undefined, signal: AbortSignal) => Promise<Page<Entry>>) {
    this.#fetch = fetch;
  }

  /** What `Faces` looks at. */
  get data(): Entry[] | null {
    return this.entries;
  }

  /** Fetch the first page anew. */
  async refresh(): Promise<void> {
    await this.#load(undefined, () => []);
  }

  /** Fetch the page after the last one. */
  async more(): Promise<void> {
    if (this.next && !this.busy) await this.#load(this.next, () => this.entries ?? []);
  }

  /** Put in what is new, in place of what it renews. */
  put(entry: Entry): void {
    const known = this.entries;
    if (!known) return;
    const isKnown = known.some(({ id }) => id === entry.id);
    this.entries = isKnown ? known.map((old) => (old.id === entry.id ? entry : old)) : [entry, ...known];
  }

  stop(): void {
    this.#running?.abort();
    this.busy = false;
  }

  async #load(after: string | undefined, before: () => Entry[]): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    this.busy = true;
    try {
      const page = await this.#fetch(after, running.signal);
      if (running.signal.aborted) return;
      [this.entries, this.next, this.problem] = [[...before(), ...page.entries], page.next, null];
    } catch (thrown) {
      if (running.signal.aborted) return;
      this.problem = toProblem(thrown);
    }
    this.busy = false;
  }
}
