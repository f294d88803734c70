import type { Context, Hono } from 'hono';
import type { Account, Columns } from '../account.ts';
import { answer, inBackground, notFound, refuse } from '../answers.ts';
import { idsOf, isAlive, relatedIds } from '../links.ts';
import { pageOf, queryOf } from '../paging.ts';
import { toWire } from '../serialize.ts';
import type { Row } from '../store.ts';
import { idOf, rowOf } from '../writes/draft.ts';
import { listing } from './records.ts';
import { attributesOf, bodyOf, found, unreadable } from './request.ts';

const LISTS = 'ContactList';

/** Contact lists and their members. */
export function contactListRoutes(api: Hono, _ui: Hono, account: Account): void {
  api.get('/contacts/lists/:id', (c) => listMembers(account, c));
  api.post('/lists', (c) => named(account, c, undefined));
  api.put('/lists/:id', (c) => named(account, c, found(listOf(account, c.req.param('id')), 'list').id));
  api.put('/lists/:id/add_contacts', (c) => change(account, c, (list) => ({ to: list })));
  api.put('/lists/:id/remove_contacts', (c) => change(account, c, (list) => ({ from: list })));
  api.put('/lists/:id/move_contacts', (c) =>
    change(account, c, (list, { from_list_id }) => ({ to: list, from: found(listOf(account, from_list_id), 'list') })),
  );
}

const listOf = ({ store }: Account, id: unknown): Row | undefined => store.of(LISTS).get(idOf(id) ?? '');

/** Members come in the envelope of a view. */
function listMembers(account: Account, c: Context): Response {
  const list = listOf(account, c.req.param('id'));
  const recordType = account.types.of('Contact')?.recordType;
  if (!list || !recordType) return notFound('list');
  const query = queryOf(c.req.url);
  const rows = account.store
    .of(recordType.name)
    .query((row) => isAlive(row) && relatedIds(account, recordType.name, row, 'list_ids').includes(list.id));
  return listing(account, recordType, pageOf(account, rows, query), 'GET /contacts/lists/{id}', query);
}

/** Creates or renames a list. */
async function named(account: Account, c: Context, id: string | undefined): Promise<Response> {
  const { name } = await attributesOf(c, 'list');
  if (typeof name !== 'string' || name.trim() === '') return refuse(400, "Name can't be blank");
  const lists = account.store.of(LISTS);
  const others = lists.query((row) => row.id !== id && row.name === name);
  if (others.length > 0) return refuse(400, 'Name has already been taken');
  const row = lists.insert({ id: id ?? account.store.nextId(LISTS), name });
  return answer({ list: toWire({ id: row.id, name: row.name }, account.zone) });
}

/** The list that contacts are added to, and the list that they are removed from. */
interface Move {
  readonly to?: Row;
  readonly from?: Row;
}

/** Adds contacts to a list, or removes them. With `all`, the response announces a background job. */
async function change(account: Account, c: Context, moveOf: (list: Row, body: Columns) => Move): Promise<Response> {
  const body = await bodyOf(c);
  const { to, from } = moveOf(found(listOf(account, c.req.param('id')), 'list'), body);
  const contacts = contactsIn(account, body, from?.id);
  if (!contacts) return unreadable();
  for (const contact of contacts) {
    const others = idsOf(contact.list_ids).filter((id) => id !== from?.id);
    account.store.of('Contact').update(contact.id, { list_ids: [...new Set([...others, ...(to ? [to.id] : [])])] });
  }
  const noun = contacts.length === 1 ? 'contact' : 'contacts';
  return answer({ message: body.all === true ? inBackground('Updating') : `${contacts.length} ${noun} updated.` });
}

/** The contacts with these ids, or all, on the list that they are removed from. */
function contactsIn(account: Account, { ids, all }: Columns, origin: string | undefined): readonly Row[] | undefined {
  const isOn = (row: Row): boolean => origin === undefined || idsOf(row.list_ids).includes(origin);
  if (all === true) return account.store.of('Contact').query((row) => isAlive(row) && isOn(row));
  if (!Array.isArray(ids)) return undefined;
  return ids.flatMap((id: unknown) => rowOf(account, 'Contact', id) ?? []).filter(isOn);
}
