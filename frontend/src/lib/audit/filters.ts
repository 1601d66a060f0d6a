/** Which deeds are shown: as the address has it, and as the server is asked. Pure functions. */

const NAMES = ['actor', 'action', 'subject', 'from', 'to'] as const;
export type AuditFilterName = (typeof NAMES)[number];
/** `from` and `to` are days in the reader's time zone, both of them whole: `2026-11-21`. */
export type AuditFilters = Partial<Record<AuditFilterName, string>>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (name: AuditFilterName) => name === 'from' || name === 'to';

/** Take the filters from an address; what is no day is left. */
export function filtersFrom(query: URLSearchParams): AuditFilters {
  const told = NAMES.flatMap((name) => {
    const value = query.get(name);
    return value && (!isDay(name) || DAY.test(value)) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(told);
}

/** The filters as they stand in the address. */
export function toQuery(filters: AuditFilters): URLSearchParams {
  return new URLSearchParams(NAMES.flatMap((name) => (filters[name] ? [[name, filters[name]]] : [])));
}

/** As the server is asked: from the begin of the one day to the end of the other. */
export function asParameters({ from, to, ...words }: AuditFilters): Record<string, string> {
  const begin = startOf(from, 0);
  const end = startOf(to, 1);
  return { ...words, ...(begin && { from: begin }), ...(end && { to: end }) };
}

/** Midnight of a day, or of so many days later, in the reader's time zone. */
function startOf(day: string | undefined, later: number): string | null {
  if (!day) return null;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const start = new Date(year, month - 1, date + later);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}
