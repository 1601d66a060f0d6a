/** Operations as a table to be taken away. */
import type { OperationView } from './api/types';
import type { ExportColumn } from './export/table';
import { subjectOf, whyNot } from './operations';

export const exported: ExportColumn<OperationView>[] = [
  { name: 'Asked', value: (one) => one.created_at },
  { name: 'Asked by', value: (one) => one.asked_by },
  { name: 'Kind', value: (one) => one.kind },
  { name: 'Model', value: subjectOf },
  { name: 'Client', value: (one) => one.client_name },
  { name: 'Client ID', value: (one) => one.client_id },
  { name: 'State', value: (one) => one.status },
  { name: 'Why not', value: (one) => whyNot(one) || null },
  { name: 'Started', value: (one) => one.started_at },
  { name: 'Ended', value: (one) => one.ended_at },
  { name: 'Bytes', value: (one) => one.progress?.total_bytes ?? null },
  { name: 'Batch', value: (one) => one.batch_id },
];
