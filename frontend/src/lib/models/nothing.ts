/** What a table of models has before anything came. */
import type { ModelOnClient } from '$lib/api/types';
import type { Facts, Sort } from './columns';
import type { Option } from './filters';

export const FIRST_SORT: Sort = { column: 'name', descending: false };
export const NO_FACTS: Facts = {
  clientOf: new Map(),
  loaded: new Set(),
  latestOf: new Map(),
  conflicts: new Map(),
  operationOf: new Map(),
};

export interface Inventory {
  rows: readonly ModelOnClient[];
  /** The same in the order that a table has at first. */
  byName: readonly ModelOnClient[];
  conflicts: Facts['conflicts'];
  /** What one can choose between, but for what clients have. */
  options: Record<'clients' | 'families' | 'quantizations' | 'capabilities', readonly Option[]>;
}

export const NOTHING: Inventory = {
  rows: [],
  byName: [],
  conflicts: new Map(),
  options: { clients: [], families: [], quantizations: [], capabilities: [] },
};
