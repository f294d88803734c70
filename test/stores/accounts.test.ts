import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAccounts } from '../server/several-accounts.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';

let redis: RedisServer;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(async () => {
  if (hasRedis) await redis.stop();
});

/** Two servers of two accounts that have the same records, and the same key. */
async function openTwo(caller = '') {
  const { openServer, all, ...one } = await openAccounts(2, { REDIS_URL: redis.url }, { key: 'same-key', caller });
  return { all, one, other: await openServer() };
}

const used = async ({ ask }: Awaited<ReturnType<typeof openTwo>>['one'], index: number) => {
  const { data } = await ask(index, '{ rateLimit { limit remaining } }');
  const { limit, remaining } = (data as { rateLimit: { limit: number; remaining: number } }).rateLimit;
  return limit - remaining;
};

const NAMES = '{ salesAccounts(first: 1) { nodes { name } } }';
const create = (name: string) =>
  `mutation { createSalesAccount(input: { name: "${name}" }) { salesAccount { databaseId } userErrors { code } } }`;

describe.skipIf(!hasRedis)('two servers of two accounts that share Redis', () => {
  test('share quota and cache for each account, and not between accounts', async () => {
    const { one, other } = await openTwo();
    const { requests } = await one.ask(0, NAMES);
    expect(requests).toEqual([2, 0]);
    expect((await other.ask(0, NAMES)).requests).toEqual([0, 0]);
    expect((await other.ask(1, NAMES)).requests).toEqual([0, 2]);
    // A server sees the calls of others with its own next call.
    expect((await other.ask(0, NAMES, { 'cache-control': 'no-cache' })).requests).toEqual([2, 0]);
    expect([await used(other, 0), await used(other, 1)]).toEqual([4, 2]);
  });

  test('run a write with the same idempotency key once for each account', async () => {
    const { one, other, all } = await openTwo();
    const headers = { 'idempotency-key': 'import of Monday' };
    const write = create('Once for each');
    const answers = [
      await one.ask(0, write, headers),
      await other.ask(0, write, headers),
      await other.ask(1, write, headers),
    ];
    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined, undefined]);
    expect(answers.map(({ requests }) => requests)).toEqual([
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
    expect(answers[1]?.data).toEqual(answers[0]?.data);
    for (const { sandbox } of all)
      expect(sandbox.requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  });

  test('accept a confirmation for its account only, once', async () => {
    const { one, other, all } = await openTwo(', confirm: [bulk], bulkFrom: 1');
    const write = create('To be confirmed');
    const { errors } = await one.ask(0, write);
    const confirmationToken = errors?.[0]?.extensions.confirmationToken;
    expect(confirmationToken).toEqual(expect.any(String));
    const confirmed = { query: write, extensions: { confirmationToken } };
    const refused = [{ extensions: { code: 'CONFIRMATION_REQUIRED' } }];
    expect(await other.ask(1, confirmed)).toMatchObject({ errors: refused, requests: [0, 0] });
    expect((await other.ask(0, confirmed)).errors).toBeUndefined();
    expect(await one.ask(0, confirmed)).toMatchObject({ errors: refused });
    expect(all.map(({ sandbox }) => sandbox.requests.filter((request) => request.startsWith('POST')).length)).toEqual([
      1, 0,
    ]);
  });

  test('tell the callers of an account about its changes only, whichever server heard of them', async () => {
    const { one, other } = await openTwo();
    expect((await one.hook('secret-of-0')).status).toBe(202);
    const changes = (after = '') => `{ changes${after} { nodes { recordId } pageInfo { endCursor } } }`;
    const first = (await other.ask(0, changes())).data as {
      changes: { nodes: unknown[]; pageInfo: { endCursor: string } };
    };
    expect(first.changes.nodes).toEqual([{ recordId: 'gid://freshsales/Contact/4711' }]);
    expect(await other.ask(1, changes())).toMatchObject({ data: { changes: { nodes: [] } } });
    const foreign = await one.ask(1, changes(`(after: "${first.changes.pageInfo.endCursor}")`));
    expect(foreign.errors).toMatchObject([{ message: expect.stringMatching(/belongs to another change feed/) }]);
  });

  test('read global ids and cursors of one account in the account of the caller', async () => {
    const { one, other } = await openTwo();
    const { data } = await one.ask(0, create('Only in the first'));
    const { databaseId } = (data as { createSalesAccount: { salesAccount: { databaseId: string } } }).createSalesAccount
      .salesAccount;
    const node = `{ node(id: "gid://freshsales/SalesAccount/${databaseId}") { id } }`;
    expect(await one.ask(0, node)).toMatchObject({ data: { node: { id: expect.any(String) } } });
    expect(await other.ask(1, node)).toMatchObject({ data: { node: null }, requests: [0, expect.any(Number)] });
    const page = (after = '') => `{ salesAccounts(first: 2${after}) { nodes { name } pageInfo { endCursor } } }`;
    const walked = (await one.ask(0, page())).data as { salesAccounts: { pageInfo: { endCursor: string } } };
    const next = await other.ask(1, page(`, after: "${walked.salesAccounts.pageInfo.endCursor}"`));
    expect(next.requests[0]).toBe(0);
    expect(JSON.stringify(next.data)).not.toContain('Only in the first');
  });

  test('share automatic persisted queries, which contain no data', async () => {
    const { one, other } = await openTwo();
    const { createHash } = await import('node:crypto');
    const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(NAMES).digest('hex') };
    expect((await one.ask(0, { query: NAMES, extensions: { persistedQuery } })).errors).toBeUndefined();
    const { errors, requests } = await other.ask(1, { extensions: { persistedQuery } });
    expect(errors).toBeUndefined();
    expect(requests[0]).toBe(0);
  });
});
