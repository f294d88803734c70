import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { expect, test, vi } from 'vitest';
import { KINDS } from '../../src/access/grant.ts';
import { createLog } from '../../src/observability/log.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { grantsExcept, openOffice } from '../access/office.ts';
import { connectWorld } from '../observability/production.ts';
import { openWorld } from '../world.ts';
import { askInParts, joined, type Part, partsIn, requestFor } from './parts.ts';
import { listen } from './raw.ts';

const QUERY = 'query Later { contacts(first: 3) { nodes { id ... @defer { deals { nodes { name } } } } } }';
const SLOW = '{ contacts(first: 3) { nodes { id ... @defer { activities { actionableId } } } } }';
const WHOLE = 'query Later { contacts(first: 3) { nodes { id deals { nodes { name } } } } }';

function openLog() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: 'info', isPretty: false, write: (text) => void lines.push(JSON.parse(text)) });
  return { log, lines };
}

async function allOf(response: Response): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of partsIn(response)) parts.push(part);
  return parts;
}

test('arrive one by one over a socket, uncompressed', async () => {
  const { log, lines } = openLog();
  const { url, sandbox } = await listen({ observability: { log } });
  sandbox.failNext('/activities', { status: 503, body: {}, delay: 400 }, 9);
  const response = await fetch(`${url}/graphql`, requestFor(SLOW, { headers: { 'accept-encoding': 'gzip' } }));
  expect(response.headers.get('content-encoding')).toBeNull();
  const reader = partsIn(response);
  expect(await reader.next()).toMatchObject({ value: { hasNext: true, data: expect.any(Object) } });
  expect(sandbox.requests).toHaveLength(5);
  // No call has failed yet.
  expect(lines).toEqual([]);
  for await (const part of reader) expect(part).toMatchObject({ incremental: expect.any(Array) });
});

test('are followed by signs of life while there is nothing to deliver', async () => {
  const { url, sandbox } = await listen({ heartbeatMs: 50 });
  sandbox.failNext('/activities', { status: 503, body: {}, delay: 300 }, 9);
  const parts = await allOf(await fetch(`${url}/graphql`, requestFor(SLOW)));
  expect(parts.slice(1, -1)).toContainEqual({ hasNext: true });
  expect(parts.at(-1)?.hasNext).toBe(false);
});

test('Apollo Client shows the list, and then its relations', async () => {
  const { url } = await listen();
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    incrementalHandler: new Defer20220824Handler(),
    link: new HttpLink({ uri: `${url}/graphql` }),
  });
  const states: string[] = [];
  const query = gql(QUERY);
  await new Promise<void>((resolve, reject) => {
    client.watchQuery({ query }).subscribe({
      next: ({ dataState }) => {
        states.push(dataState);
        if (dataState === 'complete') resolve();
      },
      error: reject,
    });
  });
  expect(states.filter((state) => state !== 'empty')).toEqual(['streaming', 'complete']);
  const { data } = await openWorld().ask(WHOLE);
  const found = client.readQuery({ query });
  expect(JSON.parse(JSON.stringify(found).replaceAll(/"__typename":"\w+",?|,"__typename":"\w+"/g, ''))).toEqual(data);
});

test('end when the client hangs up: no further calls are made', async () => {
  const { log, lines } = openLog();
  const { url, sandbox } = await listen({ observability: { log } });
  const [contact] = sandbox.rows(contactType);
  const query = `query Left { contact(id: ${contact?.id}) { id ... @defer { activities { actionableId } } } }`;
  sandbox.failNext('/activities', { status: 200, body: {}, delay: 60_000 });
  const { method = 'POST', headers, body } = requestFor(query);
  const request = httpRequest(`${url}/graphql`, { method, headers: headers as Record<string, string> });
  request.end(body);
  const [response] = await once(request, 'response');
  await once(response, 'data');
  request.destroy();
  await vi.waitFor(() =>
    expect(lines).toMatchObject([
      { msg: 'Freshsales call failed' },
      { operation: 'Left', codes: ['ABORTED'], calls: 2 },
    ]),
  );
  expect(sandbox.requests).toHaveLength(2);
});

test('are logged and counted once, with all calls', async () => {
  const { lines, sandbox, yoga } = await connectWorld();
  const { requests } = await askInParts({ yoga, sandbox }, QUERY);
  const line = { operation: 'Later', type: 'query', calls: requests.length, status: 200, codes: [] };
  await vi.waitFor(() => expect(lines.filter(({ msg }) => msg === 'request')).toMatchObject([line]));
});

test('are logged with the code of a failure that comes later', async () => {
  const { lines, sandbox, yoga } = await connectWorld();
  const [contact] = sandbox.rows(contactType);
  sandbox.failNext('/activities', { status: 503, body: {} }, 9);
  await askInParts(
    { yoga, sandbox },
    `{ contact(id: ${contact?.id}) { id ... @defer { activities { actionableId } } } }`,
  );
  await vi.waitFor(() =>
    expect(lines.filter(({ msg }) => msg === 'request')).toMatchObject([{ codes: ['UPSTREAM_ERROR'] }]),
  );
});

test('are one event of the audit log, with what was read and all calls', async () => {
  const office = await openOffice({ Reader: grantsExcept(KINDS, 'read') });
  const headers = { authorization: `Bearer ${office.tokens.Reader}` };
  const { requests } = await askInParts(office, QUERY, { headers });
  const { requests: none } = await office.ask('Reader', WHOLE);
  expect(none).toEqual([]);
  const [inParts, whole] = office.audited();
  expect(inParts).toMatchObject({ operationName: 'Later', decision: 'allowed', calls: requests.length });
  expect(inParts).toMatchObject({ reads: whole && 'reads' in whole ? whole.reads : [], fields: ['contacts'] });
});

test('contain nothing that the whole would not: grants and owners', async () => {
  const grants = { deals: 'off' };
  const office = await openOffice({
    Narrow: grantsExcept(KINDS, 'read', grants),
    Own: grantsExcept(KINDS, 'read', { deals: '{ access: read, owner: 31000042290 }' }),
  });
  const as = (name: string) => ({ headers: { authorization: `Bearer ${office.tokens[name]}` } });
  const refused = await askInParts(office, QUERY, as('Narrow'));
  expect(refused.parts).toMatchObject([{ errors: [{ extensions: { code: 'FORBIDDEN' } }] }]);
  expect(refused.requests).toEqual([]);
  const { parts } = await askInParts(office, QUERY, as('Own'));
  const { data } = await office.ask('Own', WHOLE);
  expect(joined(parts)).toEqual(data);
});

test('do not let an alias reach the prototype of other objects', async () => {
  const office = await openOffice({ Reader: grantsExcept(KINDS, 'read') });
  const headers = { authorization: `Bearer ${office.tokens.Reader}` };
  const query =
    '{ contacts(first: 1) { nodes { id ... @defer { constructor: owner { polluted: displayName } toString: owner { email } } } } }';
  const { parts } = await askInParts(office, query, { headers });
  const owner = { polluted: expect.any(String) };
  expect(parts.at(-1)?.incremental).toMatchObject([
    { data: { constructor: owner, toString: { email: expect.any(String) } } },
  ]);
  expect(office.audited()).toHaveLength(1);
  expect(Object.hasOwn(Object, 'polluted')).toBe(false);
});
