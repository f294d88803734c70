import { expect, test } from 'vitest';
import { schema } from '../../src/server/schema.ts';
import { allCases } from './all-cases.ts';
import { withoutJobIds } from './case.ts';
import { openOffice } from './office.ts';

test('lists every mutation of the schema in the table', () => {
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
  const listed = new Set(allCases.map(({ mutation }) => mutation));
  const missing = mutations.filter((mutation) => !listed.has(mutation));
  expect(missing, 'Add a case for each of these to a file in test/mutations/cases/.').toEqual([]);
  expect([...listed].filter((mutation) => !mutations.includes(mutation))).toEqual([]);
});

/** Mutations that cost one call more in their case than they are expected to. */
const MORE_THAN_EXPECTED = {
  upsertContact: 'the response lacks selected relations',
  updateDeal: 'the account has several pipelines, so the deal is read to find its own',
  createNote: 'the record of the note is read',
  restoreProduct: 'the response is a word of success, so the product is read',
};

test.each(allCases.map((each) => [`${each.mutation}(${each.args})`, each] as const))('%s', async (_what, one) => {
  const { sandbox, ask } = openOffice({ product: one.product ?? 'suite' });
  one.given?.(sandbox);
  const query = `mutation { ${one.mutation}(${one.args}) { ${one.select} userErrors { field code message } } }`;
  const { data, errors, requests, extensions } = await ask(query);
  expect({ errors, data }).toMatchObject({
    errors: undefined,
    data: { [one.mutation]: { ...one.payload, userErrors: [] } },
  });
  expect(withoutJobIds(requests)).toEqual(one.requests);
  const writes = sandbox.sent.filter(({ request }) => !request.startsWith('GET'));
  expect(writes.at(-1)?.body).toEqual(one.body);
  expect(one.look(sandbox)).toEqual(one.there);
  const { cost } = extensions as { cost: { requestedQueryCost: number; actualQueryCost: number } };
  expect(cost.actualQueryCost).toBe(requests.length);
  if (!(one.mutation in MORE_THAN_EXPECTED)) expect(cost.requestedQueryCost).toBe(requests.length);
});
