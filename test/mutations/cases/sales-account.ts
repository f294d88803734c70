import { contactType } from '../../../src/resources/contact/record.ts';
import { dealType } from '../../../src/resources/deal/record.ts';
import { salesAccountType } from '../../../src/resources/sales-account/record.ts';
import { type Case, columns, latest } from '../case.ts';
import { PRIYA } from '../office.ts';

const BANKING = '31004057012';

/** Every mutation of one account. */
export const salesAccountCases: readonly Case[] = [
  {
    mutation: 'createSalesAccount',
    args: `input: { name: "Initech", website: "initech.example", numberOfEmployees: 51, annualRevenue: "1200000.50", parentId: 501, industryTypeId: "${BANKING}", teamUserIds: ["${PRIYA}", "${PRIYA}"] }`,
    select: 'salesAccount { name annualRevenue numberOfEmployees parent { name } industryType { name } teamUserIds }',
    requests: ['POST /sales_accounts?include=parent_sales_account,industry_type'],
    body: {
      sales_account: {
        ...{ name: 'Initech', website: 'initech.example', number_of_employees: 51, annual_revenue: 1_200_000.5 },
        ...{ parent_sales_account_id: 501, industry_type_id: Number(BANKING), team_user_ids: [Number(PRIYA)] },
      },
    },
    payload: {
      salesAccount: {
        ...{ name: 'Initech', annualRevenue: '1200000.5', numberOfEmployees: 51 },
        ...{
          parent: { name: 'Acme' },
          industryType: { name: 'Banking' },
          teamUserIds: [`gid://freshsales/User/${PRIYA}`],
        },
      },
    },
    look: latest(salesAccountType, 'name', 'annual_revenue', 'parent_sales_account_id'),
    there: { name: 'Initech', annual_revenue: 1_200_000.5, parent_sales_account_id: '501' },
  },
  {
    mutation: 'updateSalesAccount',
    args: 'id: 501, input: { city: null, tags: ["a", "b"] }',
    select: 'salesAccount { name city tags contacts { nodes { email } } deals { nodes { name stage { name } } } }',
    requests: ['PUT /sales_accounts/501?include=contacts,deals'],
    body: { sales_account: { city: null, tags: ['a', 'b'] } },
    payload: {
      salesAccount: {
        ...{ name: 'Acme', city: null, tags: ['a', 'b'] },
        contacts: { nodes: [{ email: 'ada@acme.example' }] },
        deals: { nodes: [{ name: 'Big one', stage: { name: 'New' } }] },
      },
    },
    look: columns(salesAccountType, '501', 'name', 'city', 'tags', 'custom_field'),
    there: { name: 'Acme', city: null, tags: ['a', 'b'], custom_field: { cf_is_vip: true } },
  },
  {
    mutation: 'upsertSalesAccount',
    args: 'by: { name: "acme" }, input: { phone: "+49 30 12" }',
    select: 'created salesAccount { name phone }',
    requests: ['POST /sales_accounts/upsert'],
    body: { unique_identifier: { name: 'acme' }, sales_account: { phone: '+49 30 12' } },
    payload: { created: false, salesAccount: { name: 'Acme', phone: '+49 30 12' } },
    look: columns(salesAccountType, '501', 'phone'),
    there: { phone: '+49 30 12' },
  },
  {
    mutation: 'upsertSalesAccount',
    args: 'by: { name: "Hooli" }, input: {}',
    select: 'created salesAccount { name }',
    requests: ['POST /sales_accounts/upsert'],
    body: { unique_identifier: { name: 'Hooli' }, sales_account: {} },
    payload: { created: true, salesAccount: { name: 'Hooli' } },
    look: latest(salesAccountType, 'name'),
    there: { name: 'Hooli' },
  },
  {
    mutation: 'cloneSalesAccount',
    args: 'id: 501, input: { name: "Acme Two", customFields: { cf_account_number: "A-2" } }',
    select: 'salesAccount { name city customFields }',
    requests: ['POST /sales_accounts/501/clone'],
    body: { sales_account: { name: 'Acme Two', custom_field: { cf_account_number: 'A-2' } } },
    payload: {
      salesAccount: { name: 'Acme Two', city: 'Pune', customFields: { cf_is_vip: true, cf_account_number: 'A-2' } },
    },
    look: latest(salesAccountType, 'name', 'city'),
    there: { name: 'Acme Two', city: 'Pune' },
  },
  {
    mutation: 'deleteSalesAccount',
    args: 'id: 501',
    select: 'deletedSalesAccountId',
    requests: ['DELETE /sales_accounts/501'],
    payload: { deletedSalesAccountId: 'gid://freshsales/SalesAccount/501' },
    look: (sandbox) => [
      columns(salesAccountType, '501', 'is_deleted')(sandbox),
      columns(contactType, '101', 'is_deleted')(sandbox),
      columns(dealType, '301', 'is_deleted', 'sales_account_id')(sandbox),
    ],
    there: [{ is_deleted: true }, { is_deleted: false }, { is_deleted: false, sales_account_id: null }],
  },
  {
    mutation: 'deleteSalesAccount',
    args: 'id: 501, deleteAssociatedContactsAndDeals: true',
    select: 'deletedSalesAccountId',
    requests: ['DELETE /sales_accounts/501?delete_associated_contacts_deals=true'],
    payload: { deletedSalesAccountId: 'gid://freshsales/SalesAccount/501' },
    look: (sandbox) => [
      columns(contactType, '101', 'is_deleted')(sandbox),
      columns(dealType, '301', 'is_deleted')(sandbox),
      columns(contactType, '102', 'is_deleted')(sandbox),
    ],
    there: [{ is_deleted: true }, { is_deleted: true }, { is_deleted: false }],
  },
  {
    mutation: 'forgetSalesAccount',
    args: 'id: 502',
    select: 'forgottenSalesAccountId',
    requests: ['DELETE /sales_accounts/502/forget'],
    payload: { forgottenSalesAccountId: 'gid://freshsales/SalesAccount/502' },
    look: columns(salesAccountType, '502', 'id'),
    there: undefined,
  },
];
