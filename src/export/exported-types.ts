import type { Product } from '../freshsales/products.ts';
import type { RecordType } from '../records/record-type.ts';
import { appointmentType } from '../resources/appointment/record.ts';
import { ContactFilter } from '../resources/contact/inputs.ts';
import { contactType } from '../resources/contact/record.ts';
import { DealFilter } from '../resources/deal/inputs.ts';
import { dealType } from '../resources/deal/record.ts';
import { LeadFilter } from '../resources/lead/inputs.ts';
import { leadType } from '../resources/lead/record.ts';
import { SalesAccountFilter } from '../resources/sales-account/inputs.ts';
import { salesAccountType } from '../resources/sales-account/record.ts';
import { salesActivityType } from '../resources/sales-activity/record.ts';
import { taskType } from '../resources/task/record.ts';
import type { RecordFilter } from '../schema/typed-filter.ts';
import { ExportError } from './export-error.ts';

/** A record type that Freshsales lists as a whole. */
export interface ExportedType {
  readonly recordType: RecordType;
  /** The typed filter of types with views. */
  readonly filter?: RecordFilter;
  /** Filters that together list every record, on accounts that refuse a list without one. */
  readonly filters?: readonly string[];
  readonly product?: Product;
}

const TYPES: Readonly<Record<string, ExportedType>> = {
  contacts: { recordType: contactType, filter: ContactFilter },
  'sales-accounts': { recordType: salesAccountType, filter: SalesAccountFilter },
  deals: { recordType: dealType, filter: DealFilter },
  leads: { recordType: leadType, filter: LeadFilter, product: 'classic' },
  tasks: { recordType: taskType, filters: ['open', 'completed'] },
  appointments: { recordType: appointmentType, filters: ['past', 'upcoming'] },
  'sales-activities': { recordType: salesActivityType },
};

const EXPORTED_NAMES: readonly string[] = Object.keys(TYPES);

/** The record type of this name: `sales-accounts`, `sales_accounts` or `salesAccounts`. */
export function exportedType(given: string, product: Product): ExportedType {
  const name = given
    .replace(/[A-Z]/g, (letter) => `-${letter}`)
    .replaceAll('_', '-')
    .toLowerCase();
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (!type) throw new ExportError(`“${given}” cannot be exported. Use one of ${EXPORTED_NAMES.join(', ')}.`);
  if (type.product && type.product !== product)
    throw new ExportError(`Only Freshsales Classic has ${name}. This account is ${product}.`);
  return type;
}
