import { expect, test } from 'vitest';
import { openOffice } from './office.ts';

const hash = '3f6c0f1a2b';
const manifest = { [hash]: 'query Page { contacts(first: 1) { nodes { id } } }', dead: '{ deals { totalCount } }' };

const open = () =>
  openOffice(
    { App: 'grants: { contacts: read }\ntrustedDocuments: ./persisted.json', Reader: 'grants: { contacts: read }' },
    { files: { 'persisted.json': JSON.stringify(manifest) } },
  );

test('accepts only the hashes of trusted documents', async () => {
  const { send, tokens, sandbox, ask } = await open();
  const answer = async (body: object) =>
    (await send(tokens.App, body)).json() as Promise<{ data?: object; errors?: { extensions: object }[] }>;
  for (const body of [
    { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
    { documentId: hash },
    { documentId: `sha256:${hash}`, operationName: 'Page' },
  ])
    expect((await answer(body)).data).toMatchObject({ contacts: { nodes: [{ id: expect.any(String) }] } });
  const before = sandbox.requests.length;
  for (const body of [
    { query: manifest[hash] },
    { query: '{ __typename }' },
    { documentId: 'other' },
    {},
    { query: '{ contacts { totalCount } }', documentId: hash },
    { documentId: 'dead' },
  ])
    expect({ body, answer: await answer(body) }).toMatchObject({
      body,
      answer: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    });
  expect(sandbox.requests).toHaveLength(before);
  expect((await ask('Reader', '{ contacts { totalCount } }')).codes).toEqual([]);
});

test('accepts the hash in the URL of a GET request', async () => {
  const { yoga, tokens, sandbox } = await open();
  const get = async (parameters: Record<string, string>) => {
    const response = await yoga.fetch(`http://127.0.0.1/graphql?${new URLSearchParams(parameters)}`, {
      headers: { authorization: `Bearer ${tokens.App}`, accept: 'application/json' },
    });
    return response.json();
  };
  const persistedQuery = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hash } });
  for (const parameters of [{ documentId: hash }, { documentId: `sha256:${hash}` }, { extensions: persistedQuery }])
    expect((await get(parameters)).data).toMatchObject({ contacts: { nodes: [{ id: expect.any(String) }] } });
  const before = sandbox.requests.length;
  for (const parameters of [
    { documentId: 'other' },
    { documentId: '' },
    { documentId: hash, query: '{ contacts { totalCount } }' },
  ])
    expect((await get(parameters)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(sandbox.requests).toHaveLength(before);
});

test('refuses mutations by GET, trusted or not', async () => {
  const { yoga, tokens, sandbox } = await openOffice(
    { App: 'grants: { contacts: write }\ntrustedDocuments: ./persisted.json' },
    {
      files: { 'persisted.json': JSON.stringify({ abc: 'mutation { createContact(input: {}) { contact { id } } }' }) },
    },
  );
  const headers = { authorization: `Bearer ${tokens.App}`, accept: 'application/json' };
  const response = await yoga.fetch('http://127.0.0.1/graphql?documentId=abc', { headers });
  expect(response.status).toBe(405);
  expect(sandbox.requests).toEqual([]);
});
