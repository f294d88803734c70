import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { world } from './world.ts';

const ID = '31016358306';
const [FIRST, SECOND] = ['31003638274', '31003638275'];

it('makes a contact with what Freshsales fills in', async () => {
  const { post, sandbox } = world();
  const { status, body } = await post('/contacts', {
    contact: { first_name: 'Ada', last_name: 'Moss', email: 'ada@moss.example', nonsense: 1, lead_score: 99 },
  });
  expect([status, Object.keys(body)]).toEqual([200, ['contact']]);
  expect(body.contact).not.toHaveProperty('owner_id');
  expect(sandbox.get(contactType, String(body.contact?.id))).toMatchObject({
    ...{ display_name: 'Ada Moss', email: 'ada@moss.example', lead_score: 0 },
    emails: [{ value: 'ada@moss.example', is_primary: true, label: null }],
    ...{ contact_status_id: '31000543557', lifecycle_stage_id: '32009647298' },
    ...{ created_at: '2026-06-15T12:00:00+02:00', updated_at: '2026-06-15T12:00:00+02:00', tags: [] },
  });
});

it('takes bodies without their wrapper, and a date from before', async () => {
  const { post, sandbox } = world();
  const { body } = await post('/contacts', { email: 'old@moss.example', created_at: '2020-02-03T04:05:06Z' });
  expect(sandbox.get(contactType, String(body.contact?.id))).toMatchObject({
    email: 'old@moss.example',
    created_at: '2020-02-03T06:05:06+02:00',
  });
});

it('changes only what is sent, and clears what is null', async () => {
  const { put, sandbox } = world();
  const before = sandbox.get(contactType, ID);
  const { body } = await put(`/contacts/${ID}`, {
    contact: {
      job_title: null,
      tags: ['a', 'b'],
      team_user_ids: [31000148398],
      custom_field: { cf_seats: 7, cf_odd: 1 },
    },
  });
  expect(body.meta).toBe(null);
  expect(sandbox.get(contactType, ID)).toEqual({
    ...before,
    ...{ job_title: null, tags: ['a', 'b'], team_user_ids: ['31000148398'] },
    custom_field: { ...before?.custom_field, cf_seats: 7 },
    updated_at: '2026-06-15T12:00:00+02:00',
  });
  await put(`/contacts/${ID}`, {
    contact: { tags: ['c'], custom_field: { cf_interests: ['X', 'Y'], cf_seats: null } },
  });
  expect(sandbox.get(contactType, ID)).toMatchObject({
    tags: ['c'],
    custom_field: { cf_interests: 'X;Y', cf_seats: null, cf_is_active: before?.custom_field.cf_is_active },
  });
});

it('refuses everything that is wrong at once', async () => {
  const { post } = world();
  const { status, body } = await post('/contacts', {
    contact: {
      ...{ email: 'no address', first_name: 'x'.repeat(300), owner_id: 1 },
      ...{ contact_status_id: 9, lifecycle_stage_id: 9, tags: 'x', sales_accounts: 'Acme' },
    },
  });
  expect(status).toBe(400);
  expect(body.errors).toEqual({
    code: 400,
    message: [
      'First name is not in required length',
      'The type for tags is invalid.',
      "Owner doesn't exist",
      'Invalid contact status provided.',
      'Invalid lifecycle stage provided.',
      'You have entered an invalid email address: no address',
      'The type for sales_accounts is invalid.',
    ],
  });
});

it.each([{}, { contact: {} }, { contact: { email: '' } }, { contact: { first_name: 'Ada', mobile_number: '+4930' } }])(
  'insists on an e-mail address: %j',
  async (body) => {
    const { post } = world();
    const { status, body: said } = await post('/contacts', body);
    expect([status, said.errors?.message]).toEqual([400, ['Need to fill this Email']]);
  },
);

it('does not insist in Classic, where a name or a number is enough', async () => {
  const { post } = world({ product: 'classic' });
  expect((await post('/contacts', { contact: { mobile_number: '+4930' } })).status).toBe(200);
  expect((await post('/contacts', { contact: { last_name: 'Moss' } })).status).toBe(200);
  expect((await post('/contacts', { contact: { first_name: 'Ada' } })).status).toBe(400);
});

it('lets nobody have the address of another, in any case of letters', async () => {
  const { post, put, sandbox } = world();
  const taken = String(sandbox.get(contactType, ID)?.email);
  const answers = [
    await post('/contacts', { contact: { email: taken.toUpperCase() } }),
    await put('/contacts/31016358307', { contact: { emails: ['fine@moss.example', taken] } }),
    await post(`/contacts/${ID}/clone`, {}),
  ];
  expect(answers.map(({ status, body }) => [status, body.errors?.message])).toEqual([
    [400, [`${taken.toUpperCase()} already exists.`]],
    [400, [`${taken} already exists.`]],
    [400, [`${taken} already exists.`]],
  ]);
  expect((await put(`/contacts/${ID}`, { contact: { email: taken.toUpperCase() } })).status).toBe(200);
});

it('tells contacts apart by external id, and by mobile number where the account does', async () => {
  const { post, sandbox } = world({ behaviours: { uniqueMobileNumbers: true } });
  const contact = { external_id: 'E-1', mobile_number: '+15550001' };
  expect((await post('/contacts', { contact: { ...contact, email: 'a@moss.example' } })).status).toBe(200);
  const second = await post('/contacts', { contact: { ...contact, email: 'b@moss.example' } });
  expect(second.body.errors?.message).toEqual(['ExternalId is not unique', 'MobileNumber is not unique']);
  sandbox.behaviours.uniqueMobileNumbers = false;
  expect((await post('/contacts', { contact: { mobile_number: '+15550001', email: 'c@moss.example' } })).status).toBe(
    200,
  );
});

it('takes addresses as text, as texts and as objects', async () => {
  const { post, put, sandbox } = world();
  const { body } = await post('/contacts', { contact: { emails: ['one@moss.example', 'two@moss.example'] } });
  const id = String(body.contact?.id);
  const now = (): unknown[] => {
    const row = sandbox.get(contactType, id);
    return [row?.email, ...(row?.emails ?? []).map(({ value, is_primary }) => `${value}${is_primary ? '*' : ''}`)];
  };
  expect(now()).toEqual(['one@moss.example', 'one@moss.example*', 'two@moss.example']);
  await put(`/contacts/${id}`, {
    contact: { emails: [{ value: 'three@moss.example', is_primary: true, label: 'Work' }] },
  });
  expect(now()).toEqual(['three@moss.example', 'one@moss.example', 'two@moss.example', 'three@moss.example*']);
  await put(`/contacts/${id}`, { contact: { emails: [{ value: 'three@moss.example', _destroy: true }] } });
  expect(now()).toEqual(['one@moss.example', 'one@moss.example*', 'two@moss.example']);
  const kept = body.contact?.emails?.[1]?.id;
  await put(`/contacts/${id}`, { contact: { emails: [{ id: kept, value: 'zwei@moss.example' }] } });
  await put(`/contacts/${id}`, { contact: { email: 'first@moss.example' } });
  expect(now()).toEqual(['first@moss.example', 'first@moss.example*', 'zwei@moss.example']);
  expect(sandbox.get(contactType, id)?.emails[1]?.id).toBe(String(kept));
  expect((await put(`/contacts/${id}`, { contact: { emails: null } })).body.errors?.message).toEqual([
    'Need to fill this Email',
  ]);
});

it('replaces the accounts, one of which must be the primary', async () => {
  const { put, sandbox } = world();
  const accounts = (): unknown =>
    sandbox.get(contactType, ID)?.sales_accounts.map(({ id, is_primary }) => [id, is_primary]);
  const write = (contact: object) => put(`/contacts/${ID}`, { contact });
  await write({ sales_accounts: [{ id: FIRST }, { id: Number(SECOND), is_primary: true }] });
  expect(accounts()).toEqual([
    [FIRST, false],
    [SECOND, true],
  ]);
  await write({ sales_account_id: FIRST });
  expect(accounts()).toEqual([
    [FIRST, true],
    [SECOND, false],
  ]);
  const both = [
    { id: FIRST, is_primary: true },
    { id: SECOND, is_primary: true },
  ];
  for (const sales_accounts of [both, [{ id: FIRST }]])
    expect((await write({ sales_accounts })).body.errors?.message).toEqual([
      'Exactly one of the accounts must be the primary account',
    ]);
  expect((await write({ sales_accounts: [{ id: 1, is_primary: true }] })).body.errors?.message).toContain(
    "Account doesn't exist",
  );
  const many = Array.from({ length: 26 }, (_, index) => ({ id: Number(FIRST) + index, is_primary: index === 0 }));
  expect((await write({ sales_accounts: many })).status).toBe(400);
  expect(accounts()).toEqual([
    [FIRST, true],
    [SECOND, false],
  ]);
  await write({ sales_accounts: [] });
  expect(accounts()).toEqual([]);
});

it('moves the stage of life with the status, and the status with the stage', async () => {
  const { put, sandbox } = world();
  const life = (): unknown[] => {
    const row = sandbox.get(contactType, ID);
    return [row?.contact_status_id, row?.lifecycle_stage_id];
  };
  const { body } = await put(`/contacts/${ID}?include=lifecycle_stage`, {
    contact: { contact_status_id: 31000543561 },
  });
  expect(body.contact?.lifecycle_stage_id).toBe(32009647299);
  expect(life()).toEqual(['31000543561', '32009647299']);
  await put(`/contacts/${ID}`, { contact: { lifecycle_stage_id: '32009647300' } });
  expect(life()).toEqual(['31000543564', '32009647300']);
  await put(`/contacts/${ID}`, { contact: { lifecycle_stage_id: 32009647300, contact_status_id: 31000543565 } });
  expect(life()).toEqual(['31000543565', '32009647300']);
});

it('takes the lost reasons of contacts, which are not those of deals', async () => {
  const { put, sandbox } = world();
  await put(`/contacts/${ID}`, { contact: { lost_reason_id: 32009647304 } });
  expect(sandbox.get(contactType, ID)?.lost_reason_id).toBe('32009647304');
  const refused = await put(`/contacts/${ID}`, { contact: { lost_reason_id: 31000538251 } });
  expect(refused.body.errors?.message).toEqual(["Lost reason doesn't exist"]);
  await put(`/contacts/${ID}`, { contact: { lost_reason_id: null } });
  expect(sandbox.get(contactType, ID)?.lost_reason_id).toBe(null);
});

it('makes nothing of a number that is none', async () => {
  const { put, sandbox } = world();
  await put(`/contacts/${ID}`, { contact: { mobile_number: 'none', work_number: '+1 (555) 010-02 x12' } });
  expect(sandbox.get(contactType, ID)).toMatchObject({ mobile_number: null, work_number: '+1 (555) 010-02 x12' });
});

it('cannot read a body that is no JSON', async () => {
  const { get } = world();
  const send = (path: string, body: string, type: string) =>
    get(path, { method: 'POST', body, headers: { 'content-type': type } });
  expect((await send('/contacts', '{"email":"a@moss.example"}', 'text/plain')).body.errors?.message).toEqual([
    'Invalid or missing attributes',
  ]);
  for (const path of ['/contacts', '/deals', '/tasks'])
    for (const text of ['{"contact":', '[1]', '"text"'])
      expect([path, text, (await send(path, text, 'application/json')).status]).toEqual([path, text, 400]);
  for (const path of ['/deals', '/sales_accounts'])
    expect((await send(path, '{"name":"x"}', 'text/plain')).body).toEqual({ error_code: 500 });
});

it.each(['no', 'a@b', '@moss.example', 'a b@moss.example', `${'x'.repeat(300)}@moss.example`])(
  'takes %s for no address',
  async (email) => {
    const { post } = world({ seed: false });
    expect((await post('/contacts', { contact: { email } })).body.errors?.message).toEqual([
      `You have entered an invalid email address: ${email}`,
    ]);
  },
);

it('takes a hundred letters for a name, and lists by id', async () => {
  const { post, sandbox } = world();
  const contact = { email: 'long@moss.example', first_name: 'x'.repeat(100), lists: [{ id: 31000036946 }] };
  const { body } = await post('/contacts?include=lists', { contact });
  expect([body.lists, sandbox.get(contactType, String(body.contact?.id))?.list_ids]).toMatchObject([
    [{ name: 'Sample list' }],
    ['31000036946'],
  ]);
  expect((await post('/contacts', { contact: { ...contact, lists: [1] } })).status).toBe(400);
});
