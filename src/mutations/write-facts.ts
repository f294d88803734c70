import type { ObjectRef } from '@pothos/core';
import type { Action, Change, Reference } from '../freshsales/change.ts';
import type { Identified } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import type { Charge, FieldSource } from '../records/field-needs.ts';
import type { RecordLoader } from '../records/loader.ts';
import type { RecordType } from '../records/record-type.ts';
import { builder, type Types } from '../schema/builder.ts';
import { Draft } from './draft.ts';
import { proofCharges, refersTo } from './refers-to.ts';
import { idAt } from './writable.ts';

/** What a record type says of its writes, beside its inputs. */
export interface WriteFacts<R extends Identified> {
  readonly recordType: RecordType<R>;
  readonly type: ObjectRef<Types, R>;
  readonly loader: RecordLoader<R>;
  /** Record types whose rows show something of this one, such as sums over deals. */
  readonly ripples?: readonly string[];
  /** Columns of this one that show there; all of them where this is left out. */
  readonly rippling?: readonly string[];
  /** Refuses what the account does not have, before any call. */
  readonly guard?: (context: Context) => void;
}

/** What a write makes stale, for whoever remembers answers. */
export function changeOf<R extends Identified>(
  { recordType, ripples = [], rippling }: WriteFacts<R>,
  action: Action,
  { ids, draft }: { ids: readonly string[]; draft: Draft },
): Change {
  const { columns, mentions } = draft;
  const shows =
    rippling === undefined || action !== 'update' || Object.keys(columns).some((name) => rippling.includes(name));
  // Of a new record it is known which others it belongs to; of one that was there before, not to which it did belong.
  const wide: Reference[] = action === 'create' || !shows ? [] : ripples.map((type) => ({ type, id: '*' }));
  return { type: recordType.name, path: recordType.path, ids, touched: [...mentions, ...wide], action };
}

/** A new draft for a mutation of this record type, and the id it is about, empty where that is not one. */
export function draftOf<R extends Identified>(
  { recordType, guard }: WriteFacts<R>,
  context: Context,
  given?: string,
): { draft: Draft; id: string } {
  guard?.(context);
  const draft = new Draft();
  if (given !== undefined) draft.paths.set('id', ['id']);
  const id = given === undefined ? '' : (idAt(recordType.name, given, { path: ['id'], draft }) ?? '');
  draft.mentions.length = 0;
  return { draft, id };
}

/** The record that a mutation is about. */
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
  /** Where the record is read, should the answer to the write lack something that is selected. */
  readonly reads?: string | undefined;
  /** What a check before it may cost. */
  readonly more?: ((input: Readonly<Record<string, unknown>>) => readonly Charge[]) | undefined;
}

/** One call, and what has to be looked at before. */
const BROKEN = { calls: 1, needs: 0, fallback: true, when: 'only where the connection broke' } as const;
const LACKING = { calls: 1, needs: 0, when: 'only where the answer to the write lacks what is selected' } as const;

export const writePrice = ({ type, action, records, call, reads, more }: Price): { freshsales: FieldSource } => ({
  freshsales: {
    write: { type, action, records },
    reads: true,
    price: (args, pricing) => [
      { calls: 1, call },
      ...(more?.(typeof args.input === 'object' && args.input !== null ? { ...args.input } : {}) ?? []),
      ...proofCharges(args, pricing),
      ...(call.startsWith('POST') ? [] : [{ ...BROKEN, call }]),
      ...(reads === undefined ? [] : [{ ...LACKING, call: `GET /${reads}/{id}` }]),
    ],
  },
});

type Args = Readonly<Record<string, unknown>>;

/** How many records a mutation writes with these arguments. `Infinity` where the arguments do not tell. */
export type CountRecords = (args: Args) => number;

/** Lists of an input that link other records to the one that is written, or unlink them. */
const LINKS = ['contactIds', 'addContactIds', 'removeContactIds'];

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** The record, and those that its input links or unlinks. Lines, addresses and tags are part of the record. */
export const oneRecord: CountRecords = ({ input }) =>
  LINKS.reduce((sum, name) => sum + lengthOf((input as Args | null | undefined)?.[name]), 1);

/** One for each item of a list argument, with the links that each of them gets. */
export const eachOf =
  (name: string): CountRecords =>
  (args) =>
    lengthOf(args[name]) * (name === 'input' ? 1 : oneRecord(args));

/** Everything that is there, however much that is. */
export const allRecords: CountRecords = () => Number.POSITIVE_INFINITY;

/** What belongs to a record and is deleted with it cannot be counted beforehand. */
export const withAssociated =
  (count: CountRecords): CountRecords =>
  (args) =>
    args.deleteAssociatedContactsAndDeals === true ? allRecords(args) : count(args);
