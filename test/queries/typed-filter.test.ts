import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { openWorld } from '../world.ts';

const account = '31000000777';

/** Filters, and the rules that Freshsales is sent. */
const filters: [root: string, where: string, rules: readonly (readonly [string, string, unknown])[]][] = [
  ['contacts', '{ email: { is: "a@b.example" } }', [['contact_email.email', 'is', 'a@b.example']]],
  [
    'contacts',
    '{ email: { isIn: ["a@b.example", "c@d.example"] } }',
    [['contact_email.email', 'is_in', ['a@b.example', 'c@d.example']]],
  ],
  ['contacts', '{ mobileNumber: { contains: "926" } }', [['mobile_number', 'contains', '926']]],
  [
    'contacts',
    '{ country: { is: "Norway" }, statusId: { is: 5 } }',
    [
      ['country', 'is', 'Norway'],
      ['contact_status_id', 'is', 5],
    ],
  ],
  [
    'contacts',
    `{ salesAccountId: { isIn: ["gid://freshsales/SalesAccount/${account}", 8] } }`,
    [['sales_account_id', 'is_in', [Number(account), 8]]],
  ],
  [
    'contacts',
    '{ updatedAt: { isAfter: "2026-11-01T00:00:00+01:00", isBefore: "2026-11-02T00:00:00Z" } }',
    [
      ['updated_at', 'is_after', '2026-10-31T23:00:00.000Z'],
      ['updated_at', 'is_before', '2026-11-02T00:00:00.000Z'],
    ],
  ],
  ['contacts', '{ customFields: [{ name: "cf_is_active", is: true }] }', [['cf_is_active', 'is', true]]],
  [
    'contacts',
    '{ customFields: [{ name: "cf_renewal_date", isAfter: "2026-11-27", isBefore: "2026-12-31" }] }',
    [
      ['cf_renewal_date', 'is_after', '2026-11-27'],
      ['cf_renewal_date', 'is_before', '2026-12-31'],
    ],
  ],
  [
    'salesAccounts',
    '{ name: { contains: "Acme" }, website: { is: "acme.example" } }',
    [
      ['name', 'contains', 'Acme'],
      ['website', 'is', 'acme.example'],
    ],
  ],
  [
    'salesAccounts',
    '{ createdAt: { isBefore: "2026-01-01T00:00:00Z" } }',
    [['created_at', 'is_before', '2026-01-01T00:00:00.000Z']],
  ],
  [
    'deals',
    '{ amount: { is: "5600.0" }, stageId: { is: 3 } }',
    [
      ['amount', 'is', '5600.0'],
      ['deal_stage_id', 'is', 3],
    ],
  ],
  [
    'deals',
    '{ expectedCloseOn: { isAfter: "2026-12-01", isBefore: "2027-01-01" } }',
    [
      ['expected_close', 'is_after', '2026-12-01'],
      ['expected_close', 'is_before', '2027-01-01'],
    ],
  ],
];

const rule = ([attribute, operator, value]: readonly [string, string, unknown]) => ({ attribute, operator, value });

interface Page {
  readonly nodes: readonly { readonly databaseId: string }[];
  readonly pageInfo: { readonly endCursor: string };
}

function pageOf({ data, errors }: { data: Record<string, unknown> | null; errors: unknown }): Page {
  expect(errors).toBeUndefined();
  return data?.contacts as Page;
}

describe('where', () => {
  test.each(filters)('%s(where: %s) is one search', async (root, where, rules) => {
    const { ask, sandbox } = openWorld();
    const { errors } = await ask(`{ ${root}(where: ${where}, first: 5) { totalCount nodes { id } } }`);
    // The sandbox refuses custom fields that its company lacks.
    if (!where.includes('cf_renewal_date')) expect(errors).toBeUndefined();
    expect(sandbox.sent.map(({ request, body }) => [request, (body as { filter_rule: unknown }).filter_rule])).toEqual([
      [expect.stringMatching(/^POST \/filtered_search\/\w+\?page=1&per_page=\d+$/), rules.map(rule)],
    ]);
  });

  test('finds what the deprecated filter finds, with the same calls', async () => {
    const { ask, sandbox } = openWorld();
    const [deal] = sandbox.rows(dealType);
    const rows = '{ totalCount nodes { databaseId name owner { displayName } } }';
    const typed = await ask(`{ deals(where: { stageId: { is: "${deal?.deal_stage_id}" } }) ${rows} }`);
    const named = await openWorld().ask(
      `{ filterDeals(where: [{ attribute: "deal_stage_id", operator: IS, value: ${deal?.deal_stage_id} }]) ${rows} }`,
    );
    expect(typed.data?.deals).toEqual(named.data?.filterDeals);
    expect(typed.requests).toEqual(named.requests);
    expect(typed.data).toMatchObject({ deals: { totalCount: expect.any(Number) } });
  });

  test('sorts and pages as views do', async () => {
    const { ask } = openWorld();
    const page = (after: string) =>
      ask(
        `{ contacts(where: { createdAt: { isAfter: "2020-01-01T00:00:00Z" } }, sort: { field: UPDATED_AT, direction: DESC }, first: 10${after}) { nodes { databaseId } pageInfo { endCursor hasNextPage } } }`,
      );
    const first = pageOf(await page(''));
    const second = pageOf(await page(`, after: "${first.pageInfo.endCursor}"`));
    const ids = [first, second].flatMap(({ nodes }) => nodes);
    expect(new Set(ids.map(({ databaseId }) => databaseId)).size).toBe(20);
  });

  test('of leads works in Classic, and costs nothing in the Suite', async () => {
    const query = '{ leads(where: { email: { contains: "@" } }) { nodes { email } } }';
    const suite = await openWorld().ask(query);
    expect(suite.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_AVAILABLE' });
    expect(suite.requests).toEqual([]);
    const { sandbox, ask } = openWorld({ product: 'classic' });
    await ask(query);
    expect(sandbox.sent[0]).toMatchObject({
      request: expect.stringContaining('POST /filtered_search/lead'),
      body: { filter_rule: [{ attribute: 'lead_email.email', operator: 'contains', value: '@' }] },
    });
  });

  test('is planned as it runs', async () => {
    const { ask, plan, sandbox } = openWorld();
    const [row] = sandbox.rows(salesAccountType);
    const query = `{ contacts(where: { salesAccountId: { is: "${row?.id}" } }, first: 50) { nodes { displayName owner { displayName } } } }`;
    const planned = await plan(query);
    const { requests } = await ask(query);
    expect(requests.length).toBeLessThanOrEqual(planned.upperBoundIfHonoured ?? 0);
    expect(planned.needed).toBe(1);
    expect(planned.calls[0]).toMatchObject({ method: 'POST', path: '/filtered_search/contact' });
  });
});

test('a filter that is null is the same as none', async () => {
  const query = (args: string) => `{ contacts(first: 5${args}) { totalCount nodes { id } } }`;
  const listed = await openWorld().ask(query(''));
  const { data, requests } = await openWorld().ask(query(', where: null'));
  expect(data).toEqual(listed.data);
  expect(requests).toEqual(listed.requests);
});

describe('a filter that cannot be right is refused before any call', () => {
  test.each([
    ['contacts(where: {})', '“where” is empty'],
    ['contacts(where: { email: {} })', '“where.email” has no operator'],
    ['contacts(where: { email: null })', '“where.email” is null'],
    ['contacts(where: { email: { is: null } })', '“where.email.is” is empty'],
    ['contacts(where: { email: { is: "" } })', '“where.email.is” is empty'],
    ['contacts(where: { email: { is: " " } })', '“where.email.is” is empty'],
    ['contacts(where: { email: { isIn: ["a@x.example", ""] } })', '“where.email.isIn[1]” is empty'],
    ['contacts(where: { email: { isIn: [] } })', '“where.email.isIn” takes 1 to 100 values'],
    ['contacts(where: { salesAccountId: { is: "gid://freshsales/Deal/1" } })', 'Expected an id of type SalesAccount'],
    ['contacts(where: { salesAccountId: { is: "Acme" } })', '“Acme” is not an id'],
    ['contacts(view: 1, where: { country: { is: "Norway" } })', '“view” and “where” cannot be used together'],
    ['contacts(where: { customFields: [] })', '“where.customFields” is empty'],
    ['contacts(where: { customFields: [{ name: "city", is: "x" }] })', '“where.customFields[0].name” is not the name'],
    ['contacts(where: { customFields: [{ name: "cf_x" }] })', '“where.customFields[0]” has no operator'],
    ['contacts(where: { customFields: [{ name: "cf_x", is: { a: 1 } }] })', '“where.customFields[0].is” is an object'],
    ['contacts(where: { customFields: [{ name: "cf_x", is: ["a"] }] })', '“where.customFields[0].is” is a list'],
    ['contacts(where: { customFields: [{ name: "cf_x", isIn: [["a"]] }] })', '.isIn[0]” is a list'],
    ['contacts(where: { customFields: [{ name: "cf_x", isAfter: "soon" }] })', 'needs a day or a time'],
    ['deals(where: { expectedCloseOn: { is: "2026-02-30" } })', 'is not a date'],
    ['deals(where: { amount: { is: "a lot" } })', 'is not a decimal'],
  ])('%s', async (field, message) => {
    const { ask } = openWorld();
    const { errors, requests } = await ask(`{ ${field} { totalCount nodes { id } } }`);
    expect(errors?.[0]?.message).toContain(message);
    expect(requests).toEqual([]);
  });

  test.each([
    '{ contacts(where: {}) { nodes { id } } }',
    '{ contacts(where: { email: { is: "" } }) { nodes { id } } }',
    '{ deals(where: { salesAccountId: { is: "gid://freshsales/Contact/1" } }) { totalCount } }',
    '{ filterContacts(where: []) { nodes { id } } }',
    '{ filterDeals(where: [{ attribute: "amount", operator: IS, value: {} }]) { nodes { id } } }',
    '{ search(query: " ") { name } }',
    '{ search(query: "a", first: 101) { name } }',
    '{ lookup(field: CUSTOM, value: "1", types: [CONTACT]) { __typename } }',
    '{ lookup(field: EMAIL, value: "a@x.example", types: []) { __typename } }',
  ])('%s is planned without calls', async (query) => {
    const { ask, plan } = openWorld();
    expect(await plan(query)).toMatchObject({ calls: [], needed: 0, upperBound: 0 });
    const { errors, requests } = await ask(query);
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(requests).toEqual([]);
  });

  test('a misspelt custom field is answered with the nearest names, where the fields are known', async () => {
    const { ask, plan } = openWorld();
    await ask('{ fields(type: CONTACT) { name } }');
    const query = '{ contacts(where: { customFields: [{ name: "cf_is_actve", is: true }] }) { nodes { id } } }';
    expect((await plan(query)).needed).toBe(0);
    const { errors, requests } = await ask(query);
    expect(errors?.[0]?.message).toContain('The account has no custom field “cf_is_actve”. Did you mean cf_is_active');
    expect(requests).toEqual([]);
  });

  test('a filter of several thousand values costs no call', async () => {
    const { ask } = openWorld();
    const { errors, requests } = await ask(
      'query ($in: [String!]) { contacts(where: { email: { isIn: $in } }) { totalCount } }',
      {
        in: Array.from({ length: 101 }, (_, index) => `${index}@x.example`),
      },
    );
    expect(errors?.[0]?.message).toContain('takes 1 to 100 values');
    expect(requests).toEqual([]);
  });
});

test.each([
  [
    'contacts',
    '$where',
    (count: number) => ({ customFields: Array.from({ length: count }, () => ({ name: 'cf_x', is: 1 })) }),
    'ContactFilter',
  ],
  [
    'filterContacts',
    '$where',
    (count: number) => Array.from({ length: count }, () => ({ attribute: 'city', operator: 'IS', value: 'x' })),
    '[FilterRule!]!',
  ],
] as const)('%s takes 50 conditions, and refuses more before any call', async (field, where, of, type) => {
  const { ask } = openWorld();
  const query = `query ($where: ${type}) { ${field}(where: ${where}) { totalCount } }`;
  expect((await ask(query, { where: of(50) })).requests).toHaveLength(1);
  const { errors, requests } = await ask(query, { where: of(51) });
  expect(errors?.[0]?.message).toContain('“where” has 51 conditions. Provide at most 50.');
  expect(requests).toEqual([]);
});

test('a record type without rows that match is an empty page', async () => {
  const { ask, sandbox } = openWorld();
  expect(sandbox.rows(contactType).length).toBeGreaterThan(0);
  const { data } = await ask(
    '{ contacts(where: { country: { is: "Nowhere" } }) { totalCount nodes { id } pageInfo { hasNextPage } } }',
  );
  expect(data).toEqual({ contacts: { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } } });
});
