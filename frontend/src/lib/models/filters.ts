/** What narrows the table of models, as values and as they stand in the address. Pure functions. */
import type { ModelOnClient } from '$lib/api/types';
import type { Facts } from './columns';
import { keyOf } from './rows';

/** All of them, or exactly these; none of them is a choice too. */
export type Choice = 'all' | ReadonlySet<string>;
export type YesNo = '' | 'yes' | 'no';

export const CHOICES = ['clients', 'tags', 'families', 'quantizations', 'capabilities'] as const;
export type ChoiceName = (typeof CHOICES)[number];
export const FLAGS = ['measured', 'loaded', 'differs'] as const;
export type FlagName = (typeof FLAGS)[number];

export interface Filters extends Record<ChoiceName, Choice>, Record<FlagName, YesNo> {
  /** Sizes in decimal gigabytes, as the table shows them; null: no bound. */
  min_gb: number | null;
  max_gb: number | null;
}

export const NO_FILTERS: Filters = {
  clients: 'all',
  tags: 'all',
  families: 'all',
  quantizations: 'all',
  capabilities: 'all',
  measured: '',
  loaded: '',
  differs: '',
  min_gb: null,
  max_gb: null,
};
/** Stands for what Ollama did not say. */
export const UNKNOWN = '–';
const GB = 1e9;

type Test = (row: ModelOnClient) => boolean;

/** Keep what all filters let through. Only what is asked for is looked at, so that nothing else makes it stale. */
export function narrowed(
  rows: readonly ModelOnClient[],
  filters: Filters,
  factsOf: () => Facts,
): readonly ModelOnClient[] {
  const tests = testsOf(filters, factsOf);
  return tests.length ? rows.filter((row) => tests.every((test) => test(row))) : rows;
}

function testsOf(filters: Filters, factsOf: () => Facts): Test[] {
  const tests: Test[] = [];
  const { clients, tags, families, quantizations, capabilities, min_gb, max_gb } = filters;
  if (clients !== 'all') tests.push((row) => clients.has(row.client_id));
  if (families !== 'all') tests.push((row) => families.has(row.family || UNKNOWN));
  if (quantizations !== 'all') tests.push((row) => quantizations.has(row.quantization || UNKNOWN));
  if (capabilities !== 'all') tests.push((row) => row.capabilities.some((name) => capabilities.has(name)));
  if (min_gb !== null) tests.push((row) => row.size_bytes >= min_gb * GB);
  if (max_gb !== null) tests.push((row) => row.size_bytes <= max_gb * GB);
  if (tags !== 'all') {
    const { clientOf } = factsOf();
    tests.push((row) => clientOf.get(row.client_id)?.tags.some((tag) => tags.has(tag)) ?? false);
  }
  if (filters.measured) tests.push(asked(filters.measured, factsOf().latestOf));
  if (filters.loaded) tests.push(asked(filters.loaded, factsOf().loaded));
  if (filters.differs) {
    const { conflicts } = factsOf();
    tests.push((row) => conflicts.has(row.name) === (filters.differs === 'yes'));
  }
  return tests;
}

function asked(wanted: YesNo, known: { has: (key: string) => boolean }): Test {
  return (row) => known.has(keyOf(row)) === (wanted === 'yes');
}

/** Write the filters into an address; those that let everything through are left out. */
export function write(filters: Filters, query: URLSearchParams): void {
  for (const name of CHOICES) {
    const choice = filters[name];
    if (choice !== 'all') query.set(name, choice.size ? [...choice].join(',') : 'none');
  }
  for (const name of FLAGS) if (filters[name]) query.set(name, filters[name]);
  for (const name of ['min_gb', 'max_gb'] as const) if (filters[name] !== null) query.set(name, String(filters[name]));
}

/** Read what `write` wrote; what is no filter is none. */
export function read(query: URLSearchParams): Filters {
  const filters = { ...NO_FILTERS };
  for (const name of CHOICES) {
    const text = query.get(name);
    if (text !== null) filters[name] = new Set(text === 'none' ? [] : text.split(','));
  }
  for (const name of FLAGS) {
    const text = query.get(name);
    if (text === 'yes' || text === 'no') filters[name] = text;
  }
  for (const name of ['min_gb', 'max_gb'] as const) filters[name] = bound(query.get(name));
  return filters;
}

/** A bound as somebody typed it; null where it is none. */
export function bound(text: string | null): number | null {
  const value = text?.trim() ? Number(text.trim().replace(',', '.')) : NaN;
  return Number.isFinite(value) && value >= 0 ? value : null;
}

/** How many filters narrow. */
export function countOf(filters: Filters): number {
  const choices = CHOICES.filter((name) => filters[name] !== 'all').length;
  const flags = FLAGS.filter((name) => filters[name]).length;
  return choices + flags + Number(filters.min_gb !== null || filters.max_gb !== null);
}

export interface Option {
  id: string;
  name: string;
  count: number;
}

/** What one can choose between, with how many rows have it, by name. */
export function optionsOf(names: Iterable<string>): Option[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ id: name, name: name === UNKNOWN ? 'not told' : name, count }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
