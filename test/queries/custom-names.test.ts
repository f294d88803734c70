import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { openWorld } from '../world.ts';

describe('the name of a custom field', () => {
  const names = ['cf_bdr_stage_-_contact', 'cf_größe', 'cf_VIP', 'cf_a b', 'cf_x'.padEnd(250, 'x')];

  test.each(names)('%s can be written, filtered by and looked up', async (name) => {
    const { ask, sandbox } = openWorld({
      seed: ({ put }) => void put(contactType, { id: '1', custom_field: { [name]: 'old' } }),
      customFields: { contacts: [{ name, label: name, type: 'text', position: 1, visible: true }] },
    });
    const written = await ask(
      'mutation ($fields: JSON) { updateContact(id: 1, input: { customFields: $fields }) { userErrors { message } } }',
      { fields: { [name]: 'Ada' } },
    );
    expect(written.data).toEqual({ updateContact: { userErrors: [] } });
    const { data, errors } = await ask(
      `query ($name: String!) {
        contact(id: 1) { customField(name: $name) }
        contacts(where: { customFields: [{ name: $name, is: "Ada" }] }) { nodes { databaseId } }
        filterContacts(where: [{ attribute: $name, operator: IS, value: "Ada" }]) { nodes { databaseId } }
        lookup(field: CUSTOM, name: $name, value: "Ada", types: [CONTACT]) { ... on Contact { databaseId } }
      }`,
      { name },
    );
    const found = [{ databaseId: '1' }];
    expect({ data, errors }).toEqual({
      data: {
        contact: { customField: 'Ada' },
        contacts: { nodes: found },
        filterContacts: { nodes: found },
        lookup: found,
      },
      errors: undefined,
    });
    // Both filters are one search.
    expect(sandbox.sent.filter(({ request }) => request.startsWith('POST')).map(({ body }) => body)).toEqual([
      { filter_rule: [{ attribute: name, operator: 'is', value: 'Ada' }] },
    ]);
  });

  test.each(['cf_', 'cf_a\nb', 'cf_a\0', 'x', '', '__proto__', 'cf_'.padEnd(300, 'x')])(
    '%j is refused before any call',
    async (name) => {
      const { ask } = openWorld();
      const { errors, requests } = await ask(
        `query ($name: String!) {
          contacts(where: { customFields: [{ name: $name, is: "Ada" }] }) { nodes { databaseId } }
          lookup(field: CUSTOM, name: $name, value: "Ada", types: [CONTACT]) { ... on Contact { databaseId } }
        }`,
        { name },
      );
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
      expect(requests).toEqual([]);
    },
  );
});
