import { expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import type { Seed } from '../../src/sandbox/sandbox.ts';
import { customFields } from '../../src/sandbox/seed/custom-fields.ts';
import { listsOf } from '../schema/field-lists.ts';
import { openWorld } from '../world.ts';

const seed: Seed = ({ put }) => {
  put(contactType, { id: '1', email: 'ada@x.example' });
  put(contactType, { id: '2', email: 'bob@x.example', custom_field: { cf_nickname: 'Bo', cf_tier: 'Gold' } });
  put(dealType, { id: '9', name: 'Big', amount: '100.0' });
};

/** The lists of the demo company, with other attributes for some fields. */
const listsWith = (changes: Readonly<Record<string, object>>) =>
  Object.fromEntries(
    Object.entries(listsOf(customFields)).map(([path, rows]) => [
      path,
      rows.map((row) => ({ ...row, ...changes[row.name] })),
    ]),
  );

const world = (changes = {}) => openWorld({ seed, typed: listsWith(changes) });

const UPDATE = `mutation ($input: UpdateContactInput!) {
  updateContact(id: 2, input: $input) { contact { custom { tier } } userErrors { field message code } }
}`;

test('sends each kind as Freshsales stores it', async () => {
  const { sandbox, ask } = world();
  const { data, errors } = await ask(
    `mutation {
      updateContact(id: 2, input: { jobTitle: "CTO", customFields: { cf_nickname: "B" }, custom: {
        seats: 3, isActive: false, interests: [TELEPHONY, ANALYTICS, TELEPHONY], renewalDate: "2026-12-24", tier: SILVER,
        preferredChannel: E_MAIL, satisfaction: "8.50", lastSurveyAt: "2026-11-02T10:00:00+02:00",
        referredBy: "gid://freshsales/Contact/1", background: null
      } }) { contact { custom { tier seats nickname referredBy { email } } } userErrors { field message } }
    }`,
  );
  expect(errors).toBeUndefined();
  expect(sandbox.sent.at(0)).toEqual({
    request: 'PUT /contacts/2',
    body: {
      contact: {
        job_title: 'CTO',
        custom_field: {
          cf_nickname: 'B',
          cf_seats: 3,
          cf_is_active: false,
          cf_interests: 'Telephony;Analytics',
          cf_renewal_date: '2026-12-24',
          cf_tier: 'Silver',
          cf_preferred_channel: 'E-mail',
          cf_satisfaction: 8.5,
          cf_last_survey_at: '2026-11-02T08:00:00+00:00',
          cf_referred_by: 1,
          cf_background: null,
        },
      },
    },
  });
  expect(data).toEqual({
    updateContact: {
      contact: { custom: { tier: 'SILVER', seats: 3, nickname: 'B', referredBy: { email: 'ada@x.example' } } },
      userErrors: [],
    },
  });
});

test.each([
  {
    what: 'a field that is in customFields as well',
    input: { customFields: { cf_tier: 'Gold' }, custom: { tier: 'SILVER' } },
    error: [['input', 'custom', 'tier'], 'cf_tier is in customFields as well. Provide it once.'],
  },
  {
    what: 'custom beside customFields: null',
    input: { customFields: null, custom: { tier: 'SILVER' } },
    error: [['input', 'custom'], 'customFields: null clears all custom fields. Provide either customFields or custom.'],
  },
  {
    what: 'custom: null',
    input: { custom: null },
    error: [
      ['input', 'custom'],
      'custom must be an object of the fields to write. To clear one of them, set it to null.',
    ],
  },
  {
    what: 'nothing at all',
    input: { custom: {} },
    error: [['input'], 'Provide at least one field.'],
  },
  {
    what: 'a text that is too long',
    input: { custom: { nickname: 'Robert' } },
    changes: { cf_nickname: { max_length: 5 } },
    error: [['input', 'custom', 'nickname'], 'This has 6 characters. At most 5 are allowed.'],
  },
  {
    what: 'a choice that does not exist',
    input: { custom: { tier: 'Golden' } },
    changes: { cf_tier: { choices: ['Gold', '2nd'] } },
    error: [['input', 'custom', 'tier'], '“Golden” is not a choice of “tier”. Did you mean Gold?'],
  },
  {
    what: 'one of several choices that does not exist',
    input: { custom: { interests: ['A+', 'C'] } },
    changes: { cf_interests: { choices: ['A+', 'A-'] } },
    error: [['input', 'custom', 'interests', '1'], '“C” is not a choice of “interests”. Choices: A+, A-.'],
  },
  {
    what: 'an id of another type',
    input: { custom: { referredBy: 'gid://freshsales/Deal/9' } },
    error: [
      ['input', 'custom', 'referredBy'],
      'Expected an id of type Contact, but gid://freshsales/Deal/9 has type Deal.',
    ],
  },
])('refuses $what before the call', async ({ input, changes, error: [field, message] }) => {
  const { data, requests } = await world(changes).ask(UPDATE, { input });
  expect(data).toMatchObject({ updateContact: { contact: null, userErrors: [{ field, message }] } });
  expect(requests).toEqual([]);
});

test('refuses misspelt and read-only fields before the call', async () => {
  const { ask } = world();
  const misspelt = await ask(UPDATE, { input: { custom: { teir: 'GOLD' } } });
  expect(misspelt.errors?.[0]?.message).toContain('Did you mean "tier"?');
  const readOnly = await ask('mutation { updateDeal(id: 9, input: { custom: { dealNumber: "1" } }) { deal { id } } }');
  expect(readOnly.errors?.[0]?.message).toContain('"dealNumber" is not defined by type "DealCustomFieldsInput"');
  expect([...misspelt.requests, ...readOnly.requests]).toEqual([]);
});

test('refuses a number that JSON would send as null, in inputs and filters', async () => {
  const { ask } = world();
  const written = await ask(
    'mutation { updateContact(id: 2, input: { custom: { seats: 1e400 } }) { userErrors { field message code } } }',
  );
  expect(written.data).toEqual({
    updateContact: {
      userErrors: [{ field: ['input', 'custom', 'seats'], message: 'This number is too large.', code: 'INVALID' }],
    },
  });
  const searched = await ask('{ contacts(where: { custom: { seats: { isIn: [1, 1e400] } } }) { totalCount } }');
  expect(searched.errors?.[0]?.message).toBe('“where.custom.seats.isIn[1]” is too large a number.');
  expect([...written.requests, ...searched.requests]).toEqual([]);
});

test('requires required fields of new records only', async () => {
  const { ask } = world({ cf_tier: { required: true }, cf_is_active: { required: true } });
  const create = (input: object) =>
    ask(
      'mutation ($input: CreateContactInput!) { createContact(input: $input) { userErrors { field message code } } }',
      {
        input: { email: 'c@x.example', ...input },
      },
    );
  const missing = await create({ custom: { tier: null } });
  expect(missing.data).toEqual({
    createContact: {
      userErrors: [
        {
          field: ['input', 'custom', 'isActive'],
          message: '“isActive” is required for new records.',
          code: 'REQUIRED',
        },
        { field: ['input', 'custom', 'tier'], message: '“tier” is required for new records.', code: 'REQUIRED' },
      ],
    },
  });
  expect(missing.requests).toEqual([]);
  const mixed = await create({ customFields: { cf_tier: 'Gold' }, custom: { isActive: false } });
  expect(mixed.data).toEqual({ createContact: { userErrors: [] } });
  const update = await ask(UPDATE, { input: { jobTitle: 'CTO' } });
  expect(update.data).toMatchObject({ updateContact: { userErrors: [] } });
});

test('takes custom in upserts and bulk writes', async () => {
  const { ask, sandbox } = world();
  const { data, errors } = await ask(`mutation {
    upsertContact(by: { email: "bob@x.example" }, input: { custom: { tier: BRONZE } }) { contact { custom { tier } } userErrors { message } }
    bulkUpdateContacts(ids: [1, 2], input: { custom: { seats: 5 } }) { userErrors { message } }
    bulkUpsertContacts(input: [{ email: "ada@x.example", data: { custom: { tier: GOLD } } }]) { userErrors { message } }
  }`);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ upsertContact: { contact: { custom: { tier: 'BRONZE' } }, userErrors: [] } });
  expect(sandbox.sent.map(({ body }) => body)).toMatchObject([
    { contact: { custom_field: { cf_tier: 'Bronze' } } },
    { contact: { custom_field: { cf_seats: 5 } } },
    { contacts: [{ data: { custom_field: { cf_tier: 'Gold' } } }] },
    undefined,
  ]);
});

test('names the typed field that Freshsales did not store', async () => {
  const { sandbox, ask } = world();
  sandbox.failNext('PUT /contacts/2', { status: 200, body: { contact: { id: 2, custom_field: { cf_tier: null } } } });
  const { data } = await ask(UPDATE, { input: { custom: { tier: 'SILVER' } } });
  expect(data).toMatchObject({
    updateContact: { userErrors: [{ field: ['input', 'custom', 'tier'], code: 'IGNORED' }] },
  });
});
