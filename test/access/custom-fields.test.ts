import { expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { registry } from '../../src/resources/index.ts';
import type { Seed } from '../../src/sandbox/sandbox.ts';
import { customFields } from '../../src/sandbox/seed/custom-fields.ts';
import { typedSchema } from '../../src/schema/custom-fields/typed-schema.ts';
import { schemaFor } from '../../src/server/schema.ts';
import { listsOf } from '../schema/field-lists.ts';
import { type OfficeOptions, openOffice } from './office.ts';

const seed: Seed = ({ put }) =>
  void put(contactType, { id: '2', custom_field: { cf_nickname: 'Bo', cf_tier: 'Gold', cf_referred_by: 2 } });

const base = schemaFor('suite');
const schema = { current: typedSchema(base, listsOf(customFields), { registry, product: 'suite' }) };

const open = (grants: string, more: OfficeOptions = {}) =>
  openOffice({ Reader: `grants:\n  contacts: ${grants}` }, { seed, schema, ...more });

const TYPE = `{ __type(name: "ContactCustomFields") { fields { name } }
  input: __type(name: "ContactCustomFieldsInput") { inputFields { name } } }`;

test('hides a custom field by its name in Freshsales from the type and its input', async () => {
  const { ask } = await open('{ access: write, hideCustomFields: [cf_NICKNAME, "cf_größe - alt"] }');
  const shown = await ask('Reader', TYPE);
  expect(JSON.stringify(shown.data)).toContain('"tier"');
  expect(JSON.stringify(shown.data)).not.toContain('"nickname"');
  const read = await ask('Reader', '{ contact(id: 2) { custom { nickname } } }');
  expect(read).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
  const write = await ask(
    'Reader',
    'mutation { updateContact(id: 2, input: { custom: { nickname: "X" } }) { contact { id } } }',
  );
  expect(write).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
  const variables = await ask(
    'Reader',
    'mutation ($input: UpdateContactInput!) { updateContact(id: 2, input: $input) { contact { id } } }',
    { input: { custom: { nickname: 'X' } } },
  );
  expect(variables).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
  const filter = await ask('Reader', '{ contacts(where: { custom: { nickname: { is: "Bo" } } }) { totalCount } }');
  expect(filter).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
  const other = await ask('Reader', '{ contacts(where: { custom: { tier: { is: GOLD } } }) { totalCount } }');
  expect(other.data).toEqual({ contacts: { totalCount: 1 } });
  const rest = await ask('Reader', '{ contact(id: 2) { customFields custom { tier } } }');
  expect(rest.data).toEqual({
    contact: { customFields: { cf_tier: 'Gold', cf_referred_by: 2 }, custom: { tier: 'GOLD' } },
  });
});

test.each(['cf_größe - alt', 'CF_GRÖSSE - ALT ', 'cf_grösse - alt\u200b', 'cf_grossé - alt', 'cf_größe\u00ad - alt'])(
  'does not search by a hidden custom field under another spelling: %j',
  async (name) => {
    const { ask } = await openOffice(
      {
        Reader:
          'grants:\n  contacts: { access: write, hideCustomFields: ["cf_größe - alt", "cf_grösse - alt", "cf_grosse - alt"] }\n  search: read',
      },
      { seed, schema },
    );
    for (const query of [
      'query ($name: String!) { contacts(where: { customFields: [{ name: $name, is: "x" }] }) { nodes { id } } }',
      'query ($name: String!) { filterContacts(where: [{ attribute: $name, operator: IS, value: "x" }]) { nodes { id } } }',
      'query ($name: String!) { lookup(field: CUSTOM, name: $name, value: "x", types: [CONTACT]) { __typename } }',
    ]) {
      const { codes, requests } = await ask('Reader', query, { name });
      expect({
        query,
        codes: codes?.filter((code) => !/^(FORBIDDEN|BAD_USER_INPUT)$/.test(String(code))),
        requests,
      }).toEqual({
        ...{ query, codes: [], requests: [] },
      });
      expect(codes).toHaveLength(1);
    }
    const fields = { [name]: 'x' };
    const update =
      'mutation ($fields: JSON) { updateContact(id: 2, input: { customFields: $fields }) { userErrors { code } } }';
    expect((await ask('Reader', update, { fields })).requests).toEqual([]);
  },
);

test.each(['customFields', 'custom'])('grants both kinds of custom fields with “%s”', async (field) => {
  const { ask } = await open(`{ access: write, fields: [email, ${field}] }`);
  const { data, errors } = await ask('Reader', '{ contact(id: 2) { customFields custom { tier } } }');
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ contact: { custom: { tier: 'GOLD' } } });
  const write = await ask(
    'Reader',
    'mutation { updateContact(id: 2, input: { custom: { tier: GOLD } }) { userErrors { message } } }',
  );
  expect(write.data).toEqual({ updateContact: { userErrors: [] } });
});

test('shows no typed custom fields without a grant for custom fields', async () => {
  const { ask } = await open('{ access: write, fields: [email] }');
  expect((await ask('Reader', TYPE)).data).toEqual({ __type: null, input: null });
  expect(await ask('Reader', '{ contact(id: 2) { custom { tier } } }')).toMatchObject({
    codes: ['FORBIDDEN'],
    requests: [],
  });
});

test('shows no lookups to types that may not be read, and no empty type', async () => {
  const all = customFields.deals?.filter(({ type }) => type === 'lookup') ?? [];
  const lookups = { current: typedSchema(base, listsOf({ deals: all }), { registry, product: 'suite' }) };
  const { ask } = await openOffice(
    { Reader: 'grants:\n  deals: write', Full: 'grants:\n  deals: write\n  users: read' },
    { seed, schema: lookups },
  );
  const query = '{ __type(name: "DealCustomFields") { fields { name type { name } } } }';
  expect((await ask('Reader', query)).data).toEqual({ __type: null });
  expect((await ask('Full', query)).data).toEqual({
    __type: { fields: [{ name: 'approver', type: { name: 'User' } }] },
  });
});

test('follows the schema when it is replaced', async () => {
  const source = { current: base };
  const { ask } = await open('read', { schema: source });
  const query = '{ contact(id: 2) { custom { tier } } }';
  expect((await ask('Reader', query)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  source.current = schema.current;
  expect((await ask('Reader', query)).data).toEqual({ contact: { custom: { tier: 'GOLD' } } });
  source.current = base;
  expect((await ask('Reader', query)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
});
