/** The models of a client as a table to be taken away, with what was measured of each last. */
import type { ExportColumn } from '$lib/export/table';
import type { MeasuredModel } from './models';

export const COLUMNS: readonly ExportColumn<MeasuredModel>[] = [
  { name: 'Model', value: ({ model }) => model.name },
  { name: 'Digest', value: ({ model }) => model.digest },
  { name: 'Size, bytes', value: ({ model }) => model.size_bytes },
  { name: 'Quantization', value: ({ model }) => model.quantization },
  { name: 'Decode, tokens/s', value: ({ latest }) => latest?.decode_tokens_per_s ?? null },
  { name: 'Prefill, tokens/s', value: ({ latest }) => latest?.prefill_tokens_per_s ?? null },
  { name: 'TTFT, ms', value: ({ latest }) => latest?.ttft_ms ?? null },
  { name: 'Grade', value: ({ latest }) => latest?.grade ?? null },
  { name: 'Measured digest', value: ({ latest }) => latest?.model_digest ?? null },
  { name: 'Measured', value: ({ latest }) => latest?.ended_at ?? null },
  { name: 'Result', value: ({ latest }) => latest?.result_id ?? null },
];
