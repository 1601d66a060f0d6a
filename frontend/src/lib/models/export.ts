/** Models as a table to be taken away. */
import type { ModelOnClient } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';
import { allowsOf, stateOf, type Facts } from './columns';
import { keyOf } from './rows';

/** What is exported: every column, whatever is shown. */
export function exported(facts: Facts): ExportColumn<ModelOnClient>[] {
  const latest = (row: ModelOnClient) => facts.latestOf.get(keyOf(row));
  return [
    { name: 'Model', value: (row) => row.name },
    { name: 'Client', value: (row) => row.client_name },
    { name: 'Client ID', value: (row) => row.client_id },
    { name: 'Digest', value: (row) => row.digest },
    { name: 'Digests of this tag', value: (row) => facts.conflicts.get(row.name)?.size ?? 1 },
    { name: 'Size, bytes', value: (row) => row.size_bytes },
    { name: 'Parameters', value: (row) => row.parameter_count ?? row.parameter_size },
    { name: 'Quantization', value: (row) => row.quantization },
    { name: 'Family', value: (row) => row.family },
    { name: 'Context, tokens', value: (row) => row.context_length },
    { name: 'Capabilities', value: (row) => row.capabilities.join(' ') },
    { name: 'State', value: (row) => stateOf(row, facts) },
    { name: 'Client allows', value: (row) => allowsOf(row, facts) ?? null },
    { name: 'Decode, tokens/s', value: (row) => latest(row)?.decode_tokens_per_s ?? null },
    { name: 'Grade', value: (row) => latest(row)?.grade ?? null },
    { name: 'Measured', value: (row) => latest(row)?.ended_at ?? null },
    { name: 'Suite', value: (row) => latest(row)?.suite_name ?? null },
  ];
}
