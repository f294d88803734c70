import { expect, test } from 'vitest';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openOffice } from './office.ts';

const deal = (grant: string, more = '') =>
  `grants:\n  deals: { access: read, ${grant} }\n  contacts: read\n  users: read\n  settings: read\n  search: read\n${more}`;

test('hides fields that are not granted, in selections, sorts, filters and lookups', async () => {
  const { ask, sandbox } = await openOffice({ Reader: deal('fields: [name, stage]', '  lookups: read') });
  const [first] = sandbox.rows(dealType);
  expect((await ask('Reader', `{ deal(id: "${first?.id}") { name databaseId } }`)).data).toEqual({
    deal: { name: first?.name, databaseId: first?.id },
  });
  for (const query of [
    `{ deal(id: "${first?.id}") { amount } }`,
    '{ deals(sort: { field: AMOUNT }) { nodes { name } } }',
    '{ filterDeals(where: [{ attribute: "amount", operator: IS_AFTER, value: 1 }]) { nodes { name } } }',
    '{ filterDeals(where: [{ attribute: "cf_x", operator: IS, value: 1 }]) { nodes { name } } }',
    '{ deals(where: { amount: { is: "1" } }) { nodes { name } } }',
    '{ deals(where: { customFields: [{ name: "cf_x", is: 1 }] }) { nodes { name } } }',
    '{ deals(where: { salesAccountId: { is: 1 } }) { nodes { name } } }',
    '{ lookup(field: EXTERNAL_ID, value: "1", types: [DEAL]) { __typename } }',
    '{ search(query: "a", types: [DEAL]) { recordId } }',
  ])
    expect({ query, ...(await ask('Reader', query)) }).toMatchObject({ query, codes: ['FORBIDDEN'], requests: [] });
  expect(
    await ask('Reader', '{ deals(where: { name: { contains: "a" }, stageId: { is: 1 } }) { nodes { name } } }'),
  ).toMatchObject({
    codes: [],
  });
  const fields = await ask('Reader', '{ fields(type: DEAL) { name } }');
  expect(JSON.stringify(fields.data)).not.toContain('"amount"');
});

test('allows only the granted views, by name or id', async () => {
  const { ask, sandbox } = await openOffice({ Reader: deal('views: ["Won Deals"]') });
  expect((await ask('Reader', '{ dealViews { name } }')).data).toEqual({ dealViews: [{ name: 'Won Deals' }] });
  const views = await ask('Reader', '{ dealViews { databaseId } }');
  const granted = (views.data as unknown as { dealViews: { databaseId: string }[] }).dealViews[0]?.databaseId;
  for (const query of [
    '{ deals { nodes { name } } }',
    '{ deals(view: "Won Deals") { totalCount } }',
    `{ deals(view: "${granted}") { totalCount } }`,
  ])
    expect((await ask('Reader', query)).errors).toBeUndefined();
  const other = (await sandbox
    .fetch(`${sandbox.baseURL}/deals/filters`, { headers: { authorization: 'Token token=x' } })
    .then((answer) => answer.json())) as { filters: { id: number; name: string }[] };
  const open = other.filters.find(({ name }) => name === 'Open Deals');
  const [real, unknown] = await Promise.all(
    [open?.id, 99].map((view) => ask('Reader', `{ deals(view: "${view}") { nodes { name } } }`)),
  );
  // They differ in nothing but the id that was asked for.
  const said = (answer: typeof real, id: unknown) => JSON.stringify(answer?.errors).replace(String(id), 'ID');
  expect(said(real, open?.id)).toBe(said(unknown, 99));
  expect(real).toMatchObject({ codes: ['BAD_USER_INPUT'], data: { deals: null } });
  expect([...(real?.requests ?? []), ...(unknown?.requests ?? [])].filter((line) => line.includes('/view/'))).toEqual(
    [],
  );
  expect(await ask('Reader', '{ deals(view: "Open Deals") { nodes { name } } }')).toMatchObject({
    codes: ['BAD_USER_INPUT'],
  });
  for (const query of [
    '{ filterDeals(where: [{ attribute: "name", operator: IS, value: "x" }]) { nodes { name } } }',
    '{ deals(where: { name: { is: "x" } }) { nodes { name } } }',
    '{ search(query: "a", types: [DEAL]) { recordId } }',
    '{ lookup(field: NAME, value: "a", types: [DEAL]) { __typename } }',
  ])
    expect({ query, ...(await ask('Reader', query)) }).toMatchObject({ query, codes: ['FORBIDDEN'], requests: [] });
});

test('treats records of other owners as missing', async () => {
  const world = await openOffice({ Boss: 'grants: { contacts: read, deals: read, users: read }' });
  const users = world.sandbox.rows(userLookup);
  const deals = world.sandbox.rows(dealType);
  const owner =
    users.find(({ id }) => deals.some((row) => row.owner_id === id) && deals.some((row) => row.owner_id !== id))?.id ??
    '';
  const mine = deals.filter((row) => row.owner_id === owner && !row.is_deleted).map(({ id }) => id);
  const others = deals.filter((row) => row.owner_id !== owner && !row.is_deleted).map(({ id }) => id);
  world.write({ Boss: `grants:\n  deals: { access: read, owner: "${owner}" }\n  contacts: read\n  search: read` });
  await expect
    .poll(async () => (await world.ask('Boss', '{ viewer { grants { type ownerId } } }')).data)
    .toMatchObject({
      viewer: { grants: expect.arrayContaining([{ type: 'deals', ownerId: `gid://freshsales/User/${owner}` }]) },
    });
  const read = async (id: string | undefined) =>
    (await world.ask('Boss', `{ deal(id: "${id}") { name } }`)) as unknown as { data: unknown; errors: unknown };
  expect((await read(mine[0])).data).toMatchObject({ deal: { name: expect.any(String) } });
  expect([(await read(others[0])).data, (await read('99')).data]).toEqual([{ deal: null }, { deal: null }]);
  expect((await world.ask('Boss', `{ node(id: "gid://freshsales/Deal/${others[0]}") { id } }`)).data).toEqual({
    node: null,
  });

  const page = await world.ask('Boss', '{ deals(first: 100) { nodes { databaseId } pageInfo { hasNextPage } } }');
  const seen = (page.data as unknown as { deals: { nodes: { databaseId: string }[] } }).deals.nodes.map(
    ({ databaseId }) => databaseId,
  );
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((id) => !mine.includes(id))).toEqual([]);
  expect(page.requests.filter((line) => line.includes('/view/'))).toHaveLength(1);
  expect(page.requests.filter((line) => /\/deals\/\d+\?/.test(line))).toEqual([]);

  const contact = world.sandbox.rows(contactType).find(({ deal_ids: ids }) => ids?.some((id) => others.includes(id)));
  const related = await world.ask('Boss', '{ contacts(first: 50) { nodes { deals { nodes { databaseId } } } } }');
  expect(others.filter((id) => JSON.stringify(related.data).includes(id))).toEqual([]);
  expect(contact === undefined || contact.id).toBeTruthy();
  for (const query of [
    '{ deals { totalCount } }',
    '{ deals(where: { name: { is: "x" } }) { nodes { name } } }',
    '{ contacts { nodes { deals { totalCount } } } }',
    '{ contacts { nodes { openDealsCount } } }',
    '{ search(query: "a", types: [DEAL]) { recordId } }',
    '{ filterDeals(where: [{ attribute: "amount", operator: IS_AFTER, value: 1 }]) { nodes { name } } }',
  ])
    expect({ query, ...(await world.ask('Boss', query)) }).toMatchObject({ query, codes: ['FORBIDDEN'], requests: [] });
});

test('returns each record of the owner once when paging through a list', async () => {
  const world = await openOffice({ Boss: 'grants: { tasks: read }' });
  const tasks = world.sandbox.rows(taskType).filter(({ status }) => status === 0);
  const owner = tasks[0]?.owner_id ?? '';
  world.write({ Boss: `grants:\n  tasks: { access: read, owner: "${owner}" }` });
  await expect
    .poll(async () => (await world.ask('Boss', '{ tasks(filter: OPEN) { totalCount } }')).codes)
    .toEqual(['FORBIDDEN']);
  const seen: string[] = [];
  let after: string | null = null;
  for (let more = true; more; ) {
    const { data } = await world.ask(
      'Boss',
      'query($after: String) { tasks(filter: OPEN, first: 7, after: $after) { nodes { databaseId } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    const { nodes, pageInfo } = (
      data as unknown as {
        tasks: { nodes: { databaseId: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      }
    ).tasks;
    seen.push(...nodes.map(({ databaseId }) => databaseId));
    more = pageInfo.hasNextPage;
    after = pageInfo.endCursor;
  }
  expect(seen.sort()).toEqual(
    tasks
      .filter((row) => row.owner_id === owner)
      .map(({ id }) => id)
      .sort(),
  );
});

test('hides custom fields in responses, filters, lookups and lists of fields', async () => {
  const { ask, sandbox } = await openOffice({
    Reader: 'grants:\n  contacts: { access: read, hideCustomFields: [cf_secret] }\n  search: read\n  settings: read',
  });
  const { id } = sandbox.put(contactType, { custom_field: { cf_secret: 'xyzzy', cf_open: 'plugh' } });
  const { data } = await ask('Reader', `{ contact(id: "${id}") { customFields customField(name: "cf_open") } }`);
  expect(data).toEqual({ contact: { customFields: { cf_open: 'plugh' }, customField: 'plugh' } });
  for (const query of [
    `{ contact(id: "${id}") { customField(name: "cf_secret") } }`,
    '{ filterContacts(where: [{ attribute: "cf_secret", operator: IS, value: "xyzzy" }]) { totalCount } }',
    '{ filterContacts(where: [{ attribute: "cfSecret", operator: IS, value: "xyzzy" }]) { totalCount } }',
    '{ contacts(where: { customFields: [{ name: "cf_secret", is: "xyzzy" }] }) { totalCount } }',
    '{ contacts(where: { customFields: [{ name: "CF_SECRET", is: "xyzzy" }] }) { totalCount } }',
    '{ lookup(field: CUSTOM, name: "cf_secret", value: "xyzzy", types: [CONTACT]) { __typename } }',
  ])
    expect({ query, ...(await ask('Reader', query)) }).toMatchObject({ query, codes: ['FORBIDDEN'], requests: [] });
});

test.each([
  ['the column that is searched by', 'fields: [phone]'],
  ['any list but some views', 'views: ["All Accounts"]'],
])(
  'a caller who may not see %s has accounts read one by one, and nobody else is held to that',
  async (_what, grant) => {
    const { ask } = await openOffice({
      Open: 'grants:\n  contacts: read\n  salesAccounts: read',
      Narrow: `grants:\n  contacts: read\n  salesAccounts: { access: read, ${grant} }`,
    });
    const query = (fields: string) =>
      `{ contacts(view: 31003548176, first: 3) { nodes { primarySalesAccount { ${fields} } } } }`;
    const narrow = await ask('Narrow', query('phone'));
    expect(narrow.errors).toBeUndefined();
    expect(narrow.requests.length).toBeGreaterThan(2);
    expect(narrow.requests.slice(1)).toEqual(
      narrow.requests.slice(1).map(() => expect.stringMatching(/^GET \/sales_accounts\/\d+$/)),
    );
    const open = await ask('Open', query('phone').replace('first: 3', 'first: 12'));
    expect(open.requests.slice(1)).toEqual(['POST /filtered_search/sales_account?page=1&per_page=100']);
  },
);

test('callers of a Classic account are told what it does not have, and what is not granted', async () => {
  const { ask } = await openOffice(
    { Reader: 'grants:\n  contacts: { access: read, fields: [displayName, lifecycleStage] }\n  lookups: read' },
    { product: 'classic' },
  );
  const lacking = await ask('Reader', '{ contacts(first: 2) { nodes { displayName lifecycleStage { name } } } }');
  expect(lacking).toMatchObject({
    data: { contacts: { nodes: [{ lifecycleStage: null }, { lifecycleStage: null }] } },
    codes: ['NOT_AVAILABLE'],
  });
  expect(lacking.requests).toHaveLength(2);
  expect(await ask('Reader', '{ leads { nodes { id } } }')).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
});
