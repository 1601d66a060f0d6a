/** What an action on chosen models would do, and what it would not, before anybody is asked. Pure functions. */
import type { ClientView, ModelOnClient, NewOperation, OperationKind } from '$lib/api/types';
import type { Facts } from './columns';
import { keyOf } from './rows';

export interface Wish {
  kind: OperationKind;
  /** Where a pull goes to. */
  clientIds: ReadonlySet<string>;
  /** Whether a pull also goes where the model is already: that brings it up to date. */
  again: boolean;
  /** What a copy is called: of one model its name, of several what is put behind each name. */
  to: string;
  keep_alive_s: number;
}

export interface Act {
  clientId: string;
  clientName: string;
  model: string;
  size_bytes: number | null;
  operation: NewOperation['operation'];
  /** What one should know of it beforehand. */
  note: '' | 'waits' | 'renews' | 'cloud';
}

export type Objection =
  'not_allowed' | 'outdated' | 'not_loaded' | 'already_loaded' | 'already_there' | 'cloud' | 'no_name';

export interface Refusal {
  clientId: string;
  clientName: string;
  model: string;
  why: Objection;
}

export interface Plan {
  acts: Act[];
  refused: Refusal[];
}

export const OBJECTION: Record<Objection, string> = {
  not_allowed: 'the owner does not allow operations on models (OBT_ALLOW=models on that machine does)',
  outdated: 'the client is too old for operations',
  not_loaded: 'not in memory there',
  already_loaded: 'in memory already',
  already_there: 'installed already',
  cloud: 'runs in a cloud: nothing is ever sent there',
  no_name: 'a name with letters, digits, and . _ : / - is needed',
};

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,299}$/;
/** The oldest protocol of a client that knows operations. */
const OPERATIONS_PROTOCOL = 2;

/** Judge every pair of a chosen model and a client. */
export function planned(
  wish: Wish,
  rows: readonly ModelOnClient[],
  facts: Facts,
  installed: ReadonlySet<string>,
): Plan {
  const plan: Plan = { acts: [], refused: [] };
  for (const { row, clientId } of pairsOf(wish, rows)) {
    const client = facts.clientOf.get(clientId);
    const pair = { clientId, clientName: client?.name ?? row.client_name, model: row.name };
    const key = keyOf({ client_id: clientId, name: row.name });
    const why = objectionOf(wish, row, client) ?? uselessness(wish, key, facts, installed);
    const operation = operationOf(wish, row.name, rows);
    if (why || !operation) plan.refused.push({ ...pair, why: why ?? 'no_name' });
    else plan.acts.push({ ...pair, size_bytes: row.size_bytes, operation, note: noteOf(wish, key, client, installed) });
  }
  return plan;
}

/** A pull goes from each name to each client; everything else happens where the rows are. */
function pairsOf(wish: Wish, rows: readonly ModelOnClient[]): { row: ModelOnClient; clientId: string }[] {
  if (wish.kind !== 'pull') return rows.map((row) => ({ row, clientId: row.client_id }));
  const byName = new Map(rows.map((row) => [row.name, row]));
  return [...wish.clientIds].flatMap((clientId) => [...byName.values()].map((row) => ({ row, clientId })));
}

function objectionOf(wish: Wish, row: ModelOnClient, client: ClientView | undefined): Objection | null {
  if (row.cloud && (wish.kind === 'load' || wish.kind === 'pull')) return 'cloud';
  if (!client) return null; // not told of yet: the server judges
  if (client.version_state === 'too_old' || client.protocol_version < OPERATIONS_PROTOCOL) return 'outdated';
  return client.allows === 'models' ? null : 'not_allowed';
}

function uselessness(wish: Wish, key: string, facts: Facts, installed: ReadonlySet<string>): Objection | null {
  if (wish.kind === 'pull' && !wish.again && installed.has(key)) return 'already_there';
  if (wish.kind === 'load' && facts.loaded.has(key)) return 'already_loaded';
  if (wish.kind === 'unload' && !facts.loaded.has(key)) return 'not_loaded';
  return null;
}

function operationOf(wish: Wish, model: string, rows: readonly ModelOnClient[]): Act['operation'] | null {
  if (wish.kind === 'load') return { kind: 'load', model, keep_alive_s: wish.keep_alive_s };
  if (wish.kind !== 'copy') return { kind: wish.kind, model };
  const to = isOneModel(rows) ? wish.to.trim() : model + wish.to.trim();
  return NAME.test(to) && to !== model ? { kind: 'copy', model, to } : null;
}

export function isOneModel(rows: readonly ModelOnClient[]): boolean {
  return rows.every((row) => row.name === rows[0]?.name);
}

function noteOf(wish: Wish, key: string, client: ClientView | undefined, installed: ReadonlySet<string>): Act['note'] {
  if (client && (client.presence === 'offline' || client.presence === 'new')) return 'waits';
  return wish.kind === 'pull' && installed.has(key) ? 'renews' : '';
}

export interface PerClient<Entry> {
  clientId: string;
  clientName: string;
  entries: Entry[];
}

/** By client, in the order of their names. */
export function byClient<Entry extends { clientId: string; clientName: string }>(
  entries: readonly Entry[],
): PerClient<Entry>[] {
  const groups = new Map<string, PerClient<Entry>>();
  for (const entry of entries) {
    const own = groups.get(entry.clientId);
    if (own) own.entries.push(entry);
    else groups.set(entry.clientId, { clientId: entry.clientId, clientName: entry.clientName, entries: [entry] });
  }
  return [...groups.values()].sort((a, b) => a.clientName.localeCompare(b.clientName));
}
