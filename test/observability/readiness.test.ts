import { expect, test } from 'vitest';
import { createReadiness } from '../../src/observability/readiness.ts';
import { openWorld } from '../world.ts';
import { connectWorld } from './production.ts';

const MINUTE = 60_000;

test('a server is live, whatever Freshsales does', async () => {
  const { yoga, sandbox } = openWorld();
  const response = await yoga.fetch('http://127.0.0.1/health/live');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok' });
  expect(sandbox.requests).toEqual([]);
});

test('an embedded server is ready without further checks', async () => {
  const { yoga } = openWorld();
  const response = await yoga.fetch('http://127.0.0.1/health/ready', { method: 'HEAD' });
  expect(response.status).toBe(200);
});

test('asks Freshsales once, however often it is probed', async () => {
  const { ready, sandbox } = await connectWorld();
  const all = await Promise.all(Array.from({ length: 10 }, ready));
  expect(all[9]).toEqual({ code: 200, status: 'ok', checks: { freshsales: { status: 'ok' } } });
  expect(await ready()).toMatchObject({ code: 200 });
  expect(sandbox.requests).toEqual(['GET /selector/owners']);
});

test('asks Freshsales once a minute when idle, and not at all while others do', async () => {
  const { ready, sandbox, skip, ask } = await connectWorld();
  await ask();
  const asked = sandbox.requests.length;
  await ready();
  skip(31_000);
  await ready();
  expect(sandbox.requests).toHaveLength(asked);
  skip(31_000);
  await ready();
  expect(sandbox.requests.slice(asked)).toEqual(['GET /selector/owners']);
  skip(31_000);
  await ready();
  expect(sandbox.requests).toHaveLength(asked + 1);
});

test('one failed call leaves the server ready, two in a row do not, and it recovers', async () => {
  const { ready, sandbox, skip, ask } = await connectWorld();
  await ask();
  sandbox.failNext('GET', { status: 500 }, 2);
  await ask();
  // The check itself makes sure.
  expect(await ready()).toEqual({
    code: 503,
    status: 'unavailable',
    checks: { freshsales: { status: 'unavailable', message: 'The last 2 calls to Freshsales failed.' } },
  });
  await ask();
  expect(await ready()).toMatchObject({ code: 200 });
  sandbox.failNext('GET', { status: 500 }, 1);
  await ask();
  skip(31_000);
  expect(await ready()).toMatchObject({ code: 200 });
});

test('a result is reused for half a minute', async () => {
  const { ready, sandbox, skip, ask } = await connectWorld();
  await ask();
  expect(await ready()).toMatchObject({ code: 200 });
  sandbox.failNext('GET', { status: 500 }, 3);
  await ask();
  await ask();
  expect(await ready()).toMatchObject({ code: 200 });
  skip(31_000);
  expect(await ready()).toMatchObject({ code: 503 });
});

test('a server without a connection to Freshsales is not ready', async () => {
  const { ready, sandbox } = await connectWorld();
  sandbox.failNext('GET', { status: 200, drop: true }, 1);
  expect(await ready()).toMatchObject({
    code: 503,
    checks: { freshsales: { message: 'Freshsales has not answered yet.' } },
  });
});

test('a refused key is named, without the key', async () => {
  const { ready } = await connectWorld({ FRESHSALES_API_KEY: 'revoked-key-of-server' });
  const readiness = await ready();
  expect(readiness).toMatchObject({
    code: 503,
    checks: {
      freshsales: { message: 'Freshsales does not accept the key of this server (FRESHSALES_API_KEY).' },
    },
  });
  expect(JSON.stringify(readiness)).not.toMatch(/revoked-key|127\.0\.0\.1/);
});

test('a wrong key of a caller leaves the server ready', async () => {
  const { ready, ask, sandbox } = await connectWorld({ FRESHSALES_AUTH: 'pass-through', FRESHSALES_API_KEY: '' });
  for (let times = 0; times < 3; times += 1) await ask({ authorization: 'Token token=wrong-key-of-caller' });
  expect(await ready()).toMatchObject({ code: 200 });
  expect(sandbox.requests).toHaveLength(3);
});

test('without a key of its own, the server asks without one', async () => {
  const { ready, sandbox } = await connectWorld({ FRESHSALES_AUTH: 'pass-through', FRESHSALES_API_KEY: '' });
  expect(await ready()).toMatchObject({ code: 200 });
  expect(sandbox.requests).toEqual(['GET /selector/owners']);
});

test('a spent quota leaves the server ready', async () => {
  const { ready, sandbox, ask } = await connectWorld();
  sandbox.failNext('GET', { status: 429, headers: { 'retry-after': '600' } }, 5);
  for (let times = 0; times < 3; times += 1) await ask();
  expect(await ready()).toMatchObject({ code: 200, status: 'ok' });
});

test('clients that disconnect do not make the server unready', async () => {
  const { ready, sandbox, ask } = await connectWorld();
  await ask();
  sandbox.failNext('GET', { status: 200, delay: 3000 }, 4);
  for (let times = 0; times < 3; times += 1) {
    const hangUp = new AbortController();
    const response = ask({}, hangUp.signal);
    setTimeout(() => hangUp.abort(), 100);
    await expect(response).rejects.toThrow();
  }
  expect(await ready()).toMatchObject({ code: 200 });
});

test('without Redis the server serves with restrictions, and without an audit log it does not', async () => {
  const answered = { hasAnswered: true, failures: 0, isKeyRefused: false, lastAt: 0 };
  const freshsales = { status: answered, probe: async () => {} };
  const isWritable = { ready: () => true };
  const check = (storeStatus: 'ok' | 'degraded', audit: { ready(): boolean }) =>
    createReadiness({ upstreamWatch: freshsales, storeStatus: () => storeStatus, audit, now: () => MINUTE / 2 })();
  expect(await check('ok', isWritable)).toEqual({
    status: 'ok',
    checks: { freshsales: { status: 'ok' }, store: { status: 'ok' }, audit: { status: 'ok' } },
  });
  expect(await check('degraded', isWritable)).toMatchObject({
    status: 'degraded',
    checks: { store: { message: expect.stringContaining('Redis cannot be reached') } },
  });
  expect(await check('ok', { ready: () => false })).toMatchObject({
    status: 'unavailable',
    checks: { audit: { message: expect.stringContaining('AUDIT_LOG') } },
  });
});
