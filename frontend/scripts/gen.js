// Writes the browser's types from the server's OpenAPI document: `pnpm run gen openapi.json`, or its path in OBT_OPENAPI.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapi, { astToString } from 'openapi-typescript';

const given = process.argv.slice(2).find((argument) => argument !== '--') ?? process.env.OBT_OPENAPI;
if (!given) {
  console.error('Which OpenAPI document? pnpm run gen openapi.json (from `obt-server openapi`)');
  process.exit(2);
}
const document = JSON.parse(await readFile(given, 'utf8'));
const types = astToString(await openapi(document, { alphabetize: true, defaultNonNullable: true }));
const header = "// Generated from the server's OpenAPI by `make gen`. Never edited.\n\n";
await writeFile(fileURLToPath(new URL('../src/lib/api/schema.d.ts', import.meta.url)), header + types);
