/** A table as CSV, JSON or Markdown. Pure functions: what is downloaded and what is copied are the same text. */

export interface ExportColumn<Row> {
  /** The column's head, with its unit: `Decode, tokens/s`. Different for each column. */
  name: string;
  /** The figure as it is, not as it is shown; null where nothing was measured. */
  value: (row: Row) => string | number | null;
}

export type TableFormat = 'csv' | 'json' | 'md';

/** Columns, or how to fetch them. */
export type ExportColumns<Row> = readonly ExportColumn<Row>[] | (() => Promise<readonly ExportColumn<Row>[]>);

/** Files that the server makes, of more than the page has. */
export interface ServerFiles {
  note: string;
  /** Those that it makes; all of them where none are named. */
  formats?: readonly TableFormat[];
  href: (format: TableFormat) => string;
}

type Columns<Row> = readonly ExportColumn<Row>[];
type Cell = string | number | null;

export const FORMATS: readonly { id: TableFormat; name: string; type: string }[] = [
  { id: 'csv', name: 'CSV', type: 'text/csv;charset=utf-8' },
  { id: 'json', name: 'JSON', type: 'application/json' },
  { id: 'md', name: 'Markdown', type: 'text/markdown;charset=utf-8' },
];

/** Write a table in one of the formats. */
export function toText<Row>(format: TableFormat, columns: Columns<Row>, rows: readonly Row[]): string {
  return { csv: toCsv, json: toJson, md: toMarkdown }[format](columns, rows);
}

/** RFC 4180: fields with a separator, a quote or a line's end are quoted, lines end with CR LF. */
export function toCsv<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const lines = [columns.map(({ name }) => csvField(name)), ...rows.map((row) => cellsOf(columns, row).map(csvField))];
  return lines.map((fields) => fields.join(',') + '\r\n').join('');
}

// A spreadsheet computes a text that begins like this. Full-width signs count too, and blanks before them do not help.
const FORMULA = /^[\s\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
// Beside the comma, what a spreadsheet of another language or a paste splits at.
const TO_QUOTE = /[",;\t\r\n]|^\s|\s$/;

/** An apostrophe in front keeps a spreadsheet from computing a text. Numbers need none. */
function csvField(value: Cell): string {
  if (typeof value !== 'string') return numberText(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return TO_QUOTE.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** An array of objects; numbers are numbers, what was not measured is null. */
export function toJson<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ name, value }) => [name, finite(value(row))])));
  return JSON.stringify(objects, null, 2) + '\n';
}

/** A table of GitHub's Markdown: its source is aligned, numbers to the right, and every text shows as it is. */
export function toMarkdown<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const cells = rows.map((row) => cellsOf(columns, row));
  const isNumber = columns.map((_, at) => isNumeric(cells.map((row) => row[at] ?? null)));
  const texts = [columns.map(({ name }) => markdownCell(name)), ...cells.map((row) => row.map(markdownCell))];
  const widths = columns.map((_, at) => texts.reduce((most, row) => Math.max(most, (row[at] ?? '').length), 3));
  const lineOf = (row: readonly string[]) =>
    `| ${row.map((text, at) => (isNumber[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => ` ${'-'.repeat(width - 1)}${isNumber[at] ? ':' : '-'} `).join('|')}|`;
  const [head = [], ...body] = texts;
  return [lineOf(head), rule, ...body.map(lineOf)].join('\n') + '\n';
}

function isNumeric(column: readonly Cell[]): boolean {
  return column.some((cell) => typeof cell === 'number') && !column.some((cell) => typeof cell === 'string');
}

const MARKDOWN_SIGN = /[\\|`*[\]<>~&]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

function markdownCell(value: Cell): string {
  if (typeof value !== 'string') return numberText(value);
  return value
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(MARKDOWN_SIGN, '\\$&');
}

function cellsOf<Row>(columns: Columns<Row>, row: Row): Cell[] {
  return columns.map(({ value }) => value(row));
}

function finite(value: Cell): Cell {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function numberText(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '' : String(value);
}

/** `obt-results-2026-11-21.csv`: the day is that of the reader. */
export function fileName(name: string, format: TableFormat, now: Date): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
  return `obt-${name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}-${day.join('-')}.${format}`;
}
