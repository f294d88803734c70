import { expect, test } from 'vitest';
import { KINDS } from '../../src/access/grant.ts';
import { contactListLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { ALEX, PRIYA } from '../mutations/office.ts';
import { grantsExcept, openOffice } from './office.ts';

const OWN = `{ access: full, owner: "${ALEX}" }`;

type Call = { path: string; template: string; include: string[] };

async function open() {
  const office = await openOffice(
    {
      Agent: `${grantsExcept(KINDS, 'full', { salesAccounts: OWN, deals: OWN })}\nconfirm: [delete, forget, bulk]`,
      Hidden: grantsExcept(KINDS, 'full', { contacts: '{ access: full, hideCustomFields: [cf_Secret] }' }),
    },
    { seed: () => {} },
  );
  const { sandbox } = office;
  sandbox.put(salesAccountType, { id: '501', name: 'Mine', owner_id: ALEX });
  sandbox.put(salesAccountType, { id: '502', name: 'Theirs', owner_id: PRIYA });
  sandbox.put(contactType, {
    id: '101',
    last_name: 'Both',
    display_name: 'Both',
    custom_field: { cf_secret: 'x', cf_open: 'y' },
    sales_accounts: ['501', '502'].map((id) => ({ id, is_primary: id === '501' })) as never,
  });
  sandbox.put(dealType, { id: '301', name: 'Mine', owner_id: ALEX });
  sandbox.put(dealType, { id: '302', name: 'Theirs', owner_id: PRIYA });
  const explained = async (query: string) => {
    const response = await office.send(office.tokens.Agent, { query, extensions: { explain: true } });
    return (await response.json()) as { data: object; extensions: { calls: Call[] } };
  };
  return { ...office, explained };
}

test('does not reveal the ids of hidden records in the calls of an operation', async () => {
  const { explained } = await open();
  const answer = await explained('{ contact(id: 101) { salesAccounts { nodes { name } } } }');
  expect(answer.data).toEqual({ contact: { salesAccounts: { nodes: [{ name: 'Mine' }] } } });
  expect(answer.extensions.calls.map(({ path }) => path)).toEqual([
    '/contacts/{id}',
    '/sales_accounts/{id}',
    '/sales_accounts/{id}',
  ]);
  const update = 'updateContact(id: 101, input: { salesAccounts: [] }) { userErrors { code } }';
  const updated = await explained(`mutation { ${update} }`);
  expect(updated.data).toEqual({ updateContact: { userErrors: [] } });
  expect(updated.extensions.calls.map(({ path, template, include }) => [path, template, include])).toEqual([
    ['/contacts/{id}', '/contacts/{id}', ['sales_accounts']],
    ['/contacts/{id}', '/contacts/{id}', []],
  ]);
});

test.each(['cf_secret', 'cf_Secret', 'cf_SECRET'])('hides a hidden custom field as %s too', async (name) => {
  const { ask, sandbox } = await open();
  const queries = [
    'query($name: String!) { contact(id: 101) { customField(name: $name) } }',
    'query($name: String!) { lookup(field: CUSTOM, name: $name, value: "x", types: [CONTACT]) { __typename } }',
    `mutation { updateContact(id: 101, input: { customFields: { ${name}: "new" } }) { userErrors { code } } }`,
    `mutation { createContact(input: { lastName: "New", customFields: { ${name}: "new" } }) { userErrors { code } } }`,
  ];
  for (const query of queries)
    expect(await ask('Hidden', query, query.includes('$name') ? { name } : {})).toMatchObject({
      codes: ['FORBIDDEN'],
      requests: [],
    });
  expect(await ask('Hidden', '{ contact(id: 101) { customFields } }')).toMatchObject({
    data: { contact: { customFields: { cf_open: 'y' } } },
  });
  expect(sandbox.get(contactType, '101')?.custom_field).toEqual({ cf_secret: 'x', cf_open: 'y' });
});

test('refuses a write without a grant before asking for confirmation', async () => {
  const { ask, audited, sandbox } = await open();
  const away = `mutation { updateDeal(id: 301, input: { ownerId: "${PRIYA}" }) { userErrors { code } } deleteDeal(id: 301) { deletedDealId } }`;
  const { data, codes } = await ask('Agent', away);
  expect({ data, codes }).toEqual({ data: null, codes: ['FORBIDDEN'] });
  expect(audited()).toMatchObject([{ decision: 'denied', writes: [] }]);
  expect(sandbox.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
  expect((await ask('Agent', 'mutation { deleteDeal(id: 301) { deletedDealId } }')).codes).toEqual([
    'CONFIRMATION_REQUIRED',
  ]);
});

test('ignores leading zeros of an id', async () => {
  const { ask, audited } = await open();
  expect(await ask('Agent', '{ deal(id: "000301") { name } }')).toMatchObject({
    data: { deal: { name: 'Mine' } },
    requests: ['GET /deals/301?include=owner'],
  });
  expect(await ask('Agent', '{ node(id: "gid://freshsales/Deal/0301") { id } }')).toMatchObject({
    data: { node: { id: 'gid://freshsales/Deal/301' } },
    requests: [],
  });
  expect(audited()).toMatchObject([{ reads: [{ id: '301' }] }, { reads: [{ id: '301' }] }]);
});

test.each([
  ['{ contact(id: 101) { displayName } }', {}, [{ what: 'Contact', id: '101', count: 1 }], 'read contact 101'],
  [
    'query($id: ID! = "gid://freshsales/Contact/101") { c: contact(id: $id) { displayName } }',
    {},
    [{ what: 'Contact', id: '101' }],
    'read contact 101',
  ],
  ['{ deal(id: 302) { name } }', {}, [{ what: 'Deal', id: '302', count: 0 }], 'found no deal 302'],
  [
    'query($id: ID!) { ...F } fragment F on Query { node(id: $id) { __typename } }',
    { id: 'gid://freshsales/Contact/101' },
    [{ what: 'Contact', id: '101' }],
    'read contact 101',
  ],
  [
    '{ nodes(ids: ["gid://freshsales/Deal/301", "gid://freshsales/Deal/302", "gid://freshsales/Contact/101"]) { __typename } }',
    {},
    [
      { what: 'Deal', ids: ['301', '302'], count: 1 },
      { what: 'Contact', ids: ['101'], count: 1 },
    ],
    'read deals 301 and 302',
  ],
])('%s is logged with its ids, whatever it selects', async (query, variables, reads, phrase) => {
  const { ask, audited } = await open();
  await ask('Agent', query, variables);
  expect(audited()).toMatchObject([{ reads, sentence: expect.stringContaining(phrase) }]);
});

test('logs the ids that a search found', async () => {
  const { ask, audited } = await open();
  await ask('Agent', '{ search(query: "Both", types: [CONTACT]) { name } }');
  const [line] = audited();
  expect(line).toMatchObject({ reads: [], found: [{ type: 'Contact', ids: ['101'], by: 'search' }] });
  expect(line?.sentence).toContain('Agent found contact 101 by a search');
});

test('logs the id when a write refers to a record of another owner', async () => {
  const { ask, audited } = await open();
  await ask('Agent', 'mutation { updateDeal(id: 302, input: { name: "Taken" }) { userErrors { code } } }');
  const [line] = audited();
  expect(line?.writes).toMatchObject([{ type: 'Deal', action: 'update', id: '302', outcome: 'unseen' }]);
  expect(line?.sentence).toContain('tried to change deal 302, or to name another record, that it does not see');
});

test('logs the contacts that are added to a list', async () => {
  const { ask, audited, sandbox } = await open();
  sandbox.put(contactListLookup, { id: '61', name: 'Friends' });
  await ask('Agent', 'mutation { addContactsToList(id: 61, contactIds: [101]) { userErrors { code } } }');
  expect(audited()[0]?.writes).toMatchObject([{ type: 'ContactList', id: '61', changes: [{ to: '101' }] }]);
});
