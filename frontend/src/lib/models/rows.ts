/** Installed models as rows: the server tells once what many clients have alike. Pure functions. */
import type { ModelOnClient, Models } from '$lib/api/types';

type Told = Models['models'][number];

/** One row for each model on each client, in the server's order: by name, then by the client's. */
export function* rowsOf(told: Models): Generator<ModelOnClient> {
  for (const model of told.models)
    for (const [at, place] of model.clients.entries()) {
      const client = told.clients[place];
      if (client) yield rowOf(model, client, model.modified_at_s[at] ?? null);
    }
}

// Field by field: copying ten thousand objects by their rest takes ten times as long.
function rowOf(model: Told, client: Models['clients'][number], modified_at_s: number | null): ModelOnClient {
  return {
    client_id: client.id,
    client_name: client.name,
    name: model.name,
    digest: model.digest,
    size_bytes: model.size_bytes,
    family: model.family,
    parameter_size: model.parameter_size,
    parameter_count: model.parameter_count,
    quantization: model.quantization,
    context_length: model.context_length,
    capabilities: model.capabilities,
    cloud: model.cloud,
    modified_at_s,
  };
}

/** Put what was fetched of one client in place of what it had; all other rows stay the same objects. */
export function replaced(rows: readonly ModelOnClient[], clientId: string, own: ModelOnClient[]): ModelOnClient[] {
  return [...rows.filter((row) => row.client_id !== clientId), ...own];
}

/** Which row it is, wherever it stands. */
export function keyOf(row: { client_id: string; name: string }): string {
  return `${row.client_id}/${row.name}`;
}

/** How many clients have which digest, by the name of the model. Only names that have more than one digest. */
export function conflictsIn(rows: readonly ModelOnClient[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byName = new Map<string, Map<string, number>>();
  for (const { name, digest } of rows) {
    let digests = byName.get(name);
    if (!digests) byName.set(name, (digests = new Map()));
    digests.set(digest, (digests.get(digest) ?? 0) + 1);
  }
  for (const [name, digests] of byName) if (digests.size < 2) byName.delete(name);
  return byName;
}
