import { afterEach, describe, expect, test } from 'vitest';
import { createRedisStore } from '../../src/stores/redis/redis-store.ts';
import { hasRedis, openAddress, type RedisServer, startRedis } from './redis-server.ts';

describe.skipIf(!hasRedis)('a failover', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function start() {
    const server = await startRedis();
    closing.push(() => server.stop());
    return server;
  }

  async function open(url: string) {
    const warnings: string[] = [];
    const store = await createRedisStore({ url, account: 'failover', warn: (text) => warnings.push(text) });
    closing.push(() => store.close());
    const count = async () => (await store.counter('calls', 60_000).take(100)).used;
    return { store, warnings, count };
  }

  const demote = (server: RedisServer, master: RedisServer) =>
    server.run((client) => client.replicaof('127.0.0.1', master.port));
  const promote = (server: RedisServer) => server.run((client) => client.replicaof('NO', 'ONE'));

  test('to a replica is followed, with what it has', { timeout: 30_000 }, async () => {
    const [master, replica] = [await start(), await start()];
    await demote(replica, master);
    const address = await openAddress(master);
    closing.push(address.close);
    const { store, warnings, count } = await open(address.url);
    const generation = store.generation();
    expect([await count(), await count()]).toEqual([1, 2]);
    const sizes = () => Promise.all([master, replica].map((server) => server.run((client) => client.dbsize())));
    await expect.poll(async () => new Set(await sizes()).size, { timeout: 10_000 }).toBe(1);
    await promote(replica);
    await demote(master, replica);
    address.pointTo(replica);
    // The connection to the old master is still open, and refuses writes.
    await expect(count()).rejects.toThrow('Redis cannot be reached.');
    expect(store.status()).toBe('degraded');
    expect(warnings).toEqual([expect.stringContaining('(READONLY)')]);
    await expect.poll(() => store.status(), { timeout: 10_000 }).toBe('ok');
    expect(await count()).toBe(3);
    // Confirmation tokens from before are not valid: the replica may not know all that were used.
    expect(store.generation()).not.toBe(generation);
  });

  test('is waited for as long as the address leads to a replica, which is reported once', {
    timeout: 30_000,
  }, async () => {
    const [master, other] = [await start(), await start()];
    const { store, warnings, count } = await open(master.url);
    expect(await count()).toBe(1);
    await demote(master, other);
    await expect(count()).rejects.toThrow('Redis cannot be reached.');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(store.status()).toBe('degraded');
    expect(warnings).toHaveLength(1);
    await promote(master);
    await expect.poll(() => store.status(), { timeout: 10_000 }).toBe('ok');
    expect(await count()).toBeGreaterThan(0);
    expect(warnings).toEqual([expect.any(String), expect.stringContaining('is back')]);
  });
});
