import { builder } from '../../graph/builder.ts';
import { connectionType } from '../../graph/connection.ts';
import { withCustomFields } from '../../graph/custom-fields.ts';
import { recordLoader } from '../../graph/loader.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { stringList } from '../../graph/string-list.ts';
import { type SalesAccountRecord, salesAccountResource } from './resource.ts';

export const loadSalesAccount = recordLoader(salesAccountResource, {
  column: 'name',
  attribute: 'name',
  // Read for each account by itself, below it (../note/type.ts).
  without: ['notes'],
});

export const SalesAccount = builder.objectRef<SalesAccountRecord>('SalesAccount');

SalesAccount.implement({
  description: 'A company.',
  interfaces: [Node],
});
nodeType(SalesAccount, loadSalesAccount);
withCustomFields(SalesAccount);

export const SalesAccountConnection = connectionType('SalesAccount', SalesAccount);

/** What a relation to several accounts leads to. */
export const salesAccounts = { type: SalesAccount, connection: SalesAccountConnection, loader: loadSalesAccount };

builder.objectFields(SalesAccount, (t) => ({
  name: t.exposeString('name', { nullable: false, description: 'What the company is called; unique in the account.' }),
  phone: t.exposeString('phone', { description: 'Telephone.' }),
  website: t.exposeString('website', { description: 'Web site.' }),
  address: t.exposeString('address', { description: 'Street and number.' }),
  city: t.exposeString('city', { description: 'City.' }),
  state: t.exposeString('state', { description: 'State or region.' }),
  zipcode: t.exposeString('zipcode', { description: 'Postal code.' }),
  country: t.exposeString('country', { description: 'Country.' }),
  numberOfEmployees: t.exposeInt('number_of_employees', {
    description: 'The least of its size class: 1, 11, 51, 201, 501, 1001, 5001 or 10001.',
  }),
  annualRevenue: t.expose('annual_revenue', { type: 'Decimal', description: 'What it takes in a year.' }),
}));

builder.objectFields(SalesAccount, (t) => ({
  facebook: t.exposeString('facebook', { description: 'Facebook handle.' }),
  twitter: t.exposeString('twitter', { description: 'Twitter handle.' }),
  linkedin: t.exposeString('linkedin', { description: 'LinkedIn handle.' }),
  avatar: t.exposeString('avatar', { description: 'Where its picture is.' }),
  openDealsAmount: t.expose('open_deals_amount', {
    type: 'Decimal',
    description: 'The sum of its open deals, in the base currency.',
  }),
  openDealsCount: t.exposeInt('open_deals_count', { description: 'How many open deals it has.' }),
  wonDealsAmount: t.expose('won_deals_amount', {
    type: 'Decimal',
    description: 'The sum of its won deals, in the base currency.',
  }),
  wonDealsCount: t.exposeInt('won_deals_count', { description: 'How many won deals it has.' }),
  lastContactedAt: t.expose('last_contacted', { type: 'DateTime', description: 'When it was last contacted.' }),
  lastContactedMode: t.exposeString('last_contacted_mode', {
    description: 'How it was last contacted; the wording is Freshsales’ and changes.',
  }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'By which kind of sales activity it was last contacted.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'When it was last contacted by a sales activity.',
  }),
  lastAssignedAt: t.expose('last_assigned_at', {
    type: 'DateTime',
    description: 'When it was last given to an owner.',
  }),
}));

builder.objectFields(SalesAccount, (t) => ({
  recentNote: t.exposeString('recent_note', { description: 'The text of the latest note.' }),
  completedSalesSequences: t.exposeString('completed_sales_sequences', {
    description: 'Sales sequences it has been through.',
  }),
  activeSalesSequences: t.exposeString('active_sales_sequences', { description: 'Sales sequences it is in.' }),
  webFormIds: t.exposeString('web_form_ids', { description: 'The web forms it came by.' }),
  recordTypeId: t.exposeString('record_type_id', {
    description: 'The id of the record type, where the account has several.',
  }),
  isDeleted: t.exposeBoolean('is_deleted', { description: 'Whether it is in the recycle bin.' }),
  hasConnections: t.exposeBoolean('has_connections', {
    description: 'Whether colleagues know it. Not sent everywhere.',
  }),
  teamUserIds: t.stringList(stringList('team_user_ids', 'The ids of the users who work on it beside the owner.')),
  createdAt: t.expose('created_at', { type: 'DateTime', nullable: false, description: 'When it was entered.' }),
  updatedAt: t.expose('updated_at', { type: 'DateTime', nullable: false, description: 'When it was last changed.' }),
  tags: t.stringList(stringList('tags', 'Tags.')),
}));
