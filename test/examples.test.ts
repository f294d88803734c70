import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sumByStage } from '../examples/deals-by-stage.ts';
import { importContacts, readLines } from '../examples/import-contacts.ts';
import { walkContacts } from '../examples/walk-contacts.ts';
import type { Identified, Table } from '../src/freshsales/resource.ts';
import { dealStageLookup } from '../src/lookups/lookup-types.ts';
import { contactType } from '../src/resources/contact/record.ts';
import { dealType } from '../src/resources/deal/record.ts';
import { productType } from '../src/resources/product/record.ts';
import { salesAccountType } from '../src/resources/sales-account/record.ts';
import { taskType } from '../src/resources/task/record.ts';
import { questionCalls, questionVariables } from './example-questions.ts';
import { type Ids, writeCalls, writeVariables } from './example-writes.ts';
import { DealBoardDocument, PageOfContactsDocument } from './generated/graphql.ts';
import { withoutJobIds } from './mutations/case.ts';
import { openWorld } from './world.ts';

const folder = new URL('../examples/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));

const ALL = { contacts: 'GET /contacts/view/31003548176', deals: 'GET /deals/view/31003548204' };

/** What each example asks of Freshsales when it is asked for the first time. */
const calls: Record<string, (ids: Ids) => string[]> = {
  ...questionCalls,
  ...writeCalls,
  'page-of-contacts.graphql': () => [
    'GET /contacts/filters',
    `${ALL.contacts}?page=1&per_page=25&include=owner,sales_accounts,deals,tasks,appointments,notes`,
  ],
  'deal-board.graphql': () => [
    'GET /deals/filters',
    `${ALL.deals}?page=1&per_page=100&sort=expected_close&sort_type=asc&include=sales_account,owner,deal_stage,deal_pipeline,deal_type,source,currency,contacts`,
  ],
  'account-page.graphql': ({ account }) => [
    `GET /sales_accounts/${account}?include=owner,parent_sales_account,contacts,deals,tasks,appointments`,
  ],
  'contact-page.graphql': ({ contact }) => [
    `GET /contacts/${contact}?include=owner,sales_accounts,contact_status,lifecycle_stage,source,deals,tasks,notes`,
    `GET /contacts/${contact}/activities?include=user`,
  ],
  'my-day.graphql': () => [
    'GET /tasks?page=1&per_page=25&filter=due today&include=targetable',
    'GET /appointments?page=1&per_page=10&filter=upcoming&include=appointment_attendees,targetable',
  ],
  'find-anything.graphql': () => [
    'GET /search?q=wid&include=contact,sales_account,deal&per_page=10',
    'GET /lookup?q=nobody@example.com&f=email&entities=contact&include=owner,sales_accounts&per_page=100',
  ],
  'recently-changed.graphql': () => ['POST /filtered_search/contact?page=1&per_page=50&sort=updated_at&sort_type=desc'],
  'how-many.graphql': () => [
    'GET /contacts/filters',
    'GET /deals/filters',
    `${ALL.contacts}?page=1&per_page=1`,
    `${ALL.deals}?page=1&per_page=1`,
  ],
  'settings.graphql': () => [
    'GET /contacts/filters',
    'GET /selector/contact_statuses',
    'GET /selector/deal_pipelines',
    'GET /selector/lifecycle_stages',
    'GET /selector/owners',
    'GET /settings/deals/fields',
  ],
  'again-by-id.graphql': ({ contact, account }) => [`GET /contacts/${contact}`, `GET /sales_accounts/${account}`],
  'what-is-left.graphql': () => [],
};

test('every example has its calls written down', () => {
  expect(Object.keys(calls).toSorted()).toEqual(files.toSorted());
});

describe.each(files)('%s', (file) => {
  test('answers without an error, at the calls written down and the cost expected', async () => {
    const { sandbox, ask } = openWorld();
    const first = (table: Table) => sandbox.rows<Identified>(table)[0]?.id ?? '';
    const ids = {
      contact: first(contactType),
      account: first(salesAccountType),
      deal: first(dealType),
      product: first(productType),
      task: first(taskType),
    };
    const variables = {
      ...writeVariables(ids),
      ...(file in questionCalls && questionVariables(ids)),
      id: file.startsWith('account') ? ids.account : ids.contact,
      ids: [`gid://freshsales/Contact/${ids.contact}`, `gid://freshsales/SalesAccount/${ids.account}`],
      text: 'wid',
      email: 'nobody@example.com',
      since: '2020-01-01T00:00:00Z',
    };
    const { data, errors, requests, extensions } = await ask(readFileSync(new URL(file, folder), 'utf8'), variables);
    expect(errors).toBeUndefined();
    for (const payload of Object.values(data ?? {})) expect(Object(payload).userErrors ?? []).toEqual([]);
    expect(withoutJobIds(requests).toSorted()).toEqual(calls[file]?.(ids).toSorted());
    const { cost } = extensions as { cost: { requestedQueryCost: number; actualQueryCost: number } };
    expect(cost.actualQueryCost).toBe(requests.length);
    expect(cost.requestedQueryCost).toBe(cost.actualQueryCost);
  });
});

test('typed documents answer in the types that codegen made of them', async () => {
  const { graphql } = openWorld();
  const { contacts } = await graphql.request(PageOfContactsDocument, { first: 2 });
  const { deals } = await graphql.request(DealBoardDocument, { first: 2 });
  const titles: (string | null | undefined)[] = contacts.nodes.map(({ displayName }) => displayName);
  expect(titles).toHaveLength(2);
  expect(deals.nodes.map(({ name }) => name.length > 0)).toEqual([true, true]);
});

test('walk-contacts.ts visits every contact, in as few pages as possible', async () => {
  const { graphql, sandbox } = openWorld();
  const seen: string[] = [];
  for await (const { id } of walkContacts(graphql)) seen.push(id);
  const all = sandbox.rows(contactType).filter(({ is_deleted }) => !is_deleted);
  expect(new Set(seen).size).toBe(all.length);
  expect(sandbox.requests).toEqual([
    'GET /contacts/filters',
    ...Array.from(
      { length: Math.ceil(all.length / 100) },
      (_, index) => `${ALL.contacts}?page=${index + 1}&per_page=${100 - index}`,
    ),
  ]);
});

test('import-contacts.ts enters what it can, and reports the rest', async () => {
  const { graphql, sandbox } = openWorld({ behaviours: { jobSeconds: 0 } });
  const made = Array.from({ length: 150 }, (_, index) => `p${index}@fair.example,P${index},Turin`);
  const lines = readLines(['email,firstName,city', ...made, `x@y,Xavier,`].join('\n'));
  expect(lines[0]).toEqual({ email: 'p0@fair.example', firstName: 'P0', city: 'Turin' });
  const report: string[] = [];
  for await (const line of importContacts(graphql, lines)) report.push(line);
  expect(report).toEqual([expect.stringMatching(/^x@y: FAILED .*invalid email/), '150 of 151 done']);
  expect(withoutJobIds(sandbox.requests).toSorted()).toEqual([
    ...Array(2).fill('GET /job_statuses/{id}'),
    ...Array(2).fill('POST /contacts/bulk_upsert'),
  ]);
  expect(sandbox.rows(contactType).filter(({ city }) => city === 'Turin')).toHaveLength(150);
  sandbox.failNext(/bulk_upsert/, { status: 200, body: { job_status_url: 'https://x.example/nowhere' } });
  const broken: string[] = [];
  for await (const line of importContacts(graphql, lines.slice(0, 1))) broken.push(line);
  expect(broken).toEqual(['p0@fair.example: UNKNOWN', '0 of 1 done', expect.stringMatching(/^Interrupted: /)]);
});

test('deals-by-stage.ts adds up every open deal, to the cent', async () => {
  const { graphql, sandbox } = openWorld();
  const sums = await sumByStage(graphql);
  const open = new Set(
    sandbox.rows(dealStageLookup).flatMap(({ id, forecast_type }) => (forecast_type === 'Open' ? [id] : [])),
  );
  const deals = sandbox.rows(dealType).filter((deal) => !deal.is_deleted && open.has(String(deal.deal_stage_id)));
  expect(sums.reduce((sum, each) => sum + each.deals, 0)).toBe(deals.length);
  const cents = (amount: string) =>
    BigInt(Math.round(Number(amount.split('.')[0]))) * 100n + BigInt((amount.split('.')[1] ?? '').padEnd(2, '0'));
  expect(sums.reduce((sum, each) => sum + cents(each.amount), 0n)).toBe(
    deals.reduce((sum, deal) => sum + cents(String(deal.base_currency_amount)), 0n),
  );
  expect(sandbox.requests).toHaveLength(1 + Math.ceil(deals.length / 99));
});
