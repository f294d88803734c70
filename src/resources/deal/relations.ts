import { below } from '../../graph/below.ts';
import { builder } from '../../graph/builder.ts';
import { toMany, toOne } from '../../graph/relation.ts';
import { joinedByTarget } from '../../queries/record.ts';
import { appointmentResource } from '../appointment/resource.ts';
import { appointments } from '../appointment/type.ts';
import { Campaign, loadCampaign } from '../campaign/type.ts';
import { contacts } from '../contact/type.ts';
import { Currency, loadCurrency } from '../currency/type.ts';
import { DealPaymentStatus, loadDealPaymentStatus } from '../deal-payment-status/type.ts';
import { DealPipeline, loadDealPipeline } from '../deal-pipeline/type.ts';
import { DealProduct, loadDealProduct } from '../deal-product/type.ts';
import { DealReason, loadDealReason } from '../deal-reason/type.ts';
import { DealStage, loadDealStage } from '../deal-stage/type.ts';
import { DealType, loadDealType } from '../deal-type/type.ts';
import { LeadSource, loadLeadSource } from '../lead-source/type.ts';
import { notes, notesBelow } from '../note/type.ts';
import { loadSalesAccount, SalesAccount } from '../sales-account/type.ts';
import { salesActivities } from '../sales-activity/type.ts';
import { taskResource } from '../task/resource.ts';
import { tasks } from '../task/type.ts';
import { loadTerritory, Territory } from '../territory/type.ts';
import { loadUser, User } from '../user/type.ts';
import { dealResource } from './resource.ts';
import { Deal } from './type.ts';

builder.objectFields(Deal, (t) => ({
  pipeline: t.field(toOne(dealResource, 'deal_pipeline', DealPipeline, loadDealPipeline, 'Pipeline.')),
  stage: t.field(toOne(dealResource, 'deal_stage', DealStage, loadDealStage, 'Stage in the pipeline.')),
  type: t.field(toOne(dealResource, 'deal_type', DealType, loadDealType, 'Deal type.')),
  reason: t.field(toOne(dealResource, 'deal_reason', DealReason, loadDealReason, 'Lost reason.')),
  paymentStatus: t.field(
    toOne(dealResource, 'deal_payment_status', DealPaymentStatus, loadDealPaymentStatus, 'Payment status.'),
  ),
  dealProduct: t.field(
    toOne(dealResource, 'deal_product', DealProduct, loadDealProduct, 'Product from the legacy product list.'),
  ),
  currency: t.field(toOne(dealResource, 'currency', Currency, loadCurrency, 'Currency of the amount.')),
  leadSource: t.field(toOne(dealResource, 'source', LeadSource, loadLeadSource, 'Source.')),
  campaign: t.field(toOne(dealResource, 'campaign', Campaign, loadCampaign, 'Campaign.')),
  territory: t.field(toOne(dealResource, 'territory', Territory, loadTerritory, 'Territory.')),
}));

builder.objectFields(Deal, (t) => ({
  owner: t.field(toOne(dealResource, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(dealResource, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(dealResource, 'updater', User, loadUser, 'The user who last updated the record.')),
  salesAccount: t.field(
    toOne(dealResource, 'sales_account', SalesAccount, loadSalesAccount, 'Sales account of the deal.'),
  ),
  contacts: t.field(toMany(dealResource, 'contacts', contacts, 'Contacts of the deal.')),
  tasks: t.field(
    toMany(dealResource, 'tasks', tasks, 'Tasks.', {
      fallback: below(dealResource, taskResource, ['ui']),
      joined: joinedByTarget(taskResource),
    }),
  ),
  appointments: t.field(
    toMany(dealResource, 'appointments', appointments, 'Appointments.', {
      fallback: below(dealResource, appointmentResource, ['ui']),
      joined: joinedByTarget(appointmentResource),
    }),
  ),
  notes: t.field(toMany(dealResource, 'notes', notes, 'Notes.', { fallback: notesBelow(dealResource) })),
  salesActivities: t.field(
    toMany(dealResource, 'sales_activities', salesActivities, 'Sales activities of custom types.'),
  ),
}));
