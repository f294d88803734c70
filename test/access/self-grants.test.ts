import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCallers } from '../../src/access/callers-file.ts';
import { fieldsOfType } from '../../src/access/permissions.ts';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { schema } from '../../src/server/schema.ts';
import { openIssuer } from './issuer.ts';
import { openOffice } from './office.ts';

const ANNA = { id: '7001', email: 'anna@example.com' };
const BEN = { id: '7002', email: 'ben@example.com' };

let issuer: Awaited<ReturnType<typeof openIssuer>>;
let sign: Awaited<ReturnType<typeof issuer.addKey>>;

beforeAll(async () => {
  issuer = await openIssuer();
  sign = await issuer.addKey('one');
});

afterAll(() => issuer.close());

const SELF = 'access: full, owner: self';
const GRANTS = `grants:
  contacts: { ${SELF} }
  deals: { ${SELF} }
  tasks: { ${SELF} }
  salesAccounts: read
  notes: read
  users: read
  search: read`;

/** Two people who sign in as the same caller, each with a contact, a deal and a task of the same account. */
async function openTwo() {
  const office = await openOffice(
    { Sales: `user: "${ANNA.id}"\n${GRANTS}` },
    {
      jwt: `  issuer: ${issuer.url}\n  audience: crm\n  rules:\n    - { claim: groups, includes: sales, caller: Sales, user: email }`,
      seed: ({ put }) => {
        put(salesAccountType, { id: '501', name: 'Acme', owner_id: ANNA.id });
        for (const [index, { id, email }] of [ANNA, BEN].entries()) {
          const owner_id = id;
          put(userLookup, { id, email, display_name: email, is_active: true });
          put(contactType, {
            ...{ id: `10${index}`, owner_id, first_name: `Of ${email}`, email: `c${index}@acme.example` },
            sales_accounts: [{ id: '501', name: 'Acme', is_primary: true }],
          });
          put(dealType, {
            ...{ id: `30${index}`, owner_id, name: `Of ${email}`, amount: '1.0' },
            ...{ sales_account_id: '501', contact_ids: [`10${index}`] },
          });
          put(taskType, {
            ...{ id: `40${index}`, owner_id, title: `Of ${email}` },
            targetables: [{ type: 'Contact', id: `10${index}` }],
          });
        }
      },
    },
  );
  Object.assign(office.tokens, {
    anna: await sign({ email: ANNA.email, sub: 'anna' }),
    ben: await sign({ email: BEN.email.toUpperCase(), sub: 'ben' }),
    stranger: await sign({ email: 'nobody@example.com', sub: 'nobody' }),
  });
  return office;
}

const LISTS =
  '{ contacts { nodes { databaseId } } deals { nodes { databaseId } } tasks { nodes { databaseId } } viewer { grants { type ownerId } } }';

const ids = (id: string) => ({ nodes: [{ databaseId: id }] });

test('each person sees only records of which they are the owner, whoever asked before', async () => {
  const { ask } = await openTwo();
  for (const name of ['anna', 'ben', 'anna', 'ben']) {
    const own = name === 'anna' ? '0' : '1';
    const { data, errors } = await ask(name, LISTS);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ contacts: ids(`10${own}`), deals: ids(`30${own}`), tasks: ids(`40${own}`) });
    const { id } = name === 'anna' ? ANNA : BEN;
    expect(data?.viewer).toMatchObject({
      grants: expect.arrayContaining([{ type: 'contacts', ownerId: `gid://freshsales/User/${id}` }]),
    });
  }
});

test('the owners of the account are read once for everybody, and the calls count for the caller', async () => {
  const { ask } = await openTwo();
  const query = '{ contact(id: 100) { databaseId } }';
  expect((await ask('anna', query)).requests).toEqual(['GET /selector/owners', 'GET /contacts/100?include=owner']);
  const again = await ask('ben', query);
  expect({ data: again.data, requests: again.requests }).toEqual({ data: { contact: null }, requests: [] });
  const { data } = await ask('ben', '{ viewer { allowance { used } } }');
  expect(data).toEqual({ viewer: { allowance: { used: 2 } } });
});

/** Ways to the records of Anna. None may show Ben anything of them. Those that are open to Anna come first. */
const OPEN_READS = [
  '{ contact(id: 100) { email } deal(id: 300) { name } task(id: 400) { title } }',
  '{ node(id: "gid://freshsales/Contact/100") { ... on Contact { email } } }',
  '{ nodes(ids: ["gid://freshsales/Deal/300"]) { ... on Deal { name } } }',
  '{ salesAccount(id: 501) { contacts { nodes { email } } deals { nodes { name } } } }',
  '{ tasks(ownerId: 7001, filter: ALL) { nodes { title } } }',
  '{ lookup(field: EMAIL, value: "c0@acme.example", types: [CONTACT]) { ... on Contact { email } } }',
  '{ changes { nodes { recordId record { ... on Contact { email } } } } }',
];

const READS = [
  ...OPEN_READS,
  '{ owners { deals { nodes { name } } contacts { nodes { email } } tasks { nodes { title } } } }',
  '{ search(query: "anna", types: [CONTACT]) { name } }',
  '{ contacts(where: { email: { is: "c0@acme.example" } }) { nodes { email } } }',
  '{ contacts { totalCount } }',
];

test.each(READS)('a person reaches no record of another by %s', async (query) => {
  const { ask, feed } = await openTwo();
  await feed.addReports([{ type: 'Contact', id: '100', action: 'updated', source: 'webhook' }]);
  // What Anna reads is cached, and may not be shown to Ben.
  const own = await ask('anna', query);
  expect(/Of anna|c0@acme/.test(JSON.stringify(own.data ?? null))).toBe(OPEN_READS.includes(query));
  const { data, errors } = await ask('ben', query);
  const shown = JSON.stringify([data, errors]);
  for (const secret of ['Of anna', 'c0@acme.example"}', 'Contact/100"', '"totalCount":'])
    expect(shown).not.toContain(secret);
});

const WRITES = [
  'updateContact(id: 100, input: { firstName: "x" }) { userErrors { code } }',
  'deleteDeal(id: 300) { userErrors { code } }',
  'completeTask(id: 400) { userErrors { code } }',
  'updateDeal(id: 301, input: { addContactIds: [100] }) { userErrors { code } }',
  'updateTask(id: 401, input: { targetId: "gid://freshsales/Contact/100" }) { userErrors { code } }',
  'updateContact(id: 101, input: { ownerId: 7001 }) { userErrors { code } }',
  'upsertContact(by: { email: "c0@acme.example" }, input: { firstName: "x" }) { userErrors { code } }',
  'bulkDeleteContacts(ids: [100]) { userErrors { code } }',
];

test.each(WRITES)('a person writes no record of another: %s', async (mutation) => {
  const { ask, sandbox } = await openTwo();
  await ask('anna', LISTS);
  const { data, codes, requests } = await ask('ben', `mutation { ${mutation} }`);
  expect(requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
  expect([...codes, ...(JSON.stringify(data ?? {}).match(/NOT_FOUND|FORBIDDEN/g) ?? [])].length).toBeGreaterThan(0);
  expect(sandbox.get(contactType, '100')).toMatchObject({ first_name: 'Of anna@example.com', owner_id: ANNA.id });
});

test('a person creates records of their own', async () => {
  const { ask, sandbox } = await openTwo();
  const { errors } = await ask(
    'ben',
    'mutation { createContact(input: { email: "n@acme.example" }) { contact { id } } }',
  );
  expect(errors).toBeUndefined();
  expect(sandbox.rows(contactType).at(-1)).toMatchObject({ email: 'n@acme.example', owner_id: BEN.id });
});

test('a subscription delivers changes of own records only', async () => {
  const { yoga, tokens, feed } = await openTwo();
  const closing = new AbortController();
  const response = await yoga.fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${tokens.ben}`,
    },
    body: JSON.stringify({ query: 'subscription { changes { recordId } }' }),
    signal: closing.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (const id of ['100', '101'])
    await feed.addReports([{ type: 'Contact', id, action: 'updated', source: 'webhook' }]);
  let text = '';
  while (!text.includes('Contact/101')) text += (await reader?.read())?.value ?? '';
  expect(text).not.toContain('Contact/100');
  closing.abort();
});

test('the tools of MCP have the same limits', async () => {
  const { yoga, tokens } = await openTwo();
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const tool = async (name: 'anna' | 'ben', query: string) => {
    const response = await yoga.fetch('http://127.0.0.1/mcp', {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${tokens[name]}` },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'query', arguments: { query } },
      }),
    });
    return response.text();
  };
  const query = '{ contact(id: 100) { email } }';
  expect(await tool('anna', query)).toContain('c0@acme.example');
  expect(await tool('ben', query)).not.toContain('c0@acme.example');
});

test('a person without a user in Freshsales is refused, and so is everybody while the owners cannot be read', async () => {
  const { ask, sandbox } = await openTwo();
  const { errors, status, requests } = await ask('stranger', '{ viewer { name } }');
  expect(errors).toMatchObject([
    { message: expect.stringContaining('is not among the owners of the account'), extensions: { code: 'FORBIDDEN' } },
  ]);
  expect({ status, requests }).toEqual({ status: 403, requests: ['GET /selector/owners'] });
  const other = await openTwo();
  other.sandbox.failNext('/selector/owners', { status: 503 }, 5);
  expect((await other.ask('anna', '{ contacts { nodes { id } } }')).codes).toEqual(['UPSTREAM_ERROR']);
  expect(sandbox.requests).toHaveLength(1);
});

test('a token stands for the user of its caller', async () => {
  const { ask } = await openTwo();
  const { data, requests } = await ask('Sales', '{ contact(id: 100) { email } other: contact(id: 101) { email } }');
  expect(data).toEqual({ contact: { email: 'c0@acme.example' }, other: null });
  // The user is named by its id, so the owners need not be read.
  expect(requests).toEqual(['GET /contacts/100?include=owner', 'GET /contacts/101?include=owner']);
});

const TOKEN = `    token: ${'a'.repeat(64)}`;
const self = (rest: string) =>
  `callers:\n  - name: A\n${rest}    grants: { deals: { access: read, owner: self } }\njwt:\n  issuer: https://a.example\n  audience: crm\n  rules:\n    - { claim: a, equals: b, caller: A`;

test.each([
  [`${self(`${TOKEN}\n`)}, user: email }`, /^callers\.yaml:2: user is missing, which “owner: self” needs for a token/],
  [`${self('')} }`, /^callers\.yaml:\d+: user is missing, which “owner: self” of A needs/],
])('refuses to start if the user of a caller is not known: %#', (text, message) => {
  const options = { path: 'callers.yaml', fieldsOf: fieldsOfType(schema), keyNamed: (name: string) => name };
  expect(() => parseCallers(text, options)).toThrow(message);
  expect(parseCallers(`${self('')}, user: email }`, options).callers).toHaveLength(1);
});
