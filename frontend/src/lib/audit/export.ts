/** Deeds as a table to be taken away. */
import type { AuditEntry } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';

const json = (value: AuditEntry['before']) => (value ? JSON.stringify(value) : null);

export const exported: readonly ExportColumn<AuditEntry>[] = [
  { name: 'When', value: ({ at }) => at },
  { name: 'Who', value: ({ actor }) => actor },
  { name: 'As', value: ({ actor_kind }) => actor_kind },
  { name: 'Who, ID', value: ({ actor_id }) => actor_id },
  { name: 'Address', value: ({ address }) => address },
  { name: 'What', value: ({ action }) => action },
  { name: 'To a', value: ({ subject_kind }) => subject_kind },
  { name: 'To which', value: ({ subject }) => subject },
  { name: 'Before', value: ({ before }) => json(before) },
  { name: 'After', value: ({ after }) => json(after) },
];
