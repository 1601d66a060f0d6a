/** Sessions as a table to be taken away. */
import type { SessionView } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';

const jobsOf = (session: SessionView, status: string) => session.counts[status] ?? 0;

export const exported: readonly ExportColumn<SessionView>[] = [
  { name: 'Session', value: ({ title }) => title },
  { name: 'ID', value: ({ id }) => id },
  { name: 'State', value: ({ state }) => state },
  { name: 'Suite', value: ({ suite_name }) => suite_name },
  { name: 'Completed', value: (session) => jobsOf(session, 'completed') },
  { name: 'Failed', value: (session) => jobsOf(session, 'failed') },
  { name: 'Skipped', value: (session) => jobsOf(session, 'skipped') },
  { name: 'Queued', value: (session) => jobsOf(session, 'queued') },
  { name: 'Asked by', value: ({ asked_by }) => asked_by },
  { name: 'Asked', value: ({ created_at }) => created_at },
  { name: 'Not before', value: ({ not_before }) => not_before },
  { name: 'Ended', value: ({ ended_at }) => ended_at },
];
