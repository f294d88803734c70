import { expect, test } from 'vitest';
import { openOffice } from './office.ts';

/** Names that every object inherits. A table that is an object finds a function under them. */
const INHERITED = ['toString', 'valueOf', 'hasOwnProperty', 'constructor'];

test.each(INHERITED)('answers a lookup by the custom field “%s” like one by any unknown field', async (name) => {
  const { ask } = await openOffice({
    Reader: 'grants:\n  contacts: { access: read, fields: [email] }\n  search: read',
  });
  const lookup = `{ lookup(field: CUSTOM, name: "${name}", value: "x", types: [CONTACT]) { __typename } }`;
  expect((await ask('Reader', lookup)).codes).not.toContain('INTERNAL_SERVER_ERROR');
  const filter = `{ filterContacts(where: [{ attribute: "${name}", operator: IS, value: "x" }]) { totalCount } }`;
  expect((await ask('Reader', filter)).codes).not.toContain('INTERNAL_SERVER_ERROR');
});

test.each(INHERITED)('writes a custom field that has the key “%s”, or refuses it as input', async (key) => {
  const { ask } = await openOffice({ Writer: 'grants:\n  contacts: write' });
  for (const value of [1, '1', [1], { id: 1 }]) {
    const answer = await ask(
      'Writer',
      'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } userErrors { code } } }',
      { input: { lastName: 'A', email: 'a@x.example', customFields: { cf_map: { [key]: value } } } },
    );
    expect(answer.codes).not.toContain('INTERNAL_SERVER_ERROR');
  }
});
