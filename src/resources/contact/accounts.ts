import type { Context } from '../../context.ts';
import { builder } from '../../graph/builder.ts';
import { connectionOf, connectionType, connectRows } from '../../graph/connection.ts';
import { needsOf, nodeNeedsOf, selectionOf } from '../../graph/lookahead.ts';
import { rowsAsked } from '../../graph/price.ts';
import { embeddedRows, forwardArgs, relatedIds } from '../../graph/relation.ts';
import { ContactList, loadContactList } from '../contact-list/type.ts';
import { loadSalesAccount, SalesAccount } from '../sales-account/type.ts';
import { type ContactRecord, type ContactSalesAccount, contactResource } from './resource.ts';
import { Contact } from './type.ts';

export const ContactSalesAccountConnection = connectionType('ContactSalesAccount', SalesAccount, {
  description: 'The accounts of one contact. One of them is the primary one.',
  isPrimary: true,
});

const fromAccounts = { freshsales: { include: 'sales_accounts' } };

/** Freshsales embeds a contact's accounts in the contact, each with a few columns and whether it is the primary one. */
const accountsOf = (context: Context, contact: ContactRecord): Promise<ContactSalesAccount[]> =>
  embeddedRows(context, contactResource, contact, 'sales_accounts');

builder.objectFields(Contact, (t) => ({
  primarySalesAccount: t.field({
    type: SalesAccount,
    description: 'The company they work for, or the first of several.',
    extensions: fromAccounts,
    resolve: async (contact, _args, context, info) => {
      const accounts = await accountsOf(context, contact);
      const id = accounts.find((account) => account.is_primary === true)?.id ?? contact.sales_account_id;
      const needs = needsOf(selectionOf(context, info), SalesAccount.name, info);
      return id ? loadSalesAccount(context).load(id, needs) : null;
    },
  }),
  salesAccounts: t.field({
    type: ContactSalesAccountConnection,
    nullable: false,
    description: 'All companies they work for.',
    args: forwardArgs,
    extensions: { freshsales: { ...fromAccounts.freshsales, rows: rowsAsked } },
    resolve: async (contact, args, context, info) => {
      const accounts = await accountsOf(context, contact);
      const key = `Contact/${contact.id}/sales_accounts`;
      const { range, slice, rows } = connectRows(accounts, args, key);
      const needs = nodeNeedsOf(selectionOf(context, info), SalesAccount.name, info);
      const ids = rows.map(({ id }) => id);
      const records = await loadSalesAccount(context).loadMany(ids, needs);
      const primary = new Set(accounts.filter((account) => account.is_primary === true).map(({ id }) => id));
      return connectionOf(key, range, slice, records, (id) => primary.has(id));
    },
  }),
  lists: t.field({
    type: [ContactList],
    nullable: { list: false, items: false },
    description: 'The lists they are on.',
    extensions: { freshsales: { include: 'lists' } },
    resolve: async (contact, _args, context, info) => {
      const ids = await relatedIds(context, contactResource, contact, 'lists');
      const needs = needsOf(selectionOf(context, info), ContactList.name, info);
      const lists = await loadContactList(context).loadMany(ids, needs);
      return lists.filter((list) => list !== null);
    },
  }),
}));
