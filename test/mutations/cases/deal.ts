import { dealType } from '../../../src/resources/deal/record.ts';
import { type Case, columns, latest } from '../case.ts';
import { NEW, WON } from '../office.ts';

const STAGES = 'GET /selector/deal_stages';
const DEAL = 'GET /deals/301';

/** Every mutation of one deal. */
export const dealCases: readonly Case[] = [
  {
    mutation: 'createDeal',
    args: 'input: { name: "Small one", amount: "1234.50", expectedCloseOn: "2026-12-31", salesAccountId: 501, contactIds: [101, "gid://freshsales/Contact/102"], customFields: { cf_discount: 5 } }',
    select:
      'deal { name amount expectedCloseOn salesAccount { name } contacts { nodes { email } } stage { name } pipeline { name } }',
    requests: ['POST /deals?include=sales_account,contacts,deal_stage,deal_pipeline'],
    body: {
      deal: {
        ...{ name: 'Small one', amount: '1234.50', expected_close: '2026-12-31', sales_account_id: 501 },
        ...{ contacts_added_list: [101, 102], custom_field: { cf_discount: 5 } },
      },
    },
    payload: {
      deal: {
        ...{ name: 'Small one', amount: '1234.5', expectedCloseOn: '2026-12-31', salesAccount: { name: 'Acme' } },
        contacts: { nodes: [{ email: 'ada@acme.example' }, { email: 'ben@globex.example' }] },
        ...{ stage: { name: 'New' }, pipeline: { name: 'Default Pipeline' } },
      },
    },
    look: latest(dealType, 'amount', 'contact_ids', 'sales_account_id', 'deal_stage_id'),
    there: { amount: '1234.5', contact_ids: ['101', '102'], sales_account_id: '501', deal_stage_id: NEW },
  },
  {
    mutation: 'createDeal',
    args: 'input: { name: "In another pipeline", amount: 5, pipelineId: 71, stageId: 711 }',
    select: 'deal { stage { name } pipeline { name } }',
    requests: [STAGES, 'POST /deals?include=deal_stage,deal_pipeline'],
    body: { deal: { name: 'In another pipeline', amount: '5', deal_pipeline_id: 71, deal_stage_id: 711 } },
    payload: { deal: { stage: { name: 'Due' }, pipeline: { name: 'Renewals' } } },
    look: latest(dealType, 'deal_stage_id', 'deal_pipeline_id'),
    there: { deal_stage_id: '711', deal_pipeline_id: '71' },
  },
  {
    mutation: 'updateDeal',
    args: `id: 301, input: { stageId: ${WON} }`,
    select: 'deal { name probability stage { name } owner { displayName } }',
    requests: [STAGES, DEAL, 'PUT /deals/301?include=deal_stage,owner'],
    body: { deal: { deal_stage_id: Number(WON) } },
    payload: {
      deal: { name: 'Big one', probability: 100, stage: { name: 'Won' }, owner: { displayName: 'Alex Morgan' } },
    },
    look: columns(dealType, '301', 'deal_stage_id', 'probability', 'amount'),
    there: { deal_stage_id: WON, probability: 100, amount: '100.0' },
  },
  {
    mutation: 'updateDeal',
    args: 'id: 301, input: { addContactIds: [102], removeContactIds: [101], expectedCloseOn: null }',
    select: 'deal { expectedCloseOn contacts { nodes { email } } }',
    requests: ['PUT /deals/301?include=contacts'],
    body: { deal: { expected_close: null, contacts_added_list: [102], contacts_removed_list: [101] } },
    payload: { deal: { expectedCloseOn: null, contacts: { nodes: [{ email: 'ben@globex.example' }] } } },
    look: columns(dealType, '301', 'expected_close', 'contact_ids'),
    there: { expected_close: null, contact_ids: ['102'] },
  },
  {
    mutation: 'updateDeal',
    args: 'id: 301, input: { products: [{ productId: 701, quantity: 3, unitPrice: "12.50", discount: 10, discountType: PERCENT }] }',
    // The amount is worked out anew from the products, which the answer is asked to bring for that.
    select: 'deal { amount hasProducts products { name quantity unitPrice } }',
    requests: ['PUT /deals/301?include=products'],
    body: { deal: { products: [{ id: 701, quantity: 3, unit_price: 12.5, discount: 10, discount_type: 1 }] } },
    payload: { deal: { amount: '33.75', products: [{ name: 'Seat', quantity: 3, unitPrice: '12.5' }] } },
    look: columns(dealType, '301', 'amount', 'has_products'),
    there: { amount: '33.75', has_products: true },
  },
  {
    mutation: 'updateDeal',
    args: 'id: 301, input: { products: [] }',
    select: 'deal { amount }',
    requests: ['PUT /deals/301?include=products'],
    body: { deal: { products: [] } },
    payload: { deal: { amount: '0.0' } },
    look: columns(dealType, '301', 'amount', 'products'),
    there: { amount: '0.0', products: [] },
  },
  {
    mutation: 'upsertDeal',
    args: 'by: { name: "Big one" }, input: { amount: 250, forecastCategory: BEST_CASE }',
    select: 'created deal { amount forecastCategory salesAccount { name } }',
    requests: ['POST /deals/upsert?include=sales_account'],
    body: { unique_identifier: { name: 'Big one' }, deal: { amount: '250', forecast_category: 2 } },
    payload: {
      created: false,
      deal: { amount: '250.0', forecastCategory: 'BEST_CASE', salesAccount: { name: 'Acme' } },
    },
    look: columns(dealType, '301', 'amount'),
    there: { amount: '250.0' },
  },
  {
    mutation: 'upsertDeal',
    args: 'by: { name: "Fresh" }, input: { amount: 1 }',
    select: 'created deal { name }',
    requests: ['POST /deals/upsert'],
    body: { unique_identifier: { name: 'Fresh' }, deal: { amount: '1' } },
    payload: { created: true, deal: { name: 'Fresh' } },
    look: latest(dealType, 'name', 'amount'),
    there: { name: 'Fresh', amount: '1.0' },
  },
  {
    mutation: 'cloneDeal',
    args: 'id: 301',
    select: 'deal { name amount contacts { nodes { email } } }',
    requests: ['POST /deals/301/clone?include=contacts'],
    body: { deal: {} },
    payload: { deal: { name: 'Big one', amount: '100.0', contacts: { nodes: [{ email: 'ada@acme.example' }] } } },
    look: latest(dealType, 'name', 'contact_ids'),
    there: { name: 'Big one', contact_ids: ['101'] },
  },
  {
    mutation: 'deleteDeal',
    args: 'id: 301',
    select: 'deletedDealId',
    requests: ['DELETE /deals/301'],
    payload: { deletedDealId: 'gid://freshsales/Deal/301' },
    look: columns(dealType, '301', 'is_deleted'),
    there: { is_deleted: true },
  },
  {
    mutation: 'forgetDeal',
    args: 'id: 301',
    select: 'forgottenDealId',
    requests: ['DELETE /deals/301/forget'],
    payload: { forgottenDealId: 'gid://freshsales/Deal/301' },
    look: columns(dealType, '301', 'id'),
    there: undefined,
  },
];
