import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';
import { areBack, openServers, type TestServer } from './servers.ts';

const create = (more = '') =>
  `mutation { it: createContact(input: { firstName: "Fay", email: "fay@acme.example"${more} }) @idempotent(key: "k1") { contact { databaseId email } userErrors { field message code } } }`;

describe.skipIf(!hasRedis)('a mutation with a key, sent to two servers', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function open() {
    const all = 'grants: { contacts: full, salesAccounts: full, contactLists: full, lookups: read, users: read }';
    const { sandbox, open } = openServers(redis, { Writer: all, Other: all });
    const [one, other] = [await open(), await open()];
    const send = ({ send }: TestServer, query: string, headers?: Record<string, string>) =>
      send('Writer', query, headers);
    const fays = () => sandbox.rows(contactType).filter(({ email }) => email === 'fay@acme.example');
    return { sandbox, open, one, other, send, fays };
  }

  test('is done once: the other server returns the first response, also for the header', async () => {
    const { sandbox, one, other, send, fays } = await open();
    const first = await send(one, create());
    expect(first.data).toMatchObject({ it: { contact: { email: 'fay@acme.example' } } });
    expect(await send(other, create())).toMatchObject({ data: first.data ?? {} });
    const list =
      'mutation { it: createContactList(name: "Fans") { contactList { id name } message userErrors { code } } }';
    const listed = await send(other, list, { 'idempotency-key': '"l1"' });
    expect(await send(one, list, { 'idempotency-key': 'l1' })).toMatchObject({ data: listed.data ?? {} });
    expect(sandbox.requests).toEqual(['POST /contacts', 'POST /lists']);
    expect(fays()).toHaveLength(1);
  });

  test('is one call when sent concurrently, and all get its response', async () => {
    const { sandbox, one, other, send } = await open();
    sandbox.failNext(/^POST/, { status: 200, body: { contact: { id: 7, email: 'late@acme.example' } }, delay: 300 });
    const answers = await Promise.all([one, other, one, other, other].map((server) => send(server, create())));
    expect(sandbox.requests).toEqual(['POST /contacts']);
    for (const { data } of answers)
      expect(data).toMatchObject({ it: { contact: { databaseId: '7', email: 'late@acme.example' }, userErrors: [] } });
  });

  test('is refused with other arguments; keys of another caller are separate', async () => {
    const { sandbox, one, other, send } = await open();
    await send(one, create());
    expect((await send(other, create(', city: "x"'))).errors).toEqual([
      expect.objectContaining({
        extensions: { code: 'BAD_USER_INPUT' },
        message: expect.stringMatching(/already used/),
      }),
    ]);
    expect(sandbox.requests).toEqual(['POST /contacts']);
    expect((await other.send('Other', create())).data).toMatchObject({ it: { userErrors: [{ code: 'NOT_UNIQUE' }] } });
    expect(sandbox.requests).toHaveLength(2);
  });

  test.each([
    ['a refusal', { status: 422, body: { errors: { message: ['Email is invalid'], code: 422 } } }, 1],
    ['an unknown outcome', { status: 0, drop: true, performed: true }, 1],
    ['a garbled answer', { status: 200, body: { parrot: {} } }, 1],
    ['a 403', { status: 403, text: '' }, 2],
  ])('learns of %s on the other server, or may try', async (_what, answer, calls) => {
    const { sandbox, one, other, send } = await open();
    sandbox.failNext(/^POST/, answer);
    const first = await send(one, create());
    const second = await send(other, create());
    if (calls === 1)
      expect(second).toMatchObject({ data: first.data ?? {}, ...(first.errors && { errors: first.errors }) });
    else expect(second.data).toMatchObject({ it: { contact: { email: 'fay@acme.example' } } });
    expect(sandbox.requests).toHaveLength(calls);
  });

  test('sends the rest of an interrupted bulk write from the other server', async () => {
    const { sandbox, one, other, send } = await open();
    const ids = Array.from({ length: 101 }, (_, index) => index + 1).join(', ');
    const query = `mutation { it: bulkDeleteContacts(ids: [${ids}]) @idempotent(key: "b") { acceptedIds notSentIds interruption { code message } userErrors { code } } }`;
    sandbox.failNext(/bulk_destroy/, { status: 200, body: { message: 'ok' } });
    sandbox.failNext(/bulk_destroy/, { status: 403, text: '' });
    sandbox.failNext(/bulk_destroy/, { status: 200, body: { message: 'ok' } });
    const first = await send(one, query);
    expect(first.data).toMatchObject({ it: { notSentIds: [expect.any(String)], interruption: { code: 'FORBIDDEN' } } });
    const second = await send(other, query);
    expect(second.data).toMatchObject({ it: { notSentIds: [], interruption: null, userErrors: [] } });
    expect(sandbox.requests).toHaveLength(3);
    expect(await send(one, query)).toMatchObject({ data: second.data ?? {} });
    expect(sandbox.requests).toHaveLength(3);
  });

  test('is refused while Redis is down, unless this server knows the result', async () => {
    const { sandbox, one, other, send } = await open();
    const first = await send(one, create());
    redis.pause();
    expect(await send(one, create())).toMatchObject({ data: first.data ?? {} });
    expect((await send(other, create())).errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/^Nothing was done by this request, .* with the same key in 5 seconds/),
        extensions: { code: 'IDEMPOTENCY_UNAVAILABLE', retryAfter: 5, outcome: 'NOT_DONE' },
      }),
    ]);
    redis.resume();
    await expect.poll(() => areBack([one, other]), { timeout: 10_000 }).toBe(true);
    expect(await send(other, create())).toMatchObject({ data: first.data ?? {} });
    expect(sandbox.requests).toEqual(['POST /contacts']);
  });

  test('that was refused while Redis did not answer is free when it is back', async () => {
    const { sandbox, one, other, send } = await open();
    redis.pause();
    // Redis reads the claim when it resumes, and nobody waits for it any more.
    expect((await send(one, create())).errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_UNAVAILABLE' } }]);
    redis.resume();
    await expect.poll(() => areBack([one, other]), { timeout: 10_000 }).toBe(true);
    expect((await send(other, create())).data).toMatchObject({ it: { contact: { email: 'fay@acme.example' } } });
    expect(sandbox.requests).toHaveLength(1);
  });

  test('that is under way when Redis is emptied is claimed again by the server that does it', async () => {
    const { sandbox, one, other, send } = await open();
    sandbox.failNext(/^POST/, { status: 200, body: { contact: { id: 7, email: 'late@acme.example' } }, delay: 4000 });
    const first = send(one, create());
    await expect.poll(() => sandbox.requests).toHaveLength(1);
    await redis.run((client) => client.flushall());
    // Its lease is renewed every two and a half seconds.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect((await send(other, create())).data).toMatchObject({ it: { contact: { databaseId: '7' } } });
    expect((await first).data).toMatchObject({ it: { contact: { databaseId: '7' } } });
    expect(sandbox.requests).toHaveLength(1);
  });

  test('that ended while Redis was down has an unknown outcome for others, and is not done again', async () => {
    const { sandbox, one, other, send } = await open();
    sandbox.failNext(/^POST/, { status: 200, body: { contact: { id: 7, email: 'late@acme.example' } }, delay: 300 });
    const first = send(one, create());
    await expect.poll(() => sandbox.requests).toHaveLength(1);
    redis.pause();
    expect((await first).data).toMatchObject({ it: { contact: { databaseId: '7' } } });
    redis.resume();
    await expect.poll(() => areBack([one, other]), { timeout: 10_000 }).toBe(true);
    const later = await send(other, create());
    // Redis may have read the result although its response came too late.
    if (later.errors) expect(later.errors).toMatchObject([{ extensions: { outcome: 'UNKNOWN' } }]);
    else expect(later.data).toMatchObject({ it: { contact: { databaseId: '7' } } });
    expect((await send(one, create())).data).toMatchObject({ it: { contact: { databaseId: '7' } } });
    expect(sandbox.requests).toHaveLength(1);
  });

  test('is accepted by a server whose clock jumps', async () => {
    const { one } = await open();
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() - 3_600_000);
    const claim = { fingerprint: 'f', owner: 'one', leaseMs: 1000, keepMs: 1000 };
    const claimed = one.store.onceKeys.claim('k', claim);
    await expect(claimed.finally(() => now.mockRestore())).resolves.toEqual({ state: 'mine' });
  });

  test('that certainly changed nothing is done by the server that waited for it', async () => {
    const { sandbox, one, other, send } = await open();
    sandbox.failNext(/^POST/, { status: 403, text: '', delay: 200 });
    const [refused, done] = await Promise.all([send(one, create()), send(other, create())]);
    expect([refused, done].map(({ errors }) => errors?.length ?? 0).toSorted()).toEqual([0, 1]);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('cannot be read from the keys in Redis', async () => {
    const { one, send } = await open();
    await send(one, create().replace('k1', 'order-4711'));
    expect(await redis.dump()).not.toMatch(/order-4711|Writer/);
  });
});
