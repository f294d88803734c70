import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import type { WriteRequest } from '../../src/freshsales/writes.ts';

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

/** A server that speaks no HTTP. Gives its port. */
async function listen(onData: 'reset' | 'plain' | 'end'): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (onData === 'end') socket.end();
    socket.on('data', () => (onData === 'reset' ? socket.resetAndDestroy() : socket.end('220 ready\r\n')));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function closedPort(): Promise<number> {
  const port = await listen('end');
  await new Promise((done) => servers.pop()?.close(done));
  return port;
}

const order = (method: WriteRequest['method']): WriteRequest => ({
  method,
  path: 'contacts/1',
  body: {},
  change: { type: 'Contact', path: 'contacts', ids: ['1'], touched: [], action: 'update' },
});

async function failureOf(baseURL: string, method: WriteRequest['method'], fetch = globalThis.fetch) {
  const session = createFreshsales({ baseURL, apiKey: 'k', fetch, timeoutMs: 5000 }).for({});
  const [error] = await Promise.allSettled([session.write(order(method))]);
  return error.status === 'rejected' ? error.reason : undefined;
}

test('nothing was done if the connection is refused', async () => {
  const error = await failureOf(`http://127.0.0.1:${await closedPort()}`, 'POST');
  expect(error).toMatchObject({ code: 'UPSTREAM_ERROR', outcome: 'NOT_DONE' });
});

test('nothing was done if the host has no address', async () => {
  expect(await failureOf('http://crm.invalid', 'POST')).toMatchObject({ outcome: 'NOT_DONE' });
});

test.each(['plain', 'end'] as const)('nothing was done if the handshake fails: %s', async (kind) => {
  const error = await failureOf(`https://127.0.0.1:${await listen(kind)}`, 'POST');
  expect(error).toMatchObject({ code: 'UPSTREAM_ERROR', outcome: 'NOT_DONE' });
});

test('the outcome is unknown if the connection breaks after the request', async () => {
  const error = await failureOf(`http://127.0.0.1:${await listen('reset')}`, 'POST');
  expect(error).toMatchObject({ code: 'UPSTREAM_ERROR', outcome: 'UNKNOWN' });
});

const failing =
  (code: string, calls: string[] = []): typeof fetch =>
  async (_input, init) => {
    calls.push(String(init?.method));
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code }) });
  };

const NOT_SENT = [
  ...['UND_ERR_CONNECT_TIMEOUT', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_REVOKED', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ...['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_TLS_HANDSHAKE_TIMEOUT', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ...['ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
];

test.each(NOT_SENT)('%s means that nothing was done', async (code) => {
  const calls: string[] = [];
  const post = await failureOf('http://sandbox.invalid', 'POST', failing(code, calls));
  expect(post).toMatchObject({ neverArrived: true, outcome: 'NOT_DONE', message: expect.stringContaining(code) });
  const put = await failureOf('http://sandbox.invalid', 'PUT', failing(code, calls));
  expect(put).toMatchObject({ outcome: 'NOT_DONE' });
  expect(calls).toEqual(['POST', 'PUT', 'PUT']);
});

test.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])(
  '%s leaves the outcome unknown',
  async (code) => {
    const error = await failureOf('http://sandbox.invalid', 'POST', failing(code));
    expect(error).toMatchObject({ neverArrived: false, outcome: 'UNKNOWN' });
  },
);

test('an address that takes too long to connect to leaves nothing done', async () => {
  const cause = Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'connect' });
  const fetch = async () => {
    throw new TypeError('fetch failed', { cause: new AggregateError([cause, cause]) });
  };
  expect(await failureOf('http://sandbox.invalid', 'POST', fetch)).toMatchObject({ outcome: 'NOT_DONE' });
});
