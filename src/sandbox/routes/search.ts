import type { Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { answer } from '../answers.ts';
import { indexedRows } from '../indexing.ts';
import { addresses, digits, fold, valueAt } from '../match.ts';
import { pageOf, type Query, queryOf } from '../paging.ts';
import { render } from '../render.ts';
import { bareRecord } from '../shapes.ts';
import type { Row } from '../store.ts';
import { viewed } from './records.ts';

/** Searched types by default. */
const EVERYTHING = 'contact,sales_account,deal,user,lead';

/** Search by parts of words, lookup by whole values. */
export function searchRoutes(api: Hono, _ui: Hono, account: Account): void {
  api.get('/search', (c) => answer(search(account, queryOf(c.req.url))));
  api.get('/lookup', (c) => answer(lookup(account, queryOf(c.req.url))));
}

const asked = (list: string | undefined): readonly string[] =>
  (list ?? EVERYTHING).split(',').map((word) => word.trim());

/** The searched tables by their names in requests. */
const searched = (account: Account): ReadonlyMap<string, string> =>
  new Map([...viewed(account).map(({ recordType: { one, name } }) => [one, name] as const), ['user', 'User']]);

/** Searches the record types in the requested order. Only here, ids are text and `record_type_id` is missing. */
function search(account: Account, query: Query): Columns[] {
  const words = (query.q ?? '').trim().toLowerCase();
  if (words === '') return [];
  const known = searched(account);
  const hits = asked(query.include).flatMap((type) => {
    const name = known.get(type);
    if (name === undefined) return [];
    const rows = indexedRows(account, name).filter((row) => text(row).includes(words));
    return rows.map((row) => ({ type, name, row }));
  });
  const size = Math.min(Number.parseInt(query.per_page ?? '', 10) || 10, 100);
  return hits.slice(0, size).map(({ type, name, row }) => ({
    id: row.id,
    type,
    name: row.display_name ?? row.name,
    ...(account.types.of(name)?.hit?.(account, row) ?? { email: row.email ?? null }),
    _id: row.id,
  }));
}

/** Searched values of a record. */
const text = (row: Row): string =>
  [row.display_name ?? row.name, ...addresses(row), row.mobile_number, row.work_number, row.phone, row.website]
    .filter((part) => typeof part === 'string')
    .join('\n')
    .toLowerCase();

const same = (a: unknown, b: unknown): boolean => fold(a).replaceAll(/\s+/g, ' ') === fold(b).replaceAll(/\s+/g, ' ');

/** Comparison by the value of `f`. Other values are custom fields or plain columns. */
const BY: Readonly<Record<string, (row: Row, wanted: string) => boolean>> = {
  email: (row, wanted) => addresses(row).some((address) => same(address, wanted)),
  mobile_number: (row, wanted) => digits(wanted) !== '' && digits(row.mobile_number) === digits(wanted),
  phone: (row, wanted) =>
    digits(wanted) !== '' &&
    [row.phone, row.work_number, row.mobile_number].some((number) => digits(number) === digits(wanted)),
  name: (row, wanted) => same(row.display_name ?? row.name, wanted),
  company_name: (row, wanted) => same(isObject(row.company) ? row.company.name : row.name, wanted),
};

/** Looks up one value in the requested record types. */
function lookup(account: Account, query: Query): Columns {
  const { q = '', f = 'email' } = query;
  const matches = (row: Row): boolean => {
    if (q === '') return false;
    const by = Object.hasOwn(BY, f) ? BY[f] : undefined;
    if (by) return by(row, q);
    const value = valueAt(row, f) ?? null;
    return value !== null && same(value, q);
  };
  const found = asked(query.entities).flatMap((type) =>
    viewed(account).flatMap(({ recordType }) => (recordType.one === type ? [recordType] : [])),
  );
  return Object.fromEntries(found.map((recordType) => [recordType.many, entity(account, recordType, matches, query)]));
}

/** The records of one type, again under the type's own key. */
function entity(account: Account, recordType: Resource, matches: (row: Row) => boolean, query: Query): Columns {
  const page = pageOf(account, indexedRows(account, recordType.name).filter(matches), query, 10);
  const { side, records } = render(account, recordType, page.rows, {
    endpoint: 'GET /lookup',
    include: query.include,
    shape: (row) => ({
      ...bareRecord(account, recordType, row),
      ...account.types.of(recordType.name)?.lookupColumns?.(account, row),
    }),
  });
  return { ...side, [recordType.many]: records, meta: { total: page.total } };
}
