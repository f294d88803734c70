import type { Table } from '../freshsales/resource.ts';
import { lookups } from '../lookups/index.ts';
import { createRegistry, type RecordType } from '../records/record-type.ts';
import { appointmentAttendeeTable } from './appointment/attendee.ts';
import { appointmentType } from './appointment/record.ts';
import { contactType } from './contact/record.ts';
import { dealType } from './deal/record.ts';
import { leadType } from './lead/record.ts';
import { noteType } from './note/record.ts';
import { productType } from './product/record.ts';
import { salesAccountType } from './sales-account/record.ts';
import { salesActivityType } from './sales-activity/record.ts';
import { taskType } from './task/record.ts';

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

/** All types whose rows can be included with another record. */
export const tables: readonly Table[] = [...recordTypes, ...lookups, appointmentAttendeeTable];

/** Record types and lookups by name, for the planner and every operation. */
export const registry = createRegistry({ recordTypes, lookups, tables: [appointmentAttendeeTable] });
