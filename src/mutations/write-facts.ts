import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import { callTemplate } from '../freshsales/transport.ts';
import type { Action, Invalidation, Reference, WriteRequest } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import { badInput } from '../records/errors.ts';
import {
  type Args,
  type CountRecords,
  type FieldCost,
  type FieldFetch,
  fetchedBy,
  type Planning,
  type WriteSource,
} from '../records/field-needs.ts';
import { type AccountFacts, type RecordType, readCall } from '../records/record-type.ts';
import { builder } from '../schema/builder.ts';
import { writableFieldsOf } from '../schema/custom-fields/typed-schema.ts';
import type { NodeType } from '../schema/node.ts';
import { proofCost, type ReplacedLinks, refersTo } from './refers-to.ts';
import { Draft, idAt } from './writable.ts';

/** Facts about the writes of a record type. */
export interface WriteFacts<R extends Identified> {
  readonly recordType: RecordType<R>;
  readonly type: NodeType<R>;
  /** Record types whose rows depend on this one, such as sums over deals. */
  readonly dependentTypes?: readonly string[];
  /** The columns whose changes affect those rows. All if omitted. */
  readonly affectingColumns?: readonly string[];
  /** The links that an update replaces as a set. */
  readonly replacedLinks?: ReplacedLinks;
}

/** The change that a write reports to caches. */
export function changeOf<R extends Identified>(
  { recordType, dependentTypes = [], affectingColumns }: WriteFacts<R>,
  action: Action,
  { ids, draft }: { ids: readonly string[]; draft: Draft },
): Invalidation {
  const { columns, mentions } = draft;
  const shows =
    affectingColumns === undefined ||
    action !== 'update' ||
    Object.keys(columns).some((name) => affectingColumns.includes(name));
  // The parents of a new record are known. The former parents of an updated record are not.
  const wide: Reference[] = action === 'create' || !shows ? [] : dependentTypes.map((type) => ({ type, id: '*' }));
  return { type: recordType.name, path: recordType.path, ids, touched: [...mentions, ...wide], action };
}

/** The context for checking the arguments of a mutation, in an operation and while it is planned. */
export type DraftContext = Pick<Context, 'known'> &
  Pick<Partial<Context>, 'caller'> & { readonly freshsales: AccountFacts };

/** Writes the arguments of a mutation into a draft, with all problems that are found without a call. */
export type Drafting<A> = (
  args: A,
  context: DraftContext,
  info: Pick<GraphQLResolveInfo, 'schema'>,
) => { readonly draft: Draft };

/** Throws if a mutation with these arguments will be refused before its first call. */
export function refuseDraft<A>(drafting: Drafting<A>, args: A, planning: Planning): void {
  const { freshsales, known } = planning;
  if (!freshsales) return;
  const [problem] = drafting(args, { freshsales, known }, planning).draft.userErrors;
  if (problem) throw badInput(problem.message);
}

/** A new draft for a mutation, and the id of its record. The id is empty if invalid. */
export function draftOf<R extends Identified>(
  { recordType }: WriteFacts<R>,
  { freshsales: { product, timeZone } }: Pick<DraftContext, 'freshsales'>,
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

/** The call of a write. */
export interface WriteCall {
  readonly method: WriteRequest['method'];
  /** The path for a record. Calls on no record, or on many, have no id. */
  readonly path: (id: string) => string;
}

/** The update of a record. */
export const updateCall = ({ path }: Pick<RecordType, 'path'>): WriteCall => ({
  method: 'PUT',
  path: (id) => `${path}/${id}`,
});

/** The same as a template. */
export const templateOf = ({ method, path }: WriteCall): string => callTemplate({ method, path: path('{id}') });

/** The input of a mutation as far as costs depend on it. */
export type GivenInput = Readonly<Record<string, unknown>>;

interface Written<A> {
  readonly call: WriteCall;
  readonly drafting: Drafting<A>;
  /** The path of the records that are read where the response to the write lacks selected columns. */
  readonly reads?: string | undefined;
  /** The cost of reading the record before the write. */
  readonly first?: ((args: Args) => readonly FieldCost[]) | undefined;
  /** The cost of the steps before and after the write. */
  readonly steps?: ((input: GivenInput) => readonly FieldCost[]) | undefined;
  /** The links that the write replaces as a set. */
  readonly replacedLinks?: ReplacedLinks | undefined;
}

export const BROKEN = 'only if the connection breaks';
const LACKING = { calls: 1, needs: 0, when: 'only if the response to the write lacks selected columns' } as const;

/** The cost of a write: one call, and the reads and writes beside it. Throws if it will be refused before any. */
export const writeCost =
  <A extends object>({ call, drafting, reads, first, steps, replacedLinks }: Written<A>) =>
  (given: A, planning: Planning): FieldCost[] => {
    refuseDraft(drafting, given, planning);
    const args = { ...given } as Args;
    const write = { calls: 1, call: templateOf(call) };
    return [
      ...(first?.(args) ?? []),
      write,
      ...(steps?.(typeof args.input === 'object' && args.input !== null ? { ...args.input } : {}) ?? []),
      ...proofCost(args, planning, replacedLinks),
      ...(call.method === 'POST' ? [] : [{ ...write, needs: 0, fallback: true, when: BROKEN }]),
      ...(reads === undefined ? [] : [{ ...LACKING, call: readCall({ path: reads }) }]),
    ];
  };

/** The extensions and the resolver of a mutation field that writes. */
export const writtenBy = <F extends FieldFetch>(fetch: F, write: WriteSource) =>
  fetchedBy(fetch, { write, reads: true });

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
