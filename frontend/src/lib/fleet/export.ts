/** Clients as a table to be taken away. */
import type { ClientView } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';
import { healthsOf } from './health';

export const exported: readonly ExportColumn<ClientView>[] = [
  { name: 'ID', value: ({ id }) => id },
  { name: 'Client', value: ({ name }) => name },
  { name: 'State', value: (client) => healthsOf(client).join(' ') },
  { name: 'Tags', value: ({ tags }) => tags.join(' ') },
  { name: 'System', value: ({ machine }) => machine?.os || null },
  { name: 'Processor', value: ({ machine }) => machine?.cpu?.model ?? null },
  { name: 'Memory, bytes', value: ({ machine }) => machine?.memory_bytes ?? null },
  { name: 'GPUs', value: ({ machine }) => machine?.gpus.map(({ name }) => name).join(', ') || null },
  { name: 'GPU memory, bytes', value: gpuMemory },
  { name: 'Ollama', value: ({ ollama }) => ollama?.version ?? null },
  { name: 'obt-client', value: ({ client_version }) => client_version || null },
  { name: 'Models', value: ({ model_count }) => model_count },
  { name: 'Last seen', value: ({ last_seen_at }) => last_seen_at },
];

function gpuMemory({ machine }: ClientView): number | null {
  const sizes = machine?.gpus.flatMap((gpu) => gpu.memory_bytes ?? []) ?? [];
  return sizes.length ? sizes.reduce((sum, size) => sum + size, 0) : null;
}
