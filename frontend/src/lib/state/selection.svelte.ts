/** Which rows of a long table are chosen: one by one, in ranges, all of them. */
export class Selection {
  keys = $state.raw<ReadonlySet<string>>(new Set());
  #anchor: string | null = null;

  /** Choose or leave some rows. With `range`, everything between the last one touched and the first of these too. */
  toggle(keys: readonly string[], order: () => readonly string[], range = false): void {
    const [first] = keys;
    if (first === undefined) return;
    const isOn = !keys.every((key) => this.keys.has(key));
    this.#set(range ? [...keys, ...this.#between(first, order())] : keys, isOn);
    this.#anchor = keys.at(-1) ?? null;
  }

  /** Choose from where the last one was touched to here; what is chosen stays. */
  extend(key: string, order: () => readonly string[]): void {
    this.#set([key, ...this.#between(key, order())], true);
  }

  clear(): void {
    this.keys = new Set();
    this.#anchor = null;
  }

  #set(keys: Iterable<string>, isOn: boolean): void {
    const next = new Set(this.keys);
    for (const key of keys)
      if (isOn) next.add(key);
      else next.delete(key);
    this.keys = next;
  }

  #between(key: string, order: readonly string[]): readonly string[] {
    const [from, to] = [order.indexOf(this.#anchor ?? key), order.indexOf(key)];
    return from < 0 || to < 0 ? [] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
  }
}
