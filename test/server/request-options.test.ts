import { describe, expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const mutation =
  'mutation { createContact(input: { lastName: "Doe", email: "doe@example.com" }) { contact { id } userErrors { message } } }';

/** Sends a mutation with a header or an extension; gives the answer, and the Freshsales requests that it made. */
async function send(headers: Record<string, string>, extensions?: Record<string, unknown>, query = mutation) {
  const { fetch, sandbox } = openWorld();
  const response = await fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query, extensions }),
  });
  return { status: response.status, ...(await response.json()), requests: sandbox.requests };
}

describe.each(['x-freshsales-dry-run', 'x-freshsales-preview', 'x-freshsales-explain'])('%s', (header) => {
  test.each(['yes', 'on', '1, 1', '2', 'no'])('“%s” is refused and nothing is executed', async (value) => {
    const { status, errors, requests } = await send({ [header]: value });
    expect({ status, requests }).toEqual({ status: 400, requests: [] });
    expect(errors).toEqual([
      {
        message: `The header ${header} is neither yes nor no. Send 1 or true for yes, and 0, false or nothing for no.`,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test.each(['0', 'false', 'FALSE', ''])('“%s” means off', async (value) => {
    const { status, data, extensions, requests } = await send({ [header]: value });
    expect(status).toBe(200);
    expect(data.createContact.contact).toEqual({ id: expect.any(String) });
    expect(Object.keys(extensions)).toEqual(['cost']);
    expect(requests).toHaveLength(1);
  });
});

test.each(['1', 'true', 'True'])('headers with “%s” mean on', async (value) => {
  const dry = await send({ 'x-freshsales-dry-run': value });
  expect(dry).toMatchObject({ data: null, extensions: { plan: { allowed: true } }, requests: [] });
  const preview = await send({ 'x-freshsales-preview': value });
  expect(preview).toMatchObject({ data: null, extensions: { preview: { calls: 1 } }, requests: [] });
  const explained = await send({ 'x-freshsales-explain': value });
  expect(explained.extensions.calls).toHaveLength(1);
});

describe.each(['dryRun', 'preview', 'explain'])('the extension %s', (name) => {
  test.each(['true', 1, 0, '', [], {}])('%j is refused and nothing is executed', async (value) => {
    const { status, errors, requests } = await send({}, { [name]: value });
    expect({ status, requests }).toEqual({ status: 400, requests: [] });
    expect(errors).toEqual([
      {
        message: `“${name}” in the extensions is neither true nor false. It must be a boolean.`,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test.each([false, null])('%j means off', async (value) => {
    expect((await send({}, { [name]: value })).requests).toHaveLength(1);
  });
});

test('queries with unclear options are refused, also over GET', async () => {
  expect(await send({ 'x-freshsales-dry-run': 'yes' }, undefined, '{ owners { id } }')).toMatchObject({
    ...{ status: 400, requests: [] },
  });
  const { fetch, sandbox } = openWorld();
  const address = new URLSearchParams({ query: '{ owners { id } }', extensions: '{"dryRun":"true"}' });
  expect((await fetch(`http://127.0.0.1/graphql?${address}`)).status).toBe(400);
  expect(sandbox.requests).toEqual([]);
});
