/** The samples of a result as a table to take away: what was measured, as it was measured. */
import type { Sample } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';

const FIGURES = [
  'ttft_ms',
  'first_answer_ms',
  'tpot_ms',
  'e2e_ms',
  'decode_tokens_per_s',
  'prefill_tokens_per_s',
  'load_ms',
  'queue_ms',
  'lateness_ms',
  'prompt_tokens',
  'cached_tokens',
  'generated_tokens',
] as const satisfies (keyof Sample)[];

export const SAMPLE_COLUMNS: readonly ExportColumn<Sample>[] = [
  { name: 'number', value: (sample) => sample.number },
  { name: 'workload', value: (sample) => sample.workload },
  { name: 'role', value: (sample) => sample.role },
  { name: 'started_at', value: (sample) => sample.started_at },
  { name: 'end', value: (sample) => sample.end },
  { name: 'flags', value: (sample) => (sample.flags ?? []).join(' ') },
  ...FIGURES.map((name) => ({ name, value: (sample: Sample) => sample[name] ?? null })),
];
