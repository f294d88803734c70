import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/freshsales/resource.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { openWorld } from '../world.ts';

type Root = 'contact' | 'salesAccount' | 'deal';

const user = '{ displayName email isActive }';
const named = '{ name position }';
const many = (selection: string) => `{ totalCount nodes ${selection} }`;

/** Every relation that an include brings: the field, what is asked of it, and the include. */
const relations: Readonly<Record<Root, readonly (readonly [field: string, selection: string, include: string])[]>> = {
  contact: [
    ['owner', user, 'owner'],
    ['creator', user, 'creater'],
    ['updater', user, 'updater'],
    ['lifecycleStage', named, 'lifecycle_stage'],
    ['status', named, 'contact_status'],
    ['leadSource', named, 'source'],
    ['campaign', named, 'campaign'],
    ['territory', '{ name }', 'territory'],
    ['primarySalesAccount', '{ name website openDealsAmount }', 'sales_accounts'],
    ['salesAccounts', '{ totalCount edges { isPrimary node { name wonDealsCount } } }', 'sales_accounts'],
    ['deals', many('{ name amount customFields stage { name } }'), 'deals'],
    ['tasks', many('{ title status dueAt target { __typename } }'), 'tasks'],
    ['appointments', many('{ title startsAt outcome { name } }'), 'appointments'],
    ['notes', many('{ description createdAt }'), 'notes'],
    ['lists', '{ id name }', 'lists'],
  ],
  salesAccount: [
    ['owner', user, 'owner'],
    ['creator', user, 'creater'],
    ['updater', user, 'updater'],
    ['territory', '{ name }', 'territory'],
    ['industryType', named, 'industry_type'],
    ['businessType', named, 'business_type'],
    ['parent', '{ name website }', 'parent_sales_account'],
    ['children', many('{ name website }'), 'child_sales_accounts'],
    ['contacts', many('{ displayName email }'), 'contacts'],
    ['deals', many('{ name stage { name } owner { displayName } currency { code } }'), 'deals'],
    ['tasks', many('{ title }'), 'tasks'],
    ['appointments', many('{ title }'), 'appointments'],
  ],
  deal: [
    ['owner', user, 'owner'],
    ['creator', user, 'creater'],
    ['updater', user, 'updater'],
    ['salesAccount', '{ name website }', 'sales_account'],
    ['contacts', many('{ displayName email }'), 'contacts'],
    ['stage', '{ name probability forecastType }', 'deal_stage'],
    ['pipeline', '{ name isDefault rottingDays }', 'deal_pipeline'],
    ['type', named, 'deal_type'],
    ['reason', named, 'deal_reason'],
    ['paymentStatus', named, 'deal_payment_status'],
    ['dealProduct', named, 'deal_product'],
    ['currency', '{ code isActive }', 'currency'],
    ['leadSource', named, 'source'],
    ['campaign', named, 'campaign'],
    ['territory', '{ name }', 'territory'],
    ['products', '{ name quantity unitPrice product { name category } }', 'products'],
    ['tasks', many('{ title }'), 'tasks'],
    ['appointments', many('{ title }'), 'appointments'],
    ['notes', many('{ description }'), 'notes'],
    ['salesActivities', many('{ title startsAt }'), 'sales_activities'],
  ],
};

const kinds: Readonly<Record<Root, { recordType: Resource; list: string; view: string }>> = {
  contact: { recordType: contactType, list: 'contacts', view: '31003548176' },
  salesAccount: { recordType: salesAccountType, list: 'salesAccounts', view: '31003548200' },
  deal: { recordType: dealType, list: 'deals', view: '31003548187' },
};

describe.each(['contact', 'salesAccount', 'deal'] as const)('%s', (root) => {
  const { recordType, list, view } = kinds[root];

  test.each(relations[root])('%s %s comes with the record, by include=%s', async (field, selection, include) => {
    const { sandbox, ask } = openWorld();
    const id = sandbox.rows(recordType)[0]?.id ?? '';
    const { errors, requests } = await ask(`{ ${root}(id: ${id}) { id ${field} ${selection} } }`);
    expect(errors).toBeUndefined();
    expect(requests).toEqual([`GET /${recordType.path}/${id}?include=${include}`]);
  });

  test.each(relations[root])('%s %s comes with a page, by include=%s', async (field, selection, include) => {
    const { ask } = openWorld();
    const { errors, requests } = await ask(
      `{ ${list}(view: ${view}, first: 10) { nodes { id ${field} ${selection} } } }`,
    );
    expect(errors).toBeUndefined();
    // Deals of a page that lack a relation to several records are found by their account.
    const along = recordType === dealType && selection.includes('nodes') ? `${include},sales_account` : include;
    expect(requests).toEqual([`GET /${recordType.path}/view/${view}?page=1&per_page=10&include=${along}`]);
  });

  test('all of them at once are one call', async () => {
    const { sandbox, ask } = openWorld();
    const id = sandbox.rows(recordType)[0]?.id ?? '';
    const all = relations[root].map(([field, selection]) => `${field} ${selection}`).join('\n');
    const { errors, requests } = await ask(`{ ${root}(id: ${id}) { ${all} } }`);
    expect(errors).toBeUndefined();
    const includes = [...new Set(relations[root].map(([, , include]) => include))];
    expect(requests).toEqual([`GET /${recordType.path}/${id}?include=${includes.join(',')}`]);
  });
});
