import { readFileSync } from 'node:fs';
import { blocksOf } from '$lib/markdown';

/** The project's own text, read when the dashboard is built. */
export function load() {
  return { blocks: blocksOf(readFileSync('../docs/measuring.md', 'utf8')) };
}
