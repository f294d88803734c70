import { expect, test } from 'vitest';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { rateLimitHeaders } from '../../src/server/cost.ts';
import { openWorld } from '../world.ts';

const post = (query: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ query }),
});

const url = 'http://127.0.0.1/graphql';

test('every response has the RateLimit headers of the IETF draft', async () => {
  const { fetch } = openWorld();
  const { headers } = await fetch(url, post('{ owners { id } }'));
  expect(headers.get('ratelimit-policy')).toBe('"hour";q=1000;w=3600, "minute";q=400;w=60');
  expect(headers.get('ratelimit')).toMatch(/^"hour";r=999;t=\d+, "minute";r=399;t=\d+$/);
  expect(headers.get('retry-after')).toBeNull();
});

test('the body contains no headers', async () => {
  const { ask } = openWorld();
  const { extensions } = await ask('{ owners { id } }');
  expect(Object.keys(extensions as object)).toEqual(['cost']);
});

test('operations without calls have the headers too', async () => {
  const { fetch } = openWorld();
  const { headers } = await fetch(url, post('{ rateLimit { remaining } }', { 'x-freshsales-dry-run': '1' }));
  expect(headers.get('ratelimit')).toMatch(/^"hour";r=1000;t=3600, "minute";r=400;t=60$/);
});

test('a window never ends later than after its length', () => {
  const now = new Date();
  const window = { limit: 1000, used: 0, resetAt: new Date(now.getTime() + 3_600_001) };
  const ledger = {
    ...createAccountLedger(),
    hour: { ...window, name: 'hour' as const },
    minute: { ...window, name: 'minute' as const },
  };
  expect(rateLimitHeaders(ledger, { now }).RateLimit).toBe('"hour";r=1000;t=3600, "minute";r=1000;t=60');
});

test('out of quota, Retry-After says when to retry', async () => {
  const { fetch } = openWorld({ behaviours: { hourlyLimit: 0 } });
  const response = await fetch(url, post('{ owners { id } }'));
  const { errors } = (await response.json()) as { errors: { extensions: { code: string; retryAfter: number } }[] };
  expect(errors[0]?.extensions.code).toBe('RATE_LIMITED');
  expect(response.headers.get('retry-after')).toBe(String(errors[0]?.extensions.retryAfter));
});

test.each([
  ['one that is not GraphQL', '{ contacts('],
  ['one that is not valid', '{ contcts { id } }'],
  ['one whose variables do not fit', 'query($n: Int!) { contacts(first: $n) { totalCount } }'],
  ['one that is too deep', `{ contacts { nodes { ${'parent { '.repeat(30)}id${' }'.repeat(30)} } } }`],
])('operations that are not executed have the headers too: %s', async (_what, query) => {
  const { fetch, sandbox } = openWorld();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  expect(await response.json()).toMatchObject({
    errors: [{ message: expect.any(String) }],
    extensions: {
      cost: { requestedQueryCost: 0, actualQueryCost: 0, savedByCache: 0, windows: [{ name: 'hour' }, {}] },
    },
  });
  expect(response.headers.get('ratelimit')).toMatch(/^"hour";r=1000;t=\d+, "minute";r=400/);
  expect(sandbox.requests).toEqual([]);
});
