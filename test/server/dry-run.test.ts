import { expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const query =
  '{ contacts(view: 31003548176, first: 25) { nodes { displayName owner { displayName } primarySalesAccount { phone } } } }';

test('a dry run returns the plan and makes no calls', async () => {
  const { ask } = openWorld();
  const { data, errors, extensions, requests } = await ask(query, {}, { 'x-freshsales-dry-run': '1' });
  expect(requests).toEqual([]);
  expect(errors).toBeUndefined();
  expect(data).toBeNull();
  expect(extensions).toMatchObject({
    plan: {
      calls: [
        {
          ...{ order: 1, method: 'GET', path: '/contacts/view/{id}', include: ['owner', 'sales_accounts'] },
          ...{ fields: ['contacts'], per: 'operation', atMost: 1, certain: true, when: null, cached: false },
        },
        {
          ...{ order: 2, method: 'POST', path: '/filtered_search/sales_account', include: [] },
          ...{ fields: ['contacts.nodes.primarySalesAccount'], per: 'operation', atMost: 1, certain: false },
          ...{ when: 'only for records whose row lacks phone', lacks: ['phone'], cached: false },
        },
      ],
      ...{ lowerBound: 1, needed: 2, upperBoundIfHonoured: 2, limit: 50, allowed: true },
    },
    cost: { actualQueryCost: 0 },
  });
});

test('a dry run can be requested in the extensions', async () => {
  const { fetch, sandbox } = openWorld();
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, extensions: { dryRun: true } }),
  };
  const answer = (await (await fetch('http://127.0.0.1/graphql', init)).json()) as {
    data: unknown;
    extensions: object;
  };
  expect(answer.data).toBeNull();
  expect(answer.extensions).toHaveProperty('plan.lowerBound', 1);
  expect(sandbox.requests).toEqual([]);
});

test('cached data costs nothing, in the plan and in the run', async () => {
  const { ask, plan } = openWorld();
  await ask('{ owners { id } contactViews { id } }');
  const settings = '{ owners { id } contacts { totalCount } }';
  const { calls, lowerBound, upperBound } = await plan(settings);
  expect(calls.map(({ path, cached }) => [path, cached])).toEqual([
    ['/selector/owners', true],
    ['/contacts/filters', true],
    ['/contacts/view/{id}', false],
  ]);
  expect([lowerBound, upperBound]).toEqual([1, 1]);
  expect((await ask(settings)).requests).toEqual(['GET /contacts/view/31003548176?page=1&per_page=1']);
});

test('a page that is selected twice is planned as one call', async () => {
  const { ask, plan } = openWorld();
  const twice =
    '{ a: tasks(first: 5) { nodes { owner { email } } } b: tasks(first: 5) { nodes { collaborators { email } } } }';
  const { calls, upperBoundIfHonoured } = await plan(twice);
  expect(calls[0]).toMatchObject({ path: '/tasks', include: ['owner', 'users'], fields: ['a', 'b'], atMost: 1 });
  expect(upperBoundIfHonoured).toBe(1);
  expect((await ask(twice)).requests).toEqual(['GET /tasks?page=1&per_page=5&filter=open&include=owner,users']);
});

test('the plan of an operation that would be refused says so', async () => {
  const { plan } = openWorld();
  const { needed, allowed, limit } = await plan('{ contacts(first: 100) { nodes { activities { type } } } }');
  expect({ needed, allowed, limit }).toEqual({ needed: 102, allowed: false, limit: 50 });
});

test('production returns plans too', async () => {
  const { plan } = openWorld({ production: true });
  expect((await plan(query)).lowerBound).toBe(1);
});
