import { Campaign, LeadSource, Territory } from '../../lookups/contacts.ts';
import {
  Currency,
  DealPaymentStatus,
  DealPipeline,
  DealProduct,
  DealReason,
  DealStage,
  DealType,
} from '../../lookups/deals.ts';
import { User } from '../../lookups/users.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { FieldSource } from '../../records/field-needs.ts';
import { builder } from '../../schema/builder.ts';
import { recordList } from '../../schema/connection.ts';
import { choiceField, withCustomFields } from '../../schema/fields.ts';
import {
  filterField,
  listField,
  ownedField,
  recordField,
  viewRecordsField,
  viewsField,
} from '../../schema/list-fields.ts';
import { loadNode, nodeType } from '../../schema/node.ts';
import { embeddedRows, toMany, toOne } from '../../schema/relation.ts';
import { viewType } from '../../schema/views.ts';
import { appointments } from '../appointment/type.ts';
import { withHistory, withUsers } from '../common-fields.ts';
import { contacts } from '../contact/type.ts';
import { notes } from '../note/type.ts';
import { PricingType } from '../product/inputs.ts';
import { Product, withPrices } from '../product/type.ts';
import { SalesAccount } from '../sales-account/type.ts';
import { salesActivities } from '../sales-activity/type.ts';
import { tasksOf } from '../task/type.ts';
import { DealFilter, DiscountType, ForecastCategory, MAX_PRODUCTS } from './inputs.ts';
import { dealType, type DealProductLine as Line } from './record.ts';

export const Deal = nodeType(dealType, 'A sales opportunity that moves through the stages of a pipeline.');
withHistory(Deal);
withUsers(Deal);
withCustomFields(Deal);

/** Lists of deals. */
export const deals = recordList(Deal, {
  description: 'Fields that deals can be sorted by.',
  values: {
    AMOUNT: { value: 'amount', description: 'Amount.' },
    EXPECTED_CLOSE: { value: 'expected_close', description: 'Expected close date.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
  },
});

builder.objectFields(Deal, (t) => ({
  name: t.exposeString('name', { semanticNonNull: true, description: 'Name of the deal. Not unique.' }),
  amount: t.expose('amount', { type: 'Decimal', description: 'Amount, in `currency`.' }),
  baseCurrencyAmount: t.expose('base_currency_amount', {
    type: 'Decimal',
    description: 'Amount in the base currency of the account: the one whose exchangeRate is 1.',
  }),
  expectedDealValue: t.expose('expected_deal_value', {
    type: 'Decimal',
    description: 'Expected deal value: amount multiplied by probability, in the currency of the deal.',
  }),
  probability: t.exposeInt('probability', {
    description: 'Probability of winning the deal, in percent. Set by the stage.',
  }),
  age: t.exposeInt('age', { description: 'Age in days. Negative if the creation date is in the future.' }),
  expectedCloseOn: t.expose('expected_close', { type: 'Date', description: 'Expected close date.' }),
  closedOn: t.expose('closed_date', { type: 'Date', description: 'Date on which the deal was won or lost.' }),
  stageUpdatedAt: t.expose('stage_updated_time', { type: 'DateTime', description: 'Time of the last stage change.' }),
  rottenDays: t.exposeInt('rotten_days', {
    description:
      'Days in the stage beyond the limit of the pipeline. Negative before the limit; null for closed and some new deals.',
  }),
}));

builder.objectFields(Deal, (t) => ({
  forecastCategory: t.field(choiceField(ForecastCategory, 'forecast_category', 'Forecast category.')),
  dealPrediction: t.exposeInt('deal_prediction', {
    description: 'Forecast calculated by Freshsales, such as 6 for a won deal and 7 for a lost one.',
  }),
  dealPredictionLastUpdatedAt: t.expose('deal_prediction_last_updated_at', {
    type: 'DateTime',
    description: 'Time of the last forecast.',
  }),
  lastDealPrediction: t.exposeInt('last_deal_prediction', { description: 'Previous forecast.' }),
  freddyForecastMetrics: t.expose('freddy_forecast_metrics', {
    type: 'JSON',
    description: 'Metrics behind the forecast, as returned by Freshsales.',
  }),
  hasProducts: t.exposeBoolean('has_products', {
    description: 'True if the deal has products. May still be false right after products are added.',
  }),
  upcomingActivitiesAt: t.expose('upcoming_activities_time', {
    type: 'DateTime',
    description: 'Time of the next activity.',
  }),
  lastContactedSalesActivityMode: t.exposeString('last_contacted_sales_activity_mode', {
    description: 'Sales activity type of the last contact about the deal.',
  }),
  lastContactedViaSalesActivityAt: t.expose('last_contacted_via_sales_activity', {
    type: 'DateTime',
    description: 'Time of the last contact about the deal through a sales activity.',
  }),
  webFormId: t.exposeID('web_form_id', { description: 'Id of the web form the deal came from.' }),
  avatar: t.exposeString('avatar', { description: 'URL of the picture.' }),
  pipeline: t.field(toOne(dealType, 'deal_pipeline', DealPipeline, 'Pipeline.')),
  stage: t.field(toOne(dealType, 'deal_stage', DealStage, 'Stage in the pipeline.')),
  type: t.field(toOne(dealType, 'deal_type', DealType, 'Deal type.')),
  reason: t.field(toOne(dealType, 'deal_reason', DealReason, 'Lost reason.')),
  paymentStatus: t.field(toOne(dealType, 'deal_payment_status', DealPaymentStatus, 'Payment status.')),
  dealProduct: t.field(toOne(dealType, 'deal_product', DealProduct, 'Product from the legacy product list.')),
  currency: t.field(toOne(dealType, 'currency', Currency, 'Currency of the amount.')),
  leadSource: t.field(toOne(dealType, 'source', LeadSource, 'Source.')),
  campaign: t.field(toOne(dealType, 'campaign', Campaign, 'Campaign.')),
  territory: t.field(toOne(dealType, 'territory', Territory, 'Territory.')),
}));

builder.objectFields(Deal, (t) => ({
  salesAccount: t.field(toOne(dealType, 'sales_account', SalesAccount, 'Sales account of the deal.')),
  contacts: t.field(toMany(dealType, 'contacts', contacts, 'Contacts of the deal.')),
  tasks: t.field(tasksOf(dealType)),
  appointments: t.field(toMany(dealType, 'appointments', appointments, 'Appointments.')),
  notes: t.field(toMany(dealType, 'notes', notes, 'Notes.')),
  salesActivities: t.field(toMany(dealType, 'sales_activities', salesActivities, 'Sales activities of custom types.')),
}));

const DealProductLine = builder.objectRef<Line>('DealProductLine').implement({
  description: 'A product on a deal.',
  fields: (t) => ({
    product: t.field({
      type: Product,
      description: 'The product. Costs one call per product if fields are selected that the deal does not contain.',
      resolve: ({ product_id, id }, _args, context, info) => loadNode(context, info, Product, product_id ?? id),
    }),
    name: t.exposeString('name', { description: 'Name of the product.' }),
    quantity: t.exposeInt('quantity', { description: 'Quantity.' }),
    discount: t.expose('discount', { type: 'Decimal', description: 'Discount. discountType gives the unit.' }),
    discountType: t.field(choiceField(DiscountType, 'discount_type', 'Unit of the discount.')),
    currencyCode: t.exposeString('currency_code', {
      description: 'Currency of the prices, as an ISO 4217 code such as USD.',
    }),
    billingType: t.exposeString('billing_type', {
      description: 'Billing type of a subscription, as sent: Freshsales documents no values.',
    }),
    pricingType: t.field(choiceField(PricingType, 'pricing_type', 'Pricing type.')),
    category: t.exposeString('category', { description: 'Category of the product.' }),
  }),
});

withPrices(DealProductLine);

builder.objectField(Deal, 'products', (t) =>
  t.field({
    type: [DealProductLine],
    semanticNonNull: true,
    description: 'Products of the deal.',
    extensions: { freshsales: { include: 'products', rows: () => MAX_PRODUCTS } satisfies FieldSource },
    resolve: (deal, _args, context): MaybePromise<Line[]> => embeddedRows(context, dealType, deal, 'products'),
  }),
);

builder.objectField(User, 'deals', (t) => t.field(ownedField(deals, 'Deals that the user owns.')));

const DealView = viewType(dealType);

builder.objectField(DealView, 'deals', (t) => t.field(viewRecordsField(deals, 'The deals in the view.')));

builder.queryFields((t) => ({
  deal: t.field(recordField(Deal, 'The deal with this id.')),
  deals: t.field(
    listField(
      deals,
      DealFilter,
      'Deals in a saved view, or those that match a filter. If the account has no “All …” view of deals, the default view is its open deals.',
    ),
  ),
  dealViews: t.field(viewsField(dealType, DealView)),
  filterDeals: t.field(filterField(deals, 'Deals that match all rules (filtered search).')),
}));
