// What the browser fetches of each page, in bytes gzipped, read from the manifest of the last build: `pnpm run weight`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * @typedef {{ file: string, src?: string, imports?: string[], dynamicImports?: string[], css?: string[] }} Chunk
 * @typedef {object} Weight
 * @property {string} route
 * @property {number} first_bytes JavaScript without which the page does not begin: all that is imported statically.
 * @property {number} charts_bytes JavaScript that only charts need. Apart: it comes after the figures, which stand in
 *   tables without it, and only where there is something to draw.
 * @property {number} later_bytes All other JavaScript that the page may fetch: what is wanted further down, dialogs,
 *   menus, the shell's palette and help.
 * @property {number} css_bytes Styles of the first JavaScript.
 */

const KIT = join(import.meta.dirname, '..', '.svelte-kit');
const CLIENT = join(KIT, 'output', 'client');
const MANIFEST = join(CLIENT, '.vite', 'manifest.json');
const NODES = '.svelte-kit/generated/client-optimized/nodes/';
/** Drawn by the project's own charts, or, behind them, by Chart.js. */
const IS_CHART = /^src\/lib\/charts\/|^src\/routes\/compare\/ComparedCharts/;

export const isBuilt = () => existsSync(MANIFEST);

/**
 * Weigh every page of the last build.
 * @returns {Weight[]}
 */
export function weights() {
  /** @type {Record<string, Chunk>} */
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const chunk = (/** @type {string} */ key) => /** @type {Chunk} */ (manifest[key]);
  const entries = Object.keys(manifest).filter((key) => chunk(key).file.startsWith('_app/immutable/entry/'));

  /** @param {Iterable<string>} keys @param {Set<string>} without */
  function closure(keys, without = new Set()) {
    /** @type {Set<string>} */
    const found = new Set();
    const todo = [...keys];
    for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
      if (found.has(key) || without.has(key)) continue;
      found.add(key);
      todo.push(...(chunk(key).imports ?? []));
    }
    return found;
  }

  /** What is imported when it is needed, and what that imports so in turn; other pages are not a page's own. */
  function dynamic(/** @type {Set<string>} */ first) {
    /** @type {Set<string>} */
    const found = new Set();
    const todo = [...first];
    for (let key = todo.pop(); key !== undefined; key = todo.pop())
      for (const next of chunk(key).dynamicImports ?? []) {
        if (found.has(next) || next.startsWith(NODES)) continue;
        found.add(next);
        todo.push(...closure([next]));
      }
    return found;
  }

  return routes().map(({ route, nodes }) => {
    const first = closure([...entries, ...nodes.map((node) => `${NODES}${node}.js`)]);
    const parts = [...dynamic(first)];
    const later = closure(
      parts.filter((key) => !IS_CHART.test(key)),
      first,
    );
    const charts = closure(
      parts.filter((key) => IS_CHART.test(key)),
      new Set([...first, ...later]),
    );
    const styles = new Set([...first].flatMap((key) => chunk(key).css ?? []));
    const js = (/** @type {Set<string>} */ keys) => sum([...keys].map((key) => chunk(key).file));
    return {
      route,
      first_bytes: js(first),
      charts_bytes: js(charts),
      later_bytes: js(later),
      css_bytes: sum([...styles]),
    };
  });
}

/** SvelteKit's own table of routes: the root's layout and error page come with each. */
function routes() {
  const app = readFileSync(join(KIT, 'generated', 'client-optimized', 'app.js'), 'utf8');
  return [...app.matchAll(/"(\/[^"]*)": \[~?(\d+)(?:,\[([\d,]*)\])?/g)].map(([, route = '', node, layouts]) => ({
    route,
    nodes: [0, 1, Number(node), ...(layouts ?? '').split(',').filter(Boolean).map(Number)],
  }));
}

/** @type {Map<string, number>} */
const sizes = new Map();

/** @param {string[]} files */
function sum(files) {
  return files.reduce((total, file) => {
    const known = sizes.get(file) ?? gzipSync(readFileSync(join(CLIENT, file)), { level: 9 }).length;
    sizes.set(file, known);
    return total + known;
  }, 0);
}

if (process.argv[1] === import.meta.filename) {
  if (!isBuilt()) {
    console.error('There is no build yet: pnpm run build');
    process.exit(2);
  }
  const kB = (/** @type {number} */ bytes) => (bytes / 1_000).toFixed(1).padStart(9);
  console.log(`${'kB gzipped'.padEnd(20)}${['first JS', 'charts', 'later', 'CSS'].map((t) => t.padStart(9)).join('')}`);
  for (const { route, ...own } of weights()) console.log(route.padEnd(20) + Object.values(own).map(kB).join(''));
}
