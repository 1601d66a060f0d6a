/** Results as a table to be taken away. */
import type { Estimate, Metric, ResultView } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';
import { METRIC } from '$lib/words';

const EXPORTED: readonly Metric[] = [
  'decode_tokens_per_s',
  'prefill_tokens_per_s',
  'ttft_ms',
  'tpot_ms',
  'load_ms',
  'e2e_ms',
];
const PARTS: readonly { name: string; of: (estimate: Estimate) => number | null }[] = [
  { name: '', of: ({ median }) => median },
  { name: ' low', of: ({ low }) => low ?? null },
  { name: ' high', of: ({ high }) => high ?? null },
];

/** All that the table knows of a result, intervals in columns of their own. */
export const EXPORT_COLUMNS: readonly ExportColumn<ResultView>[] = [
  { name: 'Result', value: ({ id }) => id },
  { name: 'Model', value: ({ model }) => model },
  { name: 'Digest', value: ({ model_digest }) => model_digest },
  { name: 'Quantization', value: ({ quantization }) => quantization },
  { name: 'Client', value: ({ client_name }) => client_name },
  { name: 'Client ID', value: ({ client_id }) => client_id },
  { name: 'Suite', value: ({ suite_name }) => suite_name },
  { name: 'Grade', value: ({ grade }) => grade },
  { name: 'Reasons', value: ({ reasons }) => reasons.join(' ') },
  { name: 'Status', value: ({ status }) => status },
  { name: 'Ended', value: ({ ended_at }) => ended_at },
  { name: 'Samples', value: ({ sample_count }) => sample_count },
  ...EXPORTED.flatMap((metric) =>
    PARTS.map(({ name, of }) => ({
      name: `${METRIC[metric].name}${name}, ${METRIC[metric].unit}`,
      value: ({ headline }: ResultView) => {
        const estimate = headline[metric];
        return estimate ? of(estimate) : null;
      },
    })),
  ),
];
