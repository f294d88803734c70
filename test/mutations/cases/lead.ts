import { contactType } from '../../../src/resources/contact/record.ts';
import { dealType } from '../../../src/resources/deal/record.ts';
import { leadType } from '../../../src/resources/lead/record.ts';
import { type Case, columns, JOB, latest } from '../case.ts';
import { PRIYA } from '../office.ts';

const cases: readonly Omit<Case, 'product'>[] = [
  {
    mutation: 'createLead',
    args: 'input: { lastName: "Frost", email: "frost@x.example", companyName: "Xcorp", stageId: 31000071002 }',
    select: 'lead { lastName companyName stage { name } owner { displayName } }',
    requests: ['POST /leads?include=lead_stage,owner'],
    body: {
      lead: {
        ...{ last_name: 'Frost', email: 'frost@x.example', company: { name: 'Xcorp' }, lead_stage_id: 31_000_071_002 },
      },
    },
    payload: { lead: { lastName: 'Frost', companyName: 'Xcorp', stage: { name: 'Contacted' } } },
    look: latest(leadType, 'last_name', 'email'),
    there: { last_name: 'Frost', email: 'frost@x.example' },
  },
  {
    mutation: 'updateLead',
    args: 'id: 201, input: { city: "Arrakeen" }',
    select: 'lead { city lastName }',
    requests: ['PUT /leads/201'],
    body: { lead: { city: 'Arrakeen' } },
    payload: { lead: { city: 'Arrakeen', lastName: 'Dune' } },
    look: columns(leadType, '201', 'city', 'last_name'),
    there: { city: 'Arrakeen', last_name: 'Dune' },
  },
  {
    mutation: 'upsertLead',
    args: 'by: { email: "dune@initech.example" }, input: { country: "Arrakis" }',
    select: 'created lead { country }',
    requests: ['POST /leads/upsert'],
    body: { unique_identifier: { emails: 'dune@initech.example' }, lead: { country: 'Arrakis' } },
    payload: { created: false, lead: { country: 'Arrakis' } },
    look: columns(leadType, '201', 'country'),
    there: { country: 'Arrakis' },
  },
  {
    mutation: 'cloneLead',
    args: 'id: 201, input: { email: "dune2@initech.example" }',
    select: 'lead { lastName email }',
    requests: ['POST /leads/201/clone'],
    body: { lead: { email: 'dune2@initech.example' } },
    payload: { lead: { lastName: 'Dune', email: 'dune2@initech.example' } },
    look: latest(leadType, 'email'),
    there: { email: 'dune2@initech.example' },
  },
  {
    mutation: 'deleteLead',
    args: 'id: 201',
    select: 'deletedLeadId',
    requests: ['DELETE /leads/201'],
    payload: { deletedLeadId: 'gid://freshsales/Lead/201' },
    look: columns(leadType, '201', 'is_deleted'),
    there: { is_deleted: true },
  },
  {
    mutation: 'forgetLead',
    args: 'id: 201',
    select: 'forgottenLeadId',
    requests: ['DELETE /leads/201/forget'],
    payload: { forgottenLeadId: 'gid://freshsales/Lead/201' },
    look: columns(leadType, '201', 'id'),
    there: undefined,
  },
  {
    mutation: 'convertLead',
    args: 'id: 201, input: { dealName: "Spice", dealAmount: 100 }',
    select: 'contact { email primarySalesAccount { name } } deal { name amount }',
    requests: ['POST /leads/201/convert?include=sales_accounts,deals'],
    body: { lead: { deal: { name: 'Spice', amount: '100' } } },
    payload: {
      contact: { email: 'dune@initech.example', primarySalesAccount: { name: 'Initech' } },
      deal: { name: 'Spice', amount: '100.0' },
    },
    look: (sandbox) => [
      columns(leadType, '201', 'id')(sandbox),
      latest(contactType, 'last_name', 'email')(sandbox),
      latest(dealType, 'name', 'amount')(sandbox),
    ],
    there: [undefined, { last_name: 'Dune', email: 'dune@initech.example' }, { name: 'Spice', amount: '100.0' }],
  },
  {
    mutation: 'bulkUpdateLeads',
    args: 'ids: [201, 202], input: { department: "Sales" }',
    select: 'acceptedIds messages',
    requests: ['PUT /leads/bulk_update'],
    body: { lead: { department: 'Sales' }, ids: [201, 202] },
    payload: {
      acceptedIds: ['gid://freshsales/Lead/201', 'gid://freshsales/Lead/202'],
      messages: ['2 leads updated.'],
    },
    look: columns(leadType, '202', 'department'),
    there: { department: 'Sales' },
  },
  {
    mutation: 'bulkDeleteLeads',
    args: 'ids: [201]',
    select: 'acceptedIds',
    requests: ['POST /leads/bulk_destroy'],
    body: { selected_ids: [201] },
    payload: { acceptedIds: ['gid://freshsales/Lead/201'] },
    look: columns(leadType, '201', 'is_deleted'),
    there: { is_deleted: true },
  },
  {
    mutation: 'bulkAssignOwnerToLeads',
    args: `ids: [201], ownerId: ${PRIYA}`,
    select: 'acceptedIds',
    requests: ['POST /leads/bulk_assign_owner'],
    body: { selected_ids: [201], owner_id: Number(PRIYA) },
    payload: { acceptedIds: ['gid://freshsales/Lead/201'] },
    look: columns(leadType, '201', 'owner_id'),
    there: { owner_id: PRIYA },
  },
  {
    mutation: 'bulkUpsertLeads',
    args: 'input: [{ email: "dune@initech.example", data: { city: "Sietch" } }]',
    select: 'succeeded failed',
    requests: ['POST /leads/bulk_upsert', JOB],
    body: { leads: [{ emails: 'dune@initech.example', data: { city: 'Sietch' } }] },
    payload: { succeeded: 1, failed: 0 },
    look: columns(leadType, '201', 'city'),
    there: { city: 'Sietch' },
  },
];

/** Every mutation of leads, which are in Classic only. */
export const leadCases: readonly Case[] = cases.map((each) => ({ ...each, product: 'classic' as const }));
