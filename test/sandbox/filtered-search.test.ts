import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { type Json, world } from './world.ts';

function people() {
  const made = world({ seed: false });
  const { sandbox } = made;
  sandbox.put(salesAccountType, { id: '7', name: 'Acme', website: 'acme.example' });
  sandbox.put(contactType, {
    id: '1',
    first_name: 'Ann',
    email: 'ann@a.example',
    sales_account_id: '7',
    created_at: '2026-01-01T00:00:00Z',
    custom_field: { cf_interests: 'Red;Blue', cf_seats: 5 },
  });
  sandbox.put(contactType, {
    id: '2',
    first_name: 'Bob',
    emails: [
      { value: 'bob@b.example', is_primary: true, label: null },
      { value: 'B@second.example', is_primary: false, label: null },
    ],
    country: 'Peru',
    created_at: '2026-03-01T00:00:00Z',
    custom_field: { cf_interests: 'Green' },
  });
  sandbox.put(contactType, { id: '3', first_name: 'Cem', created_at: '2026-05-01T00:00:00Z', is_deleted: true });
  sandbox.put(dealType, { id: '9', name: 'Big', amount: '5600.0', sales_account_id: '7', contact_ids: ['1'] });
  const find = async (attribute: string, operator: string, value: unknown, entity = 'contact'): Promise<unknown[]> => {
    const { body } = await made.post(`/filtered_search/${entity}`, { filter_rule: [{ attribute, operator, value }] });
    return (body[`${entity}s`] ?? []).map((row: Json) => row.id);
  };
  return { ...made, find };
}

it.each([
  ['contact_email.email', 'is', 'ANN@a.example', [1]],
  ['contact_email.email', 'is_in', ['ann@a.example', 'b@second.example'], [1, 2]],
  ['name', 'contains', 'nn', [1]],
  ['country', 'is', 'peru', [2]],
  ['country', 'is_not', 'Peru', [1]],
  ['sales_account_id', 'is_in', '7', [1]],
  ['company_name', 'is', 'Acme', [1]],
  ['created_at', 'is_after', '2026-02-01', [2]],
  ['created_at', 'is_before', '2026-02-01', [1]],
  ['cf_interests', 'contains_any', ['Blue', 'Black'], [1]],
  ['cf_seats', 'is', '5', [1]],
  ['deleted', 'is', true, [3]],
])('%s %s %j', async (attribute, operator, value, ids) => {
  expect(await people().find(attribute, operator, value)).toEqual(ids);
});

it('finds deals by account, amount and stage', async () => {
  const { find } = people();
  expect(await find('sales_account_id', 'is_in', ['7', '8'], 'deal')).toEqual([9]);
  expect(await find('amount', 'is', 5600, 'deal')).toEqual([9]);
  expect(await find('deal_stage_id', 'is', 31_000_425_871, 'deal')).toEqual([9]);
});

it('needs all rules to hold, and refuses those that make no sense', async () => {
  const { post } = people();
  const rule = (attribute: string, operator: string, value: string) => ({ attribute, operator, value });
  const both = await post('/filtered_search/contact', {
    filter_rule: [rule('name', 'is', 'Ann'), rule('country', 'is', 'Peru')],
  });
  expect(both.body).toEqual({ contacts: [], meta: { total: 0 } });
  for (const bad of [rule('id', 'is', '1'), rule('nothing', 'is', '1'), rule('name', 'sounds_like', 'x')])
    expect((await post('/filtered_search/contact', { filter_rule: [bad] })).status).toBe(400);
  expect((await post('/filtered_search/contact', {})).status).toBe(400);
});

it('gives thin rows, or whole ones in detail if the account does that', async () => {
  const { post, sandbox } = people();
  const ask = {
    filter_rule: [{ attribute: 'name', operator: 'is', value: 'Big' }],
    detail: true,
    include: 'deal_stage,contacts',
  };
  const whole = (await post('/filtered_search/deal', ask)).body;
  expect(whole.deals?.[0]).toMatchObject({ deal_stage_id: 31_000_425_871, contact_ids: [1] });
  expect(whole.deals?.[0]).toHaveProperty('links');
  sandbox.behaviours.filteredSearchDetail = false;
  const thin = (await post('/filtered_search/deal', { ...ask, include: '' })).body.deals?.[0];
  expect(thin?.partial).toBe(true);
  for (const column of ['custom_field', 'links', 'tags', 'owner_id', 'deal_stage_id', 'deal_pipeline_id'])
    expect(thin).not.toHaveProperty(column);
});

it('has pages of ten, takes parameters from query and body, and says nothing found in two ways', async () => {
  const { post, sandbox } = world();
  const all = { filter_rule: [{ attribute: 'deleted', operator: 'is', value: false }] };
  expect((await post('/filtered_search/contact', all)).body.contacts).toHaveLength(10);
  expect((await post('/filtered_search/contact?per_page=100', all)).body.contacts).toHaveLength(100);
  const sorted = (await post('/filtered_search/contact', { ...all, per_page: 3, sort: 'id', sort_type: 'desc' })).body
    .contacts;
  expect(sorted).toHaveLength(3);
  expect(Number(sorted?.[0]?.id)).toBeGreaterThan(Number(sorted?.[1]?.id));
  sandbox.behaviours.filteredSearchEmpty = 'object';
  expect(
    (await post('/filtered_search/contact', { filter_rule: [{ attribute: 'name', operator: 'is', value: '-' }] })).body,
  ).toEqual({});
});
