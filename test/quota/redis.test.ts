import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createCache } from '../../src/cache/cache.ts';
import { createFreshsales } from '../../src/freshsales/client.ts';
import type { Priority } from '../../src/freshsales/transport.ts';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { type AccountLedgerOptions, createAccountLedger } from '../../src/quota/account-ledger.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { tables } from '../../src/resources/index.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createServer } from '../../src/server/create-server.ts';
import { createRedisStore } from '../../src/stores/redis/redis-store.ts';
import { hasRedis, type RedisServer, startRedis } from '../stores/redis-server.ts';

describe.skipIf(!hasRedis)('over Redis', () => {
  let redis: RedisServer;
  let accounts = 0;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  afterAll(() => redis.stop());

  /** Servers of one account, each with a process' worth of state of its own. */
  function openAccount(sandbox: Sandbox, quota: AccountLedgerOptions = {}) {
    accounts += 1;
    const account = `account-${accounts}`;
    return async (apiKey = 'k') => {
      const warnings: string[] = [];
      const store = await createRedisStore({ url: redis.url, account, warn: (text) => warnings.push(text) });
      closing.push(() => store.close());
      const ledger = createAccountLedger({ ...quota, store });
      const cache = createCache({ tables, store }).for(apiKey);
      const { baseURL, fetch } = sandbox;
      const freshsales = createFreshsales({ baseURL, apiKey, fetch, ledger, cache });
      const get = (id: string, priority: Priority = 'interactive') => freshsales.for({ priority }).get(contactType, id);
      /** As many calls as are let through, one after the other. */
      const spend = async (most: number) => {
        for (let sent = 0; sent < most; sent += 1)
          if (await get(`${accounts}${Math.random()}`.replace(/\D/g, '')).catch((error: unknown) => error)) return sent;
        return most;
      };
      const yoga = createServer({ connect: () => ({ freshsales, ledger }) });
      const ask = async (query: string) => {
        const headers = { 'content-type': 'application/json' };
        const init = { method: 'POST', headers, body: JSON.stringify({ query }) };
        return (await yoga.fetch('http://127.0.0.1/graphql', init)).json();
      };
      return { freshsales, ledger, store, warnings, get, spend, ask };
    };
  }

  const contactOf = (sandbox: Sandbox) => sandbox.rows(contactType)[0]?.id ?? '';

  test('two servers never spend more than one account has', async () => {
    const sandbox = createSandbox({ behaviours: { hourlyLimit: 40, rateLimitHeaders: false } });
    const open = openAccount(sandbox, { hourlyLimit: 40, reserve: 0 });
    const servers = [await open(), await open()];
    const spent = await Promise.all(servers.flatMap(({ spend }) => [spend(100), spend(100), spend(100)]));
    expect(spent.reduce((sum, count) => sum + count)).toBe(40);
    expect(sandbox.requests).toHaveLength(40);
    for (const { ledger } of servers) expect(ledger.hour).toMatchObject({ limit: 40, used: 40 });
  });

  test('the same rules hold as in memory: reserve, headers, 429, and one call that tries', async () => {
    const sandbox = createSandbox({ behaviours: { hourlyLimit: 10 } });
    const open = openAccount(sandbox, { minuteLimit: 9 });
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    sandbox.failNext(/./, { status: 429, text: 'Too many requests', headers: { 'retry-after': '1' } });
    await expect(one.get(id)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 });
    await expect(other.get(id)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 });
    await expect.poll(() => other.get(id).catch(() => undefined), { timeout: 3000 }).toMatchObject({ row: { id } });
    expect(sandbox.requests).toHaveLength(2);
    // The headers tell ten an hour instead of a thousand; one of them is kept for people who wait.
    expect(other.ledger.hour.limit).toBe(10);
    for (let each = 0; each < 6; each += 1) await other.get(String(each), 'agent');
    expect(await one.get('77', 'agent')).toBeNull();
    expect(one.ledger.hour).toMatchObject({ limit: 10, used: 9 });
    await expect(one.get('78', 'agent')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('shares responses between servers with the same key only', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other, stranger] = [await open(), await open(), await open('another')];
    const id = contactOf(sandbox);
    const read = await one.get(id);
    expect(await other.get(id)).toEqual(read);
    expect(await other.freshsales.for({}).lookupRows(userLookup)).toEqual(
      await one.freshsales.for({}).lookupRows(userLookup),
    );
    expect(sandbox.requests).toHaveLength(2);
    await stranger.get(id);
    expect(sandbox.requests).toHaveLength(3);
  });

  test('does not serve old responses as fresh if the server’s clock is ahead', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const id = contactOf(sandbox);
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() + 10_000 });
    vi.advanceTimersByTime(10_000);
    const one = await open();
    await one.get(id);
    vi.useRealTimers();
    const other = await open();
    expect(await other.get(id)).toMatchObject({ row: { id } });
    expect(sandbox.requests).toHaveLength(1);
    // How old a shared response is, is known to within the time that Redis takes to answer.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const later = other.freshsales.for({ fresh: true });
    await later.get(contactType, id);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('a page with more includes serves one with fewer, on the other server too', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const call = { path: 'contacts/view/31003548176', many: 'contacts', page: 1, perPage: 25 };
    await one.freshsales.for({}).page({ ...call, include: ['owner', 'deals'] });
    await other.freshsales.for({}).page({ ...call, include: ['owner'] });
    expect(sandbox.requests).toHaveLength(1);
  });

  test('the same asked of both at once is one call', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const servers = [await open(), await open()];
    const id = contactOf(sandbox);
    sandbox.failNext(/./, { status: 200, body: { contact: { id: Number(id) } }, delay: 100 });
    const answers = await Promise.all(servers.flatMap(({ get }) => [get(id), get(id), get(id)]));
    expect(new Set(answers.map((answer) => answer?.row.id))).toEqual(new Set([id]));
    expect(sandbox.requests).toHaveLength(1);
  });

  test('lets another server try if that call fails', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    sandbox.failNext(/./, { status: 500, body: {}, delay: 100 });
    const [failed, served] = await Promise.allSettled([one.get(id), other.get(id)]);
    expect([failed.status, served.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('a cached result of one server is invalid after a write on the other', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    const query = `{ contact(id: ${id}) { displayName } }`;
    for (let each = 0; each < 3; each += 1) await one.ask(query);
    expect(sandbox.requests).toHaveLength(1);
    sandbox.put(contactType, { ...sandbox.get(contactType, id), id, display_name: 'Augusta' });
    await other.freshsales
      .for({})
      .invalidate({ type: 'Contact', path: 'contacts', ids: [id], touched: [], action: 'update' });
    expect(await one.ask(query)).toMatchObject({ data: { contact: { displayName: 'Augusta' } } });
    expect(sandbox.requests).toHaveLength(2);
  });

  test('a write on one server is known to the other before it is reported done', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    for (const { get } of [one, other, one]) await get(id);
    expect(sandbox.requests).toHaveLength(1);
    const change = { type: 'Contact', path: 'contacts', ids: [id], touched: [], action: 'update' } as const;
    await one.freshsales.for({}).invalidate(change);
    await other.get(id);
    await one.get(id);
    expect(sandbox.requests).toHaveLength(2);
    // A server that starts later knows it as well.
    await (await open()).get(id);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('nothing of a question or a key can be read from the keys', async () => {
    const sandbox = createSandbox();
    const { freshsales } = await openAccount(sandbox)('secret-key');
    await freshsales.for({}).search('lovelace', ['contact'], 5);
    expect(await redis.dump()).not.toMatch(/lovelace|secret-key|search|contact/);
  });

  test('while Redis is down, each server goes on with a fixed share of the quota', async () => {
    const sandbox = createSandbox({ behaviours: { hourlyLimit: 60, rateLimitHeaders: false } });
    const open = openAccount(sandbox, { hourlyLimit: 60, reserve: 0 });
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    await one.spend(10);
    await other.spend(9);
    await other.get(id);
    await redis.kill();
    expect(await Promise.all([one.spend(100), other.spend(100)])).toEqual([15, 15]);
    expect(await other.get(id)).toMatchObject({ row: { id } });
    for (const { warnings, store, ledger } of [one, other]) {
      expect(store.status()).toBe('degraded');
      expect(ledger.hour).toMatchObject({ limit: 15, used: 15 });
      expect(warnings).toEqual([
        expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ cannot be reached .* its share of the quota/),
      ]);
      expect(warnings.join()).not.toContain('open-sesame');
    }
    await redis.start();
    await expect.poll(() => [one, other].map(({ store }) => store.status()), { timeout: 10_000 }).toEqual(['ok', 'ok']);
    // Redis has lost its data. Its count goes on from what a server knew, and at most a share more is spent.
    await Promise.all([one.spend(100), other.spend(100)]);
    expect(sandbox.requests.length).toBeLessThanOrEqual(20 + 15 + 15 + 15);
    expect(one.warnings.at(-1)).toMatch(/ is back\.$/);
  });

  test('a write that could not be announced empties all caches when Redis is back', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    await one.get(id);
    redis.pause();
    await other.freshsales
      .for({})
      .invalidate({ type: 'Contact', path: 'contacts', ids: [id], touched: [], action: 'update' });
    // Until then a server that does not reach Redis serves what it has cached.
    await one.get(id);
    expect(sandbox.requests).toHaveLength(1);
    redis.resume();
    await expect.poll(() => [one, other].map(({ store }) => store.status()), { timeout: 10_000 }).toEqual(['ok', 'ok']);
    await expect.poll(async () => (await one.get(id)) && sandbox.requests.length, { timeout: 5000 }).toBe(2);
  });

  test('an emptied Redis does not let a response from before a write be served', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    await one.get(id);
    await other.freshsales
      .for({})
      .invalidate({ type: 'Contact', path: 'contacts', ids: [id], touched: [], action: 'update' });
    await redis.run((client) => client.flushall());
    await one.get(id);
    expect(sandbox.requests).toHaveLength(2);
  });
});
