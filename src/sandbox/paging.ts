import type { Account, Columns } from './account.ts';
import { cellOf } from './cells.ts';
import type { Row } from './store.ts';

/** One page of rows, and the total count. */
export interface Page {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly pages: number;
}

/** Query parameters. The last of each name wins, as in Rails. */
export type Query = Readonly<Record<string, string>>;

export const queryOf = (url: string): Query => Object.fromEntries(new URL(url).searchParams);

const whole = (text: string | undefined, otherwise: number): number => {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? otherwise : number;
};

/** The rows of the requested page. Empty past the end and for a page size of 0. */
export function pageOf({ behaviours }: Account, rows: readonly Row[], query: Query, perPage = 25): Page {
  const size = Math.min(Math.max(whole(query.per_page, perPage), 0), behaviours.maxPerPage);
  const first = (Math.max(whole(query.page, 1), 1) - 1) * size;
  return {
    rows: rows.slice(first, first + size),
    total: rows.length,
    pages: size === 0 ? 0 : Math.ceil(rows.length / size),
  };
}

/** The meta of views, lists and sales activities. */
export const fullMeta = ({ total, pages }: Page): Columns => ({ total_pages: pages, total });

/** Sorts by any column. Rows without a value come last in both directions. */
export function sorted(account: Account, name: string, rows: readonly Row[], query: Query): readonly Row[] {
  const { sort, sort_type } = query;
  if (!sort) return rows;
  const direction = sort_type === 'desc' ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: sortKey(cellOf(account, name, row, sort)) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    return compare(a.key, b.key) * direction;
  });
  return keyed.map(({ row }) => row);
}

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');

/** Sorts amounts as numbers and timestamps as times, whatever their offset. */
function sortKey(value: unknown): string | number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || value === '') return null;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : value.toLowerCase();
}
