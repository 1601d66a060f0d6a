import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const out = process.env.OBT_BUILD_DIR ?? 'build';
// Where the API is, when not on the dashboard's own origin: https://obt.example.net
const api = process.env.PUBLIC_OBT_API ? new URL(process.env.PUBLIC_OBT_API).origin : '';

// SvelteKit hashes its own scripts and styles; the page's own script, which sets the theme, is hashed here.
const [, themeScript = ''] = /<script>(.*?)<\/script>/s.exec(readFileSync('src/app.html', 'utf8')) ?? [];
const themeHash = createHash('sha256').update(themeScript).digest('base64');
/** Styles come with the page: a file of their own would be waited for before anything is painted. In characters. */
const INLINE_STYLES_MOST = 100_000;

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    // Fixed pages become HTML at build time; pages with an ID in their address are made in the browser from 200.html.
    adapter: adapter({ pages: out, assets: out, fallback: '200.html', precompress: true }),
    inlineStyleThreshold: INLINE_STYLES_MOST,
    // A page that the navigation names and that is not there yet stops no build.
    prerender: { handleHttpError: 'warn', handleMissingId: 'warn' },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self', `sha256-${themeHash}`],
        'style-src': ['self'],
        // The one style attribute of SvelteKit's own page announcer.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'connect-src': ['self', ...(api ? [api, api.replace(/^http/, 'ws')] : [])],
        'object-src': ['none'],
        'base-uri': ['none'],
        'form-action': ['self'],
      },
    },
  },
};
