import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Call } from '../../src/freshsales/transport.ts';
import { type AccountLedgerOptions, createAccountLedger } from '../../src/quota/account-ledger.ts';
import { createRedisStore } from '../../src/stores/redis/redis-store.ts';
import { hasRedis, type RedisServer, startRedis } from '../stores/redis-server.ts';

describe.skipIf(!hasRedis)('a ledger over a Redis in trouble', () => {
  let redis: RedisServer;
  let account = '';
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(() => {
    account = randomUUID();
  });
  afterEach(async () => {
    vi.useRealTimers();
    redis.resume();
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  afterAll(() => redis.stop());

  async function open(quota: AccountLedgerOptions = {}) {
    const warnings: string[] = [];
    const store = await createRedisStore({ url: redis.url, account, warn: (text) => warnings.push(text) });
    closing.push(() => store.close());
    const ledger = createAccountLedger({ ...quota, reserve: 0, store });
    const start = async () => {
      const call: Call = { method: 'GET', path: 'contacts/1' };
      // A call that waits for a probe is refused as well: nobody waits here.
      await ledger.allow(call, { priority: 'interactive', since: performance.now() - 10_000 });
      return call;
    };
    /** A call that is made and answered; returns the code of its refusal. */
    const ask = async (status = 200, headers: HeadersInit = {}) => {
      try {
        ledger.answered(status, new Headers(headers), await start());
        return undefined;
      } catch (error) {
        return error;
      }
    };
    /** As many calls as are let through. */
    const spend = async (most: number) => {
      for (let made = 0; made < most; made += 1) if (await ask()) return made;
      return most;
    };
    const isBack = () => expect.poll(() => store.status(), { timeout: 10_000 }).toBe('ok');
    return { ledger, store, warnings, start, ask, spend, isBack };
  }

  const refused = (retryAfter: unknown = expect.any(Number)) =>
    expect.objectContaining({ code: 'RATE_LIMITED', retryAfter });
  const reported = (limit: number, remaining: number) => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
  });
  /** Until what a server has told Redis without waiting is there. */
  const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

  test('a pause after a 429 holds for all, and goes on when Redis is lost and when it was emptied', async () => {
    const [one, other] = [await open(), await open()];
    await one.ask(429, { 'retry-after': '60' });
    await settled();
    expect(await other.ask()).toEqual(refused(60));
    redis.pause();
    for (const { ask } of [one, other]) expect(await ask()).toEqual(refused());
    redis.resume();
    await Promise.all([one.isBack(), other.isBack()]);
    await redis.run((client) => client.flushall());
    for (const { ask } of [one, other]) expect(await ask()).toEqual(refused());
  });

  test('after a pause one server tries, and the other goes when that is answered', async () => {
    const [one, other] = [await open(), await open()];
    await one.ask(429, { 'retry-after': '1' });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const probe = await one.start();
    expect(await other.ask()).toEqual(refused());
    one.ledger.answered(200, new Headers(), probe);
    await settled();
    expect(await other.ask()).toBeUndefined();
  });

  test('while Redis is down, a server spends its share of the limit, whatever it spent before', async () => {
    const [one, other] = [await open({ hourlyLimit: 100 }), await open({ hourlyLimit: 100, share: 0.1 })];
    expect([await one.spend(30), await other.spend(20)]).toEqual([30, 20]);
    await one.ask();
    redis.pause();
    expect([await one.spend(100), await other.spend(100)]).toEqual([25, 10]);
    expect(one.ledger.left('interactive')).toBe(0);
    redis.resume();
    await Promise.all([one.isBack(), other.isBack()]);
    // At once: an operation is refused where nothing is left, and would not make a call that shows otherwise.
    expect(one.ledger.left('interactive')).toBe(100 - 51);
    // Nothing is replayed, apart from a command that Redis read late.
    await one.ask();
    expect(one.ledger.hour.used).toBeLessThanOrEqual(51 + 1 + 2);
  });

  test('stops while Redis is down if Freshsales reports that the hour is spent', async () => {
    const { ask, spend, ledger } = await open();
    redis.pause();
    await ask(200, reported(500, 3));
    await settled();
    expect(ledger.hour).toMatchObject({ limit: 500, used: 497 });
    expect(await spend(10)).toBe(3);
  });

  test('an idle server shows what the others have spent', async () => {
    const [one, other] = [await open(), await open()];
    await other.ask();
    await one.spend(5);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await expect.poll(() => other.ledger.hour.used).toBe(6);
  });

  test('an hour that Freshsales reported goes on when Redis was emptied', async () => {
    const [one, other] = [await open(), await open()];
    await one.ask(200, reported(200, 50));
    await settled();
    await other.ask();
    await redis.run((client) => client.flushall());
    expect(await other.ask()).toBeUndefined();
    await settled();
    await one.ask();
    expect(one.ledger.hour).toMatchObject({ limit: 200, used: expect.toSatisfy((used: number) => used >= 152) });
  });

  test('a Redis that was emptied lets a quarter of the limit be overspent at the most, by all servers together', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => open({ hourlyLimit: 100 })));
    const [one, other, third] = servers;
    await one?.spend(1);
    expect(await other?.spend(40)).toBe(40);
    expect(await third?.spend(100)).toBe(59);
    await redis.run((client) => client.flushall());
    // The first one has seen a single call, and would start from there.
    const later = await open({ hourlyLimit: 100 });
    const spent = [await one?.spend(100), await later.spend(100), await other?.spend(100), await third?.spend(100)];
    expect(spent.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBeLessThanOrEqual(25);
  });

  test('a report by Freshsales ends the restriction after a loss', async () => {
    const { ask, spend } = await open({ hourlyLimit: 100 });
    await spend(10);
    await redis.run((client) => client.flushall());
    await ask(200, reported(100, 60));
    await settled();
    expect(await spend(100)).toBe(60);
  });

  test('a Redis that accepts connections and does not answer does not keep a server from starting', async () => {
    redis.pause();
    const { ask, store, warnings, isBack } = await open();
    expect(store.status()).toBe('degraded');
    expect(warnings).toHaveLength(1);
    const began = performance.now();
    expect(await ask()).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(500);
    redis.resume();
    await isBack();
    expect(await ask()).toBeUndefined();
  });

  test('a process that is too busy to read a response does not take Redis for lost', async () => {
    const { ask, warnings, store } = await open();
    await ask();
    const asking = ask();
    const until = performance.now() + 1500;
    while (performance.now() < until);
    expect(await asking).toBeUndefined();
    expect(store.status()).toBe('ok');
    expect(warnings).toEqual([]);
  });

  test('a clock that is set does not move the windows', async () => {
    const { spend, ledger } = await open({ minuteLimit: 5 });
    await spend(5);
    for (const hours of [2, -2]) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * 3_600_000 });
      expect(await spend(1)).toBe(0);
      expect(ledger.minute).toMatchObject({ limit: 5, used: 5 });
      expect(ledger.minute.resetAt.getTime() - Date.now()).toBeGreaterThan(50_000);
      vi.useRealTimers();
    }
  });
});
