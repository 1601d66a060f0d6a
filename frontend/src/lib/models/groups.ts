/** Rows in groups, each with its sums: what the table draws line by line. Pure functions. */
import type { ModelOnClient } from '$lib/api/types';
import { keyOf } from './rows';
import type { Facts } from './columns';

export type GroupBy = '' | 'model' | 'client';

export interface Group {
  kind: 'group';
  key: string;
  name: string;
  rows: ModelOnClient[];
  isOpen: boolean;
  size_bytes: number;
  loaded: number;
  measured: number;
  /** How many different digests its rows have; of a group by model, more than one is a conflict. */
  digests: number;
  /** The fastest of the last measured rates. */
  best_tokens_per_s: number | null;
}
export interface Line {
  kind: 'row';
  key: string;
  row: ModelOnClient;
  /** Whether it stands in a group. */
  isInGroup: boolean;
}
export type Item = Group | Line;

/** Make the table's lines; a group stands where the first of its rows would. */
export function itemsOf(
  rows: readonly ModelOnClient[],
  by: GroupBy,
  open: ReadonlySet<string>,
  factsOf: () => Facts,
): Item[] {
  if (!by) return rows.map((row) => lineOf(row, false));
  const facts = factsOf();
  const groups = new Map<string, ModelOnClient[]>();
  for (const row of rows) {
    const key = by === 'model' ? row.name : row.client_id;
    const own = groups.get(key);
    if (own) own.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].flatMap(([key, own]) => {
    const group = summed(key, by, own, open.has(key), facts);
    return group.isOpen ? [group, ...own.map((row) => lineOf(row, true))] : [group];
  });
}

/** The same object for the same row, so that only lines that changed are drawn anew. */
export function lineOf(row: ModelOnClient, isInGroup: boolean): Line {
  const made = isInGroup ? inGroups : alone;
  let line = made.get(row);
  if (!line) made.set(row, (line = { kind: 'row', key: keyOf(row), row, isInGroup }));
  return line;
}

const alone = new WeakMap<ModelOnClient, Line>();
const inGroups = new WeakMap<ModelOnClient, Line>();

function summed(key: string, by: GroupBy, rows: ModelOnClient[], isOpen: boolean, facts: Facts): Group {
  const keys = rows.map(keyOf);
  const rates = keys.flatMap((own) => facts.latestOf.get(own)?.decode_tokens_per_s ?? []);
  return {
    kind: 'group',
    key: `group ${key}`,
    name: by === 'model' ? key : (rows[0]?.client_name ?? key),
    rows,
    isOpen,
    size_bytes: rows.reduce((sum, row) => sum + row.size_bytes, 0),
    loaded: keys.filter((own) => facts.loaded.has(own)).length,
    measured: keys.filter((own) => facts.latestOf.has(own)).length,
    digests: new Set(rows.map((row) => row.digest)).size,
    best_tokens_per_s: rates.length ? rates.reduce((best, rate) => Math.max(best, rate)) : null,
  };
}
