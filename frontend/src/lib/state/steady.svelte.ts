/**
 * An order that stays while things change: what is read, and what a finger is on its way to, does not jump. It is made
 * anew when another one is asked for, when something new comes, and some time after something changed.
 */
/** For so long nothing changes its place. */
export const HELD_MS = 30_000;

export class Steady<Entry extends { id: string }> {
  #places: ReadonlyMap<string, number> = new Map();
  #wish: unknown;
  #sortedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counted up when an order that was held is to be made anew. */
  #round = $state(0);

  /** Put entries into the order that `sort` gave them last. `wish`: compared by `Object.is`; another one sorts anew. */
  arrange(entries: readonly Entry[], sort: (entries: readonly Entry[]) => Entry[], wish?: unknown): Entry[] {
    void this.#round;
    const isDue = Date.now() - this.#sortedAt >= HELD_MS;
    if (isDue || !Object.is(wish, this.#wish) || entries.some(({ id }) => !this.#places.has(id))) {
      const sorted = sort(entries);
      this.#places = new Map(sorted.map(({ id }, place) => [id, place]));
      [this.#wish, this.#sortedAt] = [wish, Date.now()];
      return sorted;
    }
    // Nothing that changes later is needed for it to be put right.
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#round += 1;
      },
      this.#sortedAt + HELD_MS - Date.now(),
    );
    return [...entries].sort((a, b) => (this.#places.get(a.id) ?? 0) - (this.#places.get(b.id) ?? 0));
  }
}
