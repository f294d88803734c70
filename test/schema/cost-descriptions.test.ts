import { type GraphQLField, getNamedType, isAbstractType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { sourceOf } from '../../src/records/field-needs.ts';
import { relationOf } from '../../src/records/record-type.ts';
import { registry } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';

/** True if the planner may count calls for a field alone: it fetches, has a sub-resource, or only an id of it is side-loaded. */
function mayCost(typeName: string, { type, extensions }: GraphQLField<unknown, unknown>): boolean {
  const { fetch, include, columns, extra } = sourceOf(extensions);
  if (fetch) return true;
  const recordType = registry.recordType(typeName);
  if (!recordType) return false;
  const [first] = [include ?? []].flat();
  if (first !== undefined) return relationOf(recordType, first).subResource !== undefined;
  const target = getNamedType(type);
  const isRecord = isAbstractType(target) || registry.source(target.name) !== undefined;
  return columns !== undefined && extra === undefined && isRecord;
}

const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, type, field })),
  );

const costly = fields.filter(({ type, field }) => mayCost(type.name, field));

test('there are fields that cost calls', () => {
  expect(costly.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Query.contacts', 'Contact.notes', 'Task.type', 'Product.parent', 'User.tasks']),
  );
});

test.each(costly)('$name says that it costs calls', ({ field }) => {
  expect(field.description).toMatch(/\b[Cc]alls?\b/);
});
