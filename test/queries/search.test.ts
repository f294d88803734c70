import { describe, expect, test } from 'vitest';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { openWorld } from '../world.ts';

const email = 'ada@analytical.example';

/** A world with one contact, her company and her deal, among the company that is there anyway. */
function openAda(behaviours = {}) {
  const world = openWorld({ behaviours });
  const owner = world.sandbox.rows(userLookup)[0]?.id ?? '';
  const account = world.sandbox.put(salesAccountType, { name: 'Analytical Engines', phone: '+44 1' });
  const contact = world.sandbox.put(contactType, {
    first_name: 'Ada',
    last_name: 'Lovelace',
    display_name: 'Ada Lovelace',
    email,
    emails: [{ value: email, is_primary: true, label: null }],
    job_title: 'Analyst',
    owner_id: owner,
    external_id: 'ext-7',
    custom_field: { cf_badge: 'A1' },
    sales_accounts: [{ id: account.id, name: account.name, is_primary: true }],
  });
  const deal = world.sandbox.put(dealType, {
    name: 'Engine No. 2',
    amount: '1500.0',
    sales_account_id: account.id,
    contact_ids: [contact.id],
    owner_id: owner,
  });
  return { ...world, account, contact, deal };
}

describe('search', () => {
  test('finds by a part of the name, in one call', async () => {
    const { ask, contact } = openAda();
    const { data, requests } = await ask(
      `{ search(query: "lovel", first: 5) { type recordId databaseId name email } }`,
    );
    expect(data).toEqual({
      search: [
        {
          type: 'CONTACT',
          recordId: `gid://freshsales/Contact/${contact.id}`,
          databaseId: contact.id,
          name: 'Ada Lovelace',
          email,
        },
      ],
    });
    expect(requests).toEqual(['GET /search?q=lovel&include=contact,sales_account,deal&per_page=5']);
  });

  test('the record behind a row is one call more', async () => {
    const { ask, contact } = openAda();
    const { data, requests } = await ask(
      `{ search(query: "lovel", types: [CONTACT]) { record { ... on Contact { jobTitle owner { displayName } } } } }`,
    );
    expect(data).toMatchObject({ search: [{ record: { jobTitle: 'Analyst' } }] });
    expect(requests).toEqual([
      'GET /search?q=lovel&include=contact&per_page=25',
      `GET /contacts/${contact.id}?include=owner`,
    ]);
  });

  test('the records behind many rows are searched by the addresses and names of the rows', async () => {
    const { ask } = openWorld();
    const { data, errors, extensions, requests } = await ask(
      '{ search(query: "amara", first: 10) { record { ... on Contact { displayName owner { displayName } primarySalesAccount { name } } } } }',
    );
    expect(errors).toBeUndefined();
    const record = { displayName: expect.stringMatching(/^Amara/), owner: { displayName: expect.any(String) } };
    expect(data).toMatchObject({ search: Array.from({ length: 10 }, () => ({ record })) });
    expect(requests).toEqual([
      'GET /search?q=amara&include=contact,sales_account,deal&per_page=10',
      'POST /filtered_search/contact?page=1&per_page=100&include=owner,sales_accounts',
    ]);
    expect(extensions).toMatchObject({ cost: { requestedQueryCost: 2, actualQueryCost: 2 } });
  });

  test('accounts are searched by their names, even where a row has no address', async () => {
    const { ask, sandbox } = openWorld();
    for (const name of ['Quxley One', 'Quxley Two']) sandbox.put(salesAccountType, { name, phone: '+1' });
    const { data, requests } = await ask('{ search(query: "quxley") { record { ... on SalesAccount { phone } } } }');
    expect(data).toEqual({ search: [{ record: { phone: '+1' } }, { record: { phone: '+1' } }] });
    expect(requests).toEqual([
      'GET /search?q=quxley&include=contact,sales_account,deal&per_page=25',
      'POST /filtered_search/sales_account?page=1&per_page=100',
    ]);
  });

  test.each([
    ['query: ""', 'BAD_USER_INPUT'],
    ['query: "a", first: 101', 'BAD_USER_INPUT'],
    ['query: "a", types: [LEAD]', 'NOT_AVAILABLE'],
  ])('%s is refused before any call', async (args, code) => {
    const { ask } = openWorld();
    const { errors, requests } = await ask(`{ search(${args}) { recordId } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code });
    expect(requests).toEqual([]);
  });
});

describe('lookup', () => {
  test('finds whole records of several kinds with their relations, in one call', async () => {
    const { ask } = openAda();
    const { data, requests } = await ask(`{ lookup(field: EMAIL, value: "${email}", types: [CONTACT, SALES_ACCOUNT]) {
      __typename
      ... on Contact { jobTitle customField(name: "cf_badge") owner { displayName } primarySalesAccount { name } }
      ... on SalesAccount { name }
    } }`);
    expect(data).toEqual({
      lookup: [
        {
          __typename: 'Contact',
          jobTitle: 'Analyst',
          customField: 'A1',
          owner: { displayName: expect.any(String) },
          primarySalesAccount: { name: 'Analytical Engines' },
        },
      ],
    });
    expect(requests).toEqual([
      `GET /lookup?q=${email}&f=email&entities=contact,sales_account&include=owner,sales_accounts&per_page=100`,
    ]);
  });

  test('by a custom field', async () => {
    const { ask } = openAda();
    const { data } = await ask(
      `{ lookup(field: CUSTOM, name: "cf_badge", value: "A1", types: [CONTACT]) { ... on Contact { email } } }`,
    );
    expect(data).toEqual({ lookup: [{ email }] });
  });

  test.each([
    ['field: CUSTOM, value: "x", types: [CONTACT]', 'BAD_USER_INPUT'],
    ['field: EMAIL, value: " ", types: [CONTACT]', 'BAD_USER_INPUT'],
    ['field: EMAIL, value: "x", types: []', 'BAD_USER_INPUT'],
    ['field: EMAIL, value: "x", types: [LEAD]', 'NOT_AVAILABLE'],
  ])('%s is refused before any call', async (args, code) => {
    const { ask } = openWorld();
    const { errors, requests } = await ask(`{ lookup(${args}) { __typename } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code });
    expect(requests).toEqual([]);
  });
});

describe('filters', () => {
  const where = (rule: string) => `where: [{ ${rule} }]`;

  test('whole rows and their relations come in one call', async () => {
    const { ask, account } = openAda();
    const rule = `attribute: "sales_account_id", operator: IS_IN, value: ["gid://freshsales/SalesAccount/${account.id}"]`;
    const { data, errors, requests } = await ask(
      `{ filterDeals(${where(rule)}) { totalCount nodes { name tags owner { displayName } stage { name } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ filterDeals: { totalCount: 1, nodes: [{ name: 'Engine No. 2' }] } });
    expect(requests).toEqual(['POST /filtered_search/deal?page=1&per_page=25&include=owner,deal_stage']);
  });

  test('where whole rows are not honoured, what they lack is read, and never shown as null', async () => {
    const { ask, contact } = openAda({ filteredSearchDetail: false });
    const rule = `attribute: "email", operator: IS, value: "${email}"`;
    const { data, requests } = await ask(
      `{ filterContacts(${where(rule)}) { nodes { email customField(name: "cf_badge") } } }`,
    );
    expect(data).toEqual({ filterContacts: { nodes: [{ email, customField: 'A1' }] } });
    expect(requests).toEqual(['POST /filtered_search/contact?page=1&per_page=25', `GET /contacts/${contact.id}`]);
  });

  test.each(['object', 'array'] as const)('nothing found, said as an %s', async (filteredSearchEmpty) => {
    const { ask } = openAda({ filteredSearchEmpty });
    const rule = 'attribute: "email", operator: IS, value: "nobody@example.com"';
    const { data, errors } = await ask(
      `{ filterContacts(${where(rule)}) { totalCount nodes { email } pageInfo { hasNextPage } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ filterContacts: { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } } });
  });

  test('an unknown column is refused by Freshsales, and the error says where the columns are listed', async () => {
    const { ask } = openWorld();
    const { errors } = await ask(
      `{ filterDeals(${where('attribute: "nope", operator: IS, value: 1')}) { totalCount } }`,
    );
    expect(errors).toMatchObject([
      {
        message:
          'Freshsales refused the request: Invalid filter: nope is. Use the wire name of a column; `fields(type: DEAL)` lists them.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test.each([
    ['attribute: "city", operator: IS_NOT, value: "Oslo"', 'is_not', 'Oslo', ['Ada', 'Ben']],
    [
      'attribute: "city", operator: CONTAINS_ANY, value: ["osl", "rom"]',
      'contains_any',
      ['osl', 'rom'],
      ['Ada', 'Cem'],
    ],
    ['attribute: "city", operator: CONTAINS_ANY, value: "osl"', 'contains_any', ['osl'], ['Cem']],
  ])('{ %s } is one search', async (rule, operator, value, names) => {
    const { ask, sandbox } = openWorld({ seed: false });
    for (const [first_name, city] of [
      ['Ada', 'Rome'],
      ['Ben', 'Paris'],
      ['Cem', 'Oslo'],
    ] as const)
      sandbox.put(contactType, { first_name, city });
    const { data, errors, requests } = await ask(`{ filterContacts(${where(rule)}) { nodes { firstName } } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ filterContacts: { nodes: names.map((firstName) => ({ firstName })) } });
    expect(requests).toEqual(['POST /filtered_search/contact?page=1&per_page=25']);
    expect(sandbox.sent.at(-1)?.body).toMatchObject({ filter_rule: [{ attribute: 'city', operator, value }] });
  });

  test.each([
    ['where: []', /“where” is empty/],
    [where('attribute: "a b", operator: IS, value: 1'), /is not a column/],
    [where('attribute: "name", operator: IS, value: null'), /.*/],
    [where('attribute: "name", operator: IS_IN, value: []'), /needs a value/],
    [where('attribute: "name", operator: IS, value: "  "'), /needs a value/],
    [where('attribute: "name", operator: IS_IN, value: ["x", null]'), /needs a value/],
    [where('attribute: "name", operator: IS_IN, value: [["x"]]'), /is a list in a list/],
    [where('attribute: "name", operator: IS_IN, value: [{ a: 1 }]'), /is an object/],
    [where('attribute: "name", operator: IS, value: { a: 1 }'), /is an object/],
    [
      where('attribute: "updated_at", operator: IS_AFTER, value: "yesterday"'),
      /a date or a time, for example "2026-11-27"/,
    ],
    [where('attribute: "updated_at", operator: IS_BEFORE, value: 5'), /needs a date or a time/],
    [where('attribute: "updated_at", operator: IS_AFTER, value: "2026-13-45"'), /needs a date or a time/],
  ])('%s is refused before any call', async (args, message) => {
    const { ask } = openWorld();
    const { errors, requests } = await ask(`{ filterContacts(${args}) { totalCount } }`);
    expect(errors?.[0]?.message).toMatch(message);
    expect(requests).toEqual([]);
  });
});
