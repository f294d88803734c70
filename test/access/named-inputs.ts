import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
} from 'graphql';
import { columnWrittenBy, typesNamedBy } from '../../src/mutations/refers-to.ts';
import { schema } from '../../src/server/schema.ts';

/** An argument or input field through which a mutation can name something, and the way to it. */
export interface NamedInput {
  readonly mutation: string;
  readonly path: readonly string[];
  /** The types of record whose ids it takes; none where it is an identifier. */
  readonly types: readonly string[];
  /** The column that it writes, if it is one. */
  readonly column?: string | undefined;
}

type Input = Pick<GraphQLArgument | GraphQLInputField, 'name' | 'extensions'> & { readonly type: GraphQLInputType };

/** Names by which a field may name something, although it is no ID. */
const IDENTIFYING = /(Id|Ids|id|ids)$/;

/** Every place in the arguments of every mutation that takes an id or an identifier. */
export function namedInputs(): NamedInput[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) => walk(name, args, []));
}

function walk(mutation: string, inputs: readonly Input[], above: readonly string[]): NamedInput[] {
  return inputs.flatMap((input) => {
    const path = [...above, input.name];
    const type = getNamedType(input.type);
    if (isInputObjectType(type)) {
      const isIdentifier = type.isOneOf || /^BulkUpsert/.test(type.name);
      const fields = Object.values(type.getFields());
      return isIdentifier
        ? [
            ...walk(mutation, fields, path),
            ...fields
              .filter((field) => getNamedType(field.type).name === 'String')
              .map((field) => ({ mutation, path: [...path, field.name], types: [] })),
          ]
        : walk(mutation, fields, path);
    }
    const types = typesNamedBy(input);
    if (type.name !== 'ID' && types.length === 0 && !IDENTIFYING.test(input.name)) return [];
    return [{ mutation, path, types, column: columnWrittenBy(input) }];
  });
}

/** Values for the arguments of a mutation, with one of them given. */
export function argumentsFor({ mutation, path }: NamedInput, given: unknown, own: Own): object {
  const field = schema.getMutationType()?.getFields()[mutation];
  const made = { ...objectFor(field?.args ?? [], path, given, own) } as { input?: object };
  // What must be unique in a copy has to be another.
  const unique = {
    [/Contact|Lead/.test(mutation) ? 'email' : 'name']: `copy${own('User')}${path.join('')}${copies}@x.example`,
  };
  copies += 1;
  return /^(clone|createContact$)/.test(mutation) ? { ...made, input: { ...unique, ...made.input } } : made;
}

let copies = 0;

type Own = (type: string, input?: string) => string;

/** What a field that no test is about is given, by what it is called. */
const FILLERS = ['title', 'lastName', 'firstName', 'description', 'city', 'category', 'name'];

function objectFor(inputs: readonly Input[], [head, ...rest]: readonly string[], given: unknown, own: Own): object {
  const entries = inputs.flatMap((input): [string, unknown][] => {
    if (input.name === head) return [[input.name, valueAt(input.type, rest, given, own)]];
    return isRequired(input) ? [[input.name, requiredValue(input, own)]] : [];
  });
  const partner = inputs.find(({ name }) => name === 'isPrimary');
  const identifier = head === 'data' ? inputs.find(({ name }) => name === 'email' || name === 'name') : undefined;
  return Object.fromEntries([
    ...entries,
    ...(partner ? [['isPrimary', true]] : []),
    ...(identifier ? [[identifier.name, 'row@x.example']] : []),
  ]);
}

const isRequired = ({ type }: Input): boolean => String(type).endsWith('!');

function valueAt(type: GraphQLInputType, path: readonly string[], given: unknown, own: Own): unknown {
  const isList = String(type).startsWith('[');
  const named = getNamedType(type);
  const value = isInputObjectType(named) ? objectFor(Object.values(named.getFields()), path, given, own) : given;
  return isList ? [value] : value;
}

const SCALARS: Readonly<Record<string, unknown>> = {
  Decimal: '1',
  Date: '2026-07-01',
  DateTime: '2026-07-01T10:00:00Z',
  Boolean: false,
};

function requiredValue(input: Input, own: Own): unknown {
  const named = getNamedType(input.type);
  const isList = String(input.type).startsWith('[');
  const [type] = typesNamedBy(input);
  if (type !== undefined)
    return isList
      ? [`gid://freshsales/${type}/${own(type, input.name)}`]
      : `gid://freshsales/${type}/${own(type, input.name)}`;
  if (!isInputObjectType(named))
    return input.name === 'currencyCode' ? 'USD' : (SCALARS[named.name] ?? `Something new ${copies}`);
  const fields = Object.values(named.getFields());
  const filler = FILLERS.find((name) => fields.some((field) => field.name === name));
  const value = named.isOneOf
    ? objectFor(fields, ['id'], own(named.name.replace('Identifier', '')), own)
    : objectFor(fields, filler === undefined ? [] : [filler], 'Something new', own);
  return isList ? [value] : value;
}
