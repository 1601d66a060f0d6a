/** What the list of results is narrowed to: as it stands in the address, goes to the server, and is told. Pure. */
import type { Grade, JobStatus, ResultView } from '$lib/api/types';
import { moment } from '$lib/format';
import { GRADE, JOB } from '$lib/words';

export const FACETS = ['grade', 'model', 'quantization', 'family', 'client_id', 'tag', 'suite', 'status'] as const;
export type FacetName = (typeof FACETS)[number];
export const FACET_TITLE: Record<FacetName, string> = {
  grade: 'Grade',
  model: 'Model',
  quantization: 'Quantization',
  family: 'Family',
  client_id: 'Client',
  tag: 'Client tag',
  suite: 'Suite',
  status: 'Status',
};
const SINGLE = ['q', 'from', 'to', 'session_id', 'series'] as const;
type SingleName = (typeof SINGLE)[number];

export type Filters = Partial<Record<FacetName, readonly string[]>> & Partial<Record<SingleName, string>>;

export interface Chip {
  name: FacetName | SingleName;
  value: string;
  title: string;
  text: string;
}

const DAY_MS = 86_400_000;
export const SPANS = [
  { id: '1', name: 'Last 24 hours' },
  { id: '7', name: 'Last 7 days' },
  { id: '30', name: 'Last 30 days' },
  { id: '90', name: 'Last 90 days' },
] as const;

/** Take the filters from an address; what is not known there is left. */
export function fromQuery(query: URLSearchParams): Filters {
  const filters: Filters = {};
  for (const name of FACETS) {
    const values = [...new Set(query.getAll(name))];
    if (values.length) filters[name] = values;
  }
  for (const name of SINGLE) {
    const value = query.get(name);
    if (value) filters[name] = value;
  }
  return filters;
}

/** The filters as parameters, for the address and for the server alike. */
export function toQuery(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of FACETS) for (const value of filters[name] ?? []) query.append(name, value);
  for (const name of SINGLE) if (filters[name]) query.set(name, filters[name]);
  return query;
}

/** The same as an object, for the typed client. */
export function asParameters(filters: Filters) {
  return {
    ...filters,
    client_id: list(filters.client_id),
    model: list(filters.model),
    quantization: list(filters.quantization),
    family: list(filters.family),
    tag: list(filters.tag),
    suite: list(filters.suite),
    grade: list(filters.grade) as Grade[] | undefined,
    status: list(filters.status) as JobStatus[] | undefined,
  };
}

function list(values: readonly string[] | undefined): string[] | undefined {
  return values && [...values];
}

/** Let a value through, or no more. */
export function toggled(filters: Filters, name: FacetName, value: string): Filters {
  const values = filters[name] ?? [];
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  return withValue(filters, name, next.length ? next : undefined);
}

/** Set a filter, or leave it out. */
export function withValue<Name extends keyof Filters>(filters: Filters, name: Name, value: Filters[Name]): Filters {
  const { [name]: _, ...others } = filters;
  return (value === undefined || value === '' ? others : { ...others, [name]: value }) as Filters;
}

/** Since when, for one of `SPANS`, in whole minutes: the same wish is the same address for a while. */
export function since(days: string, now: number): string {
  return new Date(Math.floor((now - Number(days) * DAY_MS) / 60_000) * 60_000).toISOString();
}

/** What is active, a chip for each value; `nameOf` gives the name of a client. */
export function chipsOf(filters: Filters, nameOf: (clientId: string) => string): Chip[] {
  const chips = FACETS.flatMap((name) =>
    (filters[name] ?? []).map((value) => ({
      name,
      value,
      title: FACET_TITLE[name],
      text: valueText(name, value, nameOf(value)),
    })),
  );
  return [...chips, ...SINGLE.flatMap((name) => singleChip(name, filters[name]))];
}

function singleChip(name: SingleName, value: string | undefined): Chip[] {
  if (!value) return [];
  const told: Record<SingleName, [string, string]> = {
    q: ['Search', value],
    from: ['Since', moment(value)],
    to: ['Before', moment(value)],
    session_id: ['Session', value.slice(0, 8)],
    series: ['Series', value.slice(0, 12)],
  };
  return [{ name, value, title: told[name][0], text: told[name][1] }];
}

/** A value of a facet in words. */
export function valueText(facet: FacetName, value: string, name = value): string {
  if (facet === 'client_id') return name;
  if (facet === 'grade') return GRADE[value as Grade]?.text ?? value;
  if (facet === 'status') return JOB[value as JobStatus]?.text ?? value;
  return value || 'not known';
}

/** Whether a new result may be among those that are listed: its family and its client's tags are not told here. */
export function mayMatch(result: ResultView, filters: Filters): boolean {
  const own: Partial<Record<FacetName, string>> = {
    grade: result.grade,
    model: result.model,
    quantization: result.quantization ?? '',
    client_id: result.client_id,
    suite: result.suite_name,
    status: result.status,
  };
  const isIn = FACETS.every((name) => own[name] === undefined || !filters[name] || filters[name].includes(own[name]));
  const texts = [result.model, result.client_name, result.suite_name].map((text) => text.toLowerCase());
  const words = (filters.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (
    isIn &&
    words.every((word) => texts.some((text) => text.includes(word))) &&
    (!filters.session_id || filters.session_id === result.session_id) &&
    (!filters.series || filters.series === result.series) &&
    (!filters.from || Date.parse(result.ended_at) >= Date.parse(filters.from)) &&
    (!filters.to || Date.parse(result.ended_at) < Date.parse(filters.to))
  );
}
