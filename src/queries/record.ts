import type { MaybePromise } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Identified, Targetable } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { type FieldSource, needsOf, selectionOf } from '../records/field-needs.ts';
import { loaderFor } from '../records/loader.ts';
import type { RecordType } from '../records/record-type.ts';
import { contactType } from '../resources/contact/record.ts';
import { Contact } from '../resources/contact/type.ts';
import { dealType } from '../resources/deal/record.ts';
import { Deal } from '../resources/deal/type.ts';
import { leadType } from '../resources/lead/record.ts';
import { Lead } from '../resources/lead/type.ts';
import { salesAccountType } from '../resources/sales-account/record.ts';
import { SalesAccount } from '../resources/sales-account/type.ts';
import { builder } from '../schema/builder.ts';
import { typeOf } from '../schema/node.ts';

/** Record types that can be searched, and that activities can belong to. */
export const searchableTypes: readonly RecordType[] = [contactType, salesAccountType, dealType, leadType];

export const RecordTypeEnum = builder.enumType('RecordType', {
  description:
    'Record types that can be searched, and that tasks, appointments, notes and sales activities can belong to.',
  values: {
    CONTACT: { value: 'contact', description: 'Contacts.' },
    SALES_ACCOUNT: { value: 'sales_account', description: 'Sales accounts.' },
    DEAL: { value: 'deal', description: 'Deals.' },
    LEAD: { value: 'lead', description: 'Leads. Classic only.' },
  } as const,
});

export type RecordKind = typeof RecordTypeEnum.$inferType;

export const Record = builder.unionType('Record', {
  description: 'A record that a task, appointment, note or sales activity can belong to.',
  types: [Contact, SalesAccount, Deal, Lead],
  resolveType: (row) => typeOf(row),
});

export const kindOf = ({ one }: RecordType): RecordKind => one as RecordKind;

/** Freshsales writes target types as class names or in snake case (QUIRKS 16). */
export const recordTypeNamed = (type: unknown): RecordType | undefined =>
  searchableTypes.find(({ name, one }) => type === name || String(type).toLowerCase() === one);

/** Loads the record that another refers to by type and id, with the selected fields. */
export function loadRecord(
  context: Context,
  info: GraphQLResolveInfo,
  { type, id }: Targetable,
): MaybePromise<Identified | null> {
  const recordType = recordTypeNamed(type);
  return recordType
    ? loaderFor(recordType)(context).refer(id, needsOf(selectionOf(context, info), recordType.name, info))
    : null;
}

interface Targeted extends Identified {
  readonly targetables?: readonly Targetable[] | null;
  readonly targetable?: Targetable | null;
  readonly targetable_type?: string | null;
  readonly targetable_id?: string | null;
}

/** The target may be sent as a list, an object, or a pair of columns. */
export function targetOf(row: Targeted): Targetable | undefined {
  const listed = Array.isArray(row.targetables) ? row.targetables[0] : undefined;
  const target = listed ?? row.targetable;
  if (target && typeof target.id === 'string') return target;
  const { targetable_type: type, targetable_id: id } = row;
  return type && typeof id === 'string' ? { type, id } : undefined;
}

/** The `target` of a task, appointment, note or sales activity. */
export const targetField = (source: FieldSource, description: string) => ({
  type: Record,
  description,
  // A record embedded in an activity has only its names.
  extensions: { freshsales: { brings: ['name', 'display_name', 'first_name', 'last_name', 'email'], ...source } },
  resolve: (row: Targeted, _args: object, context: Context, info: GraphQLResolveInfo) => {
    const target = targetOf(row);
    // `__typename` on the row tells which of the four types of the union it is.
    return target ? (loadRecord(context, info, target) as never) : null;
  },
});
