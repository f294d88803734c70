import type { ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import type { Action, Change, Reference } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import type { Args, Charge, CountRecords, FieldSource } from '../records/field-needs.ts';
import type { RecordLoader } from '../records/loader.ts';
import type { RecordType } from '../records/record-type.ts';
import { builder, type Types } from '../schema/builder.ts';
import { writableFieldsOf } from '../schema/custom-fields/typed-schema.ts';
import { proofCharges, refersTo } from './refers-to.ts';
import { Draft, idAt } from './writable.ts';

/** Facts about the writes of a record type. */
export interface WriteFacts<R extends Identified> {
  readonly recordType: RecordType<R>;
  readonly type: ObjectRef<Types, R>;
  readonly loader: RecordLoader<R>;
  /** Record types whose rows depend on this one, such as sums over deals. */
  readonly ripples?: readonly string[];
  /** The columns that they depend on. All if omitted. */
  readonly rippling?: readonly string[];
}

/** The change that a write reports to caches. */
export function changeOf<R extends Identified>(
  { recordType, ripples = [], rippling }: WriteFacts<R>,
  action: Action,
  { ids, draft }: { ids: readonly string[]; draft: Draft },
): Change {
  const { columns, mentions } = draft;
  const shows =
    rippling === undefined || action !== 'update' || Object.keys(columns).some((name) => rippling.includes(name));
  // The parents of a new record are known. The former parents of an updated record are not.
  const wide: Reference[] = action === 'create' || !shows ? [] : ripples.map((type) => ({ type, id: '*' }));
  return { type: recordType.name, path: recordType.path, ids, touched: [...mentions, ...wide], action };
}

/** A new draft for a mutation, and the id of its record. The id is empty if invalid. */
export function draftOf<R extends Identified>(
  { recordType }: WriteFacts<R>,
  { freshsales: { product, timeZone } }: Pick<Context, 'freshsales'>,
  { schema }: Pick<GraphQLResolveInfo, 'schema'>,
  given?: string,
): { draft: Draft; id: string } {
  const draft = new Draft(product, writableFieldsOf(schema, recordType.name), timeZone);
  if (given !== undefined) draft.paths.set('id', ['id']);
  const id = given === undefined ? '' : (idAt(recordType.name, given, { path: ['id'], draft }) ?? '');
  draft.mentions.length = 0;
  return { draft, id };
}

/** The `id` argument of a mutation. */
export const idArgs = (type: string) =>
  builder.args((t) => ({
    id: t.id({
      required: true,
      description: `Freshsales id or global id of the ${type}.`,
      ...refersTo(type),
    }),
  }));

interface Price {
  readonly type: string;
  readonly action: Action;
  readonly records: CountRecords;
  readonly call: string;
  /** The call that reads selected columns which the response to the write lacks. */
  readonly reads?: string | undefined;
  /** The cost of reading the record before the write. */
  readonly first?: ((args: Args) => readonly Charge[]) | undefined;
  /** The cost of a check before the write. */
  readonly more?: ((input: Readonly<Record<string, unknown>>) => readonly Charge[]) | undefined;
}

/** One call, and the cost of the check before it. */
const BROKEN = { calls: 1, needs: 0, fallback: true, when: 'only if the connection breaks' } as const;
const LACKING = { calls: 1, needs: 0, when: 'only if the response to the write lacks selected columns' } as const;

export const writePrice = ({
  type,
  action,
  records,
  call,
  reads,
  first,
  more,
}: Price): { freshsales: FieldSource } => ({
  freshsales: {
    write: { type, action, records },
    reads: true,
    price: (args, pricing) => [
      ...(first?.(args) ?? []),
      { calls: 1, call },
      ...(more?.(typeof args.input === 'object' && args.input !== null ? { ...args.input } : {}) ?? []),
      ...proofCharges(args, pricing),
      ...(call.startsWith('POST') ? [] : [{ ...BROKEN, call }]),
      ...(reads === undefined ? [] : [{ ...LACKING, call: `GET /${reads}/{id}` }]),
    ],
  },
});

/** Input lists that link or unlink other records. */
const LINKS = ['contactIds', 'addContactIds', 'removeContactIds'];

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** The record, and those that its input links or unlinks. Product lines, addresses and tags belong to the record. */
export const oneRecord: CountRecords = ({ input }) =>
  LINKS.reduce((sum, name) => sum + lengthOf((input as Args | null | undefined)?.[name]), 1);

/** One per item of a list argument, times its links. */
export const eachOf =
  (name: string): CountRecords =>
  (args) =>
    lengthOf(args[name]) * (name === 'input' ? 1 : oneRecord(args));

/** An unknown number of records. */
export const allRecords: CountRecords = () => Number.POSITIVE_INFINITY;

/** Records that are deleted with their parent cannot be counted beforehand. */
export const withAssociated =
  (count: CountRecords): CountRecords =>
  (args) =>
    args.deleteAssociatedContactsAndDeals === true ? allRecords(args) : count(args);
