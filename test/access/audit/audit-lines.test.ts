import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';
import { contactType } from '../../../src/resources/contact/record.ts';
import { openOffice } from '../office.ts';

const HOSTILE = 'A\u001b[2J\r\n2026-11-24T10:00:00.000Z  Boss deleted everything\u202e\u2028\u009b2J';

async function listening(callers: Record<string, string>, options: Parameters<typeof openOffice>[1] = {}) {
  const office = await openOffice(callers, options);
  const server = createHttpServer(office.yoga);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = (name: string, body: string, headers: Record<string, string> = {}, path = '/graphql') =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${office.tokens[name]}`, ...headers },
      body,
    });
  return { ...office, url, post };
}

const READER = { Reader: 'grants: { contacts: full, search: read }\nconfirm: [delete]' };

test('logs the client’s address, and ignores forwarded headers of untrusted proxies', async () => {
  const { post, audited } = await listening(READER);
  await post('Reader', '{"query":"{ __typename }"}', { 'x-forwarded-for': '198.51.100.1' });
  expect(audited()[0]).toMatchObject({ caller: 'Reader', address: '127.0.0.1' });
});

test('escapes control characters in names', async () => {
  const { ask, audited, sandbox } = await openOffice({ Reader: 'grants: { contacts: full }' });
  const id = sandbox.rows(contactType)[0]?.id;
  await ask(
    'Reader',
    'mutation ($id: ID!, $name: String) { updateContact(id: $id, input: { lastName: $name }) { userErrors { code } } }',
    { id, name: HOSTILE },
  );
  const lines = audited();
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines[0]?.writes)).toContain('Boss deleted everything');
  expect(lines[0]?.sentence).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
});

test.each<[string, string, Record<string, string>, string]>([
  ['a cycle of fragments', '{"query":"query{...A} fragment A on Query{...A}"}', {}, 'invalid'],
  ['no JSON', '{', {}, 'invalid'],
  ['no query', '{}', {}, 'invalid'],
  ['a syntax error', '{"query":"{"}', {}, 'invalid'],
  ['another media type', 'query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }, 'invalid'],
  ['a body that is too large', `{"query":"${' '.repeat(1_100_000)}"}`, {}, 'invalid'],
  ['an unclear wish', '{"query":"{ __typename }"}', { 'x-freshsales-dry-run': 'perhaps' }, 'invalid'],
  ['a foreign page', '{"query":"{ __typename }"}', { origin: 'https://evil.example' }, 'denied'],
  [
    'an unknown operation',
    '{"query":"query A { __typename } query B { __typename }","operationName":"C"}',
    {},
    'invalid',
  ],
  ['variables that do not fit', '{"query":"query ($id: ID!) { contact(id: $id) { id } }"}', {}, 'allowed'],
])('leaves one line for a request with %s', async (_name, body, headers, decision) => {
  const { post, audited } = await listening(READER);
  const response = await post('Reader', body, headers);
  await response.text();
  expect(audited()).toMatchObject([{ decision, requestId: response.headers.get('x-request-id') }]);
});

test('writes one line when the client hangs up', async () => {
  const { url, tokens, audited } = await listening(READER, { delayMs: 200 });
  const hangUp = new AbortController();
  const asked = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.Reader}` },
    body: '{"query":"{ contacts(first: 1) { nodes { id } } }"}',
    signal: hangUp.signal,
  });
  setTimeout(() => hangUp.abort(), 100);
  await expect(asked).rejects.toThrow();
  await expect.poll(audited, { timeout: 3000 }).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(audited()).toMatchObject([{ caller: 'Reader' }]);
});

test('logs a dry run as planned, and does not log a request for confirmation as denied', async () => {
  const { post, audited, ask } = await listening(READER);
  await post('Reader', '{"query":"{ contacts(first: 1) { nodes { id } } }"}', { 'x-freshsales-dry-run': '1' });
  await ask('Reader', 'mutation { deleteContact(id: 31016359002) { deletedContactId } }');
  expect(audited()).toMatchObject([
    { decision: 'planned', sentence: expect.stringContaining('Reader requested the plan of contacts.') },
    { decision: 'unconfirmed', sentence: expect.stringContaining('Reader was asked to confirm deleteContact.') },
  ]);
});

test('logs the records that a lookup found, each time', async () => {
  const { ask, audited, sandbox } = await openOffice(READER);
  const { id, email } = sandbox.rows(contactType)[0] as { id: string; email: string };
  const query = `{ lookup(field: EMAIL, value: "${email}", types: [CONTACT]) { __typename } }`;
  for (const _ of [1, 2]) expect((await ask('Reader', query)).codes).toEqual([]);
  for (const line of audited()) {
    expect(line.found).toEqual([{ type: 'Contact', ids: [String(id)], by: 'lookup' }]);
    expect(line.sentence).toContain(`Reader found contact ${id} by a lookup`);
  }
  expect(audited()).toHaveLength(2);
});

test('logs MCP calls with the id of their response, the tool and the client', async () => {
  const { url, tokens, audited } = await listening(READER);
  const ids: (string | null)[] = [];
  const noting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (String(init?.body).includes('tools/call')) ids.push(response.headers.get('x-request-id'));
    return response;
  };
  for (const mode of ['legacy', 'auto'] as const) {
    const client = new Client({ name: 'Claude\u001b[2J', version: '9' }, { versionNegotiation: { mode } });
    const requestInit = { headers: { authorization: `Bearer ${tokens.Reader}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit, fetch: noting }));
    await client.callTool({ name: 'query', arguments: { query: '{ contacts(first: 1) { nodes { id } } }' } });
    await client.callTool({ name: 'schema', arguments: { search: 'contact' } });
    await client.callTool({
      name: 'query',
      arguments: { query: 'mutation { deleteContact(id: 1) { deletedContactId } }' },
    });
    await client.close();
  }
  const client = 'Claude\u001b[2J 9';
  const each = [
    { caller: 'Reader', address: '127.0.0.1', mcp: { tool: 'query', client }, decision: 'allowed' },
    { caller: 'Reader', address: '127.0.0.1', mcp: { tool: 'schema', client }, decision: 'allowed' },
    { caller: 'Reader', address: '127.0.0.1', mcp: { tool: 'query', client }, decision: 'invalid' },
  ];
  expect(audited()).toMatchObject([...each, ...each]);
  expect(audited().map(({ requestId }) => requestId)).toEqual(ids);
  expect(audited()[0]?.sentence).toMatch(/^Reader \(MCP tool query of Claude\\u001b\[2J 9\) read 1 contact/);
});
