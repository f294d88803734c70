import { type GraphQLSchema, introspectionFromSchema, isNonNullType, isObjectType, validateSchema } from 'graphql';
import { expect, test } from 'vitest';
import { KINDS, kindOfType, recordTypeOfKind, toGrants } from '../../src/access/grant.ts';
import { grantedSchema } from '../../src/access/granted-schema.ts';
import { createPermissions, fieldsOfType } from '../../src/access/permissions.ts';
import { ACCESSES } from '../../src/records/context.ts';
import { schema } from '../../src/server/schema.ts';
import fc, { deepRuns } from '../property.ts';

const fieldsOf = fieldsOfType(schema);

const grant = (kind: (typeof KINDS)[number]) =>
  fc.record({
    access: fc.constantFrom(...ACCESSES),
    hideCustomFields: fc.constant([]),
    withhold: fc.subarray(['forget', 'bulkDelete'] as const),
    fields: recordTypeOfKind(kind)
      ? fc.option(fc.subarray(fieldsOf(recordTypeOfKind(kind)?.name ?? '')), { nil: undefined })
      : fc.constant(undefined),
    owner: fc.constantFrom(undefined, '1'),
    views: fc.constantFrom(undefined, ['All']),
  });

const grants = fc.record(Object.fromEntries(KINDS.map((kind) => [kind, grant(kind)]))).map((given) => toGrants(given));

/** Fields that lack an argument that they require in the whole schema. */
const fieldsWithoutRequired = (granted: GraphQLSchema): string[] =>
  Object.values(schema.getTypeMap()).flatMap((type) => {
    const shown = granted.getType(type.name);
    if (!isObjectType(type) || !isObjectType(shown)) return [];
    return Object.values(shown.getFields()).flatMap(({ name, args }) => {
      const required = type.getFields()[name]?.args.filter((arg) => isNonNullType(arg.type)) ?? [];
      return required.every((arg) => args.some((each) => each.name === arg.name)) ? [] : [`${type.name}.${name}`];
    });
  });

test('builds a valid schema without forbidden types for any grants', () => {
  fc.assert(
    fc.property(grants, (given) => {
      const granted = grantedSchema(createPermissions(schema, given));
      expect(validateSchema(granted)).toEqual([]);
      expect(() => introspectionFromSchema(granted)).not.toThrow();
      expect(fieldsWithoutRequired(granted)).toEqual([]);
      for (const name of Object.keys(granted.getTypeMap())) {
        const kind = kindOfType(name);
        if (kind) expect({ name, access: given[kind].access }).not.toMatchObject({ access: 'off' });
      }
    }),
    deepRuns(60),
  );
});
