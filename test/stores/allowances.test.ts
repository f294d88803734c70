import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';
import { areBack, openServers, type TestServer } from './servers.ts';

interface Told {
  readonly used: number;
  readonly remaining: number | null;
  readonly resetAt: string;
}

describe.skipIf(!hasRedis)('a caller’s calls, counted by two servers', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const caller = (calls: number | undefined) =>
    `grants: { contacts: read }\n${calls === undefined ? '' : `allowance: { callsPerHour: ${calls} }`}`;

  async function open(calls: number | undefined) {
    const { sandbox, open } = openServers(redis, { Reader: caller(calls), Other: caller(calls) });
    return { sandbox, open, one: await open(), other: await open() };
  }

  let asked = 0;
  /** Asks for one contact after the other that nobody has asked for, and says how many calls went out. */
  async function spend({ ask }: TestServer, most: number, name = 'Reader') {
    let refused: unknown;
    for (let sent = 0; sent < most; sent += 1) {
      asked += 1;
      const { codes, errors } = await ask(name, `{ contact(id: ${asked}) { id } }`);
      refused = errors?.[0];
      if (codes.length > 0) return { sent, refused };
    }
    return { sent: most, refused };
  }

  /** What a caller is told of its calls. */
  async function look({ ask }: TestServer, name = 'Reader') {
    const { data } = await ask(name, '{ viewer { allowance { used remaining resetAt } } }');
    return (data?.viewer as { allowance: Told } | undefined)?.allowance;
  }

  test('never exceed its allowance', async () => {
    const { sandbox, one, other } = await open(20);
    const spent = await Promise.all([one, other, one, other, one].map((server) => spend(server, 20)));
    expect(spent.reduce((sum, { sent }) => sum + sent, 0)).toBe(20);
    expect(sandbox.requests).toHaveLength(20);
    for (const { refused } of spent)
      expect(refused).toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } });
    // Those that were refused are not counted, and another caller has its own.
    expect(await look(one)).toMatchObject({ used: 20, remaining: 0 });
    expect(await spend(other, 3, 'Other')).toMatchObject({ sent: 3 });
  });

  test('are known before an operation starts that would need more', async () => {
    const { sandbox, one, other } = await open(6);
    await spend(other, 1);
    await spend(one, 4);
    const before = sandbox.requests.length;
    const { codes, requests } = await other.ask(
      'Reader',
      '{ a: contact(id: 8001) { id } b: contact(id: 8002) { id } }',
    );
    expect({ codes, requests, more: sandbox.requests.length - before }).toEqual({
      codes: ['RATE_LIMITED'],
      requests: [],
      more: 0,
    });
    expect(await look(other)).toMatchObject({ used: 5, remaining: 1 });
    const [mine, theirs] = [await look(one), await look(other)];
    expect(Math.abs(Date.parse(mine?.resetAt ?? '') - Date.parse(theirs?.resetAt ?? ''))).toBeLessThan(5000);
  });

  test('stay counted when the file changes, with or without a limit', async () => {
    const { one, other } = await open(undefined);
    await spend(one, 3);
    await spend(other, 3);
    for (const { write } of [one, other]) write({ Reader: caller(7), Other: caller(7) });
    await expect.poll(() => look(one)).toMatchObject({ remaining: expect.any(Number) });
    await expect.poll(() => look(other)).toMatchObject({ remaining: expect.any(Number) });
    expect((await spend(one, 5)).sent + (await spend(other, 5)).sent).toBe(1);
  });

  test('are held to a share of the limit on each server while Redis is down, and counted together again', async () => {
    const { sandbox, one, other } = await open(40);
    await spend(one, 4);
    await spend(other, 4);
    await spend(one, 1);
    redis.pause();
    const alone = await Promise.all([one, other].map((server) => spend(server, 40)));
    expect(alone.map(({ sent }) => sent)).toEqual([10, 10]);
    expect(alone[0]?.refused).toMatchObject({
      message: expect.stringMatching(/^0 of this caller’s 40 .* left to this server while it cannot reach the others/),
      extensions: { code: 'RATE_LIMITED', retryAfter: 10 },
    });
    redis.resume();
    await expect.poll(() => areBack([one, other]), { timeout: 10_000 }).toBe(true);
    // What was spent meanwhile is not counted, apart from commands that Redis has read late.
    const rest = await Promise.all([one, other].map((server) => spend(server, 40)));
    expect(rest.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThanOrEqual(40 - 9 - 2);
    expect(sandbox.requests.length).toBeLessThanOrEqual(40 + 20);
  });

  test('start from zero after Redis lost its data', async () => {
    const { one, other } = await open(6);
    await spend(one, 5);
    await redis.run((client) => client.flushall());
    expect(await spend(other, 10)).toMatchObject({ sent: 6 });
  });

  test('are counted by a Redis whose user may not run dangerous commands', async () => {
    await redis.run((client) =>
      client.call('ACL', 'SETUSER', 'modest', 'on', '>word', '~*', '&*', '+@all', '-@dangerous'),
    );
    const url = redis.url.replace(':open-sesame', 'modest:word');
    const { sandbox, open } = openServers({ url }, { Reader: caller(6) });
    const servers = [await open(), await open()];
    await Promise.all(servers.map((server) => spend(server, 10)));
    expect(sandbox.requests).toHaveLength(6);
    expect(servers.map(({ warnings }) => warnings)).toEqual([[], []]);
  });

  test('do not reveal callers in the keys', async () => {
    const { one } = await open(5);
    await spend(one, 1);
    expect(await redis.dump()).not.toMatch(/Reader|Other/);
  });
});
