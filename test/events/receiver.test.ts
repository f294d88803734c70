import { describe, expect, test } from 'vitest';
import { openLive, SECRET } from './live.ts';

const basic = (password: string) => `Basic ${Buffer.from(`freshsales:${password}`).toString('base64')}`;

describe('the secret', () => {
  test.each([
    ['in its header', { 'x-webhook-secret': SECRET }, 202],
    ['as Basic password', { authorization: basic(SECRET) }, 202],
    ['as the whole Authorization header', { authorization: SECRET }, 202],
    ['missing', {}, 401],
    ['wrong', { 'x-webhook-secret': 'guess' }, 401],
    ['empty', { 'x-webhook-secret': '' }, 401],
    ['the beginning of it', { 'x-webhook-secret': SECRET.slice(0, -1) }, 401],
    ['a wrong Basic password', { authorization: basic('guess') }, 401],
    ['as Basic user', { authorization: `Basic ${Buffer.from(`${SECRET}:`).toString('base64')}` }, 401],
    ['as a Bearer token', { authorization: `Bearer ${SECRET}` }, 401],
  ])('%s', async (_name, headers: Record<string, string>, status) => {
    const live = openLive();
    const response = await live.http.fetch('http://127.0.0.1/webhooks/freshsales/deal/updated', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"id":7}',
    });
    expect(response.status).toBe(status);
    expect(await live.changes()).toEqual(status === 202 ? ['Deal/7 UPDATED WEBHOOK'] : []);
    if (status === 401) {
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic/);
      expect(await response.text()).not.toContain('guess');
    }
  });

  test('may come in a header with another name', async () => {
    const { feed } = openLive();
    const named = openLive({
      server: {
        webhooks: [{ secret: SECRET, header: 'x-freshsales-secret', take: (reports) => feed.addReports(reports) }],
      },
    });
    const send = (name: string) =>
      named.http.fetch('http://127.0.0.1/webhooks/freshsales/deal/created', {
        method: 'POST',
        headers: { [name]: SECRET },
        body: '{"id":7}',
      });
    expect((await send('x-freshsales-secret')).status).toBe(202);
    expect((await send('x-webhook-secret')).status).toBe(401);
  });
});

test.each(['POST', 'PUT', 'PATCH'])('takes %s with JSON and with a form', async (method) => {
  const { hook, changes } = openLive();
  expect((await hook('/deal/updated', { id: 1 }, { method })).status).toBe(202);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await hook('/deal/created', 'deal_id=2', { method, headers: form })).status).toBe(202);
  expect((await hook('/deal/deleted', '{"id":3}', { method, headers: { 'content-type': 'text/plain' } })).status).toBe(
    202,
  );
  expect(await changes()).toEqual(['Deal/1 UPDATED WEBHOOK', 'Deal/2 CREATED WEBHOOK', 'Deal/3 DELETED WEBHOOK']);
});

test('takes GET with a query, and no other method', async () => {
  const { hook, changes } = openLive();
  expect((await hook('/contact/updated', '', { method: 'GET', query: '?contact_id=4' })).status).toBe(202);
  const refused = await hook('/contact/updated', { id: 1 }, { method: 'DELETE' });
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST, PUT, PATCH, GET, OPTIONS']);
  expect(await changes()).toEqual(['Contact/4 UPDATED WEBHOOK']);
});

test.each([
  ['/sales_account/created', 'SalesAccount/7 CREATED WEBHOOK'],
  ['/salesAccount/updated', 'SalesAccount/7 UPDATED WEBHOOK'],
  ['/sales-account/deleted', 'SalesAccount/7 DELETED WEBHOOK'],
  ['/lead/updated', 'Lead/7 UPDATED WEBHOOK'],
  ['/task/updated', 'Task/7 UPDATED WEBHOOK'],
  ['/appointment/updated', 'Appointment/7 UPDATED WEBHOOK'],
  ['/note/created', 'Note/7 CREATED WEBHOOK'],
  ['/salesActivity/created', 'SalesActivity/7 CREATED WEBHOOK'],
])('%s is a path', async (path, change) => {
  const { hook, changes } = openLive();
  expect((await hook(path, { id: 7 })).status).toBe(202);
  expect(await changes()).toEqual([change]);
});

test.each(['/deal', '/deal/', '/deal/moved', '/company/updated', '/product/updated', '/deal/updated/7', '/'])(
  '%s is not found',
  async (path) => {
    const { hook } = openLive();
    expect((await hook(path, { id: 7 })).status).toBe(404);
  },
);

test('webhooks are not found until there is a secret', async () => {
  const { hook } = openLive({ server: { webhooks: [] } });
  expect((await hook('/deal/updated', { id: 7 })).status).toBe(404);
  expect((await hook('', { deal_id: 7 })).status).toBe(404);
});

test('takes webhooks for any host, as they come through tunnels', async () => {
  const { http } = openLive();
  const send = (path: string) =>
    http.fetch(`http://abc.tunnel.example${path}`, {
      method: 'POST',
      headers: { 'x-webhook-secret': SECRET, 'content-type': 'application/json' },
      body: '{"id":7}',
    });
  expect((await send('/webhooks/freshsales/deal/updated')).status).toBe(202);
  expect((await send('/graphql')).status).toBe(403);
});

test('refuses what names no record, and repeats nothing of it', async () => {
  const { hook, changes } = openLive();
  const refused = await hook('/deal/updated', { id: '{{deal.id}}', name: 'Amara' });
  expect(refused.status).toBe(400);
  const text = await refused.text();
  expect(text).toContain('A placeholder in it was not filled in.');
  expect(text).not.toContain('Amara');
  expect(await (await hook('', { name: 'Amara' })).text()).toContain('/webhooks/freshsales/{type}/{event}');
  expect(await changes()).toEqual([]);
});

test('refuses a huge body, without reading it where its length is known', async () => {
  const { hook } = openLive();
  const huge = JSON.stringify({ id: 7, name: 'x'.repeat(1_100_000) });
  expect((await hook('/deal/updated', huge)).status).toBe(413);
  expect((await hook('/deal/updated', huge, { headers: { 'x-webhook-secret': 'guess' } })).status).toBe(401);
});

test('absorbs a flood, and calls Freshsales for none of it', async () => {
  const { hook, sandbox, ask, cache } = openLive();
  const count = 2000;
  const statuses = new Set<number>();
  for (let sent = 0; sent < count; sent += 100)
    await Promise.all(
      Array.from({ length: 100 }, async (_each, index) =>
        statuses.add((await hook('/contact/updated', { id: sent + index + 1 })).status),
      ),
    );
  expect([...statuses]).toEqual([202]);
  expect(sandbox.requests).toEqual([]);
  const { data } = await ask('{ changes(first: 0) { pageInfo { endCursor } } }');
  expect(data).not.toBeNull();
  expect(cache.bytes).toBeLessThan(1_000_000);
});
