import type { Lookup, RecordType, Table } from '../freshsales/resource.ts';
import { appointmentAttendeeTable } from './appointment/attendee.ts';
import { appointmentType } from './appointment/record.ts';
import { businessTypeLookup } from './business-type/record.ts';
import { campaignLookup } from './campaign/record.ts';
import { contactType } from './contact/record.ts';
import { contactListLookup } from './contact-list/record.ts';
import { contactStatusLookup } from './contact-status/record.ts';
import { currencyLookup } from './currency/record.ts';
import { dealType } from './deal/record.ts';
import { dealPaymentStatusLookup } from './deal-payment-status/record.ts';
import { dealPipelineLookup } from './deal-pipeline/record.ts';
import { dealProductLookup } from './deal-product/record.ts';
import { dealReasonLookup } from './deal-reason/record.ts';
import { dealStageLookup } from './deal-stage/record.ts';
import { dealTypeLookup } from './deal-type/record.ts';
import { industryTypeLookup } from './industry-type/record.ts';
import { leadType } from './lead/record.ts';
import { leadReasonLookup } from './lead-reason/record.ts';
import { leadSourceLookup } from './lead-source/record.ts';
import { leadStageLookup } from './lead-stage/record.ts';
import { lifecycleStageLookup } from './lifecycle-stage/record.ts';
import { noteType } from './note/record.ts';
import { productType } from './product/record.ts';
import { salesAccountType } from './sales-account/record.ts';
import { salesActivityType } from './sales-activity/record.ts';
import { salesActivityOutcomeLookup } from './sales-activity-outcome/record.ts';
import { salesActivityTypeLookup } from './sales-activity-type/record.ts';
import { taskType } from './task/record.ts';
import { taskTypeLookup } from './task-type/record.ts';
import { territoryLookup } from './territory/record.ts';
import { userLookup } from './user/record.ts';

/** All record types, used by the client, loaders, sandbox and conformance tests. Register them in schema.ts as well. */
export const recordTypes: readonly RecordType[] = [
  contactType,
  salesAccountType,
  dealType,
  leadType,
  taskType,
  appointmentType,
  noteType,
  salesActivityType,
  productType,
];

/** Lookup lists, each read completely in one call. */
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

/** All types whose rows can be included with another record. */
export const tables: readonly Table[] = [...recordTypes, ...lookups, appointmentAttendeeTable];
