import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isRequiredInputField,
  type OperationDefinitionNode,
  print,
  typeFromAST,
} from 'graphql';
import { isGid, parseGid, toGid } from '../records/gid.ts';
import { Samples } from './samples.ts';
import { isCondition, isOfAnyType, type Use, usesOfVariables, withAllOf } from './uses.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What is planned in place of an operation of which not all variables are known. */
export interface Assumed {
  /** With everything that unknown conditions may leave out: one of them can leave out one field and let in another. */
  readonly document: DocumentNode;
  /** The variables of those conditions. */
  readonly undecided: readonly string[];
  /** Values of the others, in each way that may turn out to be the dearest. */
  readonly variants: readonly Variables[];
}

interface Missing {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly uses: readonly Use[];
}

/**
 * Assumes something for the variables that an operation requires and nobody has given. With it, the operation costs no less
 * than with any other values. The document holds the operation and all of its fragments, and is valid.
 */
export function assume(
  schema: GraphQLSchema,
  { document, operation }: { readonly document: DocumentNode; readonly operation: OperationDefinitionNode },
  given: Variables,
): Assumed {
  const uses = usesOfVariables(document);
  const missing = (operation.variableDefinitions ?? []).flatMap(({ variable, type: node, defaultValue }): Missing[] => {
    const { value: name } = variable.name;
    const type = typeFromAST(schema, node) as GraphQLInputType | undefined;
    const isRequired = node.kind === 'NonNullType' && defaultValue === undefined && !Object.hasOwn(given, name);
    return type && isRequired ? [{ name, type, uses: uses.get(name) ?? [] }] : [];
  });
  const undecided = missing.filter((each) => each.uses.some(isCondition)).map(({ name }) => name);
  const samples = new Samples(numbersIn(`${print(document)} ${JSON.stringify(given)}`));
  const values = Object.fromEntries(missing.map(({ name, type, uses }) => [name, samples.of(type, uses)]));
  return {
    document: undecided.length > 0 ? withAllOf(document, new Set(undecided)) : document,
    undecided,
    variants: [
      values,
      ...withNames(values, missing, samples),
      ...withLongList(values, missing),
      ...withoutFields(values, missing),
    ],
  };
}

/** A view may be called by its name, for which the list of views is read, or by an id, which may turn out to be a name. */
function withNames(values: Variables, missing: readonly Missing[], samples: Samples): Variables[] {
  const names = missing.filter(isView).map(({ name }) => [name, samples.name()] as const);
  return names.length > 0 ? [{ ...values, ...Object.fromEntries(names) }] : [];
}

/** Of the lists that are read whole for one of their rows, one may be long; each of the other ids costs most as a record's. */
function withLongList(values: Variables, missing: readonly Missing[]): Variables[] {
  const name = missing.find(({ uses }) => isOfAnyType(uses))?.name;
  const value = name === undefined ? undefined : values[name];
  const [first, ...others] = Array.isArray(value) ? value : [value];
  if (name === undefined || typeof first !== 'string' || !isGid(first)) return [];
  const gid = toGid('ContactList', parseGid(first).id);
  return [{ ...values, [name]: Array.isArray(value) ? [gid, ...others] : gid }];
}

/** What a field of an input says may save a call that finds it out: each that may be left out is, once. */
function withoutFields(values: Variables, missing: readonly Missing[]): Variables[] {
  const inputs = missing.flatMap(({ name, type }) => {
    const object = getNullableType(type);
    return isInputObjectType(object) && !object.isOneOf ? [{ name, fields: Object.values(object.getFields()) }] : [];
  });
  const optional = new Set(
    inputs.flatMap(({ fields }) => fields.filter((each) => !isRequiredInputField(each)).map(({ name }) => name)),
  );
  return [...optional].map((field) => ({
    ...values,
    ...Object.fromEntries(inputs.map(({ name }) => [name, without(values[name], field)])),
  }));
}

const without = (value: unknown, field: string) =>
  Object.fromEntries(Object.entries(value as Variables).filter(([name]) => name !== field));

const isView = ({ type, uses }: Missing): boolean =>
  getNamedType(type).name === 'ID' && uses.length > 0 && uses.every(({ argument }) => argument === 'view');

const numbersIn = (text: string): ReadonlySet<string> => new Set(text.match(/\d+/g));
