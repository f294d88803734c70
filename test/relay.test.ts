import { readdirSync } from 'node:fs';
import { isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../src/server/schema.ts';
import { compileRelay } from './relay-compiler.ts';

/** Every connection of the schema: the type that has it, and the field. */
const connections = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields())
      // Changes are no records: they have cursors, but no ids.
      .filter((field) => /(?<!Change)Connection$/.test(String(field.type)))
      .map((field) => ({ type: type.name, field: field.name })),
  );

/** A filter cannot do without its rules. */
const rules = (field: string) =>
  field.startsWith('filter') ? 'where: [{ attribute: "name", operator: IS, value: "x" }], ' : '';

const fragment = ({ type, field }: (typeof connections)[number]) => `
  fragment Connections_${type}_${field} on ${type}
  @refetchable(queryName: "Connections${type}${field}Query")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    ${field}(${rules(field)}first: $count, after: $cursor) @connection(key: "Connections_${type}_${field}") {
      totalCount
      edges { cursor node { id __typename } }
      pageInfo { hasNextPage endCursor }
    }
  }`;

test('Relay compiles a paginated, refetchable fragment over every connection', { timeout: 60_000 }, async () => {
  const generated = await compileRelay(connections.map(fragment), { language: 'javascript', eagerEsModules: true });
  const artifacts = readdirSync(generated);
  expect(connections.length).toBeGreaterThan(20);
  expect(artifacts).toHaveLength(connections.length * 2);
});
