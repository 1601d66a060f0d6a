/** The jobs of a session as a table to be taken away. */
import type { Grade, JobView } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';

export function jobColumns(grades: ReadonlyMap<string, Grade>): ExportColumn<JobView>[] {
  const decode = ({ headline }: JobView) => headline?.decode_tokens_per_s;
  return [
    { name: 'client', value: (job) => job.client_name },
    { name: 'model', value: (job) => job.model },
    { name: 'model_digest', value: (job) => job.model_digest },
    { name: 'status', value: (job) => job.status },
    { name: 'reason', value: (job) => job.skip_reason ?? job.error?.code ?? null },
    { name: 'grade', value: (job) => grades.get(job.id) ?? null },
    { name: 'samples', value: (job) => job.samples_stored },
    { name: 'decode_tokens_per_s', value: (job) => decode(job)?.median ?? null },
    { name: 'decode_low', value: (job) => decode(job)?.low ?? null },
    { name: 'decode_high', value: (job) => decode(job)?.high ?? null },
    { name: 'prefill_tokens_per_s', value: (job) => job.headline?.prefill_tokens_per_s?.median ?? null },
    { name: 'ttft_ms', value: (job) => job.headline?.ttft_ms?.median ?? null },
    { name: 'started_at', value: (job) => job.started_at },
    { name: 'ended_at', value: (job) => job.ended_at },
    { name: 'result_id', value: (job) => (job.headline ? job.id : null) },
  ];
}
