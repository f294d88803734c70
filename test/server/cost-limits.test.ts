import { describe, expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const page = (count: number, fields: string) =>
  `{ contacts(view: 31003548176, first: ${count}) { nodes { ${fields} } } }`;

describe('an operation that needs more calls than it may make', () => {
  test('is refused with its plan, and nothing is spent', async () => {
    const { ask } = openWorld();
    const { data, errors, requests } = await ask(page(100, 'activities { type }'));
    expect(requests).toEqual([]);
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'COST_LIMIT_EXCEEDED', planned: 101, limit: 50 },
      plan: {
        needed: 101,
        calls: [{ path: '/contacts/view/{id}' }, { path: '/contacts/{id}/activities', atMost: 100 }],
      },
    });
  });

  test('runs if fifty calls are enough', async () => {
    const { ask } = openWorld();
    const { errors, requests } = await ask(page(49, 'activities { type }'));
    expect(errors).toBeUndefined();
    expect(requests).toHaveLength(50);
  });

  test('runs until the limit if the cost depends on the rows', async () => {
    const { ask, sandbox } = openWorld({ limits: { maxCalls: 4 } });
    sandbox.failNext(/filtered_search/, { status: 403, body: {} });
    const { errors, requests, extensions } = await ask(page(100, 'deals { nodes { tags } }'));
    expect(requests).toHaveLength(4);
    expect(errors?.[0]?.extensions?.code).toBe('COST_LIMIT_EXCEEDED');
    expect(extensions).toMatchObject({ cost: { requestedQueryCost: 2, actualQueryCost: 4 } });
  });
});

test('the calls left this hour are a limit too', async () => {
  const { ask, account } = openWorld({ behaviours: { hourlyLimit: 10 } });
  await ask('{ owners { id } }');
  expect(account.ledger.hour).toMatchObject({ limit: 10, used: 1 });
  const { errors, requests } = await ask(page(20, 'activities { type }'));
  expect(requests).toEqual([]);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED', planned: 21, limit: 8 });
  expect(errors?.[0]?.message).toMatch(/8 are left this hour, .*, not counting those reserved for writes/);
  expect((await ask(page(20, 'id'))).errors).toBeUndefined();
});
