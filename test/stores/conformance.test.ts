import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { createRedisStore } from '../../src/stores/redis/redis-store.ts';
import type { ClaimOptions, Store } from '../../src/stores/store.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';

let redis: RedisServer;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(async () => {
  if (hasRedis) await redis.stop();
});

/** Two servers that share a store. */
const openers = {
  memory: async () => {
    const store = createMemoryStore();
    return [store, store] as const;
  },
  redis: async () => {
    const account = randomUUID();
    const open = () => createRedisStore({ url: redis.url, account, warn: () => {} });
    return [await open(), await open()] as const;
  },
};

describe.each([
  ['memory', true],
  ['redis', hasRedis],
] as const)('the %s store', (name, isAvailable) => {
  describe.skipIf(!isAvailable)('offers', () => {
    let one: Store;
    let other: Store;
    beforeEach(async () => {
      [one, other] = await openers[name]();
    });
    afterEach(async () => {
      await Promise.all([one.close(), other.close()]);
    });

    test('a status and a generation that servers share', () => {
      expect([one.status(), other.status()]).toEqual(['ok', 'ok']);
      expect(one.generation()).toBe(other.generation());
      expect(one.generation()).not.toBe('');
    });

    describe('a counter, which', () => {
      const usage = (used: number) => ({ used, endsInMs: expect.closeTo(60_000, -3) });

      test('counts up to a limit, and counts nothing that it refuses', async () => {
        const taken = await Promise.all(
          [one, other, one, other, one].map((store) => store.counter('calls', 60_000).take(3)),
        );
        expect(taken.filter(({ isTaken }) => isTaken)).toHaveLength(3);
        expect(await other.counter('calls', 60_000).read()).toEqual(usage(3));
        expect(await other.counter('calls', 60_000).take(4)).toEqual({ ...usage(4), isTaken: true });
        expect(await one.counter('calls', 60_000).take(4)).toEqual({ ...usage(4), isTaken: false });
      });

      test('takes back what was counted, and never goes below zero', async () => {
        await one.counter('calls', 60_000).take(1);
        expect(await other.counter('calls', 60_000).giveBack()).toEqual(usage(0));
        expect(await other.counter('calls', 60_000).giveBack()).toMatchObject({ used: 0 });
        expect(await one.counter('calls', 60_000).take(1)).toMatchObject({ used: 1, isTaken: true });
      });

      test('takes nothing back into a window that has not begun', async () => {
        await one.counter('calls', 1000).take(1);
        await delay(1100);
        expect(await one.counter('calls', 1000).giveBack()).toEqual({ used: 0, endsInMs: 0 });
        expect(await other.counter('calls', 1000).read()).toEqual({ used: 0, endsInMs: 0 });
        expect(await other.counter('calls', 1000).take(1)).toMatchObject({ used: 1, isTaken: true });
      });
    });

    describe('entries, which', () => {
      test('are kept for their time, and the same for all', async () => {
        await one.entries.set('a', { text: 'hello' }, 60_000);
        await one.entries.set('b', 1, 50);
        const entry = await other.entries.get<object>('a');
        expect(entry).toEqual({
          value: { text: 'hello' },
          version: expect.any(String),
          leftMs: expect.closeTo(60_000, -3),
        });
        await delay(80);
        expect(await other.entries.get('b')).toBeUndefined();
        expect(await other.entries.get('c')).toBeUndefined();
      });

      test('are sent only if the version differs', async () => {
        await one.entries.set('a', 1, 60_000);
        const version = (await one.entries.get('a'))?.version ?? '';
        expect(await other.entries.getUnless('a', version)).toBe('unchanged');
        expect(await other.entries.getUnless('a', 'none')).toMatchObject({ value: 1 });
        await one.entries.set('a', 1, 60_000);
        expect(await other.entries.getUnless('a', version)).toMatchObject({ value: 1 });
        expect(await other.entries.getUnless('b', version)).toBeUndefined();
      });

      test('are updated in one step', async () => {
        const increment = (store: Store) =>
          store.entries.update<number, number>('n', 60_000, (value = 0) => ({ value: value + 1, result: value + 1 }));
        const all = await Promise.all(Array.from({ length: 40 }, (_each, index) => increment(index % 2 ? one : other)));
        expect(all.map(({ result }) => result).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: 40 }, (_each, index) => index + 1),
        );
        const entry = await one.entries.get('n');
        expect(entry).toMatchObject({ value: 40 });
        const look = await other.entries.update<number, number>('n', 60_000, (value = 0) => ({ result: value }));
        expect(look).toEqual({ result: 40, version: entry?.version });
      });

      test('are updated by a clock that servers share', async () => {
        const now = async (store: Store) =>
          (await store.entries.update<number, number>('n', 60_000, (_value, now) => ({ result: now }))).result;
        const before = await now(one);
        await delay(30);
        const elapsed = (await now(other)) - before;
        expect(elapsed).toBeGreaterThanOrEqual(20);
        expect(elapsed).toBeLessThan(1000);
      });
    });

    test('a lock that one server at a time holds', async () => {
      const lock = await one.lock('a');
      expect(await other.lock('a')).toBeUndefined();
      expect(await one.lock('a')).toBeUndefined();
      expect(await other.lock('b')).toBeDefined();
      await lock?.release();
      const next = await other.lock('a');
      expect(next).toBeDefined();
      await lock?.release();
      if (name === 'redis') expect(await one.lock('a')).toBeUndefined();
      await next?.release();
    });

    describe('once-only keys, which', () => {
      const by = (owner: string, more: Partial<ClaimOptions> = {}): ClaimOptions => ({
        ...{ fingerprint: 'f', owner, leaseMs: 10_000, keepMs: 60_000 },
        ...more,
      });

      test('belong to the first claim, and return its result later', async () => {
        const claims = await Promise.all([one.onceKeys.claim('k', by('one')), other.onceKeys.claim('k', by('other'))]);
        expect(claims.map(({ state }) => state).toSorted()).toEqual(['busy', 'mine']);
        const winner = claims[0]?.state === 'mine' ? 'one' : 'other';
        await one.onceKeys.complete('k', by(winner), '{"a":1}');
        expect(await other.onceKeys.claim('k', by('third'))).toEqual({ state: 'done', result: '{"a":1}' });
        expect(await other.onceKeys.claim('k', by('third', { fingerprint: 'g' }))).toEqual({ state: 'reused' });
      });

      test('are free again if the work failed', async () => {
        await one.onceKeys.claim('k', by('one'));
        await one.onceKeys.free('k', by('stranger'));
        expect(await other.onceKeys.claim('k', by('other'))).toEqual({ state: 'busy' });
        await one.onceKeys.free('k', by('one'));
        expect(await other.onceKeys.claim('k', by('other'))).toEqual({ state: 'mine' });
      });

      test('expire if their owner stops renewing them', async () => {
        await one.onceKeys.claim('k', by('one', { leaseMs: 100 }));
        await delay(60);
        await one.onceKeys.renew('k', by('one', { leaseMs: 100 }));
        await delay(60);
        expect(await other.onceKeys.claim('k', by('other'))).toEqual({ state: 'busy' });
        await delay(80);
        expect(await other.onceKeys.claim('k', by('other'))).toEqual({ state: 'lost' });
        await other.onceKeys.complete('k', by('other'), 'not its own');
        expect(await other.onceKeys.claim('k', by('other'))).toEqual({ state: 'lost' });
        // Slow, not dead.
        await one.onceKeys.complete('k', by('one'), 'late');
        expect(await other.onceKeys.claim('k', by('other'))).toEqual({ state: 'done', result: 'late' });
      });

      test('are taken over only when their owner is silent, and by one server', async () => {
        await one.onceKeys.claim('k', by('one', { leaseMs: 50 }));
        expect(await other.onceKeys.claim('k', by('other', { takesOver: true }))).toEqual({ state: 'busy' });
        await delay(80);
        const late = by('late', { fingerprint: 'g', takesOver: true });
        expect(await other.onceKeys.claim('k', late)).toEqual({ state: 'reused' });
        const owners = ['other', 'third'];
        const claims = await Promise.all(
          owners.map((owner) => other.onceKeys.claim('k', by(owner, { takesOver: true }))),
        );
        expect(claims.map(({ state }) => state).toSorted()).toEqual(['busy', 'mine']);
        await one.onceKeys.complete('k', by('one'), 'of the former owner');
        expect(await one.onceKeys.claim('k', by('fourth'))).toEqual({ state: 'busy' });
      });

      test('without a lease are taken over at once', async () => {
        await one.onceKeys.claim('k', by('one'));
        await one.onceKeys.renew('k', by('one', { leaseMs: 0 }));
        expect(await other.onceKeys.claim('k', by('other'))).toEqual({ state: 'lost' });
        expect(await other.onceKeys.claim('k', by('other', { takesOver: true }))).toEqual({ state: 'mine' });
      });

      test('are granted to their owner again, which may not have had the first response', async () => {
        await one.onceKeys.claim('k', by('one'));
        expect(await one.onceKeys.claim('k', by('one'))).toEqual({ state: 'mine' });
      });

      test('are forgotten after their time', async () => {
        await one.onceKeys.claim('k', by('one', { keepMs: 50 }));
        await one.onceKeys.complete('k', by('one', { keepMs: 50 }), 'x');
        await delay(80);
        expect(await other.onceKeys.claim('k', by('other', { fingerprint: 'g' }))).toEqual({ state: 'mine' });
      });
    });
  });
});
