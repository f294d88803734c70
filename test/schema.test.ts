import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../src/server/schema.ts';

const contract = buildSchema(readFileSync(new URL('contract.graphql', import.meta.url), 'utf8'));

/** Types of ours: not GraphQL's own. */
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

test('schema.graphql is what the code builds', async () => {
  await expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toMatchFileSnapshot('../schema.graphql');
});

/** Everything that a query or a mutation can reach. */
function reachable(name: string, seen = new Set<string>()): Set<string> {
  const type = contract.getType(name);
  if (!type || seen.has(name)) return seen;
  seen.add(name);
  for (const field of fieldsOf(type)) {
    reachable(bare(String(field.type)), seen);
    for (const arg of field.args) reachable(bare(String(arg.type)), seen);
  }
  if (isUnionType(type)) for (const member of type.getTypes()) reachable(member.name, seen);
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) reachable(bare(String(field.type)), seen);
  return seen;
}

const bare = (type: string) => type.replace(/[[\]!]/g, '');
const fieldsOf = (type: GraphQLNamedType): GraphQLField<unknown, unknown>[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];

/** A type as lines that say all of its promises. */
function promisesOf(type: GraphQLNamedType | undefined): string[] {
  if (!type) return [];
  if (isEnumType(type)) return type.getValues().map(({ name }) => `${type.name}.${name}`);
  if (isUnionType(type)) return type.getTypes().map(({ name }) => `${type.name} = ${name}`);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(
      (field) => `${type.name}.${field.name}: ${field.type} = ${field.defaultValue}`,
    );
  const interfaces = isObjectType(type)
    ? type.getInterfaces().map(({ name }) => `${type.name} implements ${name}`)
    : [];
  const fields = fieldsOf(type).flatMap((field) => [
    `${type.name}.${field.name}: ${field.type}`,
    ...field.args.map((arg) => `${type.name}.${field.name}(${arg.name}: ${arg.type} = ${arg.defaultValue})`),
  ]);
  return [type.name, ...interfaces, ...fields];
}

const reached = [...new Set([...reachable('Query'), ...reachable('Mutation')])];

test.each(reached)('%s keeps the contract', (name) => {
  const ours = new Set(promisesOf(schema.getType(name)).map((line) => line.toLowerCase()));
  expect(promisesOf(contract.getType(name)).filter((line) => !ours.has(line.toLowerCase()))).toEqual([]);
});

test('a field of ours asks for no argument that the contract does not name', () => {
  const required = reached.flatMap((name) => {
    const [theirs, ours] = [contract.getType(name), schema.getType(name)];
    if (!theirs || !ours) return [];
    const known = new Set(promisesOf(theirs));
    return promisesOf(ours).filter((line) => line.includes('(') && /!\s=\sundefined/.test(line) && !known.has(line));
  });
  expect(required.filter((line) => contract.getType(line.split('.')[0] ?? '') && fieldIsInContract(line))).toEqual([]);
});

function fieldIsInContract(line: string): boolean {
  const [, type = '', field = ''] = /^(\w+)\.(\w+)\(/.exec(line) ?? [];
  return fieldsOf(contract.getType(type) as GraphQLNamedType).some(({ name }) => name === field);
}

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** Types, fields, arguments, enum values and directives, by a name that tells where each is. */
const described: readonly Described[] = [
  ...types.flatMap((type) => [
    type,
    ...fieldsOf(type).flatMap((field) => [under(type, field), ...field.args.map((arg) => under(type, field, arg))]),
    ...(isInputObjectType(type) ? Object.values(type.getFields()) : []).map((field) => under(type, field)),
    ...(isEnumType(type) ? type.getValues() : []).map((value) => under(type, value)),
  ]),
  ...schema.getDirectives().flatMap((each) => [each, ...each.args.map((arg) => under(each, arg))]),
];

function under(...parts: readonly Described[]): Described {
  return { name: parts.map(({ name }) => name).join('.'), description: parts.at(-1)?.description };
}

test('everything is described', () => {
  expect(described.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
});

test('a description starts with the thing, not with a question word', () => {
  const asking = described.filter(({ description }) =>
    /^(What|Whether|Which|Who|Whose|How|Where|When)\b/.test(description ?? ''),
  );
  expect(asking.map(({ name, description }) => `${name}: ${description}`)).toEqual([]);
});

test('a description uses the right article before a type name', () => {
  const wrong = described.filter(({ description }) =>
    /\ba [AEIO][a-z]|\ban [B-DF-HJ-NP-TV-Z][a-z]/.test(description ?? ''),
  );
  expect(wrong.map(({ name, description }) => `${name}: ${description}`)).toEqual([]);
});

test('a description is one or more full sentences', () => {
  const cut = described.filter(({ description }) => !/^[A-Z0-9`“].*\.$/s.test(description ?? ''));
  expect(cut.map(({ name, description }) => `${name}: ${description}`)).toEqual([]);
});
