import { describe, expect, test } from 'vitest';
import { columnOf } from '../../src/freshsales/resource.ts';
import { lookups } from '../../src/lookups/index.ts';
import { recordTypes, tables } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';
import { openWorld } from '../world.ts';

// Notes have no address of their own (FACTS 11).
const readable = recordTypes.filter(({ name }) => name !== 'Note');
const productOf = (name: string) => (name === 'Lead' ? 'classic' : 'suite');

/** What must hold of any record type. A new one is covered by being in the list. */
describe.each(readable.map((recordType) => [recordType.name, recordType] as const))('%s', (name, recordType) => {
  const open = () => openWorld({ product: productOf(name), seed: false });

  test('comes back as it was stored', async () => {
    const { sandbox, account } = open();
    const { id } = sandbox.put(recordType, {});
    const answer = await account.freshsales.for({}).get(recordType, id);
    expect(answer?.row.id).toBe(id);
    for (const column of ['created_at', 'updated_at']) expect(Date.parse(String(answer?.row[column]))).not.toBeNaN();
  });

  test('is null when it is not there, and when it was deleted', async () => {
    const { sandbox, account } = open();
    const { id } = sandbox.put(recordType, {});
    sandbox.remove(recordType, id);
    const session = account.freshsales.for({});
    expect([await session.get(recordType, id), await session.get(recordType, '404')]).toEqual([null, null]);
  });

  test.each(
    Object.entries(recordType.includes).filter(([include]) => !(name === 'SalesAccount' && include === 'notes')),
  )('include=%s adds its column', async (include, facts) => {
    const { sandbox, account } = open();
    const { id } = sandbox.put(recordType, {});
    const answer = await account.freshsales.for({}).get(recordType, id, [include]);
    expect(Object.keys(answer?.row ?? {})).toContain(columnOf(facts));
  });

  test('is a node with two ids', () => {
    expect(
      Object.keys((schema.getType(name) as { getFields?: () => object } | undefined)?.getFields?.() ?? {}),
    ).toEqual(expect.arrayContaining(['id', 'databaseId']));
  });
});

describe.each(lookups.map((lookup) => [lookup.name, lookup] as const))('%s', (name, lookup) => {
  test('is read whole from its list', async () => {
    const { sandbox, account } = openWorld({
      product: name.startsWith('Lead') && name !== 'LeadSource' ? 'classic' : 'suite',
    });
    sandbox.put(lookup, {});
    const rows = await account.freshsales.for({}).lookupRows(lookup);
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(sandbox.rows(lookup).map(({ id }) => id)));
  });
});

test('no two tables claim the same key', () => {
  const keys = tables.flatMap(({ many, aliases = [] }) => [many, ...aliases]);
  expect(new Set(keys).size).toBe(keys.length);
});
