import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { type Office, openOffice } from './office.ts';

const create = (more: string, select = 'contact { databaseId email } userErrors { code }') =>
  `mutation { it: createContact(input: { firstName: "Fay", email: "fay@acme.example"${more} { ${select} } }`;
const withKey = (key: string, select?: string) => create(` }) @idempotent(key: "${key}")`, select);

const codes = (answer: Awaited<ReturnType<Office['ask']>>) => answer.errors?.map(({ extensions }) => extensions?.code);

describe('a mutation with an idempotency key', () => {
  test('runs once, and returns its first response again without a call', async () => {
    const { sandbox, ask } = openOffice();
    const first = await ask(withKey('k1'));
    expect(first).toMatchObject({
      data: { it: { contact: { email: 'fay@acme.example' } } },
      requests: ['POST /contacts'],
    });
    sandbox.put(contactType, { ...sandbox.rows(contactType).at(-1), city: 'changed since' });
    const second = await ask(withKey('k1'));
    expect(second).toMatchObject({ data: first.data, requests: [] });
    expect(second.extensions).toMatchObject({ cost: { actualQueryCost: 0 } });
    expect(sandbox.rows(contactType).filter(({ email }) => email === 'fay@acme.example')).toHaveLength(1);
  });

  test('may have another selection the second time: missing columns are read', async () => {
    const { ask } = openOffice();
    await ask(withKey('k1'));
    const select = 'contact { firstName owner { displayName } } userErrors { code }';
    const { data, requests } = await ask(withKey('k1', select));
    const contact = { firstName: 'Fay', owner: { displayName: 'Alex Morgan' } };
    expect(data).toEqual({ it: { contact, userErrors: [] } });
    expect(requests).toEqual([expect.stringMatching(/^GET \/contacts\/\d+\?include=owner$/)]);
  });

  test('is refused without a call if the input or the mutation differs', async () => {
    const { ask } = openOffice();
    await ask(withKey('k1'));
    for (const other of [
      create(', city: "x" }) @idempotent(key: "k1")'),
      'mutation { it: deleteContact(id: 101) @idempotent(key: "k1") { deletedContactId } }',
    ]) {
      const answer = await ask(other);
      expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors?.[0]?.message).toMatch(/already used.*Use a new key/);
      expect(answer.requests).toEqual([]);
    }
  });

  test('compares values, whether inline or in variables', async () => {
    const { ask } = openOffice();
    await ask(withKey('k1'));
    const query =
      'mutation ($in: CreateContactInput!, $key: String!) { it: createContact(input: $in) @idempotent(key: $key) { userErrors { code } } }';
    const { requests } = await ask(query, { in: { email: 'fay@acme.example', firstName: 'Fay' }, key: 'k1' });
    expect(requests).toEqual([]);
  });

  test('makes one call when it is sent a hundred times at once', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^POST/, { status: 200, body: { contact: { id: 7, email: 'late@acme.example' } }, delay: 100 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(withKey('k1'))));
    expect(sandbox.requests).toEqual(['POST /contacts']);
    const contact = { databaseId: '7', email: 'late@acme.example' };
    expect(
      answers.every(({ data }) => JSON.stringify(data) === JSON.stringify({ it: { contact, userErrors: [] } })),
    ).toBe(true);
  });

  test('reports an unknown outcome again, and is not repeated', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^POST/, { status: 0, drop: true, performed: true });
    const first = await ask(withKey('k1'));
    const second = await ask(withKey('k1'));
    for (const { errors } of [first, second])
      expect(errors).toEqual([
        expect.objectContaining({
          message: expect.stringMatching(/outcome is unknown.*was not retried/),
          extensions: { code: 'UPSTREAM_ERROR', outcome: 'UNKNOWN' },
        }),
      ]);
    expect(sandbox.requests).toEqual(['POST /contacts']);
  });

  test('reports an unreadable response again', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^POST/, { status: 200, body: { parrot: {} } });
    const [first, second] = [await ask(withKey('k1')), await ask(withKey('k1'))];
    expect(second.errors?.[0]?.message).toBe(first.errors?.[0]?.message);
    expect(second.errors?.[0]?.extensions).toEqual({ code: 'UPSTREAM_ERROR', outcome: 'UNKNOWN' });
    expect(sandbox.requests).toHaveLength(1);
  });

  test.each([
    ['429', { status: 429, text: '' }],
    ['401', { status: 401, text: '' }],
    ['403', { status: 403, text: '' }],
    ['405', { status: 405, text: '' }],
  ])('that a %s kept from being done may be sent again', async (_status, answer) => {
    let time = new Date('2026-06-15T10:00:00Z');
    const { sandbox, ask } = openOffice({ now: () => time });
    sandbox.failNext(/^POST/, answer);
    expect((await ask(withKey('k1'))).errors).toHaveLength(1);
    // After a 429 nothing goes out until the minute is over.
    time = new Date('2026-06-15T10:02:00Z');
    expect((await ask(withKey('k1'))).data).toMatchObject({ it: { contact: { email: 'fay@acme.example' } } });
  });

  test('can be corrected under its key if it was refused before a call', async () => {
    const { ask } = openOffice();
    const wrong = await ask(
      'mutation { it: updateContact(id: 101, input: { email: "x" }) @idempotent(key: "k") { userErrors { code } } }',
    );
    expect(wrong.data).toEqual({ it: { userErrors: [{ code: 'INVALID' }] } });
    const right = await ask(
      'mutation { it: updateContact(id: 101, input: { city: "x" }) @idempotent(key: "k") { userErrors { code } } }',
    );
    expect(right).toMatchObject({ data: { it: { userErrors: [] } }, requests: ['PUT /contacts/101'] });
  });

  test('can be repeated if a read before the write failed', async () => {
    const { sandbox, ask } = openOffice();
    const move =
      'mutation { it: updateDeal(id: 302, input: { stageId: 711 }) @idempotent(key: "k") { userErrors { code } } }';
    sandbox.failNext(/selector/, { status: 500, body: {} });
    expect(codes(await ask(move))).toEqual(['UPSTREAM_ERROR']);
    expect((await ask(move)).data).toEqual({ it: { userErrors: [] } });
  });

  test('reports a refusal of Freshsales again without a call', async () => {
    const { ask } = openOffice();
    const taken =
      'mutation { it: createSalesAccount(input: { name: "Acme" }) @idempotent(key: "k") { userErrors { code } } }';
    const first = await ask(taken);
    expect(first.data).toEqual({ it: { userErrors: [{ code: 'NOT_UNIQUE' }] } });
    expect(await ask(taken)).toMatchObject({ data: first.data, requests: [] });
  });

  test.each(['', ' ', 'x'.repeat(256)])('is refused with an invalid key: “%s”', async (key) => {
    const answer = await openOffice().ask(withKey(key));
    expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.requests).toEqual([]);
  });
});

test('works for deletes, lists and bulk writes', async () => {
  const { ask } = openOffice();
  for (const mutation of [
    'deleteTask(id: 401) @idempotent(key: "a") { deletedTaskId }',
    'createContactList(name: "Fans") @idempotent(key: "b") { message }',
    'bulkUpsertContacts(input: [{ email: "ada@acme.example", data: { city: "x" } }]) @idempotent(key: "c") { succeeded rows { status } }',
    'bulkDeleteContacts(ids: [102]) @idempotent(key: "d") { acceptedIds }',
  ]) {
    const first = await ask(`mutation { it: ${mutation} }`);
    expect(first.errors).toBeUndefined();
    expect(await ask(`mutation { it: ${mutation} }`)).toMatchObject({ data: first.data, requests: [] });
  }
});

test('applies the header to all mutations of a request, distinguished by response key', async () => {
  const { sandbox, ask } = openOffice();
  const query = `mutation {
    a: createContactList(name: "Fans") { message userErrors { code } }
    b: createContactList(name: "Foes") { message userErrors { code } }
  }`;
  for (const key of ['"k1"', 'k1']) await ask(query, {}, { 'Idempotency-Key': key });
  expect(sandbox.sent).toEqual([
    { request: 'POST /lists', body: { name: 'Fans' } },
    { request: 'POST /lists', body: { name: 'Foes' } },
  ]);
  const other = await ask(query.replace('Foes', 'Friends'), {}, { 'Idempotency-Key': 'k1' });
  expect(codes(other)).toEqual(['BAD_USER_INPUT']);
  expect(sandbox.sent).toHaveLength(2);
});

test('returns the result to a client that hung up and repeats the key', async () => {
  const { sandbox, fetch, ask } = openOffice();
  sandbox.failNext(/^PUT/, { status: 200, body: { contact: { id: 101, city: 'Turin' } }, performed: true, delay: 150 });
  const query = `mutation {
    first: updateContact(id: 101, input: { city: "Turin" }) @idempotent(key: "a") { contact { city } }
    second: updateContact(id: 102, input: { city: "Rome" }) @idempotent(key: "b") { contact { city } }
  }`;
  const hangUp = new AbortController();
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify({ query }), signal: hangUp.signal };
  const gone = fetch('http://127.0.0.1/graphql', init).catch((error: unknown) => error);
  setTimeout(() => hangUp.abort(), 50);
  await gone;
  // The first is still under way and is waited for; the second never went out, and does so now.
  const { data, errors } = await ask(query);
  expect(errors).toBeUndefined();
  expect(data).toEqual({ first: { contact: { city: 'Turin' } }, second: { contact: { city: 'Rome' } } });
  expect(sandbox.requests).toEqual(['PUT /contacts/101', 'PUT /contacts/102']);
});
