import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type Confirmed, createConfirmations } from '../../src/access/use-confirmation.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { createTokenSigner, type TokenSigner } from '../../src/stores/token-signer.ts';
import { openOffice } from './office.ts';

const grants = 'grants: { contacts: full, lookups: read, users: read }\n';

/** Two callers who have to confirm, and one who has not. */
async function open() {
  const office = await openOffice({
    Careful: `${grants}confirm: [delete, forget, bulk]`,
    Other: `${grants}confirm: [delete, forget, bulk]`,
    Free: grants,
  });
  const [contact, next] = office.sandbox.rows(contactType);
  const id = contact?.id ?? '';
  const query = `mutation Away($id: ID!) { deleteContact(id: $id) { deletedContactId } }`;
  const send = async (name: string, { token, of = id, text = query, header = false }: Attempt = {}) => {
    const before = office.sandbox.requests.length;
    const response = await office.yoga.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${office.tokens[name]}`,
        ...(header && token && { 'x-freshsales-confirm': token }),
      },
      body: JSON.stringify({
        query: text,
        variables: { id: of },
        ...(!header && token && { extensions: { confirmationToken: token } }),
      }),
    });
    const { data, errors } = await response.json();
    return { data, error: errors?.[0], requests: office.sandbox.requests.slice(before) };
  };
  const isThere = () => office.sandbox.get(contactType, id)?.is_deleted === false;
  return { ...office, send, id, next: next?.id ?? '', name: contact?.display_name, isThere };
}

interface Attempt {
  readonly token?: string;
  readonly of?: string;
  readonly text?: string;
  readonly header?: boolean;
}

describe('a delete that requires confirmation', () => {
  test('returns a preview, and runs when it is sent again with the token', async () => {
    const { send, id, name, isThere } = await open();
    const first = await send('Careful');
    expect(first.data).toBeNull();
    expect(first.error.extensions).toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
      confirmationToken: expect.any(String),
      preview: [{ call: { method: 'DELETE', path: `/contacts/${id}` }, record: { name } }],
    });
    expect(first.requests).toEqual([`GET /contacts/${id}`]);
    expect(isThere()).toBe(true);
    const second = await send('Careful', { token: first.error.extensions.confirmationToken });
    expect(second).toMatchObject({ data: { deleteContact: { deletedContactId: `gid://freshsales/Contact/${id}` } } });
    expect(second.requests).toEqual([`DELETE /contacts/${id}`]);
    expect(isThere()).toBe(false);
  });

  test('accepts the token in a header, and ignores white space in the document', async () => {
    const { send, id } = await open();
    const { error } = await send('Careful');
    const text = 'mutation Away($id: ID!) {\n  deleteContact(id: $id) {\n    deletedContactId,\n  }\n}';
    const token = error.extensions.confirmationToken;
    expect((await send('Careful', { token, text, header: true })).requests).toEqual([`DELETE /contacts/${id}`]);
  });

  test.each([
    ['another record', { of: 'next' }],
    ['another operation', { text: 'mutation Away($id: ID!) { forgetContact(id: $id) { forgottenContactId } }' }],
    ['an altered token', { alter: true }],
    ['a guessed token', { token: 'x' }],
  ])('is not done with the token and %s', async (_what, { alter, ...attempt }: Attempt & { alter?: boolean }) => {
    const { send, next, isThere } = await open();
    const { error } = await send('Careful');
    const given: string = error.extensions.confirmationToken;
    const token = attempt.token ?? (alter ? `${given.slice(0, -2)}${given.endsWith('AA') ? 'BB' : 'AA'}` : given);
    const of = attempt.of === 'next' ? { of: next } : {};
    const again = await send('Careful', { ...attempt, ...of, token });
    expect(again.error.extensions.code).toBe('CONFIRMATION_REQUIRED');
    expect(again.requests.filter((line) => line.startsWith('DELETE'))).toEqual([]);
    expect(isThere()).toBe(true);
  });

  test('cannot be confirmed by another caller, or twice', async () => {
    const { send, isThere } = await open();
    const token = (await send('Careful')).error.extensions.confirmationToken;
    expect((await send('Other', { token })).error.extensions.code).toBe('CONFIRMATION_REQUIRED');
    expect(isThere()).toBe(true);
    expect((await send('Careful', { token })).error).toBeUndefined();
    expect((await send('Careful', { token })).error.extensions.code).toBe('CONFIRMATION_REQUIRED');
  });

  test('returns its result to a client that repeats it with its idempotency key, without another confirmation', async () => {
    const { send, id } = await open();
    const text =
      'mutation Away($id: ID!) { deleteContact(id: $id) @idempotent(key: "k1") { deletedContactId userErrors { code } } }';
    const asked = await send('Careful', { text });
    // Asking does not use the key.
    const token = asked.error.extensions.confirmationToken;
    const first = await send('Careful', { text, token });
    const gone = { deleteContact: { deletedContactId: `gid://freshsales/Contact/${id}`, userErrors: [] } };
    expect(first).toMatchObject({ data: gone, requests: [`DELETE /contacts/${id}`] });
    expect(await send('Careful', { text, token })).toEqual({ data: gone, error: undefined, requests: [] });
    expect(await send('Careful', { text })).toEqual({ data: gone, error: undefined, requests: [] });
    const other = await send('Careful', { text, of: '102' });
    expect(other.error.extensions.code).toBe('BAD_USER_INPUT');
    expect(other.requests).toEqual([]);
  });

  test('still confirms a mutation beside one that is repeated', async () => {
    const { send, next, isThere } = await open();
    const one = 'deleteContact(id: $id) @idempotent(key: "k1") { deletedContactId }';
    const single = `mutation Away($id: ID!) { ${one} }`;
    const token = (await send('Careful', { text: single })).error.extensions.confirmationToken;
    await send('Careful', { text: single, token });
    expect(isThere()).toBe(false);
    const text = `mutation Away($id: ID!) { ${one} next: deleteContact(id: "${next}") @idempotent(key: "k2") { deletedContactId } }`;
    const both = await send('Careful', { text });
    expect(both.error.extensions).toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
      preview: [{ path: ['next'], call: { path: `/contacts/${next}` } }],
    });
    const done = await send('Careful', { text, token: both.error.extensions.confirmationToken });
    expect(done.requests).toEqual([`DELETE /contacts/${next}`]);
    expect(done.error).toBeUndefined();
  });

  test('is not required of other callers or other operations', async () => {
    const { send, id } = await open();
    const change =
      'mutation Away($id: ID!) { updateContact(id: $id, input: { jobTitle: "CTO" }) { contact { jobTitle } } }';
    expect((await send('Careful', { text: change })).requests).toEqual([`PUT /contacts/${id}`]);
    expect((await send('Free')).requests).toEqual([`DELETE /contacts/${id}`]);
  });

  test('cannot be hidden in a fragment or behind another field', async () => {
    const { send, isThere } = await open();
    const text =
      'mutation Away($id: ID!) { updateContact(id: $id, input: { jobTitle: "CTO" }) { contact { jobTitle } } ...gone } fragment gone on Mutation { ... { deleteContact(id: $id) { deletedContactId } } }';
    const { error, requests } = await send('Careful', { text });
    expect(error.extensions.code).toBe('CONFIRMATION_REQUIRED');
    expect(requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
    expect(isThere()).toBe(true);
  });

  test('returns user errors at once if they prevent every call', async () => {
    const { send } = await open();
    const text = 'mutation Away($id: ID!) { deleteContact(id: $id) { deletedContactId userErrors { field code } } }';
    const { data, error, requests } = await send('Careful', { of: 'x', text });
    expect(error).toBeUndefined();
    const userErrors = [{ field: ['id'], code: 'INVALID' }];
    expect(data).toEqual({ deleteContact: { deletedContactId: null, userErrors } });
    expect(requests).toEqual([]);
  });

  test('still has to be confirmed if only one of its mutations has user errors', async () => {
    const { send, isThere } = await open();
    const text =
      'mutation Away($id: ID!) { wrong: deleteContact(id: "x") { deletedContactId } deleteContact(id: $id) { deletedContactId } }';
    expect((await send('Careful', { text })).error.extensions.code).toBe('CONFIRMATION_REQUIRED');
    expect(isThere()).toBe(true);
  });

  test.each([
    ['bulkDeleteContacts(ids: [$id]) { acceptedIds }', 'POST /contacts/bulk_destroy'],
    [
      `bulkUpdateContacts(ids: [${'$id '.repeat(10)}], input: { jobTitle: "CTO" }) { acceptedIds }`,
      'PUT /contacts/bulk_update',
    ],
    ['forgetContact(id: $id) { forgottenContactId }', 'DELETE /contacts/'],
  ])('holds for %s', async (field, line) => {
    const { send } = await open();
    const text = `mutation Away($id: ID!) { ${field} }`;
    const { error } = await send('Careful', { text });
    expect(error.extensions.code).toBe('CONFIRMATION_REQUIRED');
    const { requests } = await send('Careful', { text, token: error.extensions.confirmationToken });
    expect(requests.join()).toContain(line);
  });
});

test('accepts a token for five minutes, and only with the key that signed it', async () => {
  let now = 1_000_000;
  const signer = createTokenSigner(createMemoryStore());
  const open = (of: TokenSigner) => createConfirmations(of, () => now);
  const document = parse('mutation { deleteDeal(id: 1) { deletedDealId } }');
  const confirmed: Confirmed = { caller: 'A', document, operationName: null, variables: { b: 1, a: [2] } };
  const issue = async () => (await open(signer).issue(confirmed)) ?? { token: '', expiresAt: new Date(0) };
  const [one, other, third] = [await issue(), await issue(), await issue()];
  expect(one.expiresAt.getTime() - now).toBe(300_000);
  now += 299_999;
  expect(await open(signer).redeem(one.token, { ...confirmed, variables: { a: [2], b: 1 } })).toBe('good');
  expect(await open(signer).redeem(one.token, confirmed)).toBe('not good');
  expect(await open(createTokenSigner(createMemoryStore())).redeem(third.token, confirmed)).toBe('not good');
  now += 2;
  expect(await open(signer).redeem(other.token, confirmed)).toBe('not good');
});

test('reads from the file what requires confirmation, and reports an unknown word with its line', async () => {
  await expect(openOffice({ Wrong: 'grants: { contacts: full }\nconfirm: [everything]' })).rejects.toThrow(
    /callers\.yaml:\d+: .*confirm takes delete, forget or bulk/,
  );
});
