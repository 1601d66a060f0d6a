import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

const out = process.env.OBT_BUILD_DIR ?? 'build';
// Where the API is, when not on the dashboard's own origin: https://obt.example.net
const api = process.env.PUBLIC_OBT_API ? new URL(process.env.PUBLIC_OBT_API).origin : '';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    // Fixed pages become HTML at build time; pages with an ID in their address are made in the browser from 200.html.
    adapter: adapter({ pages: out, assets: out, fallback: '200.html', precompress: true }),
    // A page that the navigation names and that is not there yet stops no build.
    prerender: { handleHttpError: 'warn', handleMissingId: 'warn' },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
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
