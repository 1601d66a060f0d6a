import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, toCsv, toJson, toMarkdown, type ExportColumn } from './table';

type Cells = (string | number | null)[];

const columnsOf = (names: string[]): ExportColumn<Cells>[] =>
  names.map((name, at) => ({ name, value: (row) => row[at] ?? null }));
const one = (value: string | number | null) => toCsv(columnsOf(['x']), [[value]]).slice('x\r\n'.length, -2);
const markdownOf = (rows: Cells[]) => toMarkdown(columnsOf(['Model', 'Decode, tokens/s']), rows);

/** A reader of RFC 4180, written from its grammar. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [];
  let [row, at]: [string[], number] = [[], 0];
  while (at < csv.length) {
    const match = /("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r\n)/y;
    match.lastIndex = at;
    const [whole = '', field = '', end] = match.exec(csv) ?? [];
    if (!whole) throw new Error(`not CSV at ${at}: ${csv}`);
    row.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === '\r\n') [row] = [[], rows.push(row)];
    at += whole.length;
  }
  return rows;
}

/** What is between unescaped pipes, without its escapes. */
function cellsOf(line: string): string[] {
  const cells = [''];
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '|') cells.push('');
    else cells[cells.length - 1] += line[at] === '\\' ? (line[++at] ?? '') : (line[at] ?? '');
  }
  return cells.slice(1, -1).map((cell) => cell.trim());
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'=+-@",;|\\\n\r\t_*`<a1 ') }),
);
const cell = fc.oneof(text, fc.double(), fc.integer(), fc.constant(null));
const table = fc.array(fc.tuple(cell, cell, cell), { maxLength: 6 });

describe('CSV', () => {
  it('is read as what was written, a text that would be computed with an apostrophe before it', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const [head, ...body] = parsed(toCsv(columnsOf(['a', 'b, c', 'd']), rows));
        expect(head).toEqual(['a', 'b, c', 'd']);
        const told = rows.map((row) =>
          row.map((value) =>
            typeof value === 'string' ? value : value === null || !isFinite(value) ? '' : String(value),
          ),
        );
        expect(body.map((row) => row.length)).toEqual(told.map((row) => row.length));
        body.flat().forEach((field, at) => {
          const wanted = told.flat()[at] ?? '';
          expect([wanted, `'${wanted}`]).toContain(field);
        });
      }),
    );
  });

  it('has no text that a spreadsheet computes', () => {
    const start = fc.stringMatching(/^[ \t\r\n]{0,2}[=+\-@＝＋－＠]/);
    fc.assert(
      fc.property(start, text, (sign, rest) => {
        expect(parsed(toCsv(columnsOf(['x']), [[sign + rest]]))[1]?.[0]).toMatch(/^'/);
      }),
    );
  });

  it.each([
    ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
    ['-2', "'-2"],
    [-2, '-2'],
    [0, '0'],
    [null, ''],
    [NaN, ''],
    ['llama3.2:3b', 'llama3.2:3b'],
    ['a,b', '"a,b"'],
    ['a;=1+1', '"a;=1+1"'],
    ['two\nlines', '"two\nlines"'],
  ])('writes %j as %s', (value, wanted) => expect(one(value)).toBe(wanted));

  it('of no rows is its head', () => expect(toCsv(columnsOf(['a', 'b']), [])).toBe('a,b\r\n'));
});

describe('JSON', () => {
  it('keeps numbers numbers and the unmeasured null', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const read = JSON.parse(toJson(columnsOf(['a', 'b', 'c']), rows)) as Record<string, unknown>[];
        const wanted = rows.map(([a, b, c]) =>
          [a, b, c].map((value) => (typeof value === 'number' && !isFinite(value) ? null : value)),
        );
        // JSON has one zero.
        expect(read.map(({ a, b, c }) => [a, b, c])).toEqual(
          wanted.map((row) => row.map((value) => (Object.is(value, -0) ? 0 : value))),
        );
      }),
    );
  });
});

describe('Markdown', () => {
  it('has as many cells a line as there are columns, whatever a text holds', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const lines = toMarkdown(columnsOf(['a', 'b', 'c']), rows)
          .trimEnd()
          .split('\n');
        expect(lines).toHaveLength(rows.length + 2);
        lines.forEach((line) => expect(cellsOf(line)).toHaveLength(3));
      }),
    );
  });

  it('shows a text as it is, its blanks joined', () => {
    fc.assert(
      fc.property(text, (value) => {
        const line = markdownOf([[value, 1]]).split('\n')[2] ?? '';
        expect(cellsOf(line)[0]).toBe(value.replace(/[\s\p{Cc}]+/gu, ' ').trim());
      }),
    );
  });

  it('puts numbers to the right, and leaves names readable', () => {
    expect(
      markdownOf([
        ['qwen3_8b', 98.4],
        ['a|b <i>', null],
      ]),
    ).toBe(
      [
        '| Model      | Decode, tokens/s |',
        '| ---------- | ---------------: |',
        '| qwen3_8b   |             98.4 |',
        '| a\\|b \\<i\\> |                  |',
        '',
      ].join('\n'),
    );
  });
});

it('names a file by what it holds and the day', () => {
  expect(fileName('Models on clients', 'md', new Date(2026, 10, 3))).toBe('obt-models-on-clients-2026-11-03.md');
});
