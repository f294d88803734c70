import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  isUnionType,
  print,
} from 'graphql';

/** Arguments of every list, printed without description. */
const PAGING = ['first', 'last', 'after', 'before'];

const comment = (text: string): string => (text === '' ? '' : ` # ${text.replace(/\s+/g, ' ').trim()}`);

/** `name(arg: Type = default): Type`. */
export function signatureOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const given = args.length > 0 ? `(${args.map(argumentOf).join(', ')})` : '';
  return `${name}${given}: ${type}`;
}

function argumentOf({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const ast = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return `${name}: ${type}${ast ? ` = ${print(ast)}` : ''}`;
}

/** Signature and descriptions of a root field and its arguments. For a mutation, also the fields of its payload. */
export function rootField(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>): string {
  const args = field.args
    .filter(({ name, description }) => !PAGING.includes(name) && description)
    .map(({ name, description }) => `${name}: ${description}`);
  const words = comment([field.description ?? '', ...args].join(' '));
  return `${kind} ${signatureOf(field)}${kind === 'mutation' ? payloadOf(field) : ''}${words}`;
}

function payloadOf({ type }: GraphQLField<unknown, unknown>): string {
  const payload = getNamedType(type);
  if (!isObjectType(payload)) return '';
  return ` {${Object.values(payload.getFields())
    .map(({ name, type }) => `${name}: ${type}`)
    .join(', ')}}`;
}

/** Compact SDL of a type. Only inputs and costs are described; other field names speak for themselves. */
export function compactType(type: GraphQLNamedType): string {
  if (isEnumType(type))
    return `enum ${type.name} { ${type
      .getValues()
      .map(({ name }) => name)
      .join(' ')} }`;
  if (isUnionType(type))
    return `union ${type.name} = ${type
      .getTypes()
      .map(({ name }) => name)
      .join(' | ')}`;
  if (isScalarType(type)) return `scalar ${type.name}${comment(type.description ?? '')}`;
  if (isInputObjectType(type))
    return block(
      'input',
      type,
      Object.values(type.getFields()).map((field) => `${argumentOf(field)}${comment(field.description ?? '')}`),
    );
  return block(
    isObjectType(type) ? 'type' : 'interface',
    type,
    Object.values(type.getFields()).map((field) => `${signatureOf(field)}${comment(costOf(field))}`),
  );
}

const block = (keyword: string, { name, description }: GraphQLNamedType, lines: readonly string[]): string =>
  `${keyword} ${name} {${comment(description ?? '')}\n${lines.join('\n')}\n}`;

/** The sentences of a description that mention calls. */
const costOf = ({ description }: GraphQLField<unknown, unknown>): string =>
  (description ?? '')
    .replaceAll(/\.\s+/g, '.\0')
    .split('\0')
    .filter((sentence) => /\bcalls?\b/i.test(sentence))
    .join(' ');
