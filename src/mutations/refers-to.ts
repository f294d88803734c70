import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
} from 'graphql';
import { readCall } from '../records/capabilities.ts';
import type { Args, Charge, Pricing } from '../records/field-needs.ts';
import { isGid, parseGid, withoutZeros } from '../records/gid.ts';

/** What an argument or an input field holds ids of: a GraphQL type, or several where the global id says which. */
export type RefersTo = string | readonly string[];

/** Declares it, beside the field: grants and plans go by it. */
export const refersTo = (types: RefersTo) => ({ extensions: { freshsales: { refersTo: types } } });

/** The types whose ids an argument or an input field takes; none where it takes no ids of records. */
export function typesNamedBy({ extensions }: Pick<GraphQLInputField, 'extensions'>): readonly string[] {
  const types = (extensions.freshsales as { refersTo?: RefersTo } | undefined)?.refersTo ?? [];
  return [types].flat();
}

/** A record that the arguments of a mutation name. One whose type they do not tell is of one of several. */
export interface Mention {
  readonly types: readonly string[];
  readonly id: string;
}

/** Every record that the arguments of a mutation name, as far as that can be told from the arguments alone. */
export function mentionsIn(
  schema: GraphQLSchema,
  mutation: string,
  args: Readonly<Record<string, unknown>>,
): Mention[] {
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
    return [value].flat().flatMap((each) => (isRecord(each) ? mentionsOf(fields, each) : []));
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

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Says in a caller's schema of which types the caller may see one owner's records only. */
export const ownedExtensions = (types: readonly string[]) => ({ freshsales: { owned: types } });

const ownedTypes = ({ extensions }: GraphQLSchema): readonly string[] =>
  (extensions.freshsales as { owned?: readonly string[] } | undefined)?.owned ?? [];

const WHEN = 'only where it is not known yet whose record it is';

/** A contact has at most so many accounts (QUIRKS 47). */
const MAX_ACCOUNTS = 25;

/** Reads by which it is found out whose the records are that a mutation names. */
export function proofCharges(args: Args, { schema, selection, registry }: Pricing): Charge[] {
  const owned = ownedTypes(schema);
  if (owned.length === 0) return [];
  const mentions = mentionsIn(schema, selection.name, args).filter(({ types }) =>
    types.some((type) => owned.includes(type)),
  );
  const distinct = new Set(mentions.map(({ types, id }) => `${types.join()} ${id}`));
  const [type = ''] = mentions[0]?.types.filter((each) => owned.includes(each)) ?? [];
  const recordType = registry.recordType(type);
  const call = recordType ? readCall(recordType) : 'GET /{records}/{id}';
  const proofs: Charge[] = distinct.size > 0 ? [{ calls: distinct.size, needs: 0, call, when: WHEN }] : [];
  const isReplacing = selection.name === 'updateContact' && owned.includes('SalesAccount') && hasAccounts(args.input);
  return isReplacing
    ? [...proofs, { calls: 1, call: 'GET /contacts/{id}' }, { calls: MAX_ACCOUNTS, needs: 0, call, when: WHEN }]
    : proofs;
}

const hasAccounts = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'salesAccounts' in input && Array.isArray(input.salesAccounts);
