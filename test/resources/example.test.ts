import { graphql } from 'graphql';
import { expect, test } from 'vitest';
import { createCache } from '../../src/cache/cache.ts';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { lookups } from '../../src/lookups/index.ts';
import { recordMutation } from '../../src/mutations/record-mutations.ts';
import { idArgs } from '../../src/mutations/write-facts.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { createContext } from '../../src/records/context.ts';
import type { VisitRecord } from '../../src/resources/_example/record.ts';
import { createRegistry } from '../../src/resources/index.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { builder } from '../../src/schema/builder.ts';
import { schema } from '../../src/server/schema.ts';

// The public schema is built first, so that it does not have the example.
expect(schema.getType('Visit')?.name, 'Rename Visit in the copy of src/resources/_example/').toBeUndefined();
const { recordType, sandbox: visitSandbox } = await import('../../src/resources/_example/index.ts');
const { Visit } = await import('../../src/resources/_example/type.ts');
builder.mutationField('startVisit', (t) =>
  t.field({
    ...recordMutation<VisitRecord, { id: string }>(
      { recordType, type: Visit },
      {
        prefix: 'Start',
        action: 'update',
        description: 'Starts a visit.',
        call: { method: 'PUT', path: (id) => `visits/${id}/start` },
        fill: () => {},
        body: () => ({}),
      },
    ),
    args: idArgs('Visit'),
  }),
);
const schemaWithVisits = builder.toSchema();

function openVisits() {
  const sandbox = createSandbox({ seed: false, recordTypes: [visitSandbox] });
  const registry = createRegistry({ recordTypes: [recordType], lookups });
  const ledger = createAccountLedger();
  const freshsales = createFreshsales({
    baseURL: sandbox.baseURL,
    apiKey: 'test-key',
    product: 'suite',
    fetch: sandbox.fetch,
    ledger,
    cache: createCache({ tables: [recordType, ...lookups] }).for('test'),
  });
  const ask = (source: string) =>
    graphql({
      schema: schemaWithVisits,
      source,
      contextValue: createContext({ account: { freshsales, ledger }, registry }),
    });
  return { sandbox, ask };
}

test('the example record type is read with its relation in one call', async () => {
  const { sandbox, ask } = openVisits();
  const { id } = sandbox.put(recordType, { title: 'Fair', starts_at: '2026-01-31T10:00:00Z' });
  const { data, errors } = await ask(`{ visit(id: ${id}) { title owner { displayName } } }`);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ visit: { title: 'Fair', owner: { displayName: 'Alex Morgan' } } });
  expect(sandbox.requests).toEqual([`GET /visits/${id}?include=owner`]);
});

test('the example record type is created, updated and deleted', async () => {
  const { sandbox, ask } = openVisits();
  const created = await ask(
    'mutation { createVisit(input: { title: "Fair" }) { visit { databaseId title } userErrors { message } } }',
  );
  expect(created).toMatchObject({ data: { createVisit: { visit: { title: 'Fair' }, userErrors: [] } } });
  const [visit] = sandbox.rows(recordType);
  const id = visit?.id ?? '';
  await ask(
    `mutation { updateVisit(id: ${id}, input: { startsAt: "2026-01-31T10:00:00Z" }) { userErrors { message } } }`,
  );
  expect(Date.parse(String(sandbox.get(recordType, id)?.starts_at))).toBe(Date.parse('2026-01-31T10:00:00Z'));
  await ask(`mutation { deleteVisit(id: ${id}) { userErrors { message } } }`);
  expect(sandbox.rows(recordType)).toEqual([]);
  expect(sandbox.requests).toEqual(['POST /visits', `PUT /visits/${id}`, `DELETE /visits/${id}`]);
});

test('a mutation whose path says all is sent without columns', async () => {
  const { sandbox, ask } = openVisits();
  const { id } = sandbox.put(recordType, { title: 'Fair' });
  await ask(`mutation { startVisit(id: ${id}) { userErrors { message } } }`);
  expect(sandbox.requests).toEqual([`PUT /visits/${id}/start`]);
});
