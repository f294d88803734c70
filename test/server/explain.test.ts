import { expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const explain = { 'x-freshsales-explain': '1' };

test('explain lists the calls', async () => {
  const { ask } = openWorld();
  const query = '{ contacts(view: 31003548176, first: 2) { nodes { owner { displayName } activities { type } } } }';
  const { extensions, requests } = await ask(query, {}, explain);
  expect(requests).toHaveLength(3);
  const { calls } = extensions as { calls: object[] };
  expect(calls).toHaveLength(3);
  expect(calls[0]).toEqual({
    ...{ method: 'GET', path: '/contacts/view/31003548176?page=1&per_page=2', template: '/contacts/view/{id}' },
    ...{ include: ['owner'], status: 200, durationMs: expect.any(Number), cached: false },
  });
});

test('explain contains no search terms, keys or hosts', async () => {
  const { ask, sandbox } = openWorld();
  const query =
    '{ search(query: "Jane Secret") { recordId } lookup(field: EMAIL, value: "jane@secret.example", types: [CONTACT]) { __typename } }';
  const { extensions } = await ask(query, {}, explain);
  const { calls } = extensions as { calls: { path: string }[] };
  expect(calls.map(({ path }) => path)).toEqual([
    '/search?q=…&per_page=25',
    '/lookup?q=…&f=email&entities=contact&per_page=100',
  ]);
  expect(JSON.stringify(extensions)).not.toMatch(/secret|test-key/i);
  expect(JSON.stringify(extensions)).not.toContain(new URL(sandbox.baseURL).host);
});

test('a call that fails is listed with its status', async () => {
  const { ask } = openWorld();
  const { extensions } = await ask('{ contacts(view: 1) { totalCount } }', {}, explain);
  expect(extensions).toMatchObject({
    calls: [{ path: '/contacts/view/1?page=1&per_page=1', status: 403 }, { status: 200 }],
  });
});

test('lists no calls by default', async () => {
  const { ask } = openWorld();
  expect((await ask('{ owners { id } }')).extensions).not.toHaveProperty('calls');
});
