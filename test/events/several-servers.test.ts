import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordChange } from '../../src/records/changes.ts';
import { createRedisStore } from '../../src/stores/redis/redis-store.ts';
import type { Store } from '../../src/stores/store.ts';
import { hasRedis, type RedisServer, startRedis } from '../stores/redis-server.ts';
import { openLive } from './live.ts';

let redis: RedisServer;
const stores: Store[] = [];
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  if (hasRedis) await redis.stop();
});

/** Two servers that share a feed and a cache. */
async function openTwo() {
  const account = randomUUID();
  const open = async () => {
    const store = await createRedisStore({ url: redis.url, account, warn: () => {} });
    stores.push(store);
    return openLive({ log: store.log<RecordChange>('changes'), cache: { store } });
  };
  return [await open(), await open()] as const;
}

describe.skipIf(!hasRedis)('servers that share Redis', () => {
  test('deliver what another one was told, and resume with its cursors', async () => {
    const [one, other] = await openTwo();
    const { next, stop } = await other.subscribe('subscription { changes { recordId } }');
    await one.hook('/deal/updated', { id: 1 });
    const delivered = await next();
    expect(delivered?.result.data?.changes.recordId).toBe('gid://freshsales/Deal/1');
    await stop();
    await other.hook('/deal/updated', { id: 2 });
    const resumed = await one.subscribe('subscription ($after: String) { changes(after: $after) { recordId } }', {
      after: delivered?.id,
    });
    expect((await resumed.next())?.result.data?.changes.recordId).toBe('gid://freshsales/Deal/2');
  });

  test('recognise the echo of a write that another one made', async () => {
    const [one, other] = await openTwo();
    await one.feed.addWrites([{ type: 'Contact', id: '5', action: 'updated' }], performance.now());
    await other.hook('/contact/updated', { id: 5 });
    expect(await one.changes()).toEqual(['Contact/5 UPDATED MUTATION']);
  });

  test('merge reports of one record that reach different servers', async () => {
    const [one, other] = await openTwo();
    await one.hook('/contact/updated', { id: 5 });
    await other.hook('/contact/updated', { id: 5 });
    expect(await one.changes()).toEqual(['Contact/5 UPDATED WEBHOOK']);
  });

  test('refuse webhooks with 503 while Redis does not answer, and take them again afterwards', async () => {
    const [one] = await openTwo();
    await one.hook('/deal/updated', { id: 1 });
    redis.pause();
    const refused = await one.hook('/deal/updated', { id: 2 });
    redis.resume();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    await expect.poll(async () => (await one.hook('/deal/updated', { id: 3 })).status, { timeout: 10_000 }).toBe(202);
    expect(await one.changes()).toEqual(['Deal/1 UPDATED WEBHOOK', 'Deal/3 UPDATED WEBHOOK']);
  });
});
