import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from '../quota/redis-server.ts';
import { areBack, LONG_CATCH_UP_MS, type Machine, openHouse } from './machines.ts';

interface Told {
  readonly used: number;
  readonly remaining: number | null;
  readonly resetAt: string;
}

describe.skipIf(!hasRedis)('a caller’s calls, counted by two machines', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const caller = (calls: number | undefined) =>
    `grants: { contacts: read }\n${calls === undefined ? '' : `allowance: { callsPerHour: ${calls} }`}`;

  async function open(calls: number | undefined, catchUpMs?: number) {
    const { sandbox, open } = openHouse(redis, { Reader: caller(calls), Other: caller(calls) }, catchUpMs);
    return { sandbox, open, one: await open(), other: await open() };
  }

  let asked = 0;
  /** Asks for one contact after the other that nobody has asked for, and says how many calls went out. */
  async function spend({ ask }: Machine, most: number, name = 'Reader') {
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
  async function look({ ask }: Machine, name = 'Reader') {
    const { data } = await ask(name, '{ viewer { allowance { used remaining resetAt } } }');
    return (data?.viewer as { allowance: Told } | undefined)?.allowance;
  }

  test('are never more than it has, however they come', async () => {
    const { sandbox, one, other } = await open(20);
    const spent = await Promise.all([one, other, one, other, one].map((machine) => spend(machine, 20)));
    expect(spent.reduce((sum, { sent }) => sum + sent, 0)).toBe(20);
    expect(sandbox.requests).toHaveLength(20);
    for (const { refused } of spent)
      expect(refused).toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } });
    // Those that were refused are not counted, and another caller has its own.
    expect(await look(one)).toMatchObject({ used: 20, remaining: 0 });
    expect(await spend(other, 3, 'Other')).toMatchObject({ sent: 3 });
  });

  test('are heard of before an operation is begun that would need more', async () => {
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
    expect(Math.abs(Date.parse(mine?.resetAt ?? '') - Date.parse(theirs?.resetAt ?? ''))).toBeLessThan(50);
  });

  test('stay counted when the file is edited, also where there was no limit', async () => {
    const { one, other } = await open(undefined);
    await spend(one, 3);
    await spend(other, 3);
    for (const { write } of [one, other]) write({ Reader: caller(7), Other: caller(7) });
    await expect.poll(() => look(one)).toMatchObject({ remaining: expect.any(Number) });
    await expect.poll(() => look(other)).toMatchObject({ remaining: expect.any(Number) });
    expect((await spend(one, 5)).sent + (await spend(other, 5)).sent).toBe(1);
  });

  test('go on by a share of what was left while Redis is gone, and are counted together again', async () => {
    const { sandbox, open: openOne, one, other } = await open(60, LONG_CATCH_UP_MS);
    await spend(one, 10);
    await spend(other, 10);
    await look(one);
    await spend(one, 1);
    await redis.kill();
    const alone = await Promise.all([one, other].map((machine) => spend(machine, 60)));
    // A quarter each of what was left when it was heard of last: of 39 and of 40.
    expect(alone.map(({ sent }) => sent)).toEqual([9, 10]);
    expect(alone[0]?.refused).toMatchObject({
      message: expect.stringMatching(/^0 of this caller’s 60 .* as long as the servers cannot count together/),
      extensions: { code: 'RATE_LIMITED', retryAfter: 10 },
    });
    await redis.start();
    await expect.poll(() => areBack([one, other]), { timeout: 10_000 }).toBe(true);
    // Redis has forgotten everything, and was told by both what each has spent.
    await expect.poll(async () => (await look(one))?.remaining, { timeout: 5000 }).toBe(60 - 40);
    const later = await openOne();
    const rest = await Promise.all([one, other, later].map((machine) => spend(machine, 60)));
    expect(rest.reduce((sum, { sent }) => sum + sent, 0)).toBe(20);
    expect(sandbox.requests).toHaveLength(60);
  });

  test('of a machine that is there no more stay counted by a Redis that was started anew', async () => {
    const { open: openOne, one, other } = await open(30, LONG_CATCH_UP_MS);
    await spend(other, 10);
    await spend(one, 1);
    await other.close();
    await redis.kill();
    await redis.start();
    await expect.poll(() => areBack([one]), { timeout: 10_000 }).toBe(true);
    const later = await openOne();
    // Each goes on by a quarter of what was left until all have had the time to tell.
    const first = await Promise.all([one, later].map((machine) => spend(machine, 30)));
    expect(first.map(({ sent }) => sent)).toEqual([4, 4]);
    await expect.poll(async () => (await look(one))?.remaining, { timeout: 5000 }).toBe(11);
    const rest = await Promise.all([one, later].map((machine) => spend(machine, 30)));
    expect(rest.reduce((sum, { sent }) => sum + sent, 0)).toBe(11);
  });

  test('are counted by a Redis that does not tell who it is', async () => {
    const client = new Redis(redis.url);
    await client.call('ACL', 'SETUSER', 'modest', 'on', '>word', '~*', '&*', '+@all', '-@dangerous');
    client.disconnect();
    const url = redis.url.replace(':open-sesame', 'modest:word');
    const { sandbox, open } = openHouse({ ...redis, url }, { Reader: caller(6) });
    const machines = [await open(), await open()];
    await Promise.all(machines.map((machine) => spend(machine, 10)));
    expect(sandbox.requests).toHaveLength(6);
    expect(machines.map(({ alarms }) => alarms)).toEqual([[], []]);
  });

  test('are counted once by a Redis that was not started anew', async () => {
    const { sandbox, open: openOne, one, other } = await open(40);
    await spend(one, 4);
    await spend(other, 4);
    // This one has heard of them, and has made none itself.
    const later = await openOne();
    redis.pause();
    const alone = await Promise.all([spend(one, 2), spend(later, 1)]);
    expect(alone.map(({ sent }) => sent)).toEqual([2, 1]);
    redis.resume();
    await expect.poll(() => areBack([one, later]), { timeout: 10_000 }).toBe(true);
    await expect.poll(async () => (await look(one))?.remaining, { timeout: 5000 }).toBe(40 - 11);
    const rest = await Promise.all([one, other, later].map((machine) => spend(machine, 40)));
    expect(rest.reduce((sum, { sent }) => sum + sent, 0)).toBe(29);
    expect(sandbox.requests).toHaveLength(40);
  });

  test('cannot be told from the keys whose they are', async () => {
    const { one } = await open(5);
    await spend(one, 1);
    expect(await redis.dump()).not.toMatch(/Reader|Other/);
  });
});
