import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { dealType } from '../../src/resources/deal/record.ts';
import { openWorld, passThrough } from '../world.ts';
import { ask, call, connect, type Era, listen } from './listen.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function open(...options: Parameters<typeof listen>) {
  const opened = await listen(...options);
  closing.push(opened.close);
  return opened;
}

describe.each<Era>(['legacy', 'modern'])('with a client of the %s protocol', (era) => {
  test('finds the schema, queries, previews, changes and deletes', async () => {
    const { url, sandbox } = await open();
    const client = await connect(url, { era });
    expect(client.getProtocolEra()).toBe(era);
    const requests = (from: number) => sandbox.requests.slice(from);

    expect((await call(client, 'schema', { search: 'update deal' })).text).toContain('mutation updateDeal(');
    expect(sandbox.requests).toEqual([]);

    const [deal] = sandbox.rows(dealType);
    const id = deal?.id ?? '';
    const read = await ask(client, 'query', {
      query: 'query ($id: ID!) { deal(id: $id) { id name closedOn } }',
      variables: { id },
    });
    expect(read).toEqual({
      data: {
        deal: {
          id: `gid://freshsales/Deal/${id}`,
          name: deal?.name,
          ...(deal?.closed_date && { closedOn: deal.closed_date }),
        },
      },
      cost: { calls: 1, left: 999 },
      isError: false,
    });
    expect(sandbox.requests).toEqual([`GET /deals/${id}`]);

    const rename = {
      query:
        'mutation ($id: ID!) { updateDeal(id: $id, input: { name: "Renamed" }) { deal { name } userErrors { message } } }',
      variables: { id },
    };
    const seen = await ask(client, 'mutate', { ...rename, preview: true });
    expect(seen).toMatchObject({
      preview: { calls: 1, writes: [{ changes: [{ field: 'name', from: deal?.name, to: 'Renamed' }] }] },
      isError: false,
    });
    expect(sandbox.get(dealType, id)?.name).toBe(deal?.name);

    const before = sandbox.requests.length;
    expect(await ask(client, 'mutate', { ...rename, idempotencyKey: 'once' })).toMatchObject({
      data: { updateDeal: { deal: { name: 'Renamed' }, userErrors: [] } },
      cost: { calls: 1 },
    });
    await ask(client, 'mutate', { ...rename, idempotencyKey: 'once' });
    expect(requests(before)).toEqual([`PUT /deals/${id}`]);

    expect(
      await ask(client, 'delete', { query: `mutation { deleteDeal(id: ${id}) { userErrors { message } } }` }),
    ).toMatchObject({ data: { deleteDeal: { userErrors: [] } }, isError: false });
    expect(requests(before)).toEqual([`PUT /deals/${id}`, `DELETE /deals/${id}`]);
    await client.close();
  });

  test('stops the work when the client hangs up', async () => {
    const { url, sandbox } = await open();
    sandbox.failNext(/view/, { status: 500, delay: 1500 });
    const hangUp = new AbortController();
    // The connection itself is cut, as when the client dies.
    const client = await connect(url, { era, signal: hangUp.signal });
    const answer = call(client, 'query', {
      query: '{ contacts(view: 31003548176, first: 3) { nodes { activities { type } } } }',
    }).catch(() => 'cut');
    await setTimeout(300);
    hangUp.abort();
    expect(await answer).toBe('cut');
    await setTimeout(1700);
    expect(sandbox.requests).toEqual(['GET /contacts/view/31003548176?page=1&per_page=3']);
  });
});

describe('errors', () => {
  test.each([
    [
      'query',
      '{ deals { nodes { nme } } }',
      {
        code: 'GRAPHQL_VALIDATION_FAILED',
        next: expect.stringMatching(/^Deal has: .*\bname\b.* schema with search “Deal”/),
      },
    ],
    [
      'query',
      '{ deals(fist: 1) { totalCount } }',
      {
        code: 'GRAPHQL_VALIDATION_FAILED',
        next: expect.stringContaining('deals(after: String, before: String, first: Int'),
      },
    ],
    [
      'mutate',
      'mutation { createDeal(input: { name: "x", amount: 1, stag: 1 }) { deal { id } } }',
      { code: 'GRAPHQL_VALIDATION_FAILED', next: expect.stringContaining('stageId: ID #') },
    ],
    ['query', '{ deals(', { code: 'BAD_USER_INPUT', message: expect.stringContaining('Syntax Error') }],
    [
      'query',
      'mutation { deleteDeal(id: 1) { userErrors { message } } }',
      {
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining('for the tool delete, not for query. Nothing was sent'),
      },
    ],
    [
      'mutate',
      'mutation { deleteDeal(id: 1) { userErrors { message } } }',
      { message: expect.stringContaining('for the tool delete, not for mutate') },
    ],
    [
      'delete',
      'mutation { updateDeal(id: 1, input: {}) { userErrors { message } } }',
      { message: expect.stringContaining('for the tool mutate, not for delete') },
    ],
    [
      'query',
      '{ contacts(first: 500) { nodes { activities { type } } } }',
      { code: 'COST_LIMIT_EXCEEDED', next: expect.stringContaining('plan tells the cost') },
    ],
  ])('%s %s', async (tool, query, error) => {
    const { url, sandbox } = await open();
    const client = await connect(url);
    const answer = await ask(client, tool, { query });
    expect(answer).toMatchObject({ isError: true, errors: [error] });
    expect(sandbox.requests).toEqual([]);
  });

  test('says how long to wait if no calls are left', async () => {
    const { url, sandbox } = await open();
    const client = await connect(url);
    sandbox.failNext(/deals/, { status: 429, headers: { 'retry-after': '60' } }, 9);
    const { errors } = await ask(client, 'query', { query: '{ deal(id: 1) { name } }' });
    expect(errors).toMatchObject([
      {
        code: 'RATE_LIMITED',
        retryAfter: expect.any(Number),
        next: expect.stringMatching(/^Wait \d+ seconds, until \d{4}-.*Z; /),
      },
    ]);
  });

  test('returns the rest if a part fails', async () => {
    const { url, sandbox } = await open();
    const client = await connect(url);
    sandbox.failNext(/selector/, { status: 500 }, 9);
    expect(
      await ask(client, 'query', { query: '{ deals(first: 1) { totalCount } owners { displayName } }' }),
    ).toMatchObject({
      isError: false,
      data: { deals: { totalCount: expect.any(Number) } },
      errors: [{ code: 'UPSTREAM_ERROR', at: 'owners', next: expect.stringContaining('Try again') }],
    });
  });
});

describe('authentication', () => {
  const byKey = () => {
    const { account } = openWorld();
    return passThrough(() => account);
  };

  test('refuses the first message without credentials', async () => {
    const { url } = await open({ connect: byKey() });
    await expect(connect(url)).rejects.toThrow();
    await expect(connect(url, { headers: { authorization: 'Bearer guessed' } })).rejects.toThrow();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('Authorization') } });
  });

  test('accepts credentials in production, where others cannot read the schema', async () => {
    const { url } = await open({ connect: byKey(), production: true });
    const client = await connect(url, { headers: { authorization: 'Token token=mine' } });
    expect((await call(client, 'schema', { search: 'deal' })).text).toContain('type Deal {');
    expect(await ask(client, 'query', { query: '{ deals { totalCount } }' })).toMatchObject({ isError: false });
  });

  test('serves two clients at once, each with its own account', async () => {
    const worlds = { one: openWorld(), two: openWorld() };
    const { url } = await open({ connect: passThrough((key) => worlds[key === 'one' ? 'one' : 'two'].account) });
    const clients = await Promise.all(
      ['one', 'two'].map((key) => connect(url, { headers: { authorization: `Token token=${key}` } })),
    );
    const query = '{ owners { displayName } dealStages { name } }';
    const answers = await Promise.all(
      [...clients, ...clients, ...clients].map((client) => ask(client, 'query', { query })),
    );
    expect(answers.every(({ isError }) => !isError)).toBe(true);
    for (const { sandbox } of Object.values(worlds))
      expect(sandbox.requests.toSorted()).toEqual(['GET /selector/deal_stages', 'GET /selector/owners']);
  });
});

describe('the MCP endpoint', () => {
  const post = (url: string, body: string, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body,
    });
  const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });

  test.each<[string, string, Record<string, string>, number]>([
    ['a message', list, {}, 200],
    ['a page of another origin', list, { origin: 'https://evil.example' }, 403],
    ['no JSON by its type', list, { 'content-type': 'text/plain' }, 415],
    ['no JSON by its content', '{', {}, 400],
    ['several messages at once', `[${list},${list}]`, {}, 400],
    ['a body without end', ' '.repeat(1_000_001), {}, 413],
  ])('%s', async (_what, body, headers, status) => {
    const { url } = await open();
    expect((await post(url, body, headers)).status).toBe(status);
  });

  test('answers only to loopback names if the server does', async () => {
    const { yoga } = openWorld();
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const response = await yoga.fetch('http://rebound.example/mcp', { method: 'POST', headers, body: list });
    expect(response.status).toBe(403);
  });

  test('is stateless, and has no stream to listen to', async () => {
    const { url } = await open();
    expect((await fetch(url, { headers: { accept: 'text/event-stream' } })).status).toBe(405);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
    expect((await post(url, list)).headers.get('mcp-session-id')).toBeNull();
  });

  test('can be disabled', async () => {
    const { url } = await open({ mcp: false });
    expect((await post(url, list)).status).toBe(404);
  });

  test('answers concurrent first requests while it is still loading', async () => {
    const { url } = await open();
    const answers = await Promise.all([post(url, list), post(url, list), post(url, list)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
