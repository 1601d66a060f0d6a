/** The same figures as the lines, for who reads a table. Pure functions. */
import type { Group } from './panels';
import type { Values } from './series';

const ROWS_MOST = 60;

export interface Column {
  key: string;
  /** Where from: `Machine`, `GPU 2: RTX 4090`. */
  group: string;
  name: string;
  unit: string;
  values: Values;
}

export interface Row {
  /** When its stretch begins, in seconds since the series began. */
  at: number;
  cells: (number | null)[];
}

/** A column for each line, in the order shown. */
export function columnsOf(groups: readonly Group[]): Column[] {
  return groups.flatMap(({ title: group, panels }) =>
    panels.flatMap(({ title, unit, lines }) =>
      lines.map(({ key, name, values }) => ({ key, group, name: `${title}, ${name}`, unit, values })),
    ),
  );
}

/** How many ticks a row has, so that there are at most sixty rows. */
export function ticksPerRow(ticks: number): number {
  return Math.max(1, Math.ceil(ticks / ROWS_MOST));
}

/** Means over stretches of ticks of one number; of what was not told there is no mean. */
export function rowsOf(times: readonly number[], columns: readonly Column[]): Row[] {
  const size = ticksPerRow(times.length);
  return Array.from({ length: Math.ceil(times.length / size) }, (_, index) => {
    const [begin, end] = [index * size, (index + 1) * size];
    return { at: times[begin] ?? 0, cells: columns.map(({ values }) => mean(values.slice(begin, end))) };
  });
}

function mean(values: Values): number | null {
  const told = values.filter((value) => value !== null);
  return told.length ? told.reduce((sum, value) => sum + value, 0) / told.length : null;
}
