import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedLog } from '../../src/stores/embedded/embedded-log.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { createRedisStore } from '../../src/stores/redis/redis-store.ts';
import type { Log, LogLimits, Store } from '../../src/stores/store.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
let redis: RedisServer;
const stores: Store[] = [];
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  if (hasRedis) await redis.stop();
  rmSync(folder, { recursive: true });
});

/** A log and a way to open it again, as another server or after a restart. */
const openers = {
  memory: async (limits: Partial<LogLimits>) => {
    const store = createMemoryStore();
    return async () => store.log<number>('changes', limits);
  },
  embedded: async (limits: Partial<LogLimits>) => {
    const path = join(folder, randomUUID());
    return async () => openEmbeddedLog<number>({ folder: path, ...limits });
  },
  redis: async (limits: Partial<LogLimits>) => {
    const account = randomUUID();
    return async () => {
      const store = await createRedisStore({ url: redis.url, account, warn: () => {} });
      stores.push(store);
      return store.log<number>('changes', limits);
    };
  },
};

const valuesAfter = async (log: Log<number>, after: number, limit = 100) =>
  (await log.read(after, limit)).map(({ position, value }) => [position, value]);

describe.each([
  ['memory', true],
  ['embedded', true],
  ['redis', hasRedis],
] as const)('the %s log', (name, isAvailable) => {
  describe.skipIf(!isAvailable)('keeps entries that', () => {
    test('have consecutive positions, over a second opening as well', async () => {
      const open = await openers[name]({});
      const one = await open();
      expect(await one.bounds()).toMatchObject({ first: 1, last: 0 });
      const [first] = await one.append([10]);
      expect(first).toEqual({ position: 1, at: expect.closeTo(Date.now(), -4), value: 10 });
      await Promise.all([one.append([20, 30]), one.append([40])]);
      const other = await open();
      expect(await other.append([50])).toMatchObject([{ position: 5, value: 50 }]);
      expect(await valuesAfter(one, 0)).toEqual([
        [1, 10],
        [2, 20],
        [3, 30],
        [4, 40],
        [5, 50],
      ]);
      expect(await valuesAfter(one, 2, 2)).toEqual([
        [3, 30],
        [4, 40],
      ]);
      expect(await valuesAfter(one, 5)).toEqual([]);
      expect(await other.bounds()).toEqual({ ...(await one.bounds()), first: 1, last: 5 });
    });

    test('are removed when there are too many', async () => {
      const log = await (await openers[name]({ maxEntries: 3 }))();
      for (let value = 1; value <= 5; value += 1) await log.append([value]);
      expect(await log.bounds()).toMatchObject({ first: 3, last: 5 });
      expect(await valuesAfter(log, 0)).toEqual([
        [3, 3],
        [4, 4],
        [5, 5],
      ]);
    });

    test('are removed when they are too old, and do not give their positions away', async () => {
      const log = await (await openers[name]({ maxAgeMs: 50 }))();
      await log.append([1, 2]);
      await delay(80);
      expect(await log.bounds()).toMatchObject({ first: 3, last: 2 });
      expect(await log.append([3])).toMatchObject([{ position: 3 }]);
      expect(await log.bounds()).toMatchObject({ first: 3, last: 3 });
    });

    test('have named values beside them', async () => {
      const open = await openers[name]({});
      const log = await open();
      await log.setValue('poll Contact', { at: 1 });
      await log.setValue('poll Deal', 2);
      await log.setValue('id', 3);
      expect((await log.bounds()).id).not.toBe(3);
      const other = await open();
      expect(await other.values('poll ')).toEqual(
        new Map<string, unknown>([
          ['poll Contact', { at: 1 }],
          ['poll Deal', 2],
        ]),
      );
      await other.setValue('poll Deal', undefined);
      expect([...(await log.values('poll ')).keys()]).toEqual(['poll Contact']);
    });
  });
});
