import { describe, expect, test } from 'vitest';
import { openOffice } from '../mutations/office.ts';

type World = Pick<ReturnType<typeof openOffice>, 'ask'>;

/** The answer, with its errors as path, code and record. */
async function answerOf({ ask }: World, query: string) {
  const { data, errors = [], requests } = await ask(query);
  const shown = errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code, extensions?.record]);
  return { data, errors: shown, requests };
}

describe('a response that makes no sense', () => {
  test('to a list: rows without an id are left out, with an error, and cost no call', async () => {
    const world = openOffice();
    const rows = [{ id: 301, name: 'Big one' }, {}, null, 'x', { name: 'Nobody' }, { id: 302, name: 'Renewal' }];
    world.sandbox.failNext(/deals\/view/, { status: 200, body: { deals: rows, meta: { total: 4 } } });
    const { data, errors, requests } = await answerOf(
      world,
      '{ deals(view: "All Deals") { nodes { databaseId name } } }',
    );
    expect(data).toEqual({
      deals: {
        nodes: [
          { databaseId: '301', name: 'Big one' },
          { databaseId: '302', name: 'Renewal' },
        ],
      },
    });
    expect(errors).toEqual([['deals', 'UPSTREAM_ERROR', undefined]]);
    expect(requests).toHaveLength(2);
  });

  test('to a read by id: another record is an error, and one without its id is the one that was asked for', async () => {
    const world = openOffice();
    world.sandbox.failNext(/contacts\/101/, { status: 200, body: { contact: { id: 999, first_name: 'Eve' } } });
    world.sandbox.failNext(/deals\/302/, { status: 200, body: { deal: { name: 'Renewal' } } });
    expect(await answerOf(world, '{ contact(id: 101) { firstName } deal(id: 302) { id name } }')).toMatchObject({
      data: { contact: null, deal: { id: 'gid://freshsales/Deal/302', name: 'Renewal' } },
      errors: [['contact', 'UPSTREAM_ERROR', 'gid://freshsales/Contact/101']],
    });
  });

  test('to a relation: repeated rows are one', async () => {
    const world = openOffice();
    const accounts = [501, 502, 501].map((id) => ({ id, name: `Account ${id}`, is_primary: id === 502 }));
    const deals = [301, 303, 301].map((id) => ({ id, name: `Deal ${id}` }));
    const contact = { id: 101, deal_ids: [301, '', 301, null, 303], sales_accounts: accounts };
    world.sandbox.failNext(/contacts\/101/, { status: 200, body: { contact, deals } });
    const { data, errors } = await answerOf(
      world,
      '{ contact(id: 101) { deals { totalCount nodes { name } } salesAccounts { edges { isPrimary node { name } } } } }',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      contact: {
        deals: { totalCount: 2, nodes: [{ name: 'Deal 301' }, { name: 'Deal 303' }] },
        salesAccounts: {
          edges: [
            { isPrimary: false, node: { name: 'Account 501' } },
            { isPrimary: true, node: { name: 'Account 502' } },
          ],
        },
      },
    });
  });

  test('to an update: another record leaves the outcome unknown', async () => {
    const world = openOffice();
    world.sandbox.failNext(/^PUT/, { status: 200, body: { contact: { id: 999, city: 'x' } } });
    const { data, errors } = await world.ask(
      'mutation { updateContact(id: 101, input: { city: "x" }) { contact { id } } }',
    );
    expect(data).toEqual({ updateContact: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_ERROR', outcome: 'UNKNOWN' });
  });

  test.each([
    ['a lookup', '{ owners { id } }', /selector.owners/, (rows: object[]) => ({ users: rows }), 'User'],
    [
      'a search by one field',
      '{ lookup(field: EMAIL, value: "a@x.example", types: [DEAL]) { ... on Deal { id } } }',
      /lookup/,
      (rows: object[]) => ({ deals: { deals: rows } }),
      'Deal',
    ],
    [
      'a search',
      '{ search(query: "a") { id: recordId } }',
      /search/,
      (rows: object[]) => rows.map((row) => ({ ...row, type: 'deal' })),
      'Deal',
    ],
    ['a list', '{ deals(first: 50) { nodes { id } } }', /deals.view/, (rows: object[]) => ({ deals: rows }), 'Deal'],
  ])(
    'to %s: rows whose id makes no sense are left out, and repeated rows are one',
    async (_, query, call, body, type) => {
      const world = openOffice();
      const ids = [301, '', 'x/y', 1.5, -1, null, '9'.repeat(21), 301, undefined, {}, '302'];
      world.sandbox.failNext(call, { status: 200, body: body(ids.map((id) => ({ id, name: 'A' }))) });
      const { data, errors, requests } = await answerOf(world, query);
      const [rows = []] = Object.values(data as Record<string, { nodes?: object[] } | object[]>);
      const shown = Array.isArray(rows) ? rows : rows.nodes;
      expect(shown).toEqual([{ id: `gid://freshsales/${type}/301` }, { id: `gid://freshsales/${type}/302` }]);
      expect(errors).toEqual([[expect.any(String), 'UPSTREAM_ERROR', undefined]]);
      for (const line of requests) expect(line).toMatch(/filters|selector|lookup|search|view/);
    },
  );

  test('to a record: an id that makes no sense is never asked for', async () => {
    const world = openOffice();
    const contact = { id: 101, owner_id: '../deals', contact_status_id: '', deal_ids: [301, 'x', 1.5, -1] };
    world.sandbox.failNext(/contacts.101/, { status: 200, body: { contact, deals: [{ id: 301, name: 'Big one' }] } });
    const { data, errors, requests } = await answerOf(
      world,
      '{ contact(id: 101) { owner { displayName } status { name } deals { totalCount nodes { name } } } }',
    );
    expect(data).toEqual({
      contact: { owner: null, status: null, deals: { totalCount: 1, nodes: [{ name: 'Big one' }] } },
    });
    expect(errors).toEqual([['contact.owner', 'UPSTREAM_ERROR', 'gid://freshsales/Contact/101']]);
    expect(requests).toHaveLength(1);
  });

  test('to a list of tasks: a target without a valid id is null, and costs no call', async () => {
    const world = openOffice();
    const tasks = ['', 'x/y', 101].map((id, index) => ({
      ...{ id: index + 1, title: 'A' },
      targetables: [{ id, type: 'Contact' }],
    }));
    world.sandbox.failNext(/tasks/, { status: 200, body: { tasks, meta: { total: 3 } } });
    const { data, errors, requests } = await answerOf(
      world,
      '{ tasks { nodes { target { ... on Contact { jobTitle } } } } }',
    );
    expect(data).toEqual({
      tasks: { nodes: [{ target: null }, { target: null }, { target: { jobTitle: 'Engineer' } }] },
    });
    expect(errors).toEqual([['tasks.nodes.1.target', 'UPSTREAM_ERROR', 'gid://freshsales/Task/2']]);
    expect(requests.slice(1)).toEqual(['GET /contacts/101']);
  });

  test('to a field list: what is not text is null, and not its name in JavaScript', async () => {
    const world = openOffice();
    const fields = [
      {
        id: 1,
        name: 'a',
        label: null,
        type: 'text',
        choices: [null, {}, { id: 5, value: {} }, { id: 6, value: 'Six' }],
      },
      { id: 2, name: null, label: {}, type: 7 },
    ];
    world.sandbox.failNext(/settings/, { status: 200, body: { fields } });
    const { data, errors } = await answerOf(
      world,
      '{ fields(type: CONTACT) { name label type choices { databaseId value } } }',
    );
    expect(data).toEqual({
      fields: [
        {
          ...{ name: 'a', label: 'a', type: 'text' },
          choices: [
            { databaseId: '5', value: null },
            { databaseId: '6', value: 'Six' },
          ],
        },
        { name: null, label: null, type: '7', choices: [] },
      ],
    });
    expect(errors.map(([path]) => path)).toEqual(['fields.0.choices.0.value', 'fields.1.name', 'fields.1.label']);
  });

  test('to the record of a search hit: the error names the record', async () => {
    const world = openOffice();
    world.sandbox.failNext(/search.q/, { status: 200, body: [{ id: '301', type: 'deal', name: 'Big one' }] });
    world.sandbox.failNext(/deals.301/, { status: 500 });
    const { data, errors } = await answerOf(
      world,
      '{ search(query: "big") { name record { ... on Deal { amount } } } }',
    );
    expect(data).toEqual({ search: [{ name: 'Big one', record: null }] });
    expect(errors).toEqual([['search.0.record', 'UPSTREAM_ERROR', 'gid://freshsales/Deal/301']]);
  });
});
