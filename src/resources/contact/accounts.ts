import type { MaybePromise } from '@pothos/core';
import type { Context } from '../../records/context.ts';
import { needsOf, nodeNeedsOf, selectionOf } from '../../records/field-needs.ts';
import { andThen } from '../../records/maybe-promise.ts';
import { rowsAsked } from '../../records/price.ts';
import { builder } from '../../schema/builder.ts';
import { connectionOf, connectionType, connectRows } from '../../schema/connection.ts';
import { embeddedRows, forwardArgs, relatedIds } from '../../schema/relation.ts';
import { ContactList, loadContactList } from '../contact-list/type.ts';
import { loadSalesAccount, SalesAccount } from '../sales-account/type.ts';
import { type ContactRecord, type ContactSalesAccount, contactType } from './record.ts';
import { Contact } from './type.ts';

export const ContactSalesAccountConnection = connectionType('ContactSalesAccount', SalesAccount, {
  description: 'The sales accounts of a contact. One of them is primary.',
  isPrimary: true,
});

const fromAccounts = { freshsales: { include: 'sales_accounts' } };

/** Freshsales embeds the accounts in the contact, each with a few columns and `is_primary`. */
const accountsOf = (context: Context, contact: ContactRecord): MaybePromise<ContactSalesAccount[]> =>
  embeddedRows(context, contactType, contact, 'sales_accounts');

const toId = ({ id }: { readonly id: string }): string => id;

builder.objectFields(Contact, (t) => ({
  primarySalesAccount: t.field({
    type: SalesAccount,
    description: 'The primary sales account, or the first one if none is marked as primary.',
    extensions: fromAccounts,
    resolve: (contact, _args, context, info) =>
      andThen(accountsOf(context, contact), (accounts) => {
        const id = accounts.find((account) => account.is_primary === true)?.id ?? contact.sales_account_id;
        const needs = needsOf(selectionOf(context, info), SalesAccount.name, info);
        return id ? loadSalesAccount(context).load(id, needs) : null;
      }),
  }),
  salesAccounts: t.field({
    type: ContactSalesAccountConnection,
    nullable: false,
    description: 'All sales accounts of the contact.',
    args: forwardArgs,
    extensions: { freshsales: { ...fromAccounts.freshsales, rows: rowsAsked } },
    resolve: (contact, args, context, info) =>
      andThen(accountsOf(context, contact), (accounts) => {
        const key = `Contact/${contact.id}/sales_accounts`;
        const { range, slice } = connectRows(accounts.map(toId), args, key);
        const needs = nodeNeedsOf(selectionOf(context, info), SalesAccount.name, info);
        const primary = new Set(accounts.filter((account) => account.is_primary === true).map(toId));
        const records = loadSalesAccount(context).loadMany(range.rows.map(toId), needs);
        return andThen(records, (found) => connectionOf(key, range, slice, found, (id) => primary.has(id)));
      }),
  }),
  lists: t.field({
    type: [ContactList],
    nullable: { list: false, items: false },
    description: 'The lists the contact is on.',
    extensions: { freshsales: { include: 'lists' } },
    resolve: async (contact, _args, context, info) => {
      const ids = await relatedIds(context, contactType, contact, 'lists');
      const needs = needsOf(selectionOf(context, info), ContactList.name, info);
      const lists = await loadContactList(context).loadMany(ids, needs);
      return lists.filter((list) => list !== null);
    },
  }),
}));
