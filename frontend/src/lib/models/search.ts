/** Finding models by words, anywhere in a row; a word that nothing has may have one letter wrong. Pure functions. */
import type { ModelOnClient } from '$lib/api/types';

/** Keeps what comes close to a word: the places of those texts. */
export type Forgiving = (texts: string[], word: string) => number[];

export interface Found {
  rows: readonly ModelOnClient[];
  /** Words that no row has as they were written: what is shown comes close to them. */
  near: string[];
}

/** Shorter words come close to everything. */
const FORGIVEN_FROM = 3;

/** Keep the rows in which every word occurs. `forgiving`: null while it is not there yet. */
export function found(rows: readonly ModelOnClient[], search: string, forgiving: Forgiving | null): Found {
  let left = rows;
  const near: string[] = [];
  for (const word of wordsOf(search)) {
    const exact = left.filter((row) => textOf(row).includes(word));
    if (exact.length || word.length < FORGIVEN_FROM) {
      left = exact;
      continue;
    }
    near.push(word);
    const kept = left;
    left = forgiving ? forgiving(kept.map(textOf), word).map((at) => kept[at] as ModelOnClient) : [];
  }
  return { rows: left, near };
}

export function wordsOf(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

const texts = new WeakMap<ModelOnClient, string>();

function textOf(row: ModelOnClient): string {
  let text = texts.get(row);
  if (text === undefined) {
    const parts = [row.name, row.client_name, row.family, row.quantization, row.parameter_size, ...row.capabilities];
    texts.set(row, (text = parts.join(' ').toLowerCase()));
  }
  return text;
}

/** Fetch what forgives a typo: some kilobytes that most visits never need. */
export async function loadForgiving(): Promise<Forgiving> {
  const { default: UFuzzy } = await import('@leeoniya/ufuzzy');
  // One letter wrong, missing, too many or swapped with its neighbour in each word.
  const fuzzy = new UFuzzy({ intraMode: 1, intraIns: 1, intraSub: 1, intraTrn: 1, intraDel: 1 });
  return (haystack, word) => fuzzy.filter(haystack, word) ?? [];
}
