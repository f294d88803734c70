import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';
import { areBack, openServers, type TestServer } from './servers.ts';

describe.skipIf(!hasRedis)('a confirmation', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  // A test that failed must not leave it paused.
  afterEach(() => redis.resume());
  afterAll(() => redis.stop());

  async function open() {
    const careful = 'grants: { contacts: full, lookups: read, users: read }\nconfirm: [delete, forget, bulk]';
    const { sandbox, open } = openServers(redis, { Careful: careful });
    const [one, other] = [await open(), await open()];
    const id = sandbox.rows(contactType)[0]?.id ?? '';
    const query = `mutation { deleteContact(id: ${id}) { deletedContactId } }`;
    const send = async ({ send }: TestServer, token?: string) => {
      const { data, errors } = await send(
        'Careful',
        query,
        token === undefined ? {} : { 'x-freshsales-confirm': token },
      );
      const [error] = errors ?? [];
      const { code, retryAfter, confirmationToken } = error?.extensions ?? {};
      return { done: data?.deleteContact !== undefined, error, code, retryAfter, confirmationToken };
    };
    const issue = async (server: TestServer) => String((await send(server)).confirmationToken);
    const deletes = () => sandbox.requests.filter((line) => line.startsWith('DELETE'));
    return { one, other, send, issue, deletes };
  }

  test('from one server is valid on the other', async () => {
    const { one, other, send, issue, deletes } = await open();
    expect(await send(other, await issue(one))).toMatchObject({ done: true });
    expect(deletes()).toHaveLength(1);
  });

  test('is valid once, however many servers get it at once', async () => {
    const { one, other, send, issue, deletes } = await open();
    const token = await issue(one);
    const answers = await Promise.all([one, other, one, other, one, other].map((server) => send(server, token)));
    expect(answers.filter(({ done }) => done)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'CONFIRMATION_REQUIRED')).toHaveLength(5);
    expect(deletes()).toHaveLength(1);
  });

  test('is neither issued nor accepted while Redis is down, and is still valid afterwards', async () => {
    const { one, other, send, issue, deletes } = await open();
    const token = await issue(one);
    redis.pause();
    const unavailable = {
      code: 'CONFIRMATION_UNAVAILABLE',
      retryAfter: 5,
      error: expect.objectContaining({
        message: expect.stringMatching(/^Nothing was done\. .* Try again in 5 seconds/),
      }),
    };
    expect(await send(one, token)).toMatchObject(unavailable);
    expect(await send(other)).toMatchObject(unavailable);
    redis.resume();
    await expect.poll(() => areBack([one, other]), { timeout: 10_000 }).toBe(true);
    expect(deletes()).toEqual([]);
    expect(await send(other, token)).toMatchObject({ done: true });
    expect(await send(one, token)).toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    expect(deletes()).toHaveLength(1);
  });

  test('from before a restart of Redis is not valid, because Redis may have forgotten that it was used', async () => {
    const { one, other, send, issue, deletes } = await open();
    const [used, unused] = [await issue(one), await issue(one)];
    await send(other, used);
    await redis.kill();
    await redis.start();
    await expect.poll(() => areBack([one, other]), { timeout: 10_000 }).toBe(true);
    for (const token of [used, unused])
      expect(await send(one, token)).toMatchObject({ done: false, code: 'CONFIRMATION_REQUIRED' });
    expect(deletes()).toHaveLength(1);
    expect(await send(one, await issue(other))).toMatchObject({ code: undefined });
  });

  test('is not valid after Redis was emptied, because it has forgotten which were used', async () => {
    const { one, send, issue, deletes } = await open();
    const token = await issue(one);
    await redis.run((client) => client.flushall());
    expect(await send(one, token)).toMatchObject({ done: false, code: 'CONFIRMATION_REQUIRED' });
    expect(deletes()).toEqual([]);
  });
});
