/** The columns of the table of models: what each sorts by, and what is given away of it. Pure functions. */
import type { Allowed, ClientView, ModelOnClient, OperationView } from '$lib/api/types';
import type { Latest } from './latest';
import { keyOf } from './rows';

/** What is known of rows from elsewhere, and changes while they stay. */
export interface Facts {
  clientOf: ReadonlyMap<string, ClientView>;
  /** Keys of the rows that are in memory now. */
  loaded: ReadonlySet<string>;
  /** The newest completed result, by the row's key. */
  latestOf: ReadonlyMap<string, Latest>;
  /** Names that have several digests: how many clients have which. */
  conflicts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The last operation on a row, by its key. */
  operationOf: ReadonlyMap<string, OperationView>;
}

type Value = string | number | null;

export interface ColumnOf {
  name: string;
  unit?: string;
  look: 'text' | 'num';
  /** Its share of the table's width, and the least it takes, in rem. */
  width_rem: number;
  /** Shown unless somebody chose otherwise. */
  usual: boolean;
  /** Changes without the row: sorted anew with every change. */
  live?: boolean;
  value: (row: ModelOnClient, facts: Facts) => Value;
}

const ALLOWED_ORDER: Record<Allowed, number> = { nothing: 0, benchmarks: 1, models: 2 };
export const allowsOf = (row: ModelOnClient, { clientOf }: Facts) => clientOf.get(row.client_id)?.allows;

export const COLUMNS = {
  name: { name: 'Model', look: 'text', width_rem: 15, usual: true, value: (row) => row.name },
  client_name: { name: 'Client', look: 'text', width_rem: 10.5, usual: true, value: (row) => row.client_name },
  state: {
    name: 'State',
    look: 'text',
    width_rem: 9.5,
    usual: true,
    live: true,
    value: (row, facts) => stateOf(row, facts),
  },
  decode_tokens_per_s: {
    name: 'Decode',
    unit: 'tokens/s',
    look: 'num',
    width_rem: 9.5,
    usual: true,
    live: true,
    value: (row, { latestOf }) => latestOf.get(keyOf(row))?.decode_tokens_per_s ?? null,
  },
  measured_at: {
    name: 'Measured',
    look: 'text',
    width_rem: 11.5,
    usual: true,
    live: true,
    value: (row, { latestOf }) => latestOf.get(keyOf(row))?.ended_at ?? null,
  },
  digest: { name: 'Digest', look: 'text', width_rem: 12, usual: true, value: (row) => row.digest },
  size_bytes: { name: 'Size', look: 'num', width_rem: 5.5, usual: true, value: (row) => row.size_bytes },
  quantization: { name: 'Quantization', look: 'text', width_rem: 8, usual: true, value: (row) => row.quantization },
  parameter_count: {
    name: 'Parameters',
    look: 'num',
    width_rem: 7,
    usual: true,
    value: (row) => row.parameter_count ?? counted(row.parameter_size),
  },
  context_length: {
    name: 'Context',
    unit: 'tokens',
    look: 'num',
    width_rem: 8,
    usual: true,
    value: (row) => row.context_length,
  },
  family: { name: 'Family', look: 'text', width_rem: 6.5, usual: true, value: (row) => row.family },
  capabilities: {
    name: 'Capabilities',
    look: 'text',
    width_rem: 9,
    usual: true,
    value: (row) => row.capabilities.join(' ') || null,
  },
  allows: {
    name: 'Allows',
    look: 'text',
    width_rem: 9,
    usual: true,
    live: true,
    value: (row, facts) => {
      const allows = allowsOf(row, facts);
      return allows ? ALLOWED_ORDER[allows] : null;
    },
  },
  modified_at: { name: 'Modified', look: 'num', width_rem: 6.5, usual: false, value: (row) => row.modified_at_s },
} satisfies Record<string, ColumnOf>;

export type Column = keyof typeof COLUMNS;
export const COLUMN_IDS = Object.keys(COLUMNS) as Column[];
export const USUAL: readonly Column[] = COLUMN_IDS.filter((id) => COLUMNS[id].usual);

/** Of the boxes to choose by. */
export const CHECK_REM = 2.75;
/** On a narrow screen names stand on two lines, so that figures are in sight beside them. */
export const NARROW_REM: Partial<Record<Column, number>> = { name: 9.5, client_name: 7 };

/** How wide a table of these is at least, in rem. */
export function widthOf(columns: readonly Column[], own: Partial<Record<Column, number>> = {}): number {
  return columns.reduce((sum, column) => sum + (own[column] ?? COLUMNS[column].width_rem), CHECK_REM);
}

export interface Sort {
  column: Column;
  descending: boolean;
}

/** Whether a column's values change while its rows stay. */
export function isLive(column: Column): boolean {
  return 'live' in COLUMNS[column];
}

/** What a row is at this moment, in one word that sorts. */
export function stateOf(row: ModelOnClient, { clientOf, loaded }: Facts): string {
  if (row.cloud) return 'cloud';
  const presence = clientOf.get(row.client_id)?.presence;
  if (presence && presence !== 'online') return presence;
  return loaded.has(keyOf(row)) ? 'loaded' : 'on disk';
}

const SCALES: Record<string, number> = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 };

/** `3.2B` as a number: where Ollama told no other. */
function counted(size: string | null): number | null {
  const [, digits, scale] = /^([\d.]+)\s*([kmbt])$/i.exec(size ?? '') ?? [];
  return digits && scale ? Number(digits) * (SCALES[scale.toLowerCase()] ?? 1) : null;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Sort; what is unknown comes last either way, equals by model and client. */
export function sorted(rows: readonly ModelOnClient[], { column, descending }: Sort, facts: Facts): ModelOnClient[] {
  const { value } = COLUMNS[column] as ColumnOf;
  const own = ranked(rows.map((row) => value(row, facts)));
  const names = ranked(rows.map((row) => row.name));
  const clients = ranked(rows.map((row) => row.client_name));
  const usual = ordered(rows, (at) => (names.ranks[at] as number) * clients.count + (clients.ranks[at] as number));
  const places = usual.map((at) => {
    const rank = own.ranks[at] as number;
    return descending && rank < own.known ? own.known - 1 - rank : rank;
  });
  return ordered(usual, (place) => places[place] as number).map(
    (place) => rows[usual[place] as number] as ModelOnClient,
  );
}

/** The places of a list's entries by a whole number each, equals as they stand: one number a place, which sorts fast. */
function ordered(list: { readonly length: number }, rankOf: (at: number) => number): number[] {
  const keys = Float64Array.from(list, (_, at) => rankOf(at) * list.length + at).sort();
  return Array.from(keys, (key) => key % list.length);
}

interface Ranks {
  ranks: readonly number[];
  /** How many different values are known; the rank of what is unknown comes after them. */
  known: number;
  /** How many ranks there are. */
  count: number;
}

/** Places that sort as the values do: numbers, then words. Most values come often, and comparing words is slow. */
function ranked(values: readonly Value[]): Ranks {
  const different = new Set(values);
  const numbers = Float64Array.from([...different].filter((value) => typeof value === 'number')).sort();
  const words = [...different].filter((value) => typeof value === 'string').sort(collator.compare);
  const places = new Map<Value, number>([...numbers, ...words].map((value, place) => [value, place]));
  const known = places.size;
  return { ranks: values.map((value) => places.get(value) ?? known), known, count: known + 1 };
}
