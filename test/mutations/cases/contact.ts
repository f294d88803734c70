import { expect } from 'vitest';
import { contactType } from '../../../src/resources/contact/record.ts';
import { type Case, columns, latest } from '../case.ts';
import { ALEX, PRIYA } from '../office.ts';

const QUALIFIED = '31000543561';
const at = (...names: Parameters<typeof columns<typeof contactType.blank>>[2][]) =>
  columns(contactType, '101', ...names);

/** Every mutation of one contact. */
export const contactCases: readonly Case[] = [
  {
    mutation: 'createContact',
    args: `input: { firstName: "Fay", email: "fay@acme.example", ownerId: "gid://freshsales/User/${PRIYA}", salesAccounts: [{ id: 501, isPrimary: true }, { id: 502 }], tags: ["new"], customFields: { cf_seats: 2 }, createdAt: "2020-05-10T20:48:27+02:00" }`,
    select:
      'contact { displayName createdAt owner { displayName } salesAccounts { edges { isPrimary node { name } } } tags customFields }',
    requests: ['POST /contacts?include=owner,sales_accounts'],
    body: {
      contact: {
        first_name: 'Fay',
        email: 'fay@acme.example',
        owner_id: Number(PRIYA),
        sales_accounts: [
          { id: 501, is_primary: true },
          { id: 502, is_primary: false },
        ],
        tags: ['new'],
        custom_field: { cf_seats: 2 },
        created_at: '2020-05-10T18:48:27+00:00',
      },
    },
    payload: {
      contact: {
        displayName: 'Fay',
        createdAt: '2020-05-10T18:48:27.000Z',
        owner: { displayName: 'Priya Raman' },
        salesAccounts: {
          edges: [
            { isPrimary: true, node: { name: 'Acme' } },
            { isPrimary: false, node: { name: 'Globex' } },
          ],
        },
        tags: ['new'],
        customFields: { cf_seats: 2 },
      },
    },
    look: latest(contactType, 'email', 'owner_id', 'sales_account_id', 'custom_field'),
    there: { email: 'fay@acme.example', owner_id: PRIYA, sales_account_id: '501', custom_field: { cf_seats: 2 } },
  },
  {
    mutation: 'createContact',
    args: 'input: { emails: [{ value: "one@x.example" }, { value: "two@x.example", isPrimary: true, label: "home" }], phoneNumbers: [{ value: "+49 30 1" }] }',
    select: 'contact { email emails { value isPrimary label } phoneNumbers { value } }',
    requests: ['POST /contacts'],
    body: {
      contact: {
        emails: [
          { value: 'one@x.example', is_primary: false },
          { value: 'two@x.example', is_primary: true, label: 'home' },
        ],
        phone_numbers: [{ value: '+49 30 1', is_primary: true }],
      },
    },
    payload: {
      contact: {
        email: 'two@x.example',
        emails: [
          { value: 'one@x.example', isPrimary: false, label: null },
          { value: 'two@x.example', isPrimary: true, label: 'home' },
        ],
        phoneNumbers: [{ value: '+49 30 1' }],
      },
    },
    look: latest(contactType, 'email'),
    there: { email: 'two@x.example' },
  },
  {
    mutation: 'updateContact',
    args: `id: 101, input: { jobTitle: "Countess", statusId: ${QUALIFIED}, salesAccounts: [{ id: 502, isPrimary: true }] }`,
    select: 'contact { firstName jobTitle status { name } lifecycleStage { name } primarySalesAccount { name } }',
    requests: ['PUT /contacts/101?include=contact_status,lifecycle_stage,sales_accounts'],
    body: {
      contact: {
        job_title: 'Countess',
        contact_status_id: Number(QUALIFIED),
        sales_accounts: [{ id: 502, is_primary: true }],
      },
    },
    payload: {
      contact: {
        firstName: 'Ada',
        jobTitle: 'Countess',
        status: { name: 'Qualified' },
        lifecycleStage: { name: 'Sales Qualified Lead' },
        primarySalesAccount: { name: 'Globex' },
      },
    },
    look: at('first_name', 'job_title', 'contact_status_id', 'sales_account_id', 'email'),
    there: {
      ...{ first_name: 'Ada', job_title: 'Countess', contact_status_id: QUALIFIED, sales_account_id: '502' },
      email: 'ada@acme.example',
    },
  },
  {
    mutation: 'upsertContact',
    args: 'by: { email: "ADA@acme.example" }, input: { city: "London" }',
    select: 'created contact { city email openDealsAmount }',
    // The answer to an upsert lacks the sums over deals: where they are selected, the record is read.
    requests: ['POST /contacts/upsert', 'GET /contacts/101'],
    body: { unique_identifier: { emails: 'ADA@acme.example' }, contact: { city: 'London' } },
    payload: { created: false, contact: { city: 'London', email: 'ada@acme.example', openDealsAmount: '100.0' } },
    look: at('city', 'first_name'),
    there: { city: 'London', first_name: 'Ada' },
  },
  {
    mutation: 'upsertContact',
    args: 'by: { email: "gus@x.example" }, input: { firstName: "Gus" }',
    select: 'created contact { displayName owner { displayName } }',
    requests: ['POST /contacts/upsert?include=owner'],
    body: { unique_identifier: { emails: 'gus@x.example' }, contact: { first_name: 'Gus' } },
    payload: { created: true, contact: { displayName: 'Gus', owner: { displayName: 'Alex Morgan' } } },
    look: latest(contactType, 'first_name', 'email', 'owner_id'),
    there: { first_name: 'Gus', email: 'gus@x.example', owner_id: ALEX },
  },
  {
    mutation: 'upsertContact',
    args: 'by: { id: "gid://freshsales/Contact/102" }, input: { lastName: "Hill" }',
    select: 'created contact { lastName }',
    requests: ['POST /contacts/upsert'],
    body: { unique_identifier: { id: 102 }, contact: { last_name: 'Hill' } },
    payload: { created: false, contact: { lastName: 'Hill' } },
    look: columns(contactType, '102', 'last_name'),
    there: { last_name: 'Hill' },
  },
  {
    mutation: 'cloneContact',
    args: 'id: 101, input: { email: "ada2@acme.example" }',
    select: 'contact { databaseId firstName email jobTitle }',
    requests: ['POST /contacts/101/clone'],
    body: { contact: { email: 'ada2@acme.example' } },
    payload: {
      contact: {
        databaseId: expect.stringMatching(/^31/),
        firstName: 'Ada',
        email: 'ada2@acme.example',
        jobTitle: 'Engineer',
      },
    },
    look: latest(contactType, 'email', 'job_title'),
    there: { email: 'ada2@acme.example', job_title: 'Engineer' },
  },
  {
    mutation: 'deleteContact',
    args: 'id: "gid://freshsales/Contact/101"',
    select: 'deletedContactId',
    requests: ['DELETE /contacts/101'],
    payload: { deletedContactId: 'gid://freshsales/Contact/101' },
    look: at('is_deleted'),
    there: { is_deleted: true },
  },
  {
    mutation: 'restoreContact',
    args: 'id: 103',
    select: 'contact { email isDeleted owner { email } }',
    requests: ['PUT ../contacts/103/restore?include=owner'],
    body: {},
    payload: { contact: { email: 'cleo@acme.example', isDeleted: false, owner: { email: expect.any(String) } } },
    look: columns(contactType, '103', 'is_deleted'),
    there: { is_deleted: false },
  },
  {
    mutation: 'forgetContact',
    args: 'id: 101',
    select: 'forgottenContactId',
    requests: ['DELETE /contacts/101/forget'],
    payload: { forgottenContactId: 'gid://freshsales/Contact/101' },
    look: at('id'),
    there: undefined,
  },
];
