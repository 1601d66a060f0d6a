/** The same model has the same colour everywhere on a page: after Okabe and Ito, readable without seeing all colours. */
export const SERIES_COLOURS = 7;

/** Give each name the number of a colour, 1 to 7, in the order in which the names first occur. */
export function seriesOf(names: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(names)].map((name, index) => [name, (index % SERIES_COLOURS) + 1]));
}
