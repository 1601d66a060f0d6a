/** What a deed made another way, as lines that can be read. */
import type { AuditEntry } from '$lib/api/types';
import { moment } from '$lib/format';

export interface Difference {
  name: string;
  /** Null where only the other one is told. */
  before: string | null;
  after: string | null;
}

const NAMES: Record<string, string> = { is_disabled: 'disabled', client_id: 'client', batch_id: 'batch' };
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
/** It is told by the link, and says nothing by itself. */
const UNTOLD = new Set(['batch_id']);

/** One line for each field that is told; a field that is the same before and after is none. */
export function differences({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Difference[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .filter((name) => !UNTOLD.has(name))
    .map((name) => ({ name: nameOf(name), before: told(before, name), after: told(after, name) }))
    .filter(({ before, after }) => before !== after);
}

const nameOf = (name: string): string => NAMES[name] ?? name.replaceAll('_', ' ');

function told(values: AuditEntry['before'], name: string): string | null {
  return values && name in values ? textOf(values[name]) : null;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length ? value.map(textOf).join(', ') : 'none';
  if (typeof value === 'string') return MOMENT.test(value) ? moment(value) : value;
  return JSON.stringify(value);
}
