import { describe, expect, test } from 'vitest';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openWorld } from '../world.ts';

/** The user who owns most. */
const API_USER = String(openWorld().sandbox.rows(userLookup)[0]?.id);

type Owned = readonly { readonly owner_id?: unknown; readonly is_deleted?: unknown }[];
type Rows = Pick<ReturnType<typeof openWorld>['sandbox'], 'rows'>;

const RECORDS: readonly (readonly [field: string, one: string, rowsIn: (sandbox: Rows) => Owned])[] = [
  ['deals', 'deal', ({ rows }) => rows(dealType)],
  ['contacts', 'contact', ({ rows }) => rows(contactType)],
  ['salesAccounts', 'sales_account', ({ rows }) => rows(salesAccountType)],
];

const search = (one: string) => `POST /filtered_search/${one}?page=1&per_page=100`;

describe.each(RECORDS)('the %s of a user', (field, one, rowsIn) => {
  const select = `${field}(first: 100) { totalCount nodes { databaseId owner { id } } }`;

  test('are one search, and the same as those that match a filter', async () => {
    const { ask, plan, sandbox } = openWorld({ user: API_USER });
    const mine = `{ viewer { user { ${select} } } }`;
    expect((await plan(mine)).needed).toBe(2);
    const { data, errors, requests } = await ask(mine);
    expect(errors).toBeUndefined();
    expect(requests).toEqual(['GET /selector/owners', `${search(one)}&include=owner`]);
    expect(sandbox.sent[1]?.body).toMatchObject({
      filter_rule: [{ attribute: 'owner_id', operator: 'is', value: Number(API_USER) }],
    });
    const owned = rowsIn(sandbox).filter(({ owner_id, is_deleted }) => owner_id === API_USER && is_deleted !== true);
    expect(owned.length).toBeGreaterThan(0);
    expect(data).toMatchObject({ viewer: { user: { [field]: { totalCount: owned.length } } } });
    const filtered = await openWorld().ask(
      `{ ${field}(where: { ownerId: { is: "gid://freshsales/User/${API_USER}" } }, first: 100) { totalCount nodes { databaseId owner { id } } } }`,
    );
    expect({ [field]: filtered.data?.[field] }).toEqual((data as { viewer: { user: object } }).viewer.user);
  });

  test('cost one search for each user', async () => {
    const { ask, sandbox } = openWorld();
    const users = sandbox.rows(userLookup).length;
    const all = `{ owners { ${field}(first: 5) { nodes { id } } } }`;
    const { requests, extensions } = await ask(all);
    expect(requests).toEqual([
      'GET /selector/owners',
      ...Array.from({ length: users }, () => expect.stringMatching(`^POST /filtered_search/${one}`)),
    ]);
    expect(extensions).toMatchObject({ cost: { actualQueryCost: users + 1 } });
    expect((await openWorld().plan(all)).calls).toContainEqual(
      expect.objectContaining({ path: `/filtered_search/${one}`, per: 'record' }),
    );
  });
});

const titles = 'totalCount nodes { title owner { id } }';

describe('tasks of an owner', () => {
  test('are the list of the filter, read whole once', async () => {
    const { ask, plan, sandbox } = openWorld();
    const open = sandbox.rows(taskType).filter(({ status }) => status === 0);
    const owned = open.filter(({ owner_id }) => owner_id === API_USER);
    expect(owned.length).toBeGreaterThan(0);
    expect(owned.length).toBeLessThan(open.length);
    const query = `{ tasks(ownerId: "${API_USER}", first: 3) { ${titles} } owners { tasks(first: 3) { ${titles} } } }`;
    expect(await plan(query)).toMatchObject({ needed: 2, lowerBound: 2 });
    const { data, errors, requests } = await ask(query, {}, { 'cache-control': 'no-cache' });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ tasks: { totalCount: owned.length } });
    const { owners } = data as { owners: { tasks: { totalCount: number } }[] };
    const counts = owners.map(({ tasks }) => tasks.totalCount);
    expect(counts[0]).toBe(owned.length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(open.filter(({ owner_id }) => owner_id !== null).length);
    const pages = [
      'GET /tasks?page=1&per_page=100&filter=open&include=owner',
      'GET /tasks?page=2&per_page=75&filter=open&include=owner',
    ];
    expect(requests.toSorted()).toEqual(['GET /selector/owners', ...pages]);
    // The length of the list is known now.
    const other = `{ tasks(ownerId: "${API_USER}") { nodes { title target { __typename } } } }`;
    expect(await plan(other)).toMatchObject({ needed: 2 });
    expect((await ask(other)).requests).toEqual(
      pages.map((page) => page.replace('include=owner', 'include=targetable')),
    );
    expect((await plan(other)).needed).toBe(0);
  });

  test('are sorted and paged in memory', async () => {
    const { ask } = openWorld({ user: API_USER });
    const page = async (after: string) => {
      const { data, errors } = await ask(
        `{ viewer { user { tasks(filter: ALL, sort: { field: DUE_AT, direction: DESC }, first: 4${after}) { nodes { id dueAt } pageInfo { hasNextPage endCursor } } } } }`,
      );
      expect(errors).toBeUndefined();
      return (data as { viewer: { user: { tasks: Page } } }).viewer.user.tasks;
    };
    const first = await page('');
    const second = await page(`, after: "${first.pageInfo.endCursor}"`);
    const nodes = [...first.nodes, ...second.nodes];
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(8);
    expect(nodes.map(({ dueAt }) => dueAt)).toEqual(
      nodes
        .map(({ dueAt }) => dueAt)
        .toSorted()
        .reverse(),
    );
  });

  test('of a list that is too long are refused after its first page', async () => {
    const { ask, sandbox } = openWorld();
    const rows = Array.from({ length: 100 }, (_, index) => ({
      id: index + 1,
      title: 'Call',
      owner_id: Number(API_USER),
    }));
    sandbox.failNext(/tasks/, { status: 200, body: { tasks: rows, meta: { total: 1001 } } });
    const { errors, requests } = await ask(`{ tasks(filter: ALL, ownerId: "${API_USER}") { ${titles} } }`);
    expect(errors?.[0]?.message).toBe(
      'Freshsales lists 1001 tasks here, and at most 1000 can be narrowed to an owner. Use a filter that lists fewer.',
    );
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['tasks(ownerId: "Alex") { nodes { id } }', '“Alex” is not an id'],
    ['tasks(ownerId: "gid://freshsales/Deal/1") { nodes { id } }', 'Expected an id of type User'],
    ['tasks(ownerId: 1, first: 501) { nodes { id } }', 'At most 500 rows'],
    ['tasks(ownerId: 1, after: "x") { nodes { id } }', 'cursor'],
  ])('%s costs no call', async (field, message) => {
    const { errors, requests } = await openWorld().ask(`{ ${field} }`);
    expect(errors?.[0]?.message).toContain(message);
    expect(requests).toEqual([]);
  });

  test('say that an account may require a filter', async () => {
    const { ask } = openWorld({ behaviours: { strictFilters: true } });
    const { errors } = await ask(`{ tasks(filter: ALL, ownerId: "${API_USER}") { ${titles} } }`);
    expect(errors?.[0]?.message).toContain('choose another one than ALL');
  });
});

interface Page {
  readonly nodes: readonly { readonly id: string; readonly dueAt: string }[];
  readonly pageInfo: { readonly endCursor: string };
}
