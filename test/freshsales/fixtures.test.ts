import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFreshsales, type Session } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { recordTypes } from '../../src/resources/index.ts';
import { createServer } from '../../src/server/create-server.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');

/** A Freshsales that gives recorded answers: the first whose pattern fits the address. */
function openRecorded(answers: readonly (readonly [RegExp, string])[]) {
  const requests: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const address = decodeURIComponent(String(input)).replace('http://recorded.invalid/api/', '');
    requests.push(address);
    const [, name] = answers.find(([pattern]) => pattern.test(address)) ?? [];
    return new Response(name ? fixture(name) : fixture('error.404'), { status: name ? 200 : 404 });
  };
  const ledger = createAccountLedger();
  const freshsales = createFreshsales({ baseURL: 'http://recorded.invalid/api', apiKey: 'k', fetch, ledger });
  const yoga = createServer({ connect: () => ({ freshsales, ledger }) });
  return {
    requests,
    session: freshsales.for({}),
    async ask(query: string) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
      return (await yoga.fetch('http://127.0.0.1/graphql', init)).json();
    },
  };
}

const recordType = (name: string) => recordTypes.find((each) => each.name === name) ?? recordTypes[0];

describe('the client reads every recorded answer of a read', () => {
  const singles: [string, string][] = [
    ['Contact', 'contacts.get'],
    ['Contact', 'contacts.get.include.full'],
    ['Contact', 'contacts.get.include_contact_status'],
    ['Contact', 'contacts.get.include_lifecycle_stage'],
    ['SalesAccount', 'sales_accounts.get'],
    ['SalesAccount', 'sales_accounts.get.include_deals'],
    ['Deal', 'deals.get'],
    ['Deal', 'classic.deals.get.include_owner'],
    ['Lead', 'classic.leads.get'],
    ['Task', 'tasks.get'],
    ['Appointment', 'appointments.get.include'],
    ['SalesActivity', 'sales_activities.get'],
    ['Product', 'cpq.products.put'],
    ['Product', 'cpq.products.put.include_product_pricings'],
  ];

  test.each(singles)('%s: %s', async (name, file) => {
    const { session } = openRecorded([[/./, file]]);
    const answer = await session.get(recordType(name) as Parameters<Session['get']>[0], '1');
    expect(answer?.row.id).toMatch(/^\d+$/);
    for (const rows of Object.values(answer?.sideloads ?? {})) for (const row of rows) expect(row.id).toMatch(/^\d+$/);
  });

  const pages: [string, string][] = [
    ['contacts', 'contacts.view'],
    ['contacts', 'classic.contacts.view'],
    ['sales_accounts', 'sales_accounts.view'],
    ['sales_accounts', 'classic.sales_accounts.view'],
    ['deals', 'deals.view'],
    ['deals', 'deals.view.include'],
    ['deals', 'classic.deals.view'],
    ['tasks', 'tasks.list.include'],
    ['tasks', 'classic.tasks.list'],
    ['appointments', 'appointments.list'],
    ['sales_activities', 'sales_activities.list'],
    ['contacts', 'filtered_search.contact'],
    ['contacts', 'filtered_search.contact.include_sales_account'],
    ['notes', 'contacts.notes.subresource'],
    ['activities', 'contacts.activities'],
  ];

  test.each(pages)('%s: %s', async (many, file) => {
    const { session } = openRecorded([[/./, file]]);
    const body = JSON.parse(fixture(file)) as Record<string, unknown[]> & { meta?: { total?: number } };
    const { rows, total } = await session.page({ path: many, many, page: 1, perPage: 25, include: [] });
    expect(rows).toHaveLength(body[many]?.length ?? -1);
    expect(total).toBe(body.meta?.total);
  });

  test('a record lookup, twice nested, with its side-loads inside', async () => {
    const { session } = openRecorded([[/./, 'lookup.deal.include']]);
    const [deals] = await session.searchByField({}, ['deals']);
    expect(deals).toMatchObject({
      rows: [{ contact_ids: ['31016358306'] }],
      sideloads: { contacts: [{ partial: true }] },
    });
  });
});

const recorded = openRecorded([
  [/^contacts\/filters/, 'contacts.filters'],
  [/^deals\/filters/, 'deals.filters'],
  [/^contacts\/\d+\/activities/, 'contacts.activities'],
  [/^contacts\/view/, 'contacts.view'],
  [/^contacts\/\d+/, 'contacts.get.include.full'],
  [/^sales_accounts\/\d+/, 'sales_accounts.get.include_deals'],
  [/^deals\/view/, 'deals.view.include'],
  [/^tasks\?/, 'tasks.list.include'],
  [/^appointments\/\d+/, 'appointments.get.include'],
  [/^search/, 'search'],
  [/^lookup/, 'lookup.deal.include'],
  [/^selector\/deal_stages/, 'selector.deal_stages'],
  [/^selector\/deal_pipelines/, 'selector.deal_pipelines'],
  [/^settings\/contacts/, 'settings.contacts.fields'],
]);

describe('the schema returns what was recorded', () => {
  test('a contact with everything, in one call', async () => {
    const { data, errors } = await recorded.ask(`{ contact(id: 31016358306) {
      mcrId lastContactedAt customFields
      owner { displayName } primarySalesAccount { name website openDealsAmount }
      deals { totalCount nodes { name amount stage { name } owner { displayName } } }
      tasks { nodes { title dueAt target { ... on SalesAccount { name } } } }
      appointments { nodes { startsAt outcome { name } } }
      notes { nodes { description } }
    } }`);
    expect(errors).toBeUndefined();
    expect(data.contact).toEqual({
      mcrId: '1656220499163897856',
      lastContactedAt: '2023-05-07T08:52:08.000Z',
      customFields: {},
      owner: { displayName: 'Alex Morgan' },
      primarySalesAccount: { name: 'Widgetz.io', website: 'widgetz.io', openDealsAmount: '5600.0' },
      deals: {
        totalCount: 1,
        nodes: [
          {
            name: 'Widgetz.io // Gold plan // 70 users // New business (sample)',
            amount: '5600.0',
            stage: { name: 'New' },
            owner: { displayName: 'Alex Morgan' },
          },
        ],
      },
      tasks: {
        nodes: [
          {
            title: 'Follow up with Widgetz (sample)',
            dueAt: '2023-05-12T16:00:00.000Z',
            target: { name: 'Widgetz.io' },
          },
        ],
      },
      appointments: { nodes: [{ startsAt: '2023-04-21T15:30:00.000Z', outcome: { name: 'Interested' } }] },
      notes: { nodes: [{ description: 'Sample note for contact create' }] },
    });
    expect(recorded.requests).toEqual([
      'contacts/31016358306?include=owner,sales_accounts,deals,tasks,appointments,notes',
    ]);
  });

  test.each([
    '{ contacts { totalCount pageInfo { hasNextPage } nodes { displayName leadScore openDealsAmount createdAt tags } } }',
    '{ salesAccount(id: 15000767664) { name owner { displayName } deals { nodes { name pipeline { name isDefault } currency { code } contacts { nodes { email } } } } } }',
    '{ deals { nodes { name owner { displayName } salesAccount { name } stage { name } type { name } leadSource { name } currency { code isActive } salesActivities { totalCount } } } }',
    '{ tasks { totalCount nodes { title owner { email } target { __typename ... on Deal { name } ... on Contact { email } } } } }',
    '{ appointment(id: 31001473829) { title creator { displayName } attendees { __typename ... on User { email } ... on Contact { email } } target { ... on Contact { firstName } } } }',
    '{ search(query: "test") { type recordId name email } lookup(field: EMAIL, value: "x", types: [DEAL]) { ... on Deal { name contacts { nodes { email } } } } }',
    '{ dealPipelines { name stages { name forecastType } } fields(type: CONTACT) { name type choices { databaseId value } } contactViews { id name isDefault } }',
    '{ contact(id: 31016358306) { activities { type createdAt data actor { displayName } targetName } } }',
  ])('%s', async (query) => {
    const { data, errors } = await recorded.ask(query);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toMatch(/token/);
  });
});

test('rows that came along under the key of the page itself are not rows of the page', async () => {
  const view = JSON.parse(fixture('contacts.view')) as { contacts: { id: number }[] };
  const alien = { partial: true, id: 77, display_name: 'Somebody else' };
  const body = JSON.stringify({ ...view, contacts: [alien, ...view.contacts] });
  const ledger = createAccountLedger();
  const fetch: typeof globalThis.fetch = async () => new Response(body);
  const freshsales = createFreshsales({ baseURL: 'http://recorded.invalid/api', apiKey: 'k', fetch, ledger });
  const yoga = createServer({ connect: () => ({ freshsales, ledger }) });
  const query = '{ contacts(view: 1) { totalCount nodes { databaseId } } }';
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
  const { data } = await (await yoga.fetch('http://127.0.0.1/graphql', init)).json();
  expect(data.contacts.nodes).toEqual(view.contacts.map(({ id }) => ({ databaseId: String(id) })));
});
