import { expect, test } from 'vitest';
import { ask, connect, listen } from './listen.ts';

test('plans calls, bounds and cheaper ways without a call', async () => {
  const { url, sandbox, close } = await listen();
  const client = await connect(url);
  const query = '{ deals(view: 31003548204) { nodes { name contacts { nodes { tags } } } } }';
  expect(await ask(client, 'plan', { query })).toMatchObject({
    plan: {
      allowed: true,
      lowerBound: 1,
      calls: [
        '1 × GET /deals/view/{id}?include=contacts,sales_account for deals',
        'up to 7 × POST /filtered_search/contact for deals.nodes.contacts.nodes, only for records whose row lacks tags',
      ],
      hints: [],
    },
    cost: { calls: 0 },
    isError: false,
  });
  const dear = '{ contacts(first: 500) { nodes { activities { type } } } }';
  expect(await ask(client, 'plan', { query: dear })).toMatchObject({
    plan: { allowed: false, needed: 507, limit: 50 },
  });
  const renaming = 'mutation { updateDeal(id: 31001944158, input: { name: "x" }) { deal { name } } }';
  expect(await ask(client, 'plan', { query: renaming })).toMatchObject({ isError: false, cost: { calls: 0 } });
  expect(sandbox.requests).toEqual([]);
  close();
});
