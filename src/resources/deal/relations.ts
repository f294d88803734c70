import { loadTerritory, Territory } from '../../lookups/accounts.ts';
import { Campaign, LeadSource, loadCampaign, loadLeadSource } from '../../lookups/contacts.ts';
import {
  Currency,
  DealPaymentStatus,
  DealPipeline,
  DealProduct,
  DealReason,
  DealStage,
  DealType,
  loadCurrency,
  loadDealPaymentStatus,
  loadDealPipeline,
  loadDealProduct,
  loadDealReason,
  loadDealStage,
  loadDealType,
} from '../../lookups/deals.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { appointments } from '../appointment/type.ts';
import { contacts } from '../contact/type.ts';
import { notes } from '../note/type.ts';
import { loadSalesAccount, SalesAccount } from '../sales-account/type.ts';
import { salesActivities } from '../sales-activity/type.ts';
import { tasks } from '../task/type.ts';
import { dealType } from './record.ts';
import { Deal } from './type.ts';

builder.objectFields(Deal, (t) => ({
  pipeline: t.field(toOne(dealType, 'deal_pipeline', DealPipeline, loadDealPipeline, 'Pipeline.')),
  stage: t.field(toOne(dealType, 'deal_stage', DealStage, loadDealStage, 'Stage in the pipeline.')),
  type: t.field(toOne(dealType, 'deal_type', DealType, loadDealType, 'Deal type.')),
  reason: t.field(toOne(dealType, 'deal_reason', DealReason, loadDealReason, 'Lost reason.')),
  paymentStatus: t.field(
    toOne(dealType, 'deal_payment_status', DealPaymentStatus, loadDealPaymentStatus, 'Payment status.'),
  ),
  dealProduct: t.field(
    toOne(dealType, 'deal_product', DealProduct, loadDealProduct, 'Product from the legacy product list.'),
  ),
  currency: t.field(toOne(dealType, 'currency', Currency, loadCurrency, 'Currency of the amount.')),
  leadSource: t.field(toOne(dealType, 'source', LeadSource, loadLeadSource, 'Source.')),
  campaign: t.field(toOne(dealType, 'campaign', Campaign, loadCampaign, 'Campaign.')),
  territory: t.field(toOne(dealType, 'territory', Territory, loadTerritory, 'Territory.')),
}));

builder.objectFields(Deal, (t) => ({
  owner: t.field(toOne(dealType, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(dealType, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(dealType, 'updater', User, loadUser, 'The user who last updated the record.')),
  salesAccount: t.field(toOne(dealType, 'sales_account', SalesAccount, loadSalesAccount, 'Sales account of the deal.')),
  contacts: t.field(toMany(dealType, 'contacts', contacts, 'Contacts of the deal.')),
  tasks: t.field(toMany(dealType, 'tasks', tasks, 'Tasks.')),
  appointments: t.field(toMany(dealType, 'appointments', appointments, 'Appointments.')),
  notes: t.field(toMany(dealType, 'notes', notes, 'Notes.')),
  salesActivities: t.field(toMany(dealType, 'sales_activities', salesActivities, 'Sales activities of custom types.')),
}));
