import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/server/schema.ts';
import { openOffice } from '../mutations/office.ts';
import { deepCases } from '../property.ts';

const VALID: Readonly<Record<string, string>> = {
  ...{ ID: '101', Int: '5', Float: '1.5', Boolean: 'true', String: '"abc"', JSON: '1', Decimal: '"1.0"' },
  ...{ DateTime: '"2026-07-01T00:00:00Z"', Date: '"2026-07-01"' },
};

const INVALID: Readonly<Record<string, readonly string[]>> = {
  ID: ['"not an id!"', '""', '"gid://freshsales/Nope/1"'],
  Int: ['-1', '100000'],
  String: ['" "', JSON.stringify('x'.repeat(5000))],
};

/** A value of a type, with all that it must have. */
function valid(given: GraphQLInputType): string {
  const type = getNullableType(given);
  if (isListType(type)) return `[${valid(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (!isInputObjectType(type)) return VALID[type.name] ?? '"x"';
  return object(Object.values(type.getFields()).filter(isRequiredInputField));
}

const object = (fields: readonly GraphQLInputField[], ...others: readonly string[]): string =>
  `{ ${[...others, ...fields.map(({ name, type }) => `${name}: ${valid(type)}`)].join(', ')} }`;

/** Values of a type that are probably refused, although GraphQL accepts them. */
function invalid(given: GraphQLInputType, isNested = false): string[] {
  const type = getNullableType(given);
  if (isListType(type)) return ['[]', ...invalid(type.ofType, isNested).map((value) => `[${value}]`)];
  if (!isInputObjectType(type)) return (INVALID[type.name] ?? []).slice(0, isNested ? 1 : 3);
  if (isNested) return [];
  const fields = Object.values(type.getFields());
  const oneWrong = fields.flatMap((field) => {
    const others = fields.filter((each) => each !== field && isRequiredInputField(each));
    return invalid(field.type, true).map((value) => object(others, `${field.name}: ${value}`));
  });
  return ['{}', ...oneWrong];
}

/** The arguments of a field with one of them invalid. */
const argumentsOf = ({ args }: GraphQLField<unknown, unknown>, wrong: GraphQLArgument): string[] =>
  invalid(wrong.type).map((value) => {
    const others = args.filter((each) => each !== wrong && isRequiredArgument(each));
    return [`${wrong.name}: ${value}`, ...others.map(({ name, type }) => `${name}: ${valid(type)}`)].join(', ');
  });

/** A selection that costs further calls. */
function selectionOf({ type: given }: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(given);
  if (!isObjectType(type)) return '{ ... on Contact { activities { __typename } } }';
  const fields = Object.keys(type.getFields());
  if (fields.includes('userErrors')) return '{ userErrors { message } }';
  return fields.includes('nodes') ? '{ nodes { __typename } }' : '{ __typename }';
}

const roots = ([schema.getQueryType(), schema.getMutationType()] as const).flatMap((root, index) =>
  Object.values(root?.getFields() ?? {}).map((field) => [index === 0 ? 'query' : 'mutation', field] as const),
);

const withIds = roots.filter(([, { args }]) => args.some(({ type }) => getNamedType(type).name === 'ID'));

const cases = roots.map(([operation, field]) => [field.name, operation, field] as const);

test.each(deepCases(cases, 15))(
  '%s is planned without calls where it is refused before the first',
  async (name, operation, field) => {
    // The name of a view is refused without a call if the list of views is cached.
    const cache = { listsForMs: 0, recordsForMs: 0 };
    const { ask } = openOffice({ product: /lead/i.test(name) ? 'classic' : 'suite', cache });
    let refused = 0;
    for (const args of field.args.flatMap((wrong) => argumentsOf(field, wrong))) {
      const { data, errors, extensions, requests } = await ask(
        `${operation} { ${name}(${args}) ${selectionOf(field)} }`,
      );
      const { cost } = (extensions ?? {}) as { cost?: { requestedQueryCost: number } };
      const { userErrors = [] } = (data?.[name] ?? {}) as { userErrors?: object[] };
      if (!cost || requests.length > 0 || (!errors && userErrors.length === 0)) continue;
      refused += 1;
      expect(cost.requestedQueryCost, args.slice(0, 200)).toBe(0);
    }
    if (withIds.some(([, { name: other }]) => other === name))
      expect(refused, 'invalid ids are refused').toBeGreaterThan(0);
  },
);

test('nothing below a refused field is planned', async () => {
  const { ask } = openOffice();
  const { errors, extensions } = await ask(
    '{ contacts(first: 501) { nodes { activities { __typename } } } contact(id: 101) { displayName } }',
  );
  expect(errors?.map(({ message }) => message)).toEqual([expect.stringContaining('At most 500 rows')]);
  expect(extensions).toMatchObject({ cost: { requestedQueryCost: 1, actualQueryCost: 1 } });
});

test('an id that is refused in a list of ids costs nothing, and the others cost what they do', async () => {
  const { plan } = openOffice();
  const ids = '["gid://freshsales/Contact/101", "gid://freshsales/Nope/1", "101"]';
  const { lowerBound, upperBound } = await plan(
    `{ nodes(ids: ${ids}) { ... on Contact { activities { __typename } } } }`,
  );
  expect({ lowerBound, upperBound }).toEqual({ lowerBound: 1, upperBound: 2 });
});
