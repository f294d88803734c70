import type { GraphQLResolveInfo } from 'graphql';
import { isMissingIn, missingMessage } from '../freshsales/products.ts';
import type { Identified, Targetable } from '../freshsales/resource.ts';
import { toWireId } from '../freshsales/writes.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { FieldContext, Writable } from '../mutations/writable.ts';
import type { Context } from '../records/context.ts';
import type { FieldSource } from '../records/field-needs.ts';
import { isGid, parseGid, withoutZeros } from '../records/gid.ts';
import type { RecordType } from '../records/record-type.ts';
import { builder } from '../schema/builder.ts';
import { loadRelated, typeOf } from '../schema/node.ts';
import { contactType } from './contact/record.ts';
import { Contact } from './contact/type.ts';
import { dealType } from './deal/record.ts';
import { Deal } from './deal/type.ts';
import { leadType } from './lead/record.ts';
import { Lead } from './lead/type.ts';
import { salesAccountType } from './sales-account/record.ts';
import { SalesAccount } from './sales-account/type.ts';

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
  types: () => [Contact, SalesAccount, Deal, Lead],
  resolveType: (row) => typeOf(row),
});

export const kindOf = ({ one }: RecordType): RecordKind => one as RecordKind;

/** Freshsales writes target types as class names or in snake case (QUIRKS 16). */
export const recordTypeNamed = (type: unknown): RecordType | undefined =>
  searchableTypes.find(({ name, one }) => type === name || String(type).toLowerCase() === one);

/** Loads the record that another refers to by type and id, with the selected fields. `hints`: values to find it by in a search. */
export function loadRecord(
  context: Context,
  info: GraphQLResolveInfo,
  { type, id }: Targetable,
  hints?: readonly string[],
): MaybePromise<Identified | null> {
  const table = recordTypeNamed(type);
  return table ? loadRelated(context, info, { table }, id, hints) : null;
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
  description:
    source.extra === undefined ? `${description} Costs one call per record, unless it was read already.` : description,
  // A record embedded in an activity has only its names.
  extensions: { freshsales: { brings: ['name', 'display_name', 'first_name', 'last_name', 'email'], ...source } },
  resolve: (row: Targeted, _args: object, context: Context, info: GraphQLResolveInfo) => {
    const target = targetOf(row);
    // `__typename` on the row tells which of the four types of the union it is.
    return target ? (loadRecord(context, info, target) as never) : null;
  },
});

/** Both fields are written together, by {@link writeTarget}. */
const together = { write: () => {} };

/** Input fields for the target of a task, appointment, note or sales activity. */
export const targetFields: { readonly targetId: Writable<string>; readonly targetType: Writable<RecordKind> } = {
  targetId: {
    ...together,
    type: 'ID',
    column: 'targetable_id',
    refersTo: searchableTypes.map(({ name }) => name),
    description: 'Record it belongs to. A Freshsales id also needs targetType; a global id does not.',
  },
  targetType: {
    ...together,
    type: RecordTypeEnum,
    column: 'targetable_type',
    description: 'Type of the target record. Required if targetId is a Freshsales id.',
  },
};

interface Target {
  readonly targetId?: string | null;
  readonly targetType?: RecordKind | null;
}

/** Writes the target as id and class name (FACTS 11). `needed` makes it required. */
export const writeTarget =
  ({ needed }: { needed: boolean }) =>
  ({ targetId, targetType }: Target, { path, draft }: FieldContext): void => {
    const at = [...path, 'targetId'];
    if (targetId === undefined) {
      if (targetType !== undefined) draft.refuse(at, 'targetType requires targetId.', 'REQUIRED');
    } else if (targetId !== null) {
      writeFound(targetId, targetType ?? undefined, { path: at, draft });
    } else if (needed) {
      draft.refuse(at, '“targetId” must not be empty.', 'REQUIRED');
    } else {
      Object.assign(draft.columns, { targetable_id: null, targetable_type: null });
    }
  };

function writeFound(given: string, kind: RecordKind | undefined, { path, draft }: FieldContext): void {
  const gid = isGid(given) ? parseGid(given) : undefined;
  const named = gid && searchableTypes.find(({ name }) => name === gid.type);
  const recordType = named ?? searchableTypes.find(({ one }) => one === kind);
  if (gid && !named)
    draft.refuse(path, `The target must be a Contact, SalesAccount, Deal or Lead, but ${given} has type ${gid.type}.`);
  else if (named && kind !== undefined && named.one !== kind)
    draft.refuse(path, `targetId is a ${named.name}, but targetType is another type. Omit targetType.`);
  else if (!gid && !/^\d{1,20}$/.test(given))
    draft.refuse(path, 'targetId is not an id. Use a global id such as gid://freshsales/Contact/31016358306.');
  else if (!recordType)
    draft.refuse(
      path,
      'A Freshsales id does not state its type. Provide targetType as well, or use a global id.',
      'REQUIRED',
    );
  else if (isMissingIn(draft.product, recordType.name))
    draft.refuse(path, missingMessage(draft.product, recordType.name, recordType.name), 'NOT_AVAILABLE');
  else {
    const id = gid?.id ?? withoutZeros(given);
    draft.mentions.push({ type: recordType.name, id });
    Object.assign(draft.columns, { targetable_id: toWireId(id), targetable_type: recordType.name });
  }
}
