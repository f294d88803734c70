import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountLedgerOptions } from '../../src/quota/account-ledger.ts';
import type { Outcome, QuotaWindows } from '../../src/quota/windows.ts';
import { createRedis } from '../../src/stores/redis/redis.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';

const HOUR = 3_600_000;

describe.skipIf(!hasRedis)('one count over a Redis that has troubles', () => {
  let redis: RedisServer;
  let account = '';
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(() => {
    account = randomUUID().slice(0, 32);
  });
  afterEach(async () => {
    redis.resume();
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  afterAll(() => redis.stop());

  async function open(quota: AccountLedgerOptions = {}) {
    const warnings: string[] = [];
    const shared = await createRedis({ url: redis.url, account, quota, warn: (text) => warnings.push(text) });
    closing.push(() => shared.close());
    return { tally: shared.tally, warnings };
  }

  const take = (tally: QuotaWindows, ticket: string = randomUUID()) => tally.take({ ticket, leaves: 0, ahead: 0 });

  /** A call that is made and answered. */
  async function call(tally: QuotaWindows, outcome: Outcome = {}) {
    const ticket = randomUUID();
    const verdict = await take(tally, ticket);
    if (verdict.ok) await tally.settle(ticket, outcome);
    return verdict;
  }

  /** As many calls as are let through. */
  async function spend(tally: QuotaWindows, most: number) {
    for (let made = 0; made < most; made += 1) if (!(await call(tally)).ok) return made;
    return most;
  }

  async function withClient<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(redis.url);
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  const isBack = (warnings: readonly string[]) =>
    expect.poll(() => warnings.at(-1), { timeout: 10_000 }).toMatch(/ is back\.$/);

  /** Until the machines count together again. */
  const caughtUp = () => new Promise((resolve) => setTimeout(resolve, 2300));

  test('the call that tries after a 429 is not waited for when its machine has died', async () => {
    const [one, other] = [await open(), await open()];
    await call(one.tally, { pauseMs: 0 });
    expect(await take(one.tally, 'lost')).toEqual({ ok: true });
    expect(await take(other.tally)).toMatchObject({ ok: false, because: 'probing' });
    // It has been under way for longer than a call may take.
    await withClient((client) =>
      client.zadd(`freshsales-graphql:2:{${account}}:calls`, Date.now() + 120_000 - 36_000, 'lost'),
    );
    expect(await take(other.tally, 'next')).toEqual({ ok: true });
    expect(await take(one.tally)).toMatchObject({ ok: false, because: 'probing' });
    await other.tally.settle('next', {});
    expect(await take(one.tally)).toEqual({ ok: true });
  });

  test('nor when it was answered while Redis was gone', async () => {
    const [one, other] = [await open(), await open()];
    await call(one.tally, { pauseMs: 0 });
    await take(one.tally, 'probe');
    redis.pause();
    await one.tally.settle('probe', {});
    redis.resume();
    await isBack(one.warnings);
    await expect.poll(() => take(other.tally), { timeout: 5000 }).toEqual({ ok: true });
  });

  test('a pause after a 429 goes on when Redis goes, and when it comes back', async () => {
    const [one, other] = [await open(), await open()];
    await call(one.tally, { pauseMs: 60_000 });
    expect(await take(other.tally)).toMatchObject({ ok: false, because: 'paused' });
    redis.pause();
    for (const { tally } of [one, other])
      expect(await take(tally)).toMatchObject({ ok: false, because: 'paused', waitMs: expect.closeTo(60_000, -4) });
  });

  test('a pause that began without Redis is told to all', async () => {
    const [one, other] = [await open(), await open()];
    redis.pause();
    await call(one.tally, { pauseMs: 60_000 });
    redis.resume();
    await isBack(one.warnings);
    await caughtUp();
    for (const { tally } of [one, other]) expect(await take(tally)).toMatchObject({ ok: false, because: 'paused' });
  });

  test('what was spent alone counts in the hour that Freshsales has told', async () => {
    const [one, other] = [await open(), await open()];
    await call(one.tally, { news: { limit: 200, used: 100, resetAt: Date.now() + HOUR / 2 } });
    await call(other.tally);
    redis.pause();
    // A quarter each of what was left when it was heard of last.
    expect([await spend(one.tally, 200), await spend(other.tally, 200)]).toEqual([25, 24]);
    redis.resume();
    await isBack(one.warnings);
    await isBack(other.warnings);
    await caughtUp();
    await call(one.tally);
    expect(one.tally.windows.hour).toMatchObject({ limit: 200, used: 101 + 25 + 24 + 1 });
    expect(await spend(other.tally, 200)).toBe(200 - 151);
  });

  test.each([
    ['more', { limit: 5000, used: 1500 }, 30],
    ['less', { limit: 200, used: 150 }, 12],
  ])(
    'alone, a machine goes by what Freshsales has told, also where it allows %s than was configured',
    async (_what, news, sent) => {
      const { tally } = await open({ hourlyLimit: 1000 });
      await call(tally, { news: { ...news, resetAt: Date.now() + HOUR / 4 } });
      redis.pause();
      expect(await spend(tally, 30)).toBe(sent);
      if (sent < 30) expect(await take(tally)).toMatchObject({ ok: false, waitMs: expect.closeTo(HOUR / 4, -5) });
      expect(tally.windows.hour.limit).toBe(news.limit);
    },
  );

  test('a Redis that was emptied is told again what was spent', async () => {
    const [one, other] = [await open(), await open()];
    await Promise.all([spend(one.tally, 5), spend(other.tally, 7)]);
    await withClient((client) => client.flushall());
    await isBack(one.warnings);
    await isBack(other.warnings);
    await caughtUp();
    await call(other.tally);
    expect(other.tally.windows.hour.used).toBe(13);
    expect(one.warnings[0]).toMatch(/is gone \(FORGOT\)/);
  });

  test('a Redis that was emptied does not make a pause or an hour be forgotten', async () => {
    const [one, other] = [await open(), await open()];
    await call(one.tally, { news: { limit: 200, used: 150, resetAt: Date.now() + HOUR / 2 } });
    await call(one.tally, { pauseMs: 60_000 });
    expect(await take(other.tally)).toMatchObject({ ok: false, because: 'paused' });
    await withClient((client) => client.flushall());
    for (const { tally } of [one, other]) expect(await take(tally)).toMatchObject({ ok: false, because: 'paused' });
    await isBack(one.warnings);
    await caughtUp();
    for (const { tally } of [one, other]) {
      expect(await take(tally)).toMatchObject({ ok: false, because: 'paused' });
      expect(tally.windows.hour).toMatchObject({ limit: 200, used: 151 });
    }
  });

  test('nor does one that was started anew while nobody called', async () => {
    const [one, other] = [await open(), await open()];
    await call(one.tally, { news: { limit: 200, used: 150, resetAt: Date.now() + HOUR / 2 } });
    await call(one.tally, { pauseMs: 60_000 });
    expect(await take(other.tally)).toMatchObject({ ok: false, because: 'paused' });
    await redis.kill();
    await redis.start();
    await isBack(one.warnings);
    await isBack(other.warnings);
    for (const { tally } of [one, other]) expect(await take(tally)).toMatchObject({ ok: false, because: 'paused' });
    await caughtUp();
    for (const { tally } of [one, other]) {
      expect(await take(tally)).toMatchObject({ ok: false, because: 'paused' });
      expect(tally.windows.hour).toMatchObject({ limit: 200, used: 151 });
    }
  });

  test('one that takes connections and answers nothing does not keep a machine from starting', async () => {
    redis.pause();
    const { tally, warnings } = await open();
    expect(warnings).toHaveLength(1);
    expect(await take(tally)).toEqual({ ok: true });
    redis.resume();
    await isBack(warnings);
  });

  test('a process that is too busy to read an answer does not take Redis for gone', async () => {
    const { tally, warnings } = await open();
    await call(tally);
    const verdict = take(tally);
    const until = performance.now() + 1500;
    while (performance.now() < until);
    expect(await verdict).toEqual({ ok: true });
    expect(warnings).toEqual([]);
  });
});
