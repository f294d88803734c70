import type { Hono } from 'hono';
import type { RecordType, Table } from '../../freshsales/resource.ts';
import { userLookup } from '../../lookups/lookup-types.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { answer } from '../answers.ts';
import { indexed } from '../indexing.ts';
import { addresses } from '../match.ts';
import { pageOf, type Query, queryOf } from '../paging.ts';
import { render } from '../render.ts';
import { bareRecord } from '../shapes.ts';
import type { Row } from '../store.ts';
import { toNumber, toWire } from '../wire.ts';
import { viewed } from './records.ts';

/** What is searched when the request does not say. */
const EVERYTHING = 'contact,sales_account,deal,user,lead';

/** Search by parts of words, and lookup by whole values. */
export function searchRoutes(api: Hono, _ui: Hono, account: Account): void {
  api.get('/search', (c) => answer(search(account, queryOf(c.req.url))));
  api.get('/lookup', (c) => answer(lookup(account, queryOf(c.req.url))));
}

const asked = (list: string | undefined): readonly string[] =>
  (list ?? EVERYTHING).split(',').map((word) => word.trim());

/** The searched tables by the names that requests use. */
const searched = (account: Account): ReadonlyMap<string, Table> =>
  new Map<string, Table>([...viewed(account).map((table) => [table.one, table] as const), ['user', userLookup]]);

/** Searches one record type after the other, in the order asked. */
function search(account: Account, query: Query): Columns[] {
  const words = (query.q ?? '').trim().toLowerCase();
  if (words === '') return [];
  const known = searched(account);
  const hits = asked(query.include).flatMap((type) => {
    const table = known.get(type);
    if (!table) return [];
    return account.store
      .of(table.name)
      .query()
      .flatMap((row) => indexed(account, table.name, row) ?? [])
      .filter((row) => text(row).includes(words))
      .map((row) => ({ type, row }));
  });
  const size = Math.min(Number.parseInt(query.per_page ?? '', 10) || 10, 100);
  return hits.slice(0, size).map(({ type, row }) => hit(account, type, row));
}

/** What a record is found by. */
const text = (row: Row): string =>
  [row.display_name ?? row.name, ...addresses(row), row.mobile_number, row.work_number, row.phone, row.website]
    .filter((part) => typeof part === 'string')
    .join('\n')
    .toLowerCase();

/** A search row: the only place where ids are text and `record_type_id` is none. */
function hit({ store, zone }: Account, type: string, row: Row): Columns {
  const base = { id: row.id, type, name: row.display_name ?? row.name };
  if (type === 'sales_account') return { ...base, website: row.website ?? null, _id: row.id };
  if (type === 'deal') return { ...base, _id: row.id };
  const person = { ...base, email: row.email ?? null, _id: row.id };
  if (type !== 'contact') return person;
  const owner = store.of('User').get(String(row.owner_id));
  return {
    ...person,
    mcr_id: toNumber(String(row.mcr_id ?? '')),
    owner: owner ? { id: toNumber(owner.id), name: owner.display_name } : null,
    record_type_id: toNumber(String(row.record_type_id ?? '')),
    stage_name: store.of('ContactStatus').get(String(row.contact_status_id))?.name ?? null,
    updated_at: toWire({ updated_at: row.updated_at }, zone).updated_at,
  };
}

/** Telephone numbers are compared without their punctuation. */
const digits = (value: unknown): string => String(value ?? '').replaceAll(/\D/g, '');
const fold = (value: unknown): string =>
  String(value ?? '')
    .trim()
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();

/** How `f` compares; anything else is a custom field or a plain column. */
const BY: Readonly<Record<string, (row: Row, wanted: string, account: Account) => boolean>> = {
  email: (row, wanted) => addresses(row).some((address) => fold(address) === fold(wanted)),
  mobile_number: (row, wanted) => digits(wanted) !== '' && digits(row.mobile_number) === digits(wanted),
  phone: (row, wanted) =>
    digits(wanted) !== '' &&
    [row.phone, row.work_number, row.mobile_number].some((number) => digits(number) === digits(wanted)),
  name: (row, wanted) => fold(row.display_name ?? row.name) === fold(wanted),
  company_name: (row, wanted) => fold(isObject(row.company) ? row.company.name : row.name) === fold(wanted),
};

/** Looks one value up in all record types asked for. */
function lookup(account: Account, query: Query): Columns {
  const { q = '', f = 'email' } = query;
  const matches = (row: Row): boolean => {
    if (q === '') return false;
    const by = Object.hasOwn(BY, f) ? BY[f] : undefined;
    if (by) return by(row, q, account);
    const value = f.startsWith('cf_') && isObject(row.custom_field) ? row.custom_field[f] : row[f];
    return value !== null && value !== undefined && fold(value) === fold(q);
  };
  const entities = asked(query.entities);
  const found = viewed(account)
    .filter(({ one }) => entities.includes(one))
    .sort((a, b) => entities.indexOf(a.one) - entities.indexOf(b.one));
  return Object.fromEntries(found.map((recordType) => [recordType.many, entity(account, recordType, matches, query)]));
}

/** Everything about one record type, once more under its own key. */
function entity(account: Account, recordType: RecordType, matches: (row: Row) => boolean, query: Query): Columns {
  const rows = account.store
    .of(recordType.name)
    .query()
    .flatMap((row) => indexed(account, recordType.name, row) ?? [])
    .filter(matches);
  const page = pageOf(rows, query, 10);
  const { side, records } = render(account, recordType, page.rows, {
    endpoint: 'GET /lookup',
    include: query.include,
    shape: (row) => ({
      ...bareRecord(account, recordType, row),
      ...(recordType.name === 'Contact' && account.product === 'suite' && { record_type_id: row.record_type_id }),
    }),
  });
  return { ...side, [recordType.many]: records, meta: { total: page.total } };
}
