/** The models of a client with what was measured of them last. Pure. */
import type { LatestResult, ModelOnClient } from '$lib/api/types';

export interface MeasuredModel {
  model: ModelOnClient;
  /** Null: never measured here. */
  latest: LatestResult | null;
  /** Whether another build of the model was measured than the one that is installed now. */
  isOfOther: boolean;
}

/** Put them together: the fastest first, then those that were never measured, by name. */
export function withSpeeds(models: readonly ModelOnClient[], results: readonly LatestResult[]): MeasuredModel[] {
  const byModel = new Map(results.map((result) => [result.model, result]));
  return models
    .map((model) => {
      const latest = byModel.get(model.name) ?? null;
      return { model, latest, isOfOther: latest !== null && plain(latest.model_digest) !== plain(model.digest) };
    })
    .sort((a, b) => rate(b) - rate(a) || a.model.name.localeCompare(b.model.name));
}

const plain = (digest: string) => digest.replace(/^sha256:/, '');
const rate = ({ latest }: MeasuredModel) => latest?.decode_tokens_per_s ?? -1;
