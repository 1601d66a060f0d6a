/** The table of clients: what is searched, filtered and sorted, and how that stands in an address. Pure functions. */
import type { ClientView } from '$lib/api/types';
import { healthsOf, rankOf } from './health';

export const COLUMNS = [
  'name',
  'state',
  'tags',
  'cpu',
  'memory',
  'gpu',
  'ollama',
  'release',
  'models',
  'seen',
] as const;
export type Column = (typeof COLUMNS)[number];
export const COLUMN_NAME: Record<Column, string> = {
  name: 'Client',
  state: 'State',
  tags: 'Tags',
  cpu: 'Processor',
  memory: 'Memory',
  gpu: 'GPU',
  ollama: 'Ollama',
  release: 'obt-client',
  models: 'Models',
  seen: 'Last seen',
};

export interface Sort {
  column: Column;
  descending: boolean;
}
export const FIRST_SORT: Sort = { column: 'state', descending: false };

export const FILTERS = ['state', 'tag', 'gpu', 'os', 'version'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, string>>;

/** What a client has of each filter. `attention` stands for whatever is not well. */
const VALUES: Record<FilterName, (client: ClientView) => readonly string[]> = {
  state: (client) => {
    const said = healthsOf(client);
    return said[0] === 'well' ? said : ['attention', ...said];
  },
  tag: ({ tags }) => tags,
  gpu: ({ machine }) => (machine?.gpus.length ? machine.gpus.map(({ name }) => name) : machine?.known ? ['none'] : []),
  os: ({ machine }) => (machine?.os ? [machine.os] : []),
  version: ({ client_version }) => [client_version],
};

export function filtered(clients: readonly ClientView[], search: string, filters: Filters): ClientView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = FILTERS.flatMap((name) => (filters[name] ? [{ name, value: filters[name] }] : []));
  return clients.filter((client) => {
    if (!wanted.every(({ name, value }) => VALUES[name](client).includes(value))) return false;
    const text = words.length ? textOf(client) : '';
    return words.every((word) => text.includes(word));
  });
}

function textOf({ id, name, tags, machine, ollama, client_version }: ClientView): string {
  const parts = machine ? [machine.os, machine.cpu?.model, ...machine.gpus.map((gpu) => gpu.name)] : [];
  return [name, id, ...tags, ...parts, ollama?.version, client_version].join(' ').toLowerCase();
}

/** Every value that some client has, with how many have it, by name. */
export function optionsOf(clients: readonly ClientView[], filter: FilterName): { id: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const client of clients)
    for (const value of new Set(VALUES[filter](client))) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([id, count]) => ({ id, count })).sort((a, b) => a.id.localeCompare(b.id));
}

/** Every tag that some client has. */
export function tagsOf(clients: readonly ClientView[]): string[] {
  return optionsOf(clients, 'tag').map(({ id }) => id);
}

const ownMemory = ({ machine }: ClientView) =>
  machine?.gpus.reduce((sum, gpu) => sum + (gpu.memory_bytes ?? 0), 0) ?? -1;
const KEYS: Record<Column, (client: ClientView) => string | number> = {
  name: ({ name }) => name.toLowerCase(),
  state: rankOf,
  tags: ({ tags }) => tags.join(' '),
  cpu: ({ machine }) => machine?.cpu?.model ?? '',
  memory: ({ machine }) => machine?.memory_bytes ?? -1,
  gpu: ownMemory,
  ollama: ({ ollama }) => padded(ollama?.version),
  release: ({ client_version }) => padded(client_version),
  models: ({ model_count }) => model_count,
  seen: ({ last_seen_at }) => last_seen_at ?? '',
};

/** Versions compare number by number: 0.10 comes after 0.9. */
function padded(version: string | null | undefined): string {
  return (version ?? '').replace(/\d+/g, (digits) => digits.padStart(8, '0'));
}

export function sorted(clients: readonly ClientView[], { column, descending }: Sort): ClientView[] {
  const turn = descending ? -1 : 1;
  const keyed = clients.map((client) => ({ client, key: KEYS[column](client), name: client.name.toLowerCase() }));
  const order = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  return keyed.sort((a, b) => turn * order(a.key, b.key) || order(a.name, b.name)).map(({ client }) => client);
}
