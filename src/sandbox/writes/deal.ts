import { dayOf, stamp } from '../clock.ts';
import { idsOf } from '../links.ts';
import { money } from '../money.ts';
import type { Row } from '../store.ts';
import { amount, columns, day, reference, references, text, whole, words } from './cast.ts';
import { customFieldStep, valueAt } from './custom-field.ts';
import type { Draft, Step } from './draft.ts';
import { amountOf, linesOf, termsOf } from './product-lines.ts';
import { read } from './read.ts';
import type { WriteRules } from './write-rules.ts';

/** Contacts are added and removed; a list of all of them is read, and never written. */
const contacts: Step = (draft) => {
  const added = idsOf(read(draft, 'contacts_added_list', references('Contact', "Contact doesn't exist")));
  // Whoever is gone can be taken off all the same.
  const removed = new Set(idsOf(draft.given.contacts_removed_list));
  const before = idsOf(draft.before?.contact_ids);
  const after = [...new Set([...before, ...added])].filter((id) => !removed.has(id));
  if (!draft.before || added.length > 0 || removed.size > 0) draft.set({ contact_ids: after });
};

const currencyOf = (draft: Draft): string => {
  const currencies = draft.account.store.of('Currency');
  return String((currencies.get(String(draft.value('currency_id'))) ?? currencies.query()[0])?.currency_code ?? 'USD');
};

/** The products replace those that were there, and make the amount. */
const products: Step = (draft) => {
  const lines = linesOf(draft);
  if (!lines) return;
  const { account, before } = draft;
  const rows = lines.map((line) => {
    const association_id = account.store.nextId('DealProductLine');
    const { id, name, pricing_type, avatar, owner_id, category } = line.product;
    return {
      product_id: id,
      ...termsOf(account, line, currencyOf(draft)),
      ...{ deal_id: draft.id, association_id, _id: association_id },
      ...{ id, name, pricing_type, avatar, owner_id, category },
    };
  });
  draft.set({ products: rows, has_products: rows.length > 0 });
  if (rows.length > 0 || before) draft.set({ amount: amountOf(rows) });
};

/** The stage says the pipeline, how likely it is, and whether the deal is closed. */
const stage: Step = (draft) => {
  const { account, before, changes } = draft;
  const stages = account.store.of('DealStage');
  const current = stages.get(String(before?.deal_stage_id));
  const next = stages.get(String(changes.deal_stage_id)) ?? firstOf(draft, current);
  if (!next) {
    // A deal is always in some stage: null takes it out of none.
    if (before) draft.set({ deal_stage_id: before.deal_stage_id, deal_pipeline_id: before.deal_pipeline_id });
    return;
  }
  draft.set({ deal_stage_id: next.id, deal_pipeline_id: next.deal_pipeline_id });
  if (next.id === current?.id) return;
  const now = account.now();
  const closed = String(next.forecast_type).startsWith('Closed');
  draft.set({
    stage_updated_time: stamp(now, account.zone),
    probability: changes.probability ?? next.probability,
    closed_date: changes.closed_date ?? (closed ? dayOf(now, account.zone) : null),
  });
};

/** The first stage of the pipeline that the deal is put into, if it is not in it yet. */
function firstOf(draft: Draft, current: Row | undefined): Row | undefined {
  const { account, before, changes } = draft;
  const pipelines = account.store.of('DealPipeline');
  const asked = pipelines.get(String(changes.deal_pipeline_id));
  const pipeline =
    asked ?? (before ? undefined : (pipelines.query((row) => row.is_default === true)[0] ?? pipelines.query()[0]));
  if (!pipeline || pipeline.id === current?.deal_pipeline_id) return undefined;
  const stages = account.store.of('DealStage').query((row) => row.deal_pipeline_id === pipeline.id);
  return [...stages].sort((a, b) => Number(a.position) - Number(b.position))[0];
}

/** One field of the account's own may tell each deal from all others. */
const unique: Step = (draft) => {
  const field = draft.account.behaviours.uniqueDealField;
  if (field === null || !('custom_field' in draft.changes)) return;
  const value = valueAt(draft.changes, field) ?? null;
  if (value !== null && draft.isTaken((row) => valueAt(row, field) === value)) draft.refuse(`${field} is not unique`);
};

/** What the deal is worth in other terms. */
const worth: Step = (draft) => {
  const { changes } = draft;
  draft.require('amount', "Deal value can't be empty");
  if (!('amount' in changes) && !('probability' in changes)) return;
  const value = draft.value('amount');
  if (typeof value !== 'string') return;
  if ('amount' in changes) draft.set({ base_currency_amount: changes.base_currency_amount ?? value });
  const likely = Number(draft.value('probability') ?? 100);
  draft.set({ expected_deal_value: money((Number(value) * likely) / 100) });
};

export const dealRules: WriteRules = {
  columns: {
    name: text(),
    ...columns('amount base_currency_amount', amount),
    ...columns('expected_close closed_date', day),
    ...columns('probability forecast_category', whole),
    tags: words,
    owner_id: reference('User'),
    sales_account_id: reference('SalesAccount'),
    deal_pipeline_id: reference('DealPipeline'),
    deal_stage_id: reference('DealStage'),
    deal_type_id: reference('DealType'),
    deal_reason_id: reference('DealReason'),
    deal_payment_status_id: reference('DealPaymentStatus'),
    deal_product_id: reference('DealProduct'),
    currency_id: reference('Currency'),
    lead_source_id: reference('LeadSource'),
    campaign_id: reference('Campaign'),
    territory_id: reference('Territory'),
  },
  steps: [
    (draft) => draft.require('name', "Deal name can't be empty"),
    (draft) => {
      // As the live answer has it, and no help at all.
      if (draft.problems.includes("Deal stage doesn't exist")) draft.refuse('Probability is not a number');
    },
    contacts,
    products,
    stage,
    worth,
    customFieldStep,
    unique,
  ],
};
