import path from 'node:path';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const lib = path.resolve(import.meta.dirname, 'src/lib');
const forbid = (target, from, message) => ({ target, from, message });

/** Who may know whom: routes -> state, components -> api, format. */
const zones = [
  forbid('src/lib', 'src/routes', 'Nothing in lib knows a page.'),
  forbid('src/lib/state', 'src/lib/components', 'State does not know what it looks like.'),
  forbid('src/lib/state', 'src/lib/charts', 'State does not know what it looks like.'),
  forbid('src/lib/components', 'src/lib/state', 'A component gets what it shows as props.'),
  forbid('src/lib/components', 'src/lib/live.svelte.ts', 'A component gets what it shows as props.'),
  forbid('src/lib/charts', 'src/lib/state', 'A chart gets what it shows as props.'),
  forbid('src/lib/charts', 'src/lib/live.svelte.ts', 'A chart gets what it shows as props.'),
  forbid('src/lib/api', ['src/lib/state', 'src/lib/components', 'src/lib/charts'], 'The API knows nobody.'),
  forbid('src/lib/format.ts', ['src/lib/state', 'src/lib/components', 'src/lib/charts'], 'format knows nobody.'),
  forbid('src/lib/live.svelte.ts', ['src/lib/state', 'src/lib/components'], 'The socket knows nobody but the API.'),
];

const socket = { selector: "NewExpression[callee.name='WebSocket']", message: 'live.svelte.ts opens the one socket.' };
const fetches = { selector: "CallExpression[callee.name='fetch']", message: 'Ask through $lib/api/client.' };
const chartJs = { name: 'chart.js', message: 'charts/chart.ts alone knows Chart.js.', allowTypeImports: true };
const client = { regex: '^(\\$lib|\\.\\.)/api/client$', message: 'Components never fetch.', allowTypeImports: true };

export default ts.config(
  {
    ignores: ['build/', '.svelte-kit/', 'coverage/', 'test-results/', 'playwright-report/', 'src/lib/api/schema.d.ts'],
  },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: path.resolve(lib, '../../tsconfig.json') })],
    },
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'document', 'localStorage', 'location', 'navigator', 'URL'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones, basePath: import.meta.dirname }],
      'import-x/no-cycle': 'error',
      'no-restricted-syntax': ['error', socket, fetches],
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [chartJs] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'smart'],
      'max-lines': ['error', 299],
      // The addresses are the server's own: this dashboard has no base path.
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/no-at-html-tags': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig },
    },
    // State that is replaced as a whole (`$state.raw`) needs no reactive Set, Map or Date.
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  {
    files: ['src/lib/components/**', 'src/lib/charts/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [chartJs], patterns: [client] }],
    },
  },
  {
    // A test makes the Problem that it shows.
    files: ['src/lib/components/**/*.test.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [chartJs] }] },
  },
  { files: ['src/lib/live.svelte.ts'], rules: { 'no-restricted-syntax': ['error', fetches] } },
  { files: ['src/lib/charts/chart.ts'], rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
  { files: ['e2e/**', 'scripts/**', '**/*.test.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
