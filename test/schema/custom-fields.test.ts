import { expect, test } from 'vitest';
import { indexOf } from '../../src/mcp/schema-index.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { registry } from '../../src/resources/index.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import type { Seed } from '../../src/sandbox/sandbox.ts';
import { type CustomFields, customFields } from '../../src/sandbox/seed/custom-fields.ts';
import { typedSchema } from '../../src/schema/custom-fields/typed-schema.ts';
import { schema } from '../../src/server/schema.ts';
import { openWorld, type WorldOptions } from '../world.ts';
import { listsOf } from './field-lists.ts';

const seed: Seed = ({ put }) => {
  put(contactType, { id: '1', display_name: 'Ada', email: 'ada@x.example' });
  put(contactType, {
    id: '2',
    email: 'bob@x.example',
    custom_field: {
      cf_nickname: 'Bo',
      cf_seats: 12,
      cf_is_active: true,
      cf_interests: 'Analytics;Telephony',
      cf_renewal_date: '2026-12-24',
      cf_tier: 'Gold',
      cf_preferred_channel: 'E-mail',
      cf_satisfaction: '8.50',
      cf_last_survey_at: '2026-11-02T10:00:00+02:00',
      cf_referred_by: 1,
    },
  });
  put(contactType, { id: '3', email: 'cy@x.example', custom_field: { cf_referred_by: '1', cf_tier: 'Platinum' } });
  put(salesAccountType, { id: '7', name: 'Moss', custom_field: { cf_support_hours: '24/7', cf_reseller: 8 } });
  put(salesAccountType, { id: '8', name: 'Fern' });
  put(dealType, { id: '9', name: 'Big', amount: '100.0', custom_field: { cf_deal_number: 'D-9', cf_net_amount: 90 } });
};

const world = (options: Partial<WorldOptions> = {}) => openWorld({ seed, typed: listsOf(customFields), ...options });

test('returns a value of every kind', async () => {
  const { ask } = world();
  const { data, errors, requests } = await ask(`{
    contact(id: 2) { custom {
      nickname seats isActive interests renewalDate tier preferredChannel satisfaction lastSurveyAt background
    } }
    salesAccount(id: 7) { custom { supportHours regions customerSince } }
    deal(id: 9) { custom { dealNumber netAmount competitor } }
  }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    contact: {
      custom: {
        nickname: 'Bo',
        seats: 12,
        isActive: true,
        interests: ['ANALYTICS', 'TELEPHONY'],
        renewalDate: '2026-12-24',
        tier: 'GOLD',
        preferredChannel: 'E_MAIL',
        satisfaction: '8.50',
        lastSurveyAt: '2026-11-02T08:00:00.000Z',
        background: null,
      },
    },
    salesAccount: { custom: { supportHours: '24/7', regions: [], customerSince: null } },
    deal: { custom: { dealNumber: 'D-9', netAmount: '90', competitor: null } },
  });
  expect(requests).toEqual(['GET /contacts/2', 'GET /sales_accounts/7', 'GET /deals/9']);
});

test('returns null and an error for a choice that no longer exists', async () => {
  const { data, errors } = await world().ask(
    '{ contact(id: 3) { email custom { tier } customField(name: "cf_tier") } }',
  );
  expect(data).toEqual({ contact: { email: 'cy@x.example', custom: { tier: null }, customField: 'Platinum' } });
  expect(errors).toMatchObject([
    {
      path: ['contact', 'custom', 'tier'],
      message: 'cf_tier of Contact 3 has a choice that no longer exists. customFields returns it as it is stored.',
      extensions: { code: 'UPSTREAM_ERROR', record: 'gid://freshsales/Contact/3' },
    },
  ]);
});

test('is null with one error that names the record, if the custom fields cannot be read', async () => {
  const seed: Seed = ({ put }) => {
    put(salesAccountType, { id: '7', name: 'Moss', custom_field: { cf_account_number: 'A-1' } });
    put(dealType, { id: '9', name: 'Big', sales_account_id: '7' });
  };
  const { ask, sandbox } = world({ seed });
  sandbox.failNext(/GET .sales_accounts.7/, { status: 500 });
  const { data, errors } = await ask('{ deal(id: 9) { salesAccount { name custom { accountNumber regions } } } }');
  expect(data).toEqual({ deal: { salesAccount: { name: 'Moss', custom: null } } });
  expect(errors).toMatchObject([
    {
      path: ['deal', 'salesAccount', 'custom'],
      extensions: { code: 'UPSTREAM_ERROR', record: 'gid://freshsales/SalesAccount/7' },
    },
  ]);
});

test('names the record whose lookup could not be read, and returns the other fields', async () => {
  const { ask, sandbox } = world();
  sandbox.failNext(/GET .contacts.1\b/, { status: 429, headers: { 'retry-after': '17' } });
  const { data, errors } = await ask('{ contact(id: 2) { custom { nickname referredBy { email } } } }');
  expect(data).toEqual({ contact: { custom: { nickname: 'Bo', referredBy: null } } });
  expect(errors).toMatchObject([
    {
      path: ['contact', 'custom', 'referredBy'],
      extensions: { code: 'RATE_LIMITED', retryAfter: 17, record: 'gid://freshsales/Contact/2' },
    },
  ]);
});

test('reads the record of a lookup once, and not at all for its id', async () => {
  const { ask, plan } = world();
  const query =
    '{ a: contact(id: 2) { custom { referredBy { email } } } b: contact(id: 3) { custom { referredBy { email } } } }';
  // Two lookups may point to two records.
  expect((await plan(query)).needed).toBe(4);
  const { data, requests } = await ask(query);
  const ada = { custom: { referredBy: { email: 'ada@x.example' } } };
  expect(data).toEqual({ a: ada, b: ada });
  expect(requests).toEqual(['GET /contacts/2', 'GET /contacts/3', 'GET /contacts/1']);
  const known = await world().ask('{ contact(id: 2) { custom { referredBy { id databaseId } } } }');
  expect(known.data).toEqual({
    contact: { custom: { referredBy: { id: 'gid://freshsales/Contact/1', databaseId: '1' } } },
  });
  expect(known.requests).toEqual(['GET /contacts/2']);
});

test('reads the records of the lookups of a list together', async () => {
  const seed: Seed = ({ put }) => {
    for (let id = 1; id <= 6; id += 1)
      put(salesAccountType, {
        id: String(id),
        name: `S${id}`,
        phone: `+${id}`,
        custom_field: { cf_reseller: (id % 3) + 1 },
      });
  };
  const { ask } = world({ seed });
  const { data, errors, requests } = await ask(
    '{ salesAccounts { nodes { name custom { reseller { name phone custom { reseller { id } } } } } } }',
  );
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toContain(
    '{"name":"S1","custom":{"reseller":{"name":"S2","phone":"+2","custom":{"reseller":{"id":"gid://freshsales/SalesAccount/3"}}}}}',
  );
  // The rows of the list are whole, so nothing is read again.
  expect(requests).toEqual([
    'GET /sales_accounts/filters',
    expect.stringMatching(/^GET \/sales_accounts\/view\/\d+\?/),
  ]);
});

test('fetches the custom fields that a side-loaded row lacks, as customFields does', async () => {
  const seed: Seed = ({ put }) => {
    put(salesAccountType, { id: '7', name: 'Moss', custom_field: { cf_account_number: 'A-1' } });
    put(dealType, { id: '9', name: 'Big', sales_account_id: '7' });
  };
  const typed = await world({ seed }).ask('{ deal(id: 9) { salesAccount { custom { accountNumber } } } }');
  const plain = await world({ seed }).ask('{ deal(id: 9) { salesAccount { customFields } } }');
  expect(typed.data).toEqual({ deal: { salesAccount: { custom: { accountNumber: 'A-1' } } } });
  expect(typed.requests).toEqual(plain.requests);
  expect(typed.requests).toHaveLength(2);
});

test('returns an error for a value that is not of the type of its field', async () => {
  const seed: Seed = ({ put }) =>
    put(contactType, {
      id: '2',
      custom_field: {
        cf_seats: 'many',
        cf_renewal_date: 'soon',
        cf_referred_by: 'Ada',
        cf_is_active: 'maybe',
        cf_interests: 'Golf',
      },
    });
  const { data, errors } = await world({ seed }).ask(
    '{ contact(id: 2) { custom { seats renewalDate referredBy { id } isActive interests nickname } } }',
  );
  expect(data).toEqual({
    contact: {
      custom: { seats: null, renewalDate: null, referredBy: null, isActive: null, interests: [null], nickname: null },
    },
  });
  expect(new Set(errors?.map(({ extensions }) => extensions.record))).toEqual(new Set(['gid://freshsales/Contact/2']));
  expect(errors?.map(({ message }) => message)).toEqual([
    'cf_seats of Contact 2 has a value that does not fit its type. customFields returns it as it is stored.',
    'cf_renewal_date of Contact 2 has a value that does not fit its type. customFields returns it as it is stored.',
    'cf_referred_by of Contact 2 has a value that is not the id of a Contact. customFields returns it as it is stored.',
    'cf_is_active of Contact 2 has a value that does not fit its type. customFields returns it as it is stored.',
    'cf_interests of Contact 2 has a choice that no longer exists. customFields returns it as it is stored.',
  ]);
});

test('agents find the filter of a custom field with one search, beside its list', () => {
  const typed = (fields: CustomFields['contacts']) =>
    indexOf(typedSchema(schema, listsOf({ contacts: fields }), { registry, product: 'suite' }));
  const renewal = { name: 'cf_renewal_date', label: 'Renewal date', type: 'date', position: 1 };
  const { sdl } = typed([renewal]).search('contacts whose renewalDate is next month', 1);
  expect(sdl).toMatch(/^query contacts\(/);
  expect(sdl).toContain('\nrenewalDate: {is: Date, isAfter: Date, isBefore: Date}');
  const many = Array.from({ length: 300 }, (_, index) => ({ ...renewal, name: `cf_text_${index}`, type: 'text' }));
  const [first = ''] = typed([...many, renewal])
    .search('contacts whose renewalDate is next month', 1)
    .sdl.split('\n');
  expect(first).toMatch(/^query contacts\(/);
});

test('filters by typed custom fields', async () => {
  const { ask, sandbox } = world();
  const contacts = (where: string) => ask(`{ contacts(where: { custom: ${where} }) { nodes { databaseId } } }`);
  const found = await contacts(
    '{ tier: { isIn: [GOLD, BRONZE] }, renewalDate: { isAfter: "2026-12-01", isBefore: "2027-01-01" }, interests: { contains: TELEPHONY }, seats: { is: 12 }, isActive: { is: true }, referredBy: { is: "gid://freshsales/Contact/1" }, nickname: { contains: "b" } }',
  );
  expect(found.errors).toBeUndefined();
  expect(found.data).toEqual({ contacts: { nodes: [{ databaseId: '2' }] } });
  expect(found.requests).toHaveLength(1);
  expect(sandbox.sent.at(-1)?.body).toMatchObject({
    filter_rule: [
      { attribute: 'cf_nickname', operator: 'contains', value: 'b' },
      { attribute: 'cf_seats', operator: 'is', value: 12 },
      { attribute: 'cf_is_active', operator: 'is', value: true },
      { attribute: 'cf_interests', operator: 'contains', value: 'Telephony' },
      { attribute: 'cf_renewal_date', operator: 'is_after', value: '2026-12-01' },
      { attribute: 'cf_renewal_date', operator: 'is_before', value: '2027-01-01' },
      { attribute: 'cf_tier', operator: 'is_in', value: ['Gold', 'Bronze'] },
      { attribute: 'cf_referred_by', operator: 'is', value: 1 },
    ],
  });
  for (const where of [
    '{}',
    '{ tier: {} }',
    '{ tier: null }',
    '{ tier: { isIn: [] } }',
    '{ referredBy: { is: "x" } }',
  ]) {
    const refused = await contacts(where);
    expect({
      where,
      codes: refused.errors?.map(({ extensions }) => extensions.code),
      requests: refused.requests,
    }).toEqual({
      where,
      codes: ['BAD_USER_INPUT'],
      requests: [],
    });
  }
  const misspelt = await contacts('{ teir: { is: GOLD } }');
  expect(misspelt.errors?.[0]?.message).toContain('Did you mean "tier"?');
  expect(misspelt.requests).toEqual([]);
  const ranges = await contacts('{ seats: { isAfter: 3 } }');
  expect(ranges.errors?.[0]?.message).toContain('"isAfter" is not defined by type "NumberFilter"');
});
