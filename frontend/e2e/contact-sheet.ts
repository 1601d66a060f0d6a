/** Many pictures on one sheet, drawn by the browser: a row a page, a column a face. */
import type { Page } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Sheet {
  folder: string;
  rows: readonly string[];
  columns: readonly string[];
  /** Which file shows the row's page with the column's face; those that are not there stay empty. */
  file: (row: string, column: string) => string;
  /** What the sheet is called, and its file's name. */
  name: string;
  /** How wide each picture is drawn, in pixels; longer ones are cut. */
  width_px: number;
  height_px: number;
}

/** Draw the sheet into its folder. */
export async function drawSheet(page: Page, sheet: Sheet): Promise<void> {
  const { folder, rows, columns, width_px, height_px } = sheet;
  const cell = (row: string, column: string) => {
    const file = path.join(folder, sheet.file(row, column));
    if (!existsSync(file)) return '<td></td>';
    return `<td><div><img src="data:image/png;base64,${readFileSync(file).toString('base64')}"></div></td>`;
  };
  const body = rows.map((row) => `<tr><th>${row}</th>${columns.map((column) => cell(row, column)).join('')}</tr>`);
  await page.setViewportSize({ width: columns.length * (width_px + 16) + 150, height: 800 });
  await page.setContent(`<style>
    body { margin: 8px; background: #888; font: 13px sans-serif; }
    th { text-align: left; vertical-align: top; padding: 4px; }
    td { padding: 4px; vertical-align: top; }
    td div { width: ${width_px}px; max-height: ${height_px}px; overflow: hidden; }
    img { width: 100%; display: block; }
  </style><h1>${sheet.name}</h1><table><tr><th></th>${columns.map((name) => `<th>${name}</th>`).join('')}</tr>
  ${body.join('')}</table>`);
  await page.screenshot({ path: path.join(folder, `sheet-${sheet.name}.png`), fullPage: true });
}
