import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createCache } from '../../src/cache/cache.ts';
import { createFreshsales } from '../../src/freshsales/client.ts';
import type { Lane } from '../../src/freshsales/transport.ts';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { type AccountLedgerOptions, createAccountLedger } from '../../src/quota/account-ledger.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { tables } from '../../src/resources/index.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createServer } from '../../src/server/create-server.ts';
import { createRedis } from '../../src/stores/redis/redis.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';

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

  /** Machines that serve one account, each with a process' worth of state of its own. */
  function openAccount(sandbox: Sandbox, quota: AccountLedgerOptions = {}) {
    accounts += 1;
    const account = `account-${accounts}`;
    return async (apiKey = 'k') => {
      const warnings: string[] = [];
      const shared = await createRedis({ url: redis.url, account, quota, warn: (text) => warnings.push(text) });
      closing.push(() => shared.close());
      const ledger = createAccountLedger({ ...quota, tally: shared.tally });
      const memory = createCache({ tables, shared: shared.answers }).for(apiKey);
      const { baseURL, fetch } = sandbox;
      const freshsales = createFreshsales({ baseURL, apiKey, fetch, ledger, memory });
      const get = (id: string, lane: Lane = 'interactive') => freshsales.for({ lane }).get(contactType, id);
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
      return { freshsales, ledger, warnings, get, spend, ask };
    };
  }

  const contactOf = (sandbox: Sandbox) => sandbox.rows(contactType)[0]?.id ?? '';

  test('two machines never spend more than one account has', async () => {
    const sandbox = createSandbox({ behaviours: { hourlyLimit: 40, rateLimitHeaders: false } });
    const open = openAccount(sandbox, { hourlyLimit: 40, reserve: 0 });
    const machines = [await open(), await open()];
    const spent = await Promise.all(machines.flatMap(({ spend }) => [spend(100), spend(100), spend(100)]));
    expect(spent.reduce((sum, count) => sum + count)).toBe(40);
    expect(sandbox.requests).toHaveLength(40);
    for (const { ledger } of machines) expect(ledger.hour).toMatchObject({ limit: 40, used: 40 });
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
    // The headers tell ten an hour in place of a thousand; one of them is kept for people who wait.
    expect(other.ledger.hour.limit).toBe(10);
    for (let each = 0; each < 6; each += 1) await other.get(String(each), 'agent');
    expect(await one.get('77', 'agent')).toBeNull();
    expect(one.ledger.hour).toMatchObject({ limit: 10, used: 9 });
    await expect(one.get('78', 'agent')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('what one machine has read is known to the other, and only with the same key', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other, stranger] = [await open(), await open(), await open('another')];
    const id = contactOf(sandbox);
    const read = await one.get(id);
    expect(await other.get(id)).toEqual(read);
    expect(await other.freshsales.for({}).lookup(userLookup)).toEqual(await one.freshsales.for({}).lookup(userLookup));
    expect(sandbox.requests).toHaveLength(2);
    await stranger.get(id);
    expect(sandbox.requests).toHaveLength(3);
  });

  test('a machine whose clock is ahead does not pass old answers for fresh ones', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const id = contactOf(sandbox);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 });
    const one = await open();
    await one.get(id);
    vi.useRealTimers();
    const other = await open();
    expect(await other.get(id)).toMatchObject({ row: { id } });
    expect(sandbox.requests).toHaveLength(1);
    const later = other.freshsales.for({ fresh: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await later.get(contactType, id);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('a page with more includes serves one with fewer, on the other machine too', async () => {
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
    const machines = [await open(), await open()];
    const id = contactOf(sandbox);
    sandbox.failNext(/./, { status: 200, body: { contact: { id: Number(id) } }, delay: 100 });
    const answers = await Promise.all(machines.flatMap(({ get }) => [get(id), get(id), get(id)]));
    expect(new Set(answers.map((answer) => answer?.row.id))).toEqual(new Set([id]));
    expect(sandbox.requests).toHaveLength(1);
  });

  test('where that call fails, another machine tries', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    sandbox.failNext(/./, { status: 500, body: {}, delay: 100 });
    const [failed, served] = await Promise.allSettled([one.get(id), other.get(id)]);
    expect([failed.status, served.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('what one machine made of its answers is over with a write on the other', async () => {
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
      .announce({ type: 'Contact', path: 'contacts', ids: [id], touched: [], action: 'update' });
    expect(await one.ask(query)).toMatchObject({ data: { contact: { displayName: 'Augusta' } } });
    expect(sandbox.requests).toHaveLength(2);
  });

  test('a write on one machine is heard of on the other, before it is reported done', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    for (const { get } of [one, other, one]) await get(id);
    expect(sandbox.requests).toHaveLength(1);
    const change = { type: 'Contact', path: 'contacts', ids: [id], touched: [], action: 'update' } as const;
    await one.freshsales.for({}).announce(change);
    await other.get(id);
    await one.get(id);
    expect(sandbox.requests).toHaveLength(2);
    // A machine that starts later knows as well.
    await (await open()).get(id);
    expect(sandbox.requests).toHaveLength(2);
  });

  test('nothing of a question or a key can be read from the keys', async () => {
    const sandbox = createSandbox();
    const { freshsales } = await openAccount(sandbox)('secret-key');
    await freshsales.for({}).search('lovelace', ['contact'], 5);
    expect(await redis.dump()).not.toMatch(/lovelace|secret-key|search|contact/);
  });

  test('while Redis is gone, each goes on with a share of what was left, and finds back', async () => {
    const sandbox = createSandbox({ behaviours: { hourlyLimit: 60, rateLimitHeaders: false } });
    const open = openAccount(sandbox, { hourlyLimit: 60, reserve: 0 });
    const machines = [await open(), await open()];
    const [one, other] = machines;
    const id = contactOf(sandbox);
    await one?.spend(10);
    await other?.spend(9);
    await other?.get(id);
    await redis.kill();
    const alone = await Promise.all(machines.map(({ spend }) => spend(100)));
    // Not all of the forty that were left: one machine had not heard of the last ten of the other.
    expect(alone.every((count) => count > 0)).toBe(true);
    expect(sandbox.requests.length).toBeLessThanOrEqual(60);
    expect(await other?.get(id)).toMatchObject({ row: { id } });
    for (const { warnings } of machines) {
      expect(warnings).toEqual([expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ is gone .* Going on alone/)]);
      expect(warnings.join()).not.toContain('open-sesame');
    }
    await redis.start();
    await expect.poll(() => machines.map(({ warnings }) => warnings.length), { timeout: 10_000 }).toEqual([2, 2]);
    // Redis has forgotten everything, and is told again by both what was spent: sixty in all, and not one more.
    const spendAll = async () => {
      await Promise.all(machines.map(({ spend }) => spend(100)));
      return machines.map(({ ledger }) => ledger.hour.used);
    };
    await expect.poll(spendAll, { timeout: 10_000 }).toEqual([60, 60]);
    expect(await spendAll()).toEqual([60, 60]);
    expect(sandbox.requests).toHaveLength(60);
  });

  test('a write that Redis did not hear of is told when it is back', async () => {
    const sandbox = createSandbox();
    const open = openAccount(sandbox);
    const [one, other] = [await open(), await open()];
    const id = contactOf(sandbox);
    await one.get(id);
    await redis.kill();
    await other.freshsales
      .for({})
      .announce({ type: 'Contact', path: 'contacts', ids: [id], touched: [], action: 'update' });
    await redis.start();
    await expect
      .poll(() => [one, other].map(({ warnings }) => warnings.at(-1)), { timeout: 10_000 })
      .toEqual([expect.stringContaining('is back'), expect.stringContaining('is back')]);
    await one.get(id);
    expect(sandbox.requests).toHaveLength(2);
  });
});
