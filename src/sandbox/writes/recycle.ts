import type { Table } from '../../freshsales/resource.ts';
import { contactType } from '../../resources/contact/record.ts';
import { dealType } from '../../resources/deal/record.ts';
import { salesAccountType } from '../../resources/sales-account/record.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { idsOf, isAlive, targetsOf } from '../links.ts';
import type { Row } from '../store.ts';
import { rulesOf } from './rules-of.ts';

/** When records were thrown away, by `Contact:1`. */
const BIN = 'RecycleBin';
const DAYS_KEPT = 90;

/** The record types that have activities, files and calls of their own, and what those are. */
const ABOUT = ['Task', 'Appointment', 'Note', 'SalesActivity', 'PhoneCall', 'Document', 'DocumentLink'];

/** Throws a record away: into the recycle bin where its kind has one. */
export function discard(account: Account, table: Table, row: Row): void {
  const { store, now } = account;
  if ('is_deleted' in row) {
    store.of(table.name).update(row.id, { is_deleted: true });
    store.of(BIN).insert({ id: `${table.name}:${row.id}`, at: now().getTime() });
    // An account loses these for good, even if it comes back.
    if (table.name === 'SalesAccount') cutAccount(account, row.id, false);
  } else {
    store.of(table.name).delete(row.id);
    rulesOf(table.name).settle?.(account, row, undefined);
  }
}

/** Throws an account away with its contacts and deals. */
export function discardWithPeople(account: Account, row: Row): void {
  const { store } = account;
  const contacts = store.of('Contact').query((one) => isAlive(one) && idsOf(one.sales_accounts).includes(row.id));
  const deals = store.of('Deal').query((one) => isAlive(one) && one.sales_account_id === row.id);
  for (const contact of contacts) discard(account, contactType, contact);
  for (const deal of deals) discard(account, dealType, deal);
  discard(account, salesAccountType, row);
}

/** Brings a record back with all that is about it; `undefined` if it is not in the bin, or no longer. */
export function restore(account: Account, table: Table, id: string): Row | undefined {
  const row = account.store.of(table.name).get(id);
  if (!row || isAlive(row) || isExpired(account, table.name, id)) return undefined;
  account.store.of(BIN).delete(`${table.name}:${id}`);
  return account.store.of(table.name).update(id, { is_deleted: false });
}

/** Whether a thrown away record has been in the bin for too long. */
export function isExpired({ store, now }: Account, name: string, id: string): boolean {
  const at = store.of(BIN).get(`${name}:${id}`)?.at;
  return typeof at === 'number' && now().getTime() - at > DAYS_KEPT * 86_400_000;
}

/** Removes a record for good, with what is about nothing else. */
export function forget(account: Account, table: Table, row: Row): void {
  const { store } = account;
  const self = `${table.name}:${row.id}`;
  store.of(table.name).delete(row.id);
  store.of(BIN).delete(self);
  for (const name of ABOUT)
    for (const child of store.of(name).query((one) => targetsOf(one).includes(self))) {
      const others = targetablesBut(child, table.name, row.id);
      if (others.length > 0) store.of(name).update(child.id, { targetables: others });
      else store.of(name).delete(child.id);
    }
  if (table.name === 'Contact') cutContact(account, row.id);
  if (table.name === 'SalesAccount') cutAccount(account, row.id, true);
}

const targetablesBut = (child: Row, name: string, id: string): Columns[] =>
  (Array.isArray(child.targetables) ? child.targetables.filter(isObject) : []).filter(
    (target) => !(target.type === name && String(target.id) === id),
  );

/** Takes a contact off its deals. */
function cutContact({ store }: Account, id: string): void {
  for (const deal of store.of('Deal').query((one) => idsOf(one.contact_ids).includes(id)))
    store.of('Deal').update(deal.id, { contact_ids: idsOf(deal.contact_ids).filter((other) => other !== id) });
}

/** Takes an account off its deals and its daughters, and off people as well if it will never come back. */
function cutAccount({ store }: Account, id: string, forGood: boolean): void {
  for (const deal of store.of('Deal').query((one) => one.sales_account_id === id))
    store.of('Deal').update(deal.id, { sales_account_id: null });
  for (const child of store.of('SalesAccount').query((one) => one.parent_sales_account_id === id))
    store.of('SalesAccount').update(child.id, { parent_sales_account_id: null });
  if (!forGood) return;
  for (const contact of store.of('Contact').query((one) => idsOf(one.sales_accounts).includes(id))) {
    const links = Array.isArray(contact.sales_accounts) ? contact.sales_accounts.filter(isObject) : [];
    const left = links.filter((link) => String(link.id) !== id);
    store.of('Contact').update(contact.id, { sales_accounts: left });
  }
}
