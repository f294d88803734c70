import { contactListLookup } from '../../../src/lookups/lookup-types.ts';
import { contactType } from '../../../src/resources/contact/record.ts';
import { dealType } from '../../../src/resources/deal/record.ts';
import { salesAccountType } from '../../../src/resources/sales-account/record.ts';
import { type Case, columns, JOB, latest } from '../case.ts';
import { PRIYA } from '../office.ts';

const LISTS = 'GET /lists?page=1&per_page=100';
const LATER = "Updating now... we'll let you know once this is done.";
const members = columns(contactType, '101', 'list_ids');

const listCases: readonly Case[] = [
  {
    mutation: 'createContactList',
    args: 'name: "Fans"',
    select: 'contactList { name }',
    requests: ['POST /lists'],
    body: { name: 'Fans' },
    payload: { contactList: { name: 'Fans' } },
    look: latest(contactListLookup, 'name'),
    there: { name: 'Fans' },
  },
  {
    mutation: 'renameContactList',
    args: 'id: 61, name: "Writers"',
    select: 'contactList { name }',
    requests: ['PUT /lists/61'],
    body: { name: 'Writers' },
    payload: { contactList: { name: 'Writers' } },
    look: columns(contactListLookup, '61', 'name'),
    there: { name: 'Writers' },
  },
  {
    mutation: 'addContactsToList',
    args: 'id: "gid://freshsales/ContactList/61", contactIds: [101, 102, 101]',
    select: 'message',
    requests: ['PUT /lists/61/add_contacts'],
    body: { ids: [101, 102] },
    payload: { message: '2 contacts updated.' },
    look: members,
    there: { list_ids: ['61'] },
  },
  {
    mutation: 'removeContactsFromList',
    args: 'id: 61, contactIds: [101]',
    select: 'message',
    requests: ['PUT /lists/61/remove_contacts'],
    body: { ids: [101] },
    payload: { message: '1 contact updated.' },
    look: members,
    there: { list_ids: [] },
  },
  {
    mutation: 'removeAllContactsFromList',
    args: 'id: 61',
    select: 'message',
    requests: ['PUT /lists/61/remove_contacts'],
    body: { all: true },
    payload: { message: LATER },
    look: members,
    there: { list_ids: [] },
  },
  {
    mutation: 'moveContactsBetweenLists',
    args: 'fromListId: 61, toListId: 62, contactIds: [101]',
    select: 'message contactList { name }',
    requests: ['PUT /lists/62/move_contacts', LISTS],
    body: { ids: [101], from_list_id: 61 },
    payload: { message: '1 contact updated.', contactList: { name: 'Buyers' } },
    look: members,
    there: { list_ids: ['62'] },
  },
];

const gids = (type: string, ...ids: string[]) => ids.map((id) => `gid://freshsales/${type}/${id}`);

const bulkCases: readonly Case[] = [
  {
    mutation: 'bulkUpsertContacts',
    args: 'input: [{ email: "ada@acme.example", data: { city: "Turin" } }, { email: "hal@x.example", data: { firstName: "Hal" } }, { id: 102, data: { email: "ada@acme.example" } }]',
    select: 'succeeded failed notSent unknown failures { identifier messages } rows { index identifier status }',
    requests: ['POST /contacts/bulk_upsert', JOB],
    body: {
      contacts: [
        { emails: 'ada@acme.example', data: { city: 'Turin' } },
        { emails: 'hal@x.example', data: { first_name: 'Hal' } },
        { id: 102, data: { email: 'ada@acme.example' } },
      ],
    },
    payload: {
      ...{ succeeded: 2, failed: 1, notSent: 0, unknown: 0 },
      failures: [{ identifier: '102', messages: ['ada@acme.example already exists.'] }],
      rows: [
        { index: 0, identifier: 'ada@acme.example', status: 'SUCCEEDED' },
        { index: 1, identifier: 'hal@x.example', status: 'SUCCEEDED' },
        { index: 2, identifier: '102', status: 'FAILED' },
      ],
    },
    look: (sandbox) => [
      columns(contactType, '101', 'city')(sandbox),
      latest(contactType, 'first_name', 'email')(sandbox),
    ],
    there: [{ city: 'Turin' }, { first_name: 'Hal', email: 'hal@x.example' }],
  },
  {
    mutation: 'bulkUpdateContacts',
    args: 'ids: [101, "gid://freshsales/Contact/102"], input: { country: "Italy" }',
    select: 'acceptedIds notSentIds unknownIds messages',
    requests: ['PUT /contacts/bulk_update'],
    body: { contact: { country: 'Italy' }, ids: [101, 102] },
    payload: {
      acceptedIds: gids('Contact', '101', '102'),
      ...{ notSentIds: [], unknownIds: [], messages: ['2 contacts updated.'] },
    },
    look: columns(contactType, '102', 'country', 'first_name'),
    there: { country: 'Italy', first_name: 'Ben' },
  },
  {
    mutation: 'bulkDeleteContacts',
    args: 'ids: [101, 102]',
    select: 'acceptedIds messages',
    requests: ['POST /contacts/bulk_destroy'],
    body: { selected_ids: [101, 102] },
    payload: { acceptedIds: gids('Contact', '101', '102'), messages: ['2 contacts deleted.'] },
    look: columns(contactType, '102', 'is_deleted'),
    there: { is_deleted: true },
  },
  {
    mutation: 'bulkAssignOwnerToContacts',
    args: `ids: [101], ownerId: "gid://freshsales/User/${PRIYA}"`,
    select: 'acceptedIds messages',
    requests: ['POST /contacts/bulk_assign_owner'],
    body: { selected_ids: [101], owner_id: Number(PRIYA) },
    payload: {
      acceptedIds: gids('Contact', '101'),
      messages: ["Assigning now... we'll let you know once this is done."],
    },
    look: columns(contactType, '101', 'owner_id'),
    there: { owner_id: PRIYA },
  },
  {
    mutation: 'bulkUpsertSalesAccounts',
    args: 'input: [{ name: "ACME", data: { city: "Turin" } }]',
    select: 'succeeded rows { identifier status messages }',
    requests: ['POST /sales_accounts/bulk_upsert', JOB],
    body: { sales_accounts: [{ name: 'ACME', data: { city: 'Turin' } }] },
    payload: { succeeded: 1, rows: [{ identifier: 'ACME', status: 'SUCCEEDED', messages: [] }] },
    look: columns(salesAccountType, '501', 'city'),
    there: { city: 'Turin' },
  },
  {
    mutation: 'bulkDeleteSalesAccounts',
    args: 'ids: [501], deleteAssociatedContactsAndDeals: true',
    select: 'acceptedIds',
    requests: ['POST /sales_accounts/bulk_destroy'],
    body: { selected_ids: [501], delete_associated_contacts_deals: true },
    payload: { acceptedIds: gids('SalesAccount', '501') },
    look: columns(dealType, '301', 'is_deleted'),
    there: { is_deleted: true },
  },
  {
    mutation: 'bulkUpdateDeals',
    args: 'ids: [301], input: { probability: 50 }',
    select: 'acceptedIds',
    requests: ['PUT /deals/bulk_update'],
    body: { deal: { probability: 50 }, ids: [301] },
    payload: { acceptedIds: gids('Deal', '301') },
    look: columns(dealType, '301', 'probability'),
    there: { probability: 50 },
  },
  {
    mutation: 'bulkDeleteDeals',
    args: 'ids: [301, 302, 301]',
    select: 'acceptedIds',
    requests: ['POST /deals/bulk_destroy'],
    body: { selected_ids: [301, 302] },
    payload: { acceptedIds: gids('Deal', '301', '302') },
    look: columns(dealType, '302', 'is_deleted'),
    there: { is_deleted: true },
  },
];

/** Every mutation of many records at once, and of lists. */
export const manyCases = [...listCases, ...bulkCases];
