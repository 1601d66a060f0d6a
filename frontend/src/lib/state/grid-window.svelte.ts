/** Which cells of a large matrix are worth drawing: those in sight, both ways. The longer side goes down. */
import type { Axis } from '$lib/session/jobs';
import { RowWindow } from './row-window.svelte';

const ROW_PX = 30;
const COLUMN_PX = 132;
/** A row is many cells: fewer of them are drawn out of sight than of a list. */
const ROWS_BEYOND = 5;
const COLUMNS_BEYOND = 2;

export class GridWindow {
  readonly #axes: () => { models: readonly Axis[]; clients: readonly Axis[] };
  readonly modelsDown = $derived.by(() => this.#axes().models.length >= this.#axes().clients.length);
  readonly rows = $derived.by(() => (this.modelsDown ? this.#axes().models : this.#axes().clients));
  readonly columns = $derived.by(() => (this.modelsDown ? this.#axes().clients : this.#axes().models));
  readonly down = new RowWindow(ROW_PX, () => this.rows.length, undefined, ROWS_BEYOND);
  readonly across = new RowWindow(COLUMN_PX, () => this.columns.length, undefined, COLUMNS_BEYOND);

  constructor(axes: () => { models: readonly Axis[]; clients: readonly Axis[] }) {
    this.#axes = axes;
  }

  scroll(left: number, top: number): void {
    [this.across.scrollTop, this.down.scrollTop] = [left, top];
  }

  resize(width: number, height: number): void {
    [this.across.height, this.down.height] = [width, height];
  }
}
