import { type Account, type Columns, type Draft, defineSandbox, objectsIn, type Step } from '../../sandbox/account.ts';
import { cellsOf, money, subResourceLinks } from '../../sandbox/cells.ts';
import { addDays, dayOf, daysBetween, stamp } from '../../sandbox/clock.ts';
import { idsOf, isAlive, parentIn } from '../../sandbox/links.ts';
import { valueAt } from '../../sandbox/match.ts';
import { names } from '../../sandbox/shapes.ts';
import type { Row } from '../../sandbox/store.ts';
import * as view from '../../sandbox/views.ts';
import { amount, columns, day, read, reference, references, text, whole, words } from '../../sandbox/writes/cast.ts';
import { customFieldStep } from '../../sandbox/writes/custom-field.ts';
import { amountOf, linesOf, termsOf } from '../../sandbox/writes/product-lines.ts';
import { dealType } from './record.ts';

/** Contacts are added and removed one at a time. A full list can only be read. */
const contacts: Step = (draft) => {
  const added = idsOf(read(draft, 'contacts_added_list', references('Contact', "Contact doesn't exist")));
  // A deleted contact can be removed as well.
  const removed = new Set(idsOf(draft.given.contacts_removed_list));
  const before = idsOf(draft.before?.contact_ids);
  const after = [...new Set([...before, ...added])].filter((id) => !removed.has(id));
  if (!draft.before || added.length > 0 || removed.size > 0) draft.set({ contact_ids: after });
};

const currencyOf = (draft: Draft): string => {
  const currencies = draft.account.store.of('Currency');
  return String((currencies.get(String(draft.value('currency_id'))) ?? currencies.query()[0])?.currency_code ?? 'USD');
};

/** The products replace the stored ones and determine the amount. */
const products: Step = (draft) => {
  const lines = linesOf(draft);
  if (!lines) return;
  const rows = lines.map((line) => {
    const association_id = draft.account.store.nextId('DealProductLine');
    const ids = { deal_id: draft.id, association_id, _id: association_id };
    const { id, name, pricing_type, avatar, owner_id, category } = line.product;
    const product = { id, name, pricing_type, avatar, owner_id, category };
    return {
      product_id: id,
      ...termsOf(draft.account, line, currencyOf(draft)),
      ...ids,
      ...product,
    };
  });
  draft.set({ products: rows, has_products: rows.length > 0 });
  if (rows.length > 0 || draft.before) draft.set({ amount: amountOf(rows) });
};

/** The stage determines the pipeline, the probability and whether the deal is closed. */
const stage: Step = (draft) => {
  const { account, before, changes } = draft;
  const stages = account.store.of('DealStage');
  const current = stages.get(String(before?.deal_stage_id));
  const next = stages.get(String(changes.deal_stage_id)) ?? firstOf(draft, current);
  if (!next) {
    // A deal always has a stage, so null is ignored.
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
    deal_prediction: PREDICTIONS[String(next.forecast_type)] ?? 0,
    closed_date: changes.closed_date ?? (closed ? dayOf(now, account.zone) : null),
  });
};

/** As recorded: 6 for won deals, 7 for lost ones. */
const PREDICTIONS: Readonly<Record<string, number>> = { 'Closed Won': 6, 'Closed Lost': 7 };

/** The first stage of the new pipeline, if the deal moves to another one. */
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

/** The account may require one custom field to be unique. */
const unique: Step = (draft) => {
  const field = draft.account.behaviours.uniqueDealField;
  if (field === null || !('custom_field' in draft.changes)) return;
  const value = valueAt(draft.changes, field) ?? null;
  if (value !== null && draft.isTaken((row) => valueAt(row, field) === value)) draft.refuse(`${field} is not unique`);
};

/** The value in the base currency, and the expected value. */
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

/** A deal without a stage is in the first one, and the probability follows the stage. */
function fill(row: Row, given: Readonly<Columns>, { store, zone }: Account): Columns {
  const stages = store.of('DealStage');
  const stage = stages.get(String(row.deal_stage_id)) ?? stages.query()[0];
  const pipeline = stage?.deal_pipeline_id ?? store.of('DealPipeline').query()[0]?.id ?? '';
  const amount = row.amount === '' ? '0.0' : String(row.amount);
  const probability = row.probability ?? stage?.probability ?? null;
  const isOpen = !String(stage?.forecast_type).startsWith('Closed');
  return {
    amount,
    deal_stage_id: row.deal_stage_id || (stage?.id ?? ''),
    deal_pipeline_id: row.deal_pipeline_id || pipeline,
    probability,
    base_currency_amount: row.base_currency_amount || amount,
    expected_deal_value: row.expected_deal_value || money((Number(amount) * Number(probability ?? 100)) / 100),
    stage_updated_time: row.stage_updated_time || row.created_at,
    closed_date: row.closed_date ?? (isOpen ? null : dayOf(new Date(String(row.updated_at)), zone)),
    currency_id: 'currency_id' in given ? row.currency_id : (store.of('Currency').query()[0]?.id ?? null),
    forecast_category: row.forecast_category ?? 1,
    deal_prediction: row.deal_prediction ?? PREDICTIONS[String(stage?.forecast_type)] ?? 0,
    has_products: objectsIn(row.products).length > 0,
    contact_ids: row.contact_ids ?? [],
    last_assigned_at: row.last_assigned_at ?? row.created_at,
  };
}

/** Days from creation to now, or to the day the deal was closed. */
const age = ({ now }: Account, { created_at, closed_date }: Row): number =>
  daysBetween(String(created_at), typeof closed_date === 'string' ? new Date(closed_date) : now());

/** Days in the stage beyond the limit of the pipeline. Negative before that; null for closed deals and on the first day. */
function rottenDays({ store, now }: Account, row: Row): number | null {
  const isOpen = store.of('DealStage').get(String(row.deal_stage_id))?.forecast_type === 'Open';
  const limit = Number(store.of('DealPipeline').get(String(row.deal_pipeline_id))?.rotting_days ?? 0);
  const days = daysBetween(String(row.stage_updated_time ?? row.created_at), now());
  return isOpen && limit > 0 && days > 0 ? days - limit : null;
}

/** Placeholders for real tokens, so that tests can verify that they are removed. */
const token = (kind: string, { id }: Row): string => `sandbox-${kind}-token-${id}`;

const computed = {
  links: subResourceLinks('deals', ['timeline_feeds', 'reminders', 'duplicates', 'connections']),
  age,
  rotten_days: rottenDays,
  collaboration: ({ product }: Account, row: Row) =>
    product === 'suite' ? {} : { id: row.id, title: row.name, convo_token: token('convo', row) },
  fc_widget_collaboration: (_account: Account, row: Row) => ({
    convo_token: token('convo', row),
    auth_token: token('auth', row),
    encoded_jwt_token: token('jwt', row),
  }),
  deal_freddy_metrics: () => null,
};

/** Includes whose rows come with an included deal (FACTS 6.4), in recorded order. */
const BROUGHT = names(`
  owner creater updater source contacts sales_account deal_pipeline deal_stage deal_type deal_reason campaign
  deal_payment_status deal_product territory currency
`);

/** Fewer columns than a deal without includes, but every id. */
const SIDE_COLUMNS = names(`
  id name amount expected_close closed_date stage_updated_time custom_field probability updated_at created_at age
  collaboration last_contacted_via_sales_activity last_contacted_sales_activity_mode base_currency_amount
  expected_deal_value rotten_days owner_id creater_id updater_id lead_source_id contact_ids sales_account_id
  deal_pipeline_id deal_stage_id deal_type_id deal_reason_id campaign_id deal_payment_status_id deal_product_id
  territory_id currency_id
`);

const forecast =
  (type: string): view.Passes =>
  (row, { store }) =>
    isAlive(row) && store.of('DealStage').get(String(row.deal_stage_id))?.forecast_type === type;
const isOpen = forecast('Open');

const closesThisWeek: view.Passes = (row, { now, zone }) => {
  const on = String(row.expected_close);
  return isAlive(row) && on >= dayOf(now(), zone) && on <= dayOf(addDays(now(), 7), zone);
};
const soldThisMonth: view.Passes = (row, { now, zone }) =>
  String(row.closed_date).slice(0, 7) === dayOf(now(), zone).slice(0, 7);

const views = [
  ...view.numbered(31_003_548_187, [
    ['Open Deals', true, isOpen],
    ['My Deals', true, view.mine],
    ['My Territory Deals', true, view.myTerritory],
    ['Recent Deals', true, view.within('created_at', 30)],
    ['Recently Imported', true, view.never],
    ['Lost Deals', false, forecast('Closed Lost')],
    ['Won Deals', false, forecast('Closed Won')],
    ['Hot Deals', false, view.both(isOpen, view.within('stage_updated_time', 14))],
    ['Cold Deals', false, view.both(isOpen, view.not(view.within('stage_updated_time', 60)))],
    ['Closing this week', false, view.both(isOpen, closesThisWeek)],
    ["This month's sales", false, view.both(forecast('Closed Won'), soldThisMonth)],
    ['Recycle Bin', true, view.binned('Deal')],
  ]),
  ...view.numbered(31_003_548_204, [['All Deals', true, view.anywhere]]),
];

export const dealSandbox = defineSandbox(
  dealType,
  {
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
        // Present in live responses, but not useful.
        if (draft.problems.includes("Deal stage doesn't exist")) draft.refuse('Probability is not a number');
      },
      contacts,
      products,
      stage,
      worth,
      customFieldStep,
      unique,
    ],
    attributes: ['contacts_added_list', 'contacts_removed_list', 'products', 'custom_field'],
  },
  {
    columns: {
      always: ['deal_pipeline_id', 'deal_stage_id'],
      suiteOnly: names(`
  avatar fc_widget_collaboration forecast_category deal_prediction deal_prediction_last_updated_at
  freddy_forecast_metrics last_deal_prediction has_products
`),
      classicAlso: ['avatar'],
      unmodelled: { age: ['links'], upcoming_activities_time: ['collaboration'], avatar: ['fc_widget_collaboration'] },
      classicUnmodelled: {
        age: ['links'],
        upcoming_activities_time: ['collaboration'],
        expected_deal_value: ['deal_freddy_metrics'],
      },
      mini: ['id', 'avatar', 'name', 'deal_pipeline_id'],
    },
    fill,
    isOwned: true,
    computed,
    views,
    links: [
      {
        column: 'deal_ids',
        parents: (deal) => [
          ...idsOf(deal.contact_ids).map((id) => `Contact:${id}`),
          ...parentIn('SalesAccount', deal.sales_account_id),
        ],
        attach: (deal, parent, id) =>
          parent === 'Contact' ? { contact_ids: [...idsOf(deal.contact_ids), id] } : { sales_account_id: id },
      },
    ],
    kept: ['contact_ids'],
    sideRow: (account, row) => cellsOf(account, 'Deal', row, SIDE_COLUMNS),
    bring: (side, _account, ids) => {
      for (const include of BROUGHT) side.addOfMany(dealType, ids, include);
    },
    seenOnViews: names(`
  owner deal_reason deal_type deal_payment_status creater updater sales_activities source territory deal_stage
  currency sales_account appointments
`),
    hit: () => ({}),
    identifiers: ['name', 'id'],
    copy: (row) => ({
      contacts_added_list: idsOf(row.contact_ids),
      ...(objectsIn(row.products).length > 0 && { products: row.products }),
    }),
    refuseBulkUpsert: ({ behaviours }) =>
      behaviours.uniqueDealField === null ? 'Bulk upsert needs a unique field, and deals have none' : undefined,
    // Links between deals and contacts are silently dropped.
    notInBulk: ['contacts_added_list', 'contacts_removed_list'],
    breaksOnText: true,
    timeline: { type: 'DEAL_CREATED', column: 'deal_ids', shows: ['name', 'amount'] },
    related: [['api', 'notes']],
  },
);
