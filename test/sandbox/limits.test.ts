import { expect, it } from 'vitest';
import { NOON, world } from './world.ts';

it('counts down and says when it starts anew', async () => {
  const { get } = world({ behaviours: { hourlyLimit: 5 } });
  const { headers } = await get('/selector/owners');
  expect(headers.get('x-ratelimit-limit')).toBe('5');
  expect(headers.get('x-ratelimit-remaining')).toBe('4');
  expect(headers.get('x-ratelimit-reset')).toBe('150626110000');
});

it('refuses beyond the hour, errors counted, until the next', async () => {
  const { get, at, sandbox } = world({ behaviours: { hourlyLimit: 2 } });
  expect((await get('/contacts/nope')).status).toBe(404);
  expect((await get('/selector/owners')).status).toBe(200);
  const refused = await get('/selector/owners');
  expect([refused.status, refused.body]).toEqual([429, { message: 'Too many requests' }]);
  expect(refused.headers.has('retry-after')).toBe(false);
  at(new Date(NOON.getTime() + 3_600_000));
  expect((await get('/selector/owners')).status).toBe(200);
  sandbox.behaviours.hourlyLimit = 1;
  expect((await get('/selector/owners')).status).toBe(429);
  sandbox.reset();
  expect((await get('/selector/owners')).status).toBe(200);
});

it('refuses beyond the minute, and says nothing of it in the headers', async () => {
  const { get, at } = world({ behaviours: { minuteLimit: 1 } });
  await get('/selector/owners');
  const refused = await get('/selector/owners');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('998');
  at(new Date(NOON.getTime() + 60_000));
  expect((await get('/selector/owners')).status).toBe(200);
});

it('leaves the headers out on demand', async () => {
  const { get } = world({ behaviours: { rateLimitHeaders: false } });
  expect((await get('/selector/owners')).headers.has('x-ratelimit-limit')).toBe(false);
});
