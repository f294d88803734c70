import {
  type GraphQLField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { printSdl, schema } from '../src/server/schema.ts';

/** Types of ours: not GraphQL's own. */
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

test('schema.graphql is what the code builds', async () => {
  await expect(printSdl(schema), 'Run npm run docs:schema.').toMatchFileSnapshot('../schema.graphql');
});

const fieldsOf = (type: GraphQLNamedType): GraphQLField<unknown, unknown>[] =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];

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
