import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';
import { expect, test } from 'vitest';
import { printSdl, schema } from '../src/server/schema.ts';

const contract = buildSchema(readFileSync(new URL('contract.graphql', import.meta.url), 'utf8'));
/** As clients read it, with its directives. */
const ours = buildSchema(printSdl(schema));

/** Parts of the contract that do not exist yet: a type, a field or an argument. Remove an entry when its part lands. */
const PENDING: readonly string[] = [];

type Member = GraphQLField<unknown, unknown> | GraphQLInputField;

const isBuiltIn = ({ name }: GraphQLNamedType): boolean =>
  name.startsWith('__') || ['ID', 'String', 'Int', 'Float', 'Boolean'].includes(name);

const membersOf = (type: GraphQLNamedType): Member[] =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];

const argsOf = (member: Member) => ('args' in member ? member.args : []);

/** Deprecations come and go without breaking a client. */
const directivesOf = ({ astNode }: Member): string =>
  (astNode?.directives ?? [])
    .filter(({ name }) => name.value !== 'deprecated')
    .map((directive) => ` ${print(directive)}`)
    .join('');

/** What a type promises: by name, so that a missing part is named. */
function promisesOf(type: GraphQLNamedType | undefined): Map<string, string> {
  if (!type) return new Map();
  const promises = new Map([[type.name, type.constructor.name]]);
  if (isEnumType(type)) for (const { name } of type.getValues()) promises.set(`${type.name}.${name}`, '');
  if (isUnionType(type)) for (const { name } of type.getTypes()) promises.set(`${type.name} = ${name}`, '');
  if (isObjectType(type)) for (const { name } of type.getInterfaces()) promises.set(`${type.name} & ${name}`, '');
  if (isInputObjectType(type)) promises.set(`${type.name} @oneOf`, String(type.isOneOf));
  for (const member of membersOf(type)) {
    const name = `${type.name}.${member.name}`;
    const initial = 'defaultValue' in member ? ` = ${member.defaultValue}` : '';
    promises.set(name, `${member.type}${initial}${directivesOf(member)}`);
    for (const arg of argsOf(member)) promises.set(`${name}(${arg.name})`, `${arg.type} = ${arg.defaultValue}`);
  }
  return promises;
}

const allPromises = (of: GraphQLSchema): Map<string, string> =>
  new Map(Object.values(of.getTypeMap()).flatMap((type) => [...promisesOf(type)]));

/** Whether it is pending, or part of something that is. */
const isPending = (name: string): boolean =>
  PENDING.some((part) => name === part || ['.', '(', ' '].some((sign) => name.startsWith(`${part}${sign}`)));

const types = Object.values(contract.getTypeMap()).filter((type) => !isBuiltIn(type) && !isPending(type.name));

test.each(types.map(({ name }) => name))('%s keeps the contract', (name) => {
  const kept = promisesOf(ours.getType(name));
  const broken = [...promisesOf(contract.getType(name))].filter(
    ([part, promise]) => !isPending(part) && kept.get(part) !== promise,
  );
  expect(broken.map(([part, promise]) => `${part}: ${promise}, not ${kept.get(part)}`)).toEqual([]);
});

test('what is pending does not exist yet', () => {
  const [there, wanted] = [allPromises(ours), allPromises(contract)];
  expect(PENDING.filter((part) => there.has(part))).toEqual([]);
  expect(PENDING.filter((part) => !wanted.has(part))).toEqual([]);
});

test('a field or an input requires nothing that the contract does not name', () => {
  const required = types.flatMap(({ name }) => {
    const known = promisesOf(contract.getType(name));
    return [...promisesOf(ours.getType(name))]
      .filter(([part, promise]) => !known.has(part) && promise.includes('! = undefined'))
      .map(([part]) => part)
      .filter((part) => !part.includes('(') || known.has(part.replace(/\(.*/, '')));
  });
  expect(required).toEqual([]);
});

test('a list that can fail has items that cannot be null', () => {
  const nodes = Object.values(ours.getQueryType()?.getFields() ?? {}).filter(({ type }) =>
    /^\[\w+\]$/.test(String(type)),
  );
  expect(nodes.map(({ name }) => name)).toEqual(['nodes']);
});

test('a field that is non-null is an id, part of a connection or a payload, computed here, or has a natural empty value', () => {
  const records = Object.values(ours.getTypeMap()).filter(
    (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'),
  );
  const strict = records.flatMap((type) =>
    membersOf(type)
      .filter((field) => String(field.type).endsWith('!'))
      .filter(({ name }) => name !== 'id' && name !== 'databaseId')
      .filter((field) => !String(field.type).startsWith('[') && getNamedType(field.type).name !== 'JSON')
      .map(({ name }) => `${type.name}.${name}`),
  );
  expect(strict).toEqual([]);
});
