/** Changes that wait to be shown. While the page is paused only the newest word about each thing is kept. */
import type { LiveEvent } from './api/types';

export class Backlog {
  #events = new Map<string, LiveEvent>();
  /** Things that changed beyond those that are kept. */
  #beyond = 0;
  #serial = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#events.size + this.#beyond;
  }

  /** Keep one; `coalesced` in place of what it renews. A snapshot makes all before it needless. */
  put(event: LiveEvent, coalesced: boolean): void {
    if (coalesced && event.type === 'snapshot') this.take();
    const key = coalesced ? keyOf(event) : null;
    if (key !== null) this.#events.delete(key);
    if (coalesced && this.#events.size >= this.#most) this.#beyond++;
    else this.#events.set(key ?? `#${this.#serial++}`, event);
  }

  /** Hand out all, in the order in which they came, and forget them. Where too many came: that all is to be asked anew. */
  take(): LiveEvent[] {
    const events: LiveEvent[] = this.#beyond ? [{ type: 'resync' }] : [...this.#events.values()];
    this.#events = new Map();
    this.#beyond = 0;
    return events;
  }
}

/** What an event renews: it tells of the whole thing. Null for all others, which are kept beside one another. */
function keyOf(event: LiveEvent): string | null {
  const { type, ...told } = event as { type: string } & Record<string, unknown>;
  if (!type.endsWith('_changed')) return null;
  const thing = Object.values(told).find((value): value is { id: string } => isThing(value));
  const id = thing?.id ?? Object.values(told).find((value) => typeof value === 'string');
  return typeof id === 'string' ? `${type} ${id}` : null;
}

function isThing(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string';
}
