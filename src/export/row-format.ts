import { stringify } from 'csv-stringify/sync';
import type { ExportedRow } from './page-reader.ts';
import type { Column } from './selection.ts';

export type Format = 'csv' | 'jsonl';

interface FormatOptions {
  /** The columns of CSV, with one for each custom field. */
  readonly columns: readonly Column[];
  /** Replace the map of custom fields by its entries, in JSON lines. */
  readonly spreadsCustomFields: boolean;
  /** The only custom fields to show. All if empty. */
  readonly onlyCustom: readonly string[];
  /** Put an apostrophe before cells that spreadsheets would calculate. */
  readonly escapeFormulas: boolean;
}

/** Writes rows as text. */
export interface RowFormat {
  readonly header: string;
  toText(rows: readonly ExportedRow[]): string;
}

export const createFormat = (format: Format, options: FormatOptions): RowFormat =>
  format === 'csv' ? csv(options) : jsonLines(options);

function csv({ columns, escapeFormulas }: FormatOptions): RowFormat {
  return {
    header: stringify([columns.map(({ name }) => name)]),
    toText: (rows) =>
      stringify(
        rows.map((row) => columns.map(({ path }) => cellOf(valueAt(row, path)))),
        { escape_formulas: escapeFormulas },
      ),
  };
}

const valueAt = (row: ExportedRow, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as ExportedRow)[key] : undefined),
    row,
  );

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function jsonLines({ spreadsCustomFields, onlyCustom }: FormatOptions): RowFormat {
  const spread = ({ customFields, ...row }: ExportedRow): ExportedRow => {
    const custom = (customFields ?? {}) as ExportedRow;
    const names = onlyCustom.length > 0 ? onlyCustom : Object.keys(custom);
    return { ...row, ...Object.fromEntries(names.map((name) => [name, custom[name] ?? null])) };
  };
  return {
    header: '',
    toText: (rows) =>
      rows
        .map((row) => `${JSON.stringify(spreadsCustomFields && 'customFields' in row ? spread(row) : row)}\n`)
        .join(''),
  };
}
