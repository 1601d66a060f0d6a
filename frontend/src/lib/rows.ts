/** Arrows in lists and tables: from a link, button or checkbox of a row to the same one of the next row. */
const ROW = 'tbody > tr, li, [role="row"]';
const STOPS = 'a[href], button:not(:disabled), input[type="checkbox"]:not(:disabled)';
const OWN_ARROWS =
  'input:not([type="checkbox"]), textarea, select, [role="tablist"] *, [role="menu"] *, [role="listbox"] *, [role="combobox"], [role="radiogroup"] *, dialog *';

/** Move the focus where the key means that. Returns whether it did. */
export function moveInRows(event: KeyboardEvent): boolean {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const { target } = event;
  if (!step || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  if (!(target instanceof HTMLElement) || target.matches(OWN_ARROWS)) return false;
  const row = target.closest(ROW);
  const next = row && neighbour(row, step);
  if (!row || !next) return false;
  const place = stopsOf(row).indexOf(target);
  const stops = stopsOf(next);
  (stops[place] ?? stops.at(-1))?.focus();
  event.preventDefault();
  return true;
}

/** The next row that has something to stop at; rows that only keep room are passed over. */
function neighbour(row: Element, step: number): Element | null {
  const beside = (from: Element) => (step > 0 ? from.nextElementSibling : from.previousElementSibling);
  let next = beside(row);
  while (next && !stopsOf(next).length) next = beside(next);
  return next;
}

const stopsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>(STOPS)];
