import { getNamedType, getNullableType, isInputObjectType, isNonNullType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { schema } from '../../src/server/schema.ts';
import { openOffice } from './office.ts';

const fieldsOf = (input: string) => {
  const type = schema.getType(input);
  return isInputObjectType(type) ? Object.values(type.getFields()) : [];
};

/** The records of the office, by their types. */
const updates = [
  ['Contact', '101', 'contact'],
  ['SalesAccount', '501', 'sales_account'],
  ['Deal', '301', 'deal'],
  ['Task', '401', 'task'],
  ['Appointment', '601', 'appointment'],
  ['Note', '801', 'note'],
  ['SalesActivity', '901', 'sales_activity'],
  ['Product', '701', 'product'],
  ['Lead', '201', 'lead'],
] as const;

/** What null is written as, where nothing is not said by null: sets, and what only adds. */
const EMPTY: Readonly<Record<string, unknown>> = {
  salesAccounts: { sales_accounts: [] },
  products: { products: [] },
  addContactIds: { contacts_added_list: [] },
  removeContactIds: { contacts_removed_list: [] },
  attendeeIds: { appointment_attendees_attributes: [] },
  collaboratorIds: { task_users_attributes: [] },
};

/** Null means the same as nothing. */
const WITHOUT_NULL = ['addTags', 'removeTags', 'startsOn', 'endsOn'];

describe.each(updates)('%s', (type, id, one) => {
  const product = type === 'Lead' ? 'classic' : 'suite';
  const fields = fieldsOf(`Update${type}Input`).filter(({ type: given }) => !isNonNullType(given));

  test('sends each null field as null and nothing else, or refuses it if required', async () => {
    const { sandbox, ask } = openOffice({ product });
    for (const { name } of fields) {
      const sent = sandbox.sent.length;
      const { data, errors } = await ask(
        `mutation { it: update${type}(id: ${id}, input: { ${name}: null }) { userErrors { field code } } }`,
      );
      expect({ name, errors }).toEqual({ name, errors: undefined });
      const [write, ...more] = sandbox.sent.slice(sent);
      if (!write) {
        const field = ['input', ...(WITHOUT_NULL.includes(name) ? [] : [name === 'targetType' ? 'targetId' : name])];
        expect(data).toEqual({ it: { userErrors: [{ field, code: 'REQUIRED' }] } });
        continue;
      }
      expect(more).toEqual([]);
      const columns = Object(Object(write.body)[one]);
      if (name in EMPTY) expect(columns).toEqual(EMPTY[name]);
      else expect({ name, values: [...new Set(Object.values(columns))] }).toEqual({ name, values: [null] });
    }
  });

  test('describes each field, and sends none that is left out', async () => {
    for (const { name, description } of fieldsOf(`Create${type}Input`).concat(fieldsOf(`Update${type}Input`)))
      expect({ name, description }).toEqual({ name, description: expect.stringMatching(/\S/) });
    const { sandbox, ask } = openOffice({ product });
    const first = fields.find(
      ({ name, type: given }) =>
        !WITHOUT_NULL.includes(name) && String(getNullableType(getNamedType(given))) === 'String',
    );
    await ask(
      `mutation { update${type}(id: ${id}, input: { ${first?.name}: "x@y.example" }) { userErrors { code } } }`,
    );
    expect(Object.keys(Object(Object(sandbox.sent[0]?.body)[one]))).toHaveLength(1);
  });
});

/** One field of each kind, with a value and what goes out for it. */
const kinds: readonly (readonly [mutation: string, columns: object])[] = [
  ['updateContact(id: 101, input: { city: "" })', { city: '' }],
  ['updateContact(id: 101, input: { tags: [] })', { tags: [] }],
  ['updateContact(id: 101, input: { tags: ["a", "b"] })', { tags: ['a', 'b'] }],
  ['updateContact(id: 101, input: { subscriptionStatus: UNSUBSCRIBED })', { subscription_status: 0 }],
  ['updateContact(id: 101, input: { subscriptionTypes: ["2", 3, "2"] })', { subscription_types: '2;3' }],
  ['updateContact(id: 101, input: { subscriptionTypes: "4;5" })', { subscription_types: '4;5' }],
  ['updateProduct(id: 701, input: { isActive: false })', { is_active: false }],
  ['updateDeal(id: 301, input: { closedOn: "2024-02-29" })', { closed_date: '2024-02-29' }],
  ['updateTask(id: 401, input: { status: COMPLETED })', { status: 1 }],
  ['updateTask(id: 401, input: { dueAt: "2026-01-01T00:30:00.750-08:00" })', { due_date: '2026-01-01T08:30:00+00:00' }],
  ['updateDeal(id: 301, input: { amount: "0.10" })', { amount: '0.10' }],
  ['updateDeal(id: 301, input: { amount: -5 })', { amount: '-5' }],
  ['updateDeal(id: 301, input: { amount: "90071992547409.93" })', { amount: '90071992547409.93' }],
  ['updateSalesAccount(id: 501, input: { annualRevenue: "12.50" })', { annual_revenue: 12.5 }],
  ['updateSalesAccount(id: 501, input: { annualRevenue: "9007199254740993" })', { annual_revenue: '9007199254740993' }],
  ['updateContact(id: 101, input: { ownerId: "31000148398" })', { owner_id: 31_000_148_398 }],
  ['updateContact(id: 101, input: { ownerId: "99999999999999999999" })', { owner_id: '99999999999999999999' }],
  ['updateContact(id: 101, input: { teamUserIds: [31000148398, 31000148398] })', { team_user_ids: [31_000_148_398] }],
  ['updateContact(id: 101, input: { salesAccounts: [] })', { sales_accounts: [] }],
  ['updateContact(id: 101, input: { customFields: {} })', { custom_field: {} }],
  [
    'updateContact(id: 101, input: { customFields: { cf_seats: null, cf_interests: "A;B" } })',
    { custom_field: { cf_seats: null, cf_interests: 'A;B' } },
  ],
];

test.each(kinds)('%s', async (mutation, columns) => {
  const { sandbox, ask } = openOffice();
  const { errors } = await ask(`mutation { ${mutation} { userErrors { code } } }`);
  expect(errors).toBeUndefined();
  expect(Object.values(Object(sandbox.sent[0]?.body))).toEqual([columns]);
});

test('merges custom fields by key: changes one, clears one, keeps the others', async () => {
  const { sandbox, ask } = openOffice();
  const { data } = await ask(
    'mutation { updateContact(id: 101, input: { customFields: { cf_seats: null, cf_is_active: true } }) { contact { customFields nickname: customField(name: "cf_nickname") } } }',
  );
  const kept = { cf_nickname: 'Countess', cf_seats: null, cf_is_active: true };
  expect(data).toEqual({ updateContact: { contact: { customFields: kept, nickname: 'Countess' } } });
  expect(sandbox.get(contactType, '101')?.custom_field).toEqual(kept);
});

test('sends variables that are null, and omits those that are not given', async () => {
  const { sandbox, ask } = openOffice();
  const query =
    'mutation ($city: String, $state: String, $country: String) { updateContact(id: 101, input: { city: $city, state: $state, country: $country }) { userErrors { code } } }';
  await ask(query, { city: null, country: 'Italy' });
  expect(sandbox.sent[0]?.body).toEqual({ contact: { city: null, country: 'Italy' } });
});
