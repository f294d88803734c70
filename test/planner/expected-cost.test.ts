import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { openWorld } from '../world.ts';

const folder = new URL('../../bench/queries/', import.meta.url);

const ask = async (world: ReturnType<typeof openWorld>, file: string) => {
  const { sandbox } = world;
  const variables = {
    contact: sandbox.rows(contactType)[0]?.id ?? '',
    account: sandbox.rows(salesAccountType)[0]?.id ?? '',
    text: 'wid',
    since: '2020-01-01T00:00:00Z',
  };
  const { errors, extensions } = await world.ask(readFileSync(new URL(file, folder), 'utf8'), variables);
  expect(errors).toBeUndefined();
  return (extensions as { cost: { requestedQueryCost: number; actualQueryCost: number } }).cost;
};

// The examples are held against it in examples.test.ts, and mutations in mutations/every.test.ts.
test.each(readdirSync(folder))('%s is expected to cost what it costs', async (file) => {
  const world = openWorld();
  const { requestedQueryCost, actualQueryCost } = await ask(world, file);
  expect(requestedQueryCost).toBe(actualQueryCost);
});

test('the list of views costs nothing while it is cached', async () => {
  const { ask } = openWorld();
  const query = (first: number) =>
    `{ contacts(first: ${first}) { nodes { owner { displayName } deals { nodes { name stage { name } } } } } }`;
  const costs = [await ask(query(25)), await ask(query(50))].map(({ extensions }) => extensions);
  expect(costs).toMatchObject([
    { cost: { requestedQueryCost: 2, actualQueryCost: 2 } },
    { cost: { requestedQueryCost: 1, actualQueryCost: 1 } },
  ]);
});

test('columns that side-loaded rows lack are expected to be read in one search', async () => {
  const { ask } = openWorld();
  const { extensions } = await ask(
    '{ contacts(view: 31003548176, first: 25) { nodes { primarySalesAccount { phone } } } }',
  );
  expect(extensions).toMatchObject({ cost: { requestedQueryCost: 2, actualQueryCost: 2 } });
});

test('views with different names are expected to be read apart, and one view only once', async () => {
  const { ask } = openWorld();
  const different = await ask(
    '{ open: deals(view: "Open Deals", first: 1) { nodes { name } } won: deals(view: "Won Deals", first: 1) { nodes { name } } }',
  );
  expect(different.extensions).toMatchObject({ cost: { requestedQueryCost: 3, actualQueryCost: 3 } });
  const same = await openWorld().ask(
    '{ open: deals(view: "Open Deals", first: 1) { nodes { name } } again: deals(view: "Open Deals", first: 1) { totalCount } }',
  );
  expect(same.extensions).toMatchObject({ cost: { requestedQueryCost: 2, actualQueryCost: 2 } });
});
