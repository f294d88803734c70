import { isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { KINDS, kindOfType } from '../../src/access/grant.ts';
import { lookups } from '../../src/lookups/index.ts';
import { recordTypes } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';

test.each(recordTypes.map(({ name, grant }) => [name, grant] as const))('%s is granted by %s', (name, grant) => {
  for (const type of [name, `${name}Connection`, `${name}Edge`]) expect(kindOfType(type)).toBe(grant);
});

test('gives each record type its own kind', () => {
  expect(new Set(KINDS).size).toBe(KINDS.length);
});

test.each(lookups.map(({ name }) => name))('gives the lookup %s a kind', (name) => {
  expect(kindOfType(name)).toBeDefined();
});

// A type without a kind is missing from the schema of every caller.
const nodes = Object.values(schema.getTypeMap()).filter(
  (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'),
);

test.each(nodes.map(({ name }) => name))('gives %s a kind in src/access/grant.ts', (name) => {
  expect(kindOfType(name)).toBeDefined();
});
