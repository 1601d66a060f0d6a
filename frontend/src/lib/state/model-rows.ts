/** Searching, filtering and sorting models. Pure functions. */
import type { ClientView, ModelOnClient } from '$lib/api/types';

export const COLUMNS = [
  'name',
  'client_name',
  'parameter_count',
  'quantization',
  'size_bytes',
  'context_length',
  'family',
  'modified_at',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  column: Column;
  descending: boolean;
}

/** Which clients are looked at: all of them, or exactly these; none of them is a choice too. */
export type ClientChoice = 'all' | ReadonlySet<string>;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export function keyOf(row: ModelOnClient): string {
  return `${row.client_id}/${row.name}`;
}

/** Keep the rows of the chosen clients in which every word of `search` occurs. */
export function filtered(rows: readonly ModelOnClient[], search: string, clients: ClientChoice): ModelOnClient[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) => (clients === 'all' || clients.has(row.client_id)) && words.every((word) => textOf(row).includes(word)),
  );
}

const texts = new WeakMap<ModelOnClient, string>();

function textOf(row: ModelOnClient): string {
  let text = texts.get(row);
  if (text === undefined) {
    text = [row.name, row.client_name, row.family, row.quantization, row.parameter_size].join(' ').toLowerCase();
    texts.set(row, text);
  }
  return text;
}

/** Sort; what is unknown comes last either way, equals by model and client. */
export function sorted(rows: readonly ModelOnClient[], { column, descending }: Sort): ModelOnClient[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [a[column], b[column]];
    if (left == null || right == null) return Number(left == null) - Number(right == null) || tie(a, b);
    return sign * compared(left, right) || tie(a, b);
  });
}

function compared(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return collator.compare(String(left), String(right));
}

function tie(a: ModelOnClient, b: ModelOnClient): number {
  return collator.compare(a.name, b.name) || collator.compare(a.client_name, b.client_name);
}

/** Take over what a client's last heartbeat says of its models; rows that stay as they were stay the same objects. */
export function patched(rows: readonly ModelOnClient[], clients: readonly ClientView[]): ModelOnClient[] {
  const byId = new Map(clients.map((client) => [client.id, client]));
  return rows.map((row) => {
    const client = byId.get(row.client_id);
    if (!client) return row;
    const loaded = client.ollama?.loaded?.some((model) => model.name === row.name) ?? false;
    const same = row.presence === client.presence && row.loaded === loaded && row.client_name === client.name;
    return same ? row : { ...row, presence: client.presence, loaded, client_name: client.name };
  });
}
