import { expect, test } from 'vitest';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { openWorld } from '../world.ts';
import { openOffice } from './office.ts';

const QUERY = '{ viewer { user { id email } } }';

test.each(['id', 'email'] as const)('the viewer is the user that the configuration names by %s', async (column) => {
  const [first] = openWorld().sandbox.rows(userLookup);
  const named = String(first?.[column]);
  const { ask } = openWorld({ user: column === 'email' ? named.toUpperCase() : named });
  const { data, errors, requests, extensions } = await ask(QUERY);
  expect(errors).toBeUndefined();
  expect(data).toEqual({ viewer: { user: { id: `gid://freshsales/User/${first?.id}`, email: first?.email } } });
  expect(requests).toEqual(['GET /selector/owners']);
  expect(extensions).toMatchObject({ cost: { requestedQueryCost: 1 } });
  expect((await ask(QUERY)).requests).toEqual([]);
});

test('the viewer is nobody if the configuration names no user, at no call', async () => {
  const { data, requests, extensions } = await openWorld().ask(QUERY);
  expect({ data, requests }).toEqual({ data: { viewer: { user: null } }, requests: [] });
  expect(extensions).toMatchObject({ cost: { requestedQueryCost: 0 } });
});

test('a user that the account does not have is an error', async () => {
  const { data, errors } = await openWorld({ user: 'nobody@example.com' }).ask(QUERY);
  expect(data).toEqual({ viewer: { user: null } });
  expect(errors).toMatchObject([
    { message: expect.stringMatching(/not among the owners/), extensions: { code: 'NOT_FOUND' } },
  ]);
});

test('a caller names its own user, and one without a grant for users has no viewer.user', async () => {
  const [first] = openWorld().sandbox.rows(userLookup);
  const user = `user: ${first?.email}`;
  const { ask } = await openOffice({
    Mine: `${user}\ngrants: { users: read }`,
    None: `${user}\ngrants: { deals: read }`,
  });
  expect((await ask('Mine', QUERY)).data).toMatchObject({
    viewer: { user: { id: `gid://freshsales/User/${first?.id}` } },
  });
  expect((await ask('None', QUERY)).errors?.[0]?.message).toMatch(/user/);
});

test('records of a user are shown to those who may filter by their owner', async () => {
  const [first] = openWorld().sandbox.rows(userLookup);
  const { ask } = await openOffice({
    All: 'grants: { users: read, deals: read, tasks: read }',
    Names:
      'grants:\n  users: read\n  deals: { access: read, fields: [name] }\n  tasks: { access: read, fields: [title] }',
    Own: `grants:\n  users: read\n  deals: { access: read, owner: ${first?.id} }\n  tasks: { access: read, owner: ${first?.id} }`,
  });
  const deals = '{ owners { deals { nodes { name } } } }';
  const ofUser = '{ owners { tasks { nodes { title } } } }';
  const tasks = `{ tasks(ownerId: ${first?.id}) { nodes { title } } }`;
  for (const query of [deals, ofUser, tasks]) {
    expect((await ask('All', query)).errors, query).toBeUndefined();
    expect((await ask('Names', query)).errors?.[0]?.message, query).toMatch(
      /is not granted to this caller|Unknown argument/,
    );
  }
  for (const query of [deals, ofUser])
    expect((await ask('Own', query)).errors?.[0]?.message, query).toMatch(/is not granted to this caller/);
});

test('a hidden column narrows no tasks', async () => {
  const only = (fields: string) => `grants:\n  contacts: read\n  tasks: { access: read, fields: [${fields}] }`;
  const { ask } = await openOffice({ Titles: only('title'), Status: only('title, status') });
  const query = (args: string) => `{ contact(id: 101) { tasks(${args}) { totalCount } } }`;
  for (const args of ['status: OPEN', 'isOverdue: true', 'sort: { field: DUE_AT }'])
    expect((await ask('Titles', query(args))).errors?.[0]?.message, args).toMatch(/Unknown argument|not/);
  expect((await ask('Status', query('status: OPEN'))).errors).toBeUndefined();
  expect((await ask('Status', query('isOverdue: true'))).errors).toHaveLength(1);
});
