import { describe, expect, test } from 'vitest';
import { openOffice } from '../mutations/office.ts';

const deal = (columns: object) => ({ deal: { id: 301, name: 'x', created_at: '2026-01-01T00:00:00Z', ...columns } });

/** A column of a deal as sent, and the field as shown. */
const columns: readonly (readonly [column: string, cell: unknown, field: string, shown: unknown])[] = [
  ['amount', '1e-7', 'amount', '0.0000001'],
  ['amount', '1,234.50', 'amount', '1234.50'],
  ['amount', 5600, 'amount', '5600'],
  ['amount', '', 'amount', null],
  ['probability', '50', 'probability', 50],
  ['probability', '', 'probability', null],
  ['expected_close', '31/12/2026', 'expectedCloseOn', '2026-12-31'],
  ['expected_close', '0000-00-00', 'expectedCloseOn', null],
  ['expected_close', '2026-12-31T10:00:00+05:30', 'expectedCloseOn', '2026-12-31'],
  ['stage_updated_time', 1798718400, 'stageUpdatedAt', '2026-12-31T12:00:00.000Z'],
  ['stage_updated_time', '2026-12-31 12:00:00', 'stageUpdatedAt', '2026-12-31T12:00:00.000Z'],
  ['stage_updated_time', '', 'stageUpdatedAt', null],
  ['has_products', 'true', 'hasProducts', true],
  ['has_products', 0, 'hasProducts', false],
  ['forecast_category', 2, 'forecastCategory', 'BEST_CASE'],
  ['forecast_category', '1', 'forecastCategory', 'COMMITTED'],
  ['forecast_category', 'Best-case', 'forecastCategory', 'BEST_CASE'],
  ['forecast_category', '', 'forecastCategory', null],
  ['web_form_id', 71, 'webFormId', '71'],
  ['web_form_id', '', 'webFormId', null],
  ['active_sales_sequences', '4;5', 'activeSalesSequences', ['4', '5']],
  ['team_user_ids', '31;32', 'teamUserIds', ['gid://freshsales/User/31', 'gid://freshsales/User/32']],
  ['tags', null, 'tags', []],
  ['tags', 'a;b', 'tags', ['a', 'b']],
  ['tags', 'a', 'tags', ['a']],
  ['custom_field', null, 'customFields', {}],
  ['custom_field', 'none', 'customFields', {}],
  ['custom_field', 'none', 'customField(name: "length")', null],
];

test.each(columns)('%s %j is shown as it should be', async (column, cell, field, shown) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/deals/, { status: 200, body: deal({ [column]: cell }) });
  const { data, errors, requests } = await ask(`{ deal(id: 301) { it: ${field} } }`);
  expect({ data, errors }).toEqual({ data: { deal: { it: shown } }, errors: undefined });
  expect(requests).toHaveLength(1);
});

test.each([
  ['amount', '1,234', 'amount'],
  ['amount', {}, 'amount'],
  ['probability', 'high', 'probability'],
  ['expected_close', '05/06/2026', 'expectedCloseOn'],
  ['stage_updated_time', 'yesterday', 'stageUpdatedAt'],
  ['has_products', 'maybe', 'hasProducts'],
  ['forecast_category', 3, 'forecastCategory'],
  ['forecast_category', 'Omitted', 'forecastCategory'],
  ['forecast_category', {}, 'forecastCategory'],
])('%s %j is null with an error', async (column, cell, field) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/deals/, { status: 200, body: deal({ [column]: cell }) });
  const { data, errors } = await ask(`{ deal(id: 301) { name ${field} } }`);
  expect(data).toEqual({ deal: { name: 'x', [field]: null } });
  expect(errors).toEqual([
    expect.objectContaining({
      path: ['deal', field],
      message: `Freshsales sent something that does not fit deal.${field}.`,
      extensions: { code: 'UPSTREAM_ERROR', record: 'gid://freshsales/Deal/301' },
    }),
  ]);
});

test.each<readonly [unknown, object[]]>([
  [null, []],
  ['', []],
  [
    'a@x.example;b@x.example',
    [
      { value: 'a@x.example', isPrimary: false },
      { value: 'b@x.example', isPrimary: false },
    ],
  ],
  [{ value: 'a@x.example', is_primary: 'true' }, [{ value: 'a@x.example', isPrimary: true }]],
  [
    [{ value: 'a@x.example', is_primary: 1 }, 'b@x.example', null],
    [
      { value: 'a@x.example', isPrimary: true },
      { value: 'b@x.example', isPrimary: false },
    ],
  ],
])('emails %j', async (emails, shown) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/contacts/, { status: 200, body: { contact: { id: 101, emails } } });
  const { data, errors } = await ask('{ contact(id: 101) { emails { value isPrimary } } }');
  expect({ data, errors }).toEqual({ data: { contact: { emails: shown } }, errors: undefined });
});

test.each([true, 'true', 1, '1', 'yes'])('%j is true, wherever the wire has it', async (yes) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/appointments\/601/, { status: 200, body: { appointment: { id: 601, is_allday: yes } } });
  const accounts = [{ id: 502 }, { id: 501, is_primary: yes }].map((each) => ({ ...each, name: `Account ${each.id}` }));
  sandbox.failNext(/contacts\/101/, { status: 200, body: { contact: { id: 101, sales_accounts: accounts } } });
  const { data, errors } = await ask(
    '{ appointment(id: 601) { isAllDay } contact(id: 101) { primarySalesAccount { name } salesAccounts { edges { isPrimary } } } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    appointment: { isAllDay: true },
    contact: {
      primarySalesAccount: { name: 'Account 501' },
      salesAccounts: { edges: expect.arrayContaining([{ isPrimary: true }, { isPrimary: false }]) },
    },
  });
});

describe('a time in the input', () => {
  const create = (dueAt: string) =>
    `mutation { createTask(input: { title: "x", dueAt: ${dueAt}, targetId: "gid://freshsales/Contact/101" }) { userErrors { message } } }`;

  test.each([
    ['"2026-12-31"', 'dueAt needs a time zone offset, for example 2026-12-31T09:00:00+01:00.'],
    ['"2026-12-31T10:30:00"', 'dueAt needs a time zone offset, for example 2026-12-31T10:30:00+01:00.'],
    ['"2026-12-31T10:30"', 'dueAt needs a time zone offset, for example 2026-12-31T10:30:00+01:00.'],
    ['"2026-12-31 10:30"', 'dueAt needs a time zone offset, for example 2026-12-31T10:30:00+01:00.'],
    ['"tomorrow"', 'dueAt must be a date and time with an offset, for example 2026-12-31T09:00:00+01:00.'],
    ['1798718400', 'dueAt must be a date and time with an offset, for example 2026-12-31T09:00:00+01:00.'],
  ])('%s is refused with an example', async (literal, message) => {
    const { ask } = openOffice();
    const { errors, requests } = await ask(create(literal));
    expect(errors?.map((error) => error.message)).toEqual([message]);
    expect(requests).toEqual([]);
  });

  test('is refused in a variable with its path', async () => {
    const { ask } = openOffice();
    const { errors, requests } = await ask(
      'mutation ($input: CreateTaskInput!) { createTask(input: $input) { userErrors { message } } }',
      { input: { title: 'x', dueAt: '2026-12-31', targetId: 'gid://freshsales/Contact/101' } },
    );
    expect(errors?.[0]?.message).toMatch(
      /"input\.dueAt".*needs a time zone offset, for example 2026-12-31T09:00:00\+01:00\./,
    );
    expect(requests).toEqual([]);
  });

  test.each(['2026-12-31T09:00:00+01:00', '2026-12-31T08:00:00Z', '2026-12-31T08:00:00.000Z'])(
    'with an offset is taken: %s',
    async (time) => {
      const { sandbox, ask } = openOffice();
      const { errors } = await ask(create(`"${time}"`));
      expect(errors).toBeUndefined();
      expect(sandbox.sent.at(-1)?.body).toMatchObject({ task: { due_date: '2026-12-31T08:00:00+00:00' } });
    },
  );
});

describe('a number with many digits keeps them', () => {
  const digits = '12345678901234567890';
  const sent = { contact: { custom_field: { cf_seats: digits } } };

  test('in the document', async () => {
    const { sandbox, ask } = openOffice();
    await ask(
      `mutation { updateContact(id: 101, input: { customFields: { cf_seats: ${digits} } }) { userErrors { code } } }`,
    );
    expect(sandbox.sent.at(-1)?.body).toEqual(sent);
  });

  test('in the variables', async () => {
    const { sandbox, yoga } = openOffice();
    const query =
      'mutation ($fields: JSON) { updateContact(id: 101, input: { customFields: $fields }) { userErrors { code } } }';
    const body = `{"query": ${JSON.stringify(query)}, "variables": {"fields": {"cf_seats": ${digits}}}}`;
    const headers = { 'content-type': 'application/json' };
    await yoga.fetch(new Request('http://127.0.0.1/graphql', { method: 'POST', headers, body }));
    expect(sandbox.sent.at(-1)?.body).toEqual(sent);
  });

  test('as an id and as money', async () => {
    const { sandbox, ask } = openOffice();
    await ask(`mutation { updateDeal(id: 301, input: { amount: 1234567890123456.75 }) { userErrors { code } } }`);
    expect(sandbox.sent.at(-1)?.body).toEqual({ deal: { amount: '1234567890123456.75' } });
  });
});

test('statuses of subscriptions are read as numbers, text and words', async () => {
  const { sandbox, ask } = openOffice();
  const cells = {
    subscription_status: '4',
    sms_subscription_status: 'Not subscribed',
    whatsapp_subscription_status: 7,
  };
  sandbox.failNext(/contacts/, { status: 200, body: { contact: { id: 101, subscription_types: '2;3', ...cells } } });
  const { data, errors } = await ask(
    '{ contact(id: 101) { subscriptionStatus smsSubscriptionStatus whatsappSubscriptionStatus subscriptionTypes } }',
  );
  expect(data).toEqual({
    contact: {
      subscriptionStatus: 'BOUNCED',
      smsSubscriptionStatus: 'NOT_SUBSCRIBED',
      whatsappSubscriptionStatus: null,
      subscriptionTypes: ['2', '3'],
    },
  });
  expect(errors?.map(({ path }) => path)).toEqual([['contact', 'whatsappSubscriptionStatus']]);
});

test('pricing and discount types are enums', async () => {
  const { sandbox, ask } = openOffice();
  const line = { id: 701, product_id: 701, name: 'Support', discount_type: '1', pricing_type: 2 };
  sandbox.failNext(/deals/, { status: 200, body: deal({ products: [line, { ...line, discount_type: 9 }] }) });
  const { data, errors } = await ask('{ deal(id: 301) { products { name discountType pricingType } } }');
  const shown = { name: 'Support', pricingType: 'SUBSCRIPTION' };
  expect(data).toEqual({
    deal: {
      products: [
        { ...shown, discountType: 'PERCENT' },
        { ...shown, discountType: null },
      ],
    },
  });
  expect(errors?.map(({ path }) => path)).toEqual([['deal', 'products', 1, 'discountType']]);
});

test('an unknown status of a task is null with one error', async () => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/tasks/, { status: 200, body: { task: { id: 9, title: 'Call', status: 5 } } });
  const { data, errors } = await ask('{ task(id: 9) { title status } }');
  expect(data).toEqual({ task: { title: 'Call', status: null } });
  expect(errors?.map(({ path }) => path)).toEqual([['task', 'status']]);
});

test.each([
  ['SUCCESS', 100, 'SUCCEEDED', true],
  ['Completed', undefined, 'SUCCEEDED', true],
  ['IN_PROGRESS', 40, 'IN_PROGRESS', false],
  ['queued', 0, 'IN_PROGRESS', false],
  ['FAILED', 100, 'FAILED', true],
  ['odd', 100, null, true],
])('a job that is %s is %s', async (status, progress, shown, isEnded) => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/job_statuses/, { status: 200, body: { status, progress } });
  const { data, errors } = await ask('{ bulkJob(id: "j1") { status isEnded } }');
  expect(data).toEqual({ bulkJob: { status: shown, isEnded } });
  expect(errors ?? []).toHaveLength(shown === null ? 1 : 0);
});

test('the users on a team cost at most one cached call', async () => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/deals/, { status: 200, body: deal({ team_user_ids: [31_000_148_398] }) });
  const { data, requests } = await ask('{ deal(id: 301) { teamUserIds teamUsers { displayName } } }');
  expect(data).toEqual({
    deal: { teamUserIds: ['gid://freshsales/User/31000148398'], teamUsers: [{ displayName: expect.any(String) }] },
  });
  expect(requests).toEqual(['GET /deals/301', 'GET /selector/owners']);
});
