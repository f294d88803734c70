import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { openWorld } from '../world.ts';

const error = (code: string, more = {}) =>
  expect.objectContaining({ extensions: expect.objectContaining({ code, ...more }) });

const failures = [
  ['401', { status: 401, body: { login: 'failed', message: null } }, 'UNAUTHENTICATED'],
  ['403', { status: 403, body: { errors: { code: 403, message: ['U bent niet bevoegd.'] } } }, 'FORBIDDEN'],
  ['405', { status: 405, body: {} }, 'UPSTREAM_ERROR'],
  ['429', { status: 429, text: 'Too many requests' }, 'RATE_LIMITED'],
  ['500', { status: 500, body: { error_code: 500 } }, 'UPSTREAM_ERROR'],
  ['503 with a page', { status: 503, text: '<html>busy</html>' }, 'UPSTREAM_ERROR'],
  ['a page', { status: 200, text: '<html>sign in</html>' }, 'UPSTREAM_ERROR'],
  ['half an answer', { status: 200, text: '{"contact": {"id": 1, ' }, 'UPSTREAM_ERROR'],
  ['another envelope', { status: 200, body: { parrot: {} } }, 'UPSTREAM_ERROR'],
  ['a list', { status: 200, body: [] }, 'UPSTREAM_ERROR'],
  ['nothing', { status: 200, text: '' }, 'UPSTREAM_ERROR'],
  ['a redirect', { status: 302, text: '', headers: { location: 'http://127.0.0.1:1/sign_in' } }, 'UPSTREAM_ERROR'],
  ['a broken connection', { status: 0, drop: true }, 'UPSTREAM_ERROR'],
  ['400', { status: 400, body: { errors: { code: 400, message: ['No.'] } } }, 'BAD_USER_INPUT'],
] as const;

test.each(failures)('%s', async (_what, answer, code) => {
  const { sandbox, ask } = openWorld();
  const id = sandbox.rows(contactType)[0]?.id ?? '';
  sandbox.failNext(/contacts\/\d+/, answer);
  const { data, errors, requests } = await ask(`{ contact(id: ${id}) { displayName } owners { displayName } }`);
  expect(errors).toEqual([
    expect.objectContaining({ path: ['contact'], extensions: expect.objectContaining({ code }) }),
  ]);
  expect(data).toMatchObject({ contact: null });
  expect(requests.filter((request) => request.includes('contacts'))).toHaveLength(1);
  expect(JSON.stringify(errors)).not.toMatch(/sandbox\.invalid|test-key|crm\/sales|<html>/);
});

test('one failing branch leaves the rest of the response intact', async () => {
  const { sandbox, ask } = openWorld();
  sandbox.failNext(/selector\/deal_types/, { status: 500, body: { error_code: 500 } });
  const { data, errors } = await ask(
    '{ contacts(first: 2) { nodes { displayName } } salesAccount(id: 1) { name } types: node(id: "gid://freshsales/DealType/1") { id } }',
  );
  expect(data).toMatchObject({ contacts: { nodes: [{}, {}] }, salesAccount: null, types: null });
  expect(errors).toEqual([expect.objectContaining({ path: ['types'] })]);
});

describe('a 429', () => {
  test('is reported immediately with the seconds to wait, and not retried', async () => {
    const { sandbox, ask } = openWorld();
    sandbox.failNext(/./, { status: 429, text: 'Too many requests', headers: { 'retry-after': '17' } });
    const { errors, requests } = await ask('{ contact(id: 31016358306) { displayName } }');
    expect(errors).toEqual([error('RATE_LIMITED', { retryAfter: 17 })]);
    expect(requests).toHaveLength(1);
  });

  test('stops all calls of all operations until the wait is over', async () => {
    let time = Date.parse('2026-06-15T10:00:00Z');
    const { sandbox, ask } = openWorld({ now: () => new Date(time) });
    sandbox.failNext(/activities/, { status: 429, text: 'Too many requests' });
    const { data, errors, requests } = await ask(
      '{ contacts(view: 31003548176, first: 5) { totalCount nodes { displayName activities { type } } } }',
    );
    const { nodes } = (data as unknown as { contacts: { nodes: { activities: object[] | null }[] } }).contacts;
    expect(nodes.filter(({ activities }) => activities === null)).toHaveLength(errors?.length ?? 0);
    expect(errors?.[0]).toEqual(error('RATE_LIMITED', { retryAfter: 60 }));
    expect(requests.length).toBeLessThanOrEqual(6);
    const other = '{ deals(view: 31003548187, first: 1) { nodes { name } } }';
    time += 20_000;
    const refused = await ask(other);
    expect(refused).toMatchObject({ errors: [error('RATE_LIMITED', { retryAfter: 40 })], requests: [] });
    time += 40_000;
    expect((await ask(other)).errors).toBeUndefined();
  });

  test('is predicted from the rate limit headers without a call', async () => {
    const { ask } = openWorld({ behaviours: { hourlyLimit: 2 } });
    await ask('{ owners { id } dealTypes { id } }');
    const { errors, requests } = await ask('{ territories { id } }');
    expect(errors).toEqual([error('RATE_LIMITED', { retryAfter: expect.any(Number) })]);
    expect(requests).toEqual([]);
  });
});

test('a missing response is an UPSTREAM_TIMEOUT', async () => {
  const { sandbox, ask } = openWorld({ timeoutMs: 100 });
  sandbox.failNext(/contacts/, { status: 200, body: {}, delay: 5000 });
  const { errors } = await ask('{ contact(id: 1) { id } }');
  expect(errors).toEqual([error('UPSTREAM_TIMEOUT')]);
});

test('a client that disconnects stops the work', async () => {
  const { sandbox, fetch, account } = openWorld();
  sandbox.failNext(/view/, { status: 500, body: {}, delay: 2000 });
  const hangUp = new AbortController();
  const query = '{ contacts(view: 31003548176, first: 3) { nodes { activities { type } } } }';
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify({ query }), signal: hangUp.signal };
  const answer = fetch('http://127.0.0.1/graphql', init).catch((error: unknown) => error);
  setTimeout(() => hangUp.abort(), 100);
  await answer;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(sandbox.requests).toEqual(['GET /contacts/view/31003548176?page=1&per_page=3']);
  expect(account.ledger.hour.used).toBe(1);
});

test('refuses an operation that is too expensive before its first call', async () => {
  const { ask } = openWorld();
  const { data, errors, requests, extensions } = await ask(
    '{ contacts(first: 100) { nodes { activities { type } } } }',
  );
  expect(data).toBeNull();
  expect(errors).toEqual([error('COST_LIMIT_EXCEEDED', { planned: 102, limit: 50 })]);
  expect(requests).toEqual([]);
  expect(extensions).toMatchObject({ cost: { requestedQueryCost: 102, actualQueryCost: 0 } });
});

test('concurrent callers get their own responses', async () => {
  const { sandbox, ask } = openWorld();
  const ids = sandbox
    .rows(contactType)
    .slice(0, 100)
    .map(({ id }) => id);
  const answers = await Promise.all(ids.map((id) => ask(`{ contact(id: ${id}) { databaseId } }`)));
  expect(answers.map(({ data }) => (data as { contact: { databaseId: string } }).contact.databaseId)).toEqual(ids);
});

test('fields keep the order of the selection, however long they take', async () => {
  const { fetch } = openWorld();
  const query =
    '{ dealTypes { id } contacts(first: 1) { nodes { tasks { totalCount } displayName } totalCount } rateLimit { limit } }';
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
  const text = await (await fetch('http://127.0.0.1/graphql', init)).text();
  const order = ['dealTypes', 'contacts', 'nodes', 'tasks', 'displayName', 'totalCount":3', 'rateLimit'];
  const places = order.map((name) => text.indexOf(`"${name}`));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
