import { svelteTesting } from '@testing-library/svelte/vite';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vitest/config';
import { blocksOf } from './src/lib/markdown.ts';

const server = process.env.OBT_SERVER_URL ?? 'http://127.0.0.1:8881';

/** The project's own text on measuring, read when the dashboard is built: no browser reads Markdown. */
const method: Plugin = {
  name: 'obt-method',
  resolveId: (id) => (id === 'virtual:method' ? id : undefined),
  load: (id) =>
    id === 'virtual:method'
      ? `export default ${JSON.stringify(blocksOf(readFileSync('../docs/measuring.md', 'utf8')))}`
      : undefined,
};

/**
 * What every page needs is one file: Svelte, SvelteKit, all that the layout imports, and the parts that almost every page
 * is made of. Left to itself the bundler makes two dozen files of it, which compress worse apart and come one after the
 * other.
 */
const parts = 'Lazy|ExportMenu|PageHead|Section|Turn|Faces|Empty|ModelName|Term|Choice';
const everywhere = new RegExp(
  [
    String.raw`src[\\/]routes[\\/]\+(layout|error)\.svelte`,
    String.raw`client-optimized[\\/](app|nodes[\\/][01])\.js`,
    String.raw`src[\\/]lib[\\/]components[\\/](${parts})\.svelte`,
    String.raw`src[\\/]lib[\\/]state[\\/]resource\.svelte\.ts`,
  ].join('|'),
);
const chunks: Plugin = {
  name: 'obt-chunks',
  config: (_, { isSsrBuild }) =>
    isSsrBuild
      ? undefined
      : { build: { rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: everywhere }] } } } } },
};

export default defineConfig({
  plugins: [method, chunks, tailwindcss(), sveltekit(), svelteTesting()],
  server: {
    port: 5173,
    strictPort: false,
    // The Host stays the browser's own: the server compares it with the Origin.
    proxy: { '/api': { target: server, ws: true, changeOrigin: false } },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test-setup.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/lib/**/*.{ts,svelte}'],
      exclude: ['src/lib/api/**/*.d.ts', 'src/lib/api/types.ts', 'src/lib/testing/**', 'src/**/*.test.ts'],
      reporter: ['text-summary', 'text', 'json-summary'],
    },
  },
});
