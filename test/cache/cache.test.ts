import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestScope } from '../../src/freshsales/client.ts';
import type { Priority } from '../../src/freshsales/transport.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { openPair, ownerAndDeals, page, view } from '../quota/pair.ts';
import { openWorld } from '../world.ts';

describe('within a minute', () => {
  test('a repeated page costs no call, and reports the saved call', async () => {
    const { ask, calls } = openPair();
    expect(await calls(page(ownerAndDeals))).toHaveLength(1);
    const { data, requests, extensions } = await ask(page(ownerAndDeals));
    expect(requests).toEqual([]);
    expect(data).toMatchObject({ contacts: { nodes: [{ displayName: 'Ada' }, { displayName: 'Bob' }] } });
    expect(extensions).toMatchObject({ cost: { actualQueryCost: 0, savedByCache: 1 } });
  });

  test('a page with fewer includes, fewer rows, or only the count costs no call', async () => {
    const { calls } = openPair();
    await calls(page(ownerAndDeals));
    expect(await calls(page('displayName owner { email }'))).toEqual([]);
    expect(await calls(page('displayName', ', first: 1'))).toEqual([]);
    expect(await calls(`{ contacts(view: ${view}) { totalCount } }`)).toEqual([]);
  });

  test('a page with more includes is read again', async () => {
    const { calls } = openPair();
    await calls(page('displayName owner { email }'));
    expect(await calls(page(ownerAndDeals))).toEqual([
      `GET /contacts/view/${view}?page=1&per_page=25&include=owner,deals`,
    ]);
    expect(await calls(page('displayName owner { email }'))).toEqual([]);
  });

  test('a record of a page costs no call where the page has every selected field', async () => {
    const { calls, ada, bob, deal } = openPair();
    await calls(page(ownerAndDeals));
    expect(await calls(`{ contact(id: ${ada.id}) { ${ownerAndDeals} } }`)).toEqual([]);
    const ids = [ada, bob].map(({ id }) => `"gid://freshsales/Contact/${id}"`).join();
    expect(await calls(`{ nodes(ids: [${ids}]) { id ... on Contact { jobTitle } } }`)).toEqual([]);
    expect(await calls(`{ deal(id: ${deal.id}) { name amount } }`)).toEqual([]);
  });

  test('missing columns of a side-loaded row are read once', async () => {
    const { calls, company } = openPair();
    await calls(page('primarySalesAccount { name }'));
    const phone = `{ salesAccount(id: ${company.id}) { phone } }`;
    expect(await calls(phone)).toEqual([`GET /sales_accounts/${company.id}`]);
    expect(await calls(phone)).toEqual([]);
    expect(await calls(page('primarySalesAccount { name phone }'))).toEqual([]);
  });

  test('a record is read again with only the missing includes', async () => {
    const { calls, ada } = openPair();
    await calls(`{ contact(id: ${ada.id}) { displayName owner { displayName } } }`);
    expect(await calls(`{ contact(id: ${ada.id}) { owner { displayName } deals { nodes { name } } } }`)).toEqual([
      `GET /contacts/${ada.id}?include=deals`,
    ]);
  });

  test('a missing record is cached for some seconds', async () => {
    const { calls, pass } = openPair();
    const query = '{ contact(id: 99999999999) { displayName } }';
    expect(await calls(query)).toHaveLength(1);
    expect(await calls(query)).toEqual([]);
    pass(11);
    expect(await calls(query)).toHaveLength(1);
  });

  test('repeated searches, lookups and filters cost no call', async () => {
    const { calls } = openPair();
    for (const query of [
      '{ search(query: "ad") { name } }',
      '{ lookup(field: NAME, value: "Ada", types: [CONTACT]) { ... on Contact { displayName } } }',
      '{ filterContacts(where: [{ attribute: "name", operator: IS, value: "Ada" }]) { nodes { displayName } } }',
    ]) {
      expect(await calls(query)).not.toEqual([]);
      expect(await calls(query)).toEqual([]);
    }
  });

  test('an error is not cached', async () => {
    const { sandbox, ask, calls } = openPair();
    sandbox.failNext(/view/, { status: 500, body: {} });
    expect((await ask(page('displayName'))).errors).toHaveLength(1);
    expect(await calls(page('displayName'))).toHaveLength(1);
  });
});

describe('time', () => {
  test('records and pages are kept for a minute, lists for an hour', async () => {
    const { calls, pass } = openPair();
    const lists = '{ owners { id } contactViews { id } }';
    await calls(lists);
    await calls(page('displayName'));
    pass(59);
    expect(await calls(page('displayName'))).toEqual([]);
    pass(1);
    expect(await calls(page('displayName'))).toHaveLength(1);
    pass(3500);
    expect(await calls(lists)).toEqual([]);
    pass(60);
    expect(await calls(lists)).toHaveLength(2);
  });

  test('zero disables the cache', async () => {
    const { calls, cache } = openPair({ cache: { recordsForMs: 0, listsForMs: 0 } });
    for (const _time of [1, 2]) {
      expect(await calls(page('displayName'))).toHaveLength(1);
      expect(await calls('{ owners { id } }')).toHaveLength(1);
    }
    expect(cache.bytes).toBe(0);
  });

  test('the memory of a response is freed when it expires', async () => {
    const { ask, cache } = openWorld({ cache: { recordsForMs: 2000 } });
    await ask(page('displayName'));
    expect(cache.bytes).toBeGreaterThan(1000);
    await expect.poll(() => cache.bytes, { timeout: 10_000 }).toBe(0);
  });

  test('a no-cache request uses no earlier response, and reads each list once', async () => {
    const { calls } = openPair();
    const query = `{ contacts(view: ${view}) { nodes { displayName status { name } } } owners { id } again: owners { email } }`;
    await calls(query);
    expect(await calls(query, { 'cache-control': 'no-cache' })).toEqual(
      expect.arrayContaining(['GET /selector/owners']),
    );
    expect(await calls(query)).toEqual([]);
  });
});

test('the cache keeps no more bytes than configured', async () => {
  const { sandbox, ask, cache } = openWorld({ cache: { maxBytes: 100_000 } });
  for (const { id } of sandbox.rows(contactType).slice(0, 50)) await ask(`{ contact(id: ${id}) { displayName } }`);
  expect(cache.bytes).toBeGreaterThan(50_000);
  expect(cache.bytes).toBeLessThanOrEqual(100_000);
});

describe('concurrent requests', () => {
  test('make the calls of one', async () => {
    const { sandbox, ask, ada } = openPair();
    const query = `${page(ownerAndDeals).slice(0, -1)} contact(id: ${ada.id}) { displayName } owners { id } }`;
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(query)));
    expect(answers.every(({ errors }) => errors === undefined)).toBe(true);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(sandbox.requests).toHaveLength(3);
  });

  test('go on when one hangs up, and abort the call when the last does', async () => {
    const { sandbox, fetch } = openPair({ cache: { recordsForMs: 0 } });
    const slow = { status: 200, body: { contacts: [], meta: { total: 0 } }, delay: 150 };
    sandbox.failNext(/view/, slow);
    const send = (signal: AbortSignal) =>
      fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: page('displayName') }),
        signal,
      });
    const [first, second] = [new AbortController(), new AbortController()];
    const gone = send(first.signal).catch(() => 'gone');
    const stays = send(second.signal);
    setTimeout(() => first.abort(), 50);
    await gone;
    expect((await (await stays).json()).data).toEqual({ contacts: { nodes: [] } });
    expect(sandbox.requests).toHaveLength(1);
  });

  test('are served although the allowance of another one is used up', async () => {
    const { account, company } = openPair();
    const poor = { allow: () => Promise.reject(new Error('none left')), spend() {}, answered() {} };
    const get = (scope: RequestScope) => account.freshsales.for(scope).get(salesAccountType, company.id);
    const [refused, served] = await Promise.allSettled([get({ meter: poor }), get({})]);
    expect(refused).toMatchObject({ status: 'rejected', reason: new Error('none left') });
    expect(served).toMatchObject({ status: 'fulfilled', value: { row: { name: 'Acme' } } });
  });
});

describe('a caller who joins a call in flight', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** An account that has said 429, and then does not answer the call that tries whether it does again. */
  async function openHanging() {
    const { sandbox, account, ada, bob } = openPair({ now: () => new Date() });
    const read = (id: string, priority?: Priority) =>
      account.freshsales
        .for({ priority })
        .get(contactType, id)
        .catch((error: unknown) => error);
    sandbox.failNext(/contacts/, { status: 429, text: '', headers: { 'retry-after': '1' } });
    await read(bob.id);
    await vi.advanceTimersByTimeAsync(1001);
    sandbox.failNext(/contacts/, { status: 200, body: {}, delay: 1_000_000 });
    void read(bob.id);
    await vi.advanceTimersByTimeAsync(1);
    /** Reads Ada, and gives what came of it and after how many seconds. */
    const time = async (priority?: Priority) => {
      const began = Date.now();
      const came = await read(ada.id, priority);
      return { came, seconds: Math.round((Date.now() - began) / 1000) };
    };
    return { time };
  }

  test('waits no longer than for a call of its own', async () => {
    const { time } = await openHanging();
    const waits = Array.from({ length: 6 }, () => time());
    await vi.advanceTimersByTimeAsync(2000);
    waits.push(...Array.from({ length: 6 }, () => time()));
    await vi.advanceTimersByTimeAsync(90_000);
    for (const wait of await Promise.all(waits))
      expect(wait).toEqual({ came: expect.objectContaining({ code: 'RATE_LIMITED' }), seconds: 5 });
  });

  test('does not wait in a queue of lower priority, whose callers get its answer', async () => {
    const quota = { minuteLimit: 10 };
    const { sandbox, account, ada } = openPair({ now: () => new Date(), quota });
    const read = (id: string, priority?: Priority) => account.freshsales.for({ priority }).get(contactType, id);
    for (let id = 1; id <= 9; id += 1) await read(String(id));
    await vi.advanceTimersByTimeAsync(56_000);
    const landed: (Priority | undefined)[] = [];
    const all = (['agent', 'bulk', undefined, 'interactive', 'interactive'] as const).map(async (priority) => {
      const answer = await read(ada.id, priority);
      landed.push(priority);
      return answer?.row.display_name;
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(landed).toHaveLength(5);
    expect(new Set(await Promise.all(all))).toEqual(new Set(['Ada']));
    expect(sandbox.requests).toHaveLength(10);
    await vi.advanceTimersByTimeAsync(60_001);
    expect(account.ledger.minute.used).toBe(0);
    expect(sandbox.requests).toHaveLength(10);
  });
});

describe('when the quota is spent', () => {
  const spent = { behaviours: { hourlyLimit: 1 } };

  test('a stale response is served where that is configured, and is marked', async () => {
    const { ask, calls, pass } = openPair({ ...spent, cache: { staleForMs: 600_000 } });
    await calls(page('displayName'));
    pass(300);
    const { data, errors, extensions } = await ask(page('displayName'));
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ contacts: { nodes: [{ displayName: 'Ada' }, { displayName: 'Bob' }] } });
    expect(extensions).toMatchObject({ stale: { ageSeconds: 300 }, cost: { actualQueryCost: 0 } });
    pass(301);
    expect((await ask(page('displayName'))).errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'RATE_LIMITED' }) }),
    ]);
  });

  test('no stale response is served by default, nor for no-cache', async () => {
    for (const [cache, headers] of [
      [{}, {}] as const,
      [{ staleForMs: 600_000 }, { 'cache-control': 'no-cache' }] as const,
    ]) {
      const { ask, calls, pass } = openPair({ ...spent, cache });
      await calls(page('displayName'));
      pass(300);
      expect((await ask(page('displayName'), {}, headers)).errors).toHaveLength(1);
    }
  });
});

test('cached rows are frozen', async () => {
  const { account, company, calls } = openPair();
  await calls(page('displayName'));
  const read = async () => (await account.freshsales.for({}).get(salesAccountType, company.id))?.row;
  const row = await read();
  expect(() => Object.assign(row ?? {}, { name: 'Parrot' })).toThrow(TypeError);
  expect(await read()).toBe(row);
});
