import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { createServer } from '../../src/server/create-server.ts';
import fc, { deepRuns } from '../property.ts';
import { garbage, spoil } from '../spoil.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));

const cases = [
  [
    'contacts.get.include.full',
    '{ contact(id: 1) { displayName leadScore tags emails { value } createdAt customFields owner { displayName } primarySalesAccount { name } salesAccounts { edges { isPrimary } } deals { nodes { name amount stage { name } } } tasks { nodes { title status target { __typename } } } appointments { nodes { title isAllDay attendees { __typename } } } notes { nodes { description target { __typename } } } } }',
  ],
  [
    'sales_accounts.get.include_deals',
    '{ salesAccount(id: 1) { name annualRevenue numberOfEmployees tags deals { totalCount nodes { name customFields pipeline { name } currency { code } contacts { nodes { email } } } } } }',
  ],
  [
    'deals.view.include',
    '{ deals(view: 1) { totalCount pageInfo { hasNextPage endCursor } nodes { name amount probability expectedCloseOn tags owner { email isActive } salesAccount { name } stage { name position } type { name } products { name quantity product { name } } } } }',
  ],
  [
    'tasks.list.include',
    '{ tasks { totalCount nodes { title dueAt status owner { displayName } target { ... on Deal { name } ... on Contact { email } } } } }',
  ],
  [
    'appointments.get.include',
    '{ appointment(id: 1) { title startsAt attendees { ... on User { displayName } ... on Contact { email } } target { __typename } } }',
  ],
  ['search', '{ search(query: "x") { type recordId name email } }'],
  [
    'lookup.deal.include',
    '{ lookup(field: EMAIL, value: "x", types: [DEAL]) { ... on Deal { name amount contacts { nodes { email } } } } }',
  ],
  ['selector.deal_pipelines', '{ dealPipelines { name position isDefault } }'],
  [
    'settings.deals.fields',
    '{ fields(type: DEAL) { name label type isRequired choices { databaseId value position } } }',
  ],
  ['contacts.activities', '{ contact(id: 1) { activities { type createdAt data actor { displayName } } } }'],
] as const;

/** The id of the record in a response. */
const idIn = (recorded: unknown): unknown =>
  Object.values(recorded as Record<string, { id?: unknown } | null>).find((each) => each?.id !== undefined)?.id ?? 1;

/** NOT_AVAILABLE: garbage may say that a record is in the recycle bin, or that there are more rows than can be read. */
const codes = ['UPSTREAM_ERROR', 'COST_LIMIT_EXCEEDED', 'NOT_AVAILABLE', 'PAGE_DRIFT'];

async function ask(body: unknown, query: string) {
  const reported: unknown[] = [];
  const ledger = createAccountLedger();
  const fetch: typeof globalThis.fetch = async () => new Response(JSON.stringify(body));
  const freshsales = createFreshsales({ baseURL: 'http://garbage.invalid/api', apiKey: 'k', fetch, ledger });
  const yoga = createServer({ connect: () => ({ freshsales, ledger }), report: (_id, error) => reported.push(error) });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
  return { answer: await (await yoga.fetch('http://127.0.0.1/graphql', init)).json(), reported };
}

test.each(cases)(
  '%s with garbage in it is an answer or an error with a code, never a fault of ours',
  async (name, template) => {
    const recorded = fixture(name);
    const query = template.replace('(id: 1)', `(id: ${idIn(recorded)})`);
    const wounds = fc.array(fc.tuple(fc.nat(5000), garbage), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(wounds, async (spots) => {
        const { answer, reported } = await ask(spoil(recorded, spots), query);
        expect(reported).toEqual([]);
        for (const { extensions } of answer.errors ?? []) expect(codes).toContain(extensions.code);
      }),
      deepRuns(60),
    );
  },
);
