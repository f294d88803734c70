import type { Lookup, Resource, Table } from '../freshsales/resource.ts';
import { appointmentAttendeeTable } from './appointment/attendee.ts';
import { appointmentResource } from './appointment/resource.ts';
import { businessTypeLookup } from './business-type/resource.ts';
import { campaignLookup } from './campaign/resource.ts';
import { contactResource } from './contact/resource.ts';
import { contactListLookup } from './contact-list/resource.ts';
import { contactStatusLookup } from './contact-status/resource.ts';
import { currencyLookup } from './currency/resource.ts';
import { dealResource } from './deal/resource.ts';
import { dealPaymentStatusLookup } from './deal-payment-status/resource.ts';
import { dealPipelineLookup } from './deal-pipeline/resource.ts';
import { dealProductLookup } from './deal-product/resource.ts';
import { dealReasonLookup } from './deal-reason/resource.ts';
import { dealStageLookup } from './deal-stage/resource.ts';
import { dealTypeLookup } from './deal-type/resource.ts';
import { industryTypeLookup } from './industry-type/resource.ts';
import { leadResource } from './lead/resource.ts';
import { leadReasonLookup } from './lead-reason/resource.ts';
import { leadSourceLookup } from './lead-source/resource.ts';
import { leadStageLookup } from './lead-stage/resource.ts';
import { lifecycleStageLookup } from './lifecycle-stage/resource.ts';
import { noteResource } from './note/resource.ts';
import { productResource } from './product/resource.ts';
import { salesAccountResource } from './sales-account/resource.ts';
import { salesActivityResource } from './sales-activity/resource.ts';
import { salesActivityOutcomeLookup } from './sales-activity-outcome/resource.ts';
import { salesActivityTypeLookup } from './sales-activity-type/resource.ts';
import { taskResource } from './task/resource.ts';
import { taskTypeLookup } from './task-type/resource.ts';
import { territoryLookup } from './territory/resource.ts';
import { userLookup } from './user/resource.ts';

/** Every record type (registration 1 of 2; the other is schema.ts). Client, loaders, sandbox and conformance tests go by it. */
export const resources: readonly Resource[] = [
  contactResource,
  salesAccountResource,
  dealResource,
  leadResource,
  taskResource,
  appointmentResource,
  noteResource,
  salesActivityResource,
  productResource,
];

/** The small fixed lists, each read whole in one call. */
export const lookups: readonly Lookup[] = [
  businessTypeLookup,
  campaignLookup,
  contactListLookup,
  contactStatusLookup,
  currencyLookup,
  dealPaymentStatusLookup,
  dealPipelineLookup,
  dealProductLookup,
  dealReasonLookup,
  dealStageLookup,
  dealTypeLookup,
  industryTypeLookup,
  leadReasonLookup,
  leadSourceLookup,
  leadStageLookup,
  lifecycleStageLookup,
  salesActivityOutcomeLookup,
  salesActivityTypeLookup,
  taskTypeLookup,
  territoryLookup,
  userLookup,
];

/** Everything whose rows can come along with another record. */
export const tables: readonly Table[] = [...resources, ...lookups, appointmentAttendeeTable];
