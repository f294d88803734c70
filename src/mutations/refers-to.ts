import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
} from 'graphql';
import { isObject } from '../freshsales/json.ts';
import type { Args, FieldCost, Planning } from '../records/field-needs.ts';
import { isGid, parseGid, withoutZeros } from '../records/gid.ts';
import { readCall } from '../records/record-type.ts';

/** The types whose ids an argument or input field takes. With several, the global id decides. */
export type RefersTo = string | readonly string[];

/** The extensions of a field of an input: how Freshsales stores it. */
export interface InputSource {
  /** The column that it writes. */
  readonly column?: string;
  readonly refersTo?: RefersTo;
  /** The reason why the product of the account does not have the column. */
  readonly unavailable?: string;
  /** The attribute that it filters by. */
  readonly attribute?: string;
}

const sourceOf = ({ extensions }: Pick<GraphQLInputField, 'extensions'>): InputSource => extensions.freshsales ?? {};

/** Declares these types on a field. Grants and plans use them. */
export const refersTo = (types: RefersTo) => ({
  extensions: { freshsales: { refersTo: types } satisfies InputSource },
});

/** The attribute that a field of a filter searches by, if it is one. */
export const attributeOf = (field: Pick<GraphQLInputField, 'extensions'>): string | undefined =>
  sourceOf(field).attribute;

/** The types whose ids an argument or input field takes. Empty if none. */
export const typesNamedBy = (field: Pick<GraphQLInputField, 'extensions'>): readonly string[] =>
  [sourceOf(field).refersTo ?? []].flat();

/** The column that a field of an input writes, if it is one. */
export const columnWrittenBy = (field: Pick<GraphQLInputField, 'extensions'>): string | undefined =>
  sourceOf(field).column;

/** A record that the arguments refer to. Its type may be one of several. */
interface Mention {
  readonly types: readonly string[];
  readonly id: string;
}

/** All records that the arguments of a mutation refer to, as far as the arguments show. */
function mentionsIn(schema: GraphQLSchema, mutation: string, args: Readonly<Record<string, unknown>>): Mention[] {
  const field = schema.getMutationType()?.getFields()[mutation];
  return field ? mentionsOf(field.args, args) : [];
}

type Input = Pick<GraphQLArgument | GraphQLInputField, 'name' | 'extensions'> & { readonly type: GraphQLInputType };

const mentionsOf = (inputs: readonly Input[], values: Readonly<Record<string, unknown>>): Mention[] =>
  inputs.flatMap((input) => {
    const value = values[input.name];
    const types = typesNamedBy(input);
    if (types.length > 0) return scalarsIn(value).map((given) => mentionOf(types, given));
    const type = getNamedType(input.type);
    if (!isInputObjectType(type)) return [];
    const fields = Object.values(type.getFields());
    return [value].flat().flatMap((each) => (isObject(each) ? mentionsOf(fields, each) : []));
  });

const scalarsIn = (value: unknown): string[] =>
  [value]
    .flat()
    .filter((each) => typeof each === 'string' || typeof each === 'number')
    .map(String);

const mentionOf = (types: readonly string[], given: string): Mention => {
  const gid = isGid(given) ? parseGid(given) : undefined;
  return gid ? { types: [gid.type], id: gid.id } : { types, id: withoutZeros(given) };
};

/** Marks the types of which a caller sees one owner's records only, in its schema. */
export const ownedExtensions = (types: readonly string[]) => ({ freshsales: { owned: types } });

const ownedTypes = ({ extensions }: GraphQLSchema): readonly string[] =>
  (extensions.freshsales as { owned?: readonly string[] } | undefined)?.owned ?? [];

const WHEN = 'only if the owner is not known yet';

/** An input list that replaces the linked records of another type. Those that the caller cannot see stay linked. */
export interface ReplacedLinks {
  /** The field of the input. */
  readonly field: string;
  /** The type of the linked records. */
  readonly type: string;
  /** The most linked records. */
  readonly most: number;
  /** The path of the record, which is read to find them. */
  readonly path: string;
}

/** Reads that find the owners of the records that a mutation refers to. */
export function proofCost(
  args: Args,
  { schema, selection, registry }: Planning,
  replaced?: ReplacedLinks,
): FieldCost[] {
  const owned = ownedTypes(schema);
  if (owned.length === 0) return [];
  const mentions = mentionsIn(schema, selection.name, args).filter(({ types }) =>
    types.some((type) => owned.includes(type)),
  );
  const distinct = new Set(mentions.map(({ types, id }) => `${types.join()} ${id}`));
  const [type = ''] = mentions[0]?.types.filter((each) => owned.includes(each)) ?? [];
  const recordType = registry.recordType(type);
  const call = recordType ? readCall(recordType) : 'GET /{records}/{id}';
  const proofs: FieldCost[] = distinct.size > 0 ? [{ calls: distinct.size, needs: 0, call, when: WHEN }] : [];
  if (!replaced || !owned.includes(replaced.type) || !hasList(args.input, replaced.field)) return proofs;
  return [
    ...proofs,
    { calls: 1, call: readCall({ path: replaced.path }) },
    { calls: replaced.most, needs: 0, call, when: WHEN },
  ];
}

const hasList = (input: unknown, field: string): boolean => isObject(input) && Array.isArray(input[field]);
