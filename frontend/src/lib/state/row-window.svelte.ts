/** Which rows of a long table are worth drawing: those in sight, and a few beyond each edge. */
import { aTurn } from '$lib/turns';

const BEYOND = 12;
/** So many rows are drawn in one go at first, and then in each go: a row is many cells. */
const ROWS_A_TURN = 3;

/** A row that was opened, with what it takes beside its own height, in pixels. */
export interface Opened {
  index: number;
  extra: number;
}

export class RowWindow {
  scrollTop = $state(0);
  height = $state(640);
  /** How many may be drawn until all are that are worth it. */
  #allowed = $state(Infinity);
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
  readonly #worth = $derived.by(() => Math.ceil(this.height / this.rowHeight) + 2 * this.#beyond);
  readonly end = $derived.by(() =>
    // Who scrolls sees all: there it would be gaps.
    Math.min(this.#total(), this.first + (this.scrollTop > 0 ? this.#worth : Math.min(this.#worth, this.#allowed))),
  );
  /** Empty space above and below the rows drawn, in pixels. */
  readonly above = $derived.by(() => this.first * this.rowHeight + this.#extra((index) => index < this.first));
  readonly below = $derived.by(
    () => (this.#total() - this.end) * this.rowHeight + this.#extra((index) => index >= this.end),
  );

  /** Let a table that is about to appear begin with its first rows. `grow` brings the others. */
  hold(): void {
    this.#allowed = ROWS_A_TURN;
  }

  /** Draw the rows that were held back, a few at a time: keys and taps are answered between. */
  async grow(): Promise<void> {
    for (; this.#allowed < this.#worth; this.#allowed += ROWS_A_TURN) await aTurn();
    this.#allowed = Infinity;
  }

  #extra(isThere: (index: number) => boolean): number {
    const opened = this.#opened();
    return opened && isThere(opened.index) ? opened.extra : 0;
  }
}
