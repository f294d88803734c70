import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { createOnce, type Keep, type Progress } from '../../src/stores/once.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';
import { openServers } from './servers.ts';

interface Steps {
  readonly steps: readonly number[];
  readonly isOpen?: boolean;
}

const keep: Keep<Steps> = {
  value: () => true,
  error: () => true,
  own: () => false,
  isUnfinished: ({ isOpen }) => isOpen === true,
};

const add =
  (step: number, more: Partial<Steps> = {}) =>
  async ({ last, save }: Progress<Steps>): Promise<Steps> => {
    const steps = [...(last?.steps ?? []), step];
    await save({ steps });
    return { steps, ...more };
  };

describe('work that saves its progress', () => {
  /** Two servers, and a clock. */
  function open() {
    let time = 0;
    const store = createMemoryStore({ now: () => time });
    const [one, other] = [createOnce({ store }), createOnce({ store })];
    const wait = (ms: number) => {
      time += ms;
    };
    return { one, other, wait };
  }

  test('is continued by another server after its own has stopped', async () => {
    const { one, other, wait } = open();
    void one.run('k', 'f', async (progress) => add(1)(progress).then(() => new Promise<never>(() => {})), keep);
    await new Promise((resolve) => setTimeout(resolve, 10));
    wait(11_000);
    expect(await other.run('k', 'f', add(2), keep)).toEqual({ kind: 'done', value: { steps: [1, 2] } });
    expect(await other.run('k', 'f', add(3), keep)).toEqual({ kind: 'done', value: { steps: [1, 2] } });
  });

  test('is lost if it saved none', async () => {
    const { one, other, wait } = open();
    void one.run('k', 'f', () => new Promise<never>(() => {}), keep);
    await new Promise((resolve) => setTimeout(resolve, 10));
    wait(11_000);
    expect(await other.run('k', 'f', add(2), keep)).toEqual({ kind: 'lost' });
  });

  test('is continued by either server if unfinished, and by none if finished', async () => {
    const { one, other } = open();
    await one.run('k', 'f', add(1, { isOpen: true }), keep);
    expect(await other.run('k', 'f', add(2, { isOpen: true }), keep)).toMatchObject({ value: { steps: [1, 2] } });
    expect(await one.run('k', 'f', add(3), keep)).toMatchObject({ value: { steps: [1, 2, 3] } });
    for (const server of [one, other])
      expect(await server.run('k', 'f', add(4), keep)).toMatchObject({ value: { steps: [1, 2, 3] } });
    expect(await other.run('k', 'g', add(5), keep)).toEqual({ kind: 'reused' });
  });

  test('is continued after a fault', async () => {
    const fail = async (progress: Progress<Steps>) =>
      add(1)(progress).then(() => {
        throw new Error('fault');
      });
    for (const [one, other] of [Array(2).fill(createOnce()), Object.values(open())]) {
      await expect(one.run('k', 'f', fail, keep)).rejects.toThrow('fault');
      expect(await other.run('k', 'f', add(2), keep)).toMatchObject({ value: { steps: [1, 2] } });
    }
  });

  test('starts again if nothing was done, also with another request', async () => {
    const { one, other } = open();
    const nothing: Keep<Steps> = { ...keep, value: () => false };
    await one.run('k', 'f', add(1), nothing);
    expect(await other.run('k', 'g', add(2), keep)).toMatchObject({ value: { steps: [2] } });
  });
});

describe.skipIf(!hasRedis)('a bulk upsert with a key', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('that was interrupted is continued on another server', async () => {
    const { sandbox, open } = openServers(redis, { Writer: 'grants: { contacts: full, salesAccounts: full }' });
    sandbox.behaviours.jobSeconds = 0;
    const [one, other] = [await open(), await open()];
    const rows = Array.from({ length: 250 }, (_, index) => `{ email: "p${index}@x.example", data: { city: "x" } }`);
    const query = `mutation { it: bulkUpsertContacts(input: [${rows}]) @idempotent(key: "${randomUUID()}") { succeeded notSent unknown interruption { code } } }`;
    sandbox.failNext(/job_statuses/, { status: 403, text: '' }, 3);
    const first = await one.send('Writer', query);
    expect(first.data).toMatchObject({ it: { succeeded: 0, interruption: { code: 'FORBIDDEN' } } });
    const second = await other.send('Writer', query);
    expect(second.data).toEqual({ it: { succeeded: 250, notSent: 0, unknown: 0, interruption: null } });
    expect(sandbox.requests.filter((each) => each.startsWith('POST'))).toHaveLength(3);
    expect(sandbox.rows(contactType).filter(({ city }) => city === 'x')).toHaveLength(250);
    expect(await one.send('Writer', query)).toMatchObject({ data: second.data ?? {} });
  });
});
