/** Which columns of results this browser shows. */
import { COLUMNS, type Column } from './columns';

const KEY = 'obt-result-columns';

export class ResultColumns {
  shown = $state.raw<readonly Column[]>(COLUMNS);

  /** Read what was chosen before. */
  start(): void {
    try {
      const told: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
      if (Array.isArray(told)) this.shown = COLUMNS.filter((column) => told.includes(column));
    } catch {
      // What is not understood is as if nothing was chosen.
    }
  }

  set(shown: readonly string[]): void {
    this.shown = COLUMNS.filter((column) => shown.includes(column));
    try {
      localStorage.setItem(KEY, JSON.stringify(this.shown));
    } catch {
      // A browser that keeps nothing forgets it with the page.
    }
  }

  reset(): void {
    this.set(COLUMNS);
  }
}
