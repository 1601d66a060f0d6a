/** All rows with what follows from them alone: made once when they come, in pieces. */
import type { ModelOnClient } from '$lib/api/types';
import { aTurn, inPieces } from '$lib/turns';
import { sorted } from './columns';
import { optionsOf, UNKNOWN, type Option } from './filters';
import { lineOf } from './groups';
import { FIRST_SORT, NO_FACTS, NOTHING, type Inventory } from './nothing';
import { conflictsIn } from './rows';

/** Make it of those rows. Throws an AbortError once nobody waits for it any more. */
export async function inventoryOf(rows: readonly ModelOnClient[], signal?: AbortSignal): Promise<Inventory> {
  const made = { ...NOTHING, rows };
  const options = (named: (row: ModelOnClient) => string) => optionsOf(rows.map(named));
  const steps = [
    () => (made.byName = sorted(rows, FIRST_SORT, NO_FACTS)),
    () => (made.conflicts = conflictsIn(rows)),
    () => (made.options = { ...made.options, clients: clientOptions(rows) }),
    () => (made.options = { ...made.options, families: options((row) => row.family || UNKNOWN) }),
    () => (made.options = { ...made.options, quantizations: options((row) => row.quantization || UNKNOWN) }),
    () => (made.options = { ...made.options, capabilities: optionsOf(rows.flatMap((row) => row.capabilities)) }),
  ];
  for (const step of steps) {
    await aTurn();
    signal?.throwIfAborted();
    step();
  }
  await inPieces(rows, (row) => void lineOf(row, false), signal);
  return made;
}

function clientOptions(rows: readonly ModelOnClient[]): Option[] {
  const names = new Map(rows.map((row) => [row.client_id, row.client_name]));
  return optionsOf(rows.map((row) => row.client_id))
    .map((option) => ({ ...option, name: names.get(option.id) ?? option.id }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
