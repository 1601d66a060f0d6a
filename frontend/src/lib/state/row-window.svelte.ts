/** Which rows of a long table are worth drawing: those in sight, and a few beyond each edge. */
const BEYOND = 12;

/** A row that was opened, with what it takes beside its own height, in pixels. */
export interface Opened {
  index: number;
  extra: number;
}

export class RowWindow {
  scrollTop = $state(0);
  height = $state(640);
  readonly #total: () => number;
  readonly #opened: () => Opened | null;
  readonly #beyond: number;
  readonly rowHeight: number;

  constructor(rowHeight: number, total: () => number, opened: () => Opened | null = () => null, beyond = BEYOND) {
    this.rowHeight = rowHeight;
    this.#total = total;
    this.#opened = opened;
    this.#beyond = beyond;
  }

  /** How far was scrolled as if no row was open. */
  readonly #scrolled = $derived.by(() => {
    const opened = this.#opened();
    if (!opened) return this.scrollTop;
    const bottom = (opened.index + 1) * this.rowHeight;
    return this.scrollTop <= bottom ? this.scrollTop : Math.max(bottom, this.scrollTop - opened.extra);
  });
  readonly first = $derived.by(() => {
    const last = Math.max(0, this.#total() - Math.ceil(this.height / this.rowHeight) - this.#beyond);
    return Math.max(0, Math.min(last, Math.floor(this.#scrolled / this.rowHeight) - this.#beyond));
  });
  readonly end = $derived.by(() =>
    Math.min(this.#total(), this.first + Math.ceil(this.height / this.rowHeight) + 2 * this.#beyond),
  );
  /** Empty space above and below the rows drawn, in pixels. */
  readonly above = $derived.by(() => this.first * this.rowHeight + this.#extra((index) => index < this.first));
  readonly below = $derived.by(
    () => (this.#total() - this.end) * this.rowHeight + this.#extra((index) => index >= this.end),
  );

  #extra(isThere: (index: number) => boolean): number {
    const opened = this.#opened();
    return opened && isThere(opened.index) ? opened.extra : 0;
  }
}
