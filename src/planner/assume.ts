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

/** What is planned for an operation whose variables are not all known. */
interface Assumed {
  /** With everything that unknown conditions may skip or include. */
  readonly document: DocumentNode;
  /** The variables of those conditions. */
  readonly undecided: readonly string[];
  /** Values of the other variables: each combination that may be the most expensive. */
  readonly variants: readonly Variables[];
}

interface Missing {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly uses: readonly Use[];
}

/**
 * Assumes values for required variables that are not given, so that the operation costs no less than with any other values. The
 * document must be valid, and contain the operation and all of its fragments.
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

/** A view may be named, so that the list of views is read, or given by an id, which may be a name after all. */
function withNames(values: Variables, missing: readonly Missing[], samples: Samples): Variables[] {
  const names = missing.filter(isView).map(({ name }) => [name, samples.name()] as const);
  return names.length > 0 ? [{ ...values, ...Object.fromEntries(names) }] : [];
}

/** One id may be of a long lookup, which is read for one of its rows. The others cost most as ids of records. */
function withLongList(values: Variables, missing: readonly Missing[]): Variables[] {
  const name = missing.find(({ uses }) => isOfAnyType(uses))?.name;
  const value = name === undefined ? undefined : values[name];
  const [first, ...others] = Array.isArray(value) ? value : [value];
  if (name === undefined || typeof first !== 'string' || !isGid(first)) return [];
  const gid = toGid('ContactList', parseGid(first).id);
  return [{ ...values, [name]: Array.isArray(value) ? [gid, ...others] : gid }];
}

/** A field of an input may save a call, so each optional field is left out once. */
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
