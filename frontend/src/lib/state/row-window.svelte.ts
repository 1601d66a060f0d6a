/** Which rows of a long table are worth drawing: those in sight, and a few beyond each edge. */
const BEYOND = 12;

export class RowWindow {
  scrollTop = $state(0);
  height = $state(640);
  readonly #total: () => number;
  readonly rowHeight: number;

  constructor(rowHeight: number, total: () => number) {
    this.rowHeight = rowHeight;
    this.#total = total;
  }

  readonly first = $derived.by(() => {
    const last = Math.max(0, this.#total() - Math.ceil(this.height / this.rowHeight) - BEYOND);
    return Math.max(0, Math.min(last, Math.floor(this.scrollTop / this.rowHeight) - BEYOND));
  });
  readonly end = $derived.by(() =>
    Math.min(this.#total(), this.first + Math.ceil(this.height / this.rowHeight) + 2 * BEYOND),
  );
  /** Empty space above and below the rows drawn, in pixels. */
  readonly above = $derived.by(() => this.first * this.rowHeight);
  readonly below = $derived.by(() => (this.#total() - this.end) * this.rowHeight);
}
