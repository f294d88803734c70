import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { proxyFor } from '../../src/config/proxy.ts';
import { failureOf } from '../../src/freshsales/connection-errors.ts';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { connectTo } from '../../src/server/connect.ts';
import { open } from './raw.ts';

const KEY = 'kS3cr3tkS3cr3t';
const DOMAIN = 'widgetz.myfreshworks.com';

/** A proxy that answers CONNECT with a status, and connects to a server without TLS if that is 200. */
async function startProxy(status: number) {
  const asked: string[] = [];
  const target = await open(createServer());
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    socket.on('error', () => {});
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const through = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(through).pipe(socket);
    });
    return through.on('error', () => socket.destroy());
  });
  return { port: await open(proxy), asked };
}

/** Sends one call with this environment and gives the error. */
async function failWith(env: Record<string, string>): Promise<unknown> {
  const config = readConfig({ FRESHSALES_DOMAIN: DOMAIN, FRESHSALES_API_KEY: KEY, ...env });
  const { own, close } = await connectTo(config);
  onTestFinished(close);
  return own?.freshsales
    .for({})
    .lookupRows(userLookup)
    .catch((error: unknown) => error);
}

test.each(['HTTPS_PROXY', 'https_proxy'])('%s is the way to Freshsales, with its credentials', async (name) => {
  const { port, asked } = await startProxy(200);
  const error = await failWith({ [name]: `http://user:pa%20ss@127.0.0.1:${port}` });
  expect(asked).toEqual([`${DOMAIN}:443 Basic ${Buffer.from('user:pa ss').toString('base64')}`]);
  expect(error).toMatchObject({
    code: 'UPSTREAM_ERROR',
    message: expect.stringContaining(`through the proxy 127.0.0.1:${port} (HTTPS_PROXY)`),
  });
  expect(String(error)).not.toMatch(/user|pa ss|pa%20ss|kS3cr3t/);
});

test('a proxy that refuses is named with its status, and nothing was sent', async () => {
  const { port } = await startProxy(407);
  expect(await failWith({ HTTPS_PROXY: `127.0.0.1:${port}` })).toMatchObject({
    message: `Freshsales could not be reached through the proxy 127.0.0.1:${port} (HTTPS_PROXY) (the proxy answered HTTP 407).`,
    neverArrived: true,
  });
});

test('a proxy that does not answer is named', async () => {
  expect(await failWith({ HTTPS_PROXY: 'http://127.0.0.1:1' })).toMatchObject({
    message: 'Freshsales could not be reached through the proxy 127.0.0.1:1 (HTTPS_PROXY) (ECONNREFUSED).',
    neverArrived: true,
  });
});

test.each([
  ['', true],
  ['*', false],
  ['other.example', true],
  [DOMAIN, false],
  [DOMAIN.toUpperCase(), false],
  ['myfreshworks.com', false],
  ['.myfreshworks.com', false],
  ['*.myfreshworks.com', false],
  ['freshworks.com', true],
  [`localhost, ${DOMAIN}:443`, false],
  [`localhost ${DOMAIN}:8443`, true],
])('with NO_PROXY=%j a call goes through the proxy: %s', (NO_PROXY, isProxied) => {
  const proxy = proxyFor(`https://${DOMAIN}/api`, { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY });
  expect(proxy?.host).toBe(isProxied ? 'proxy:3128' : undefined);
});

test.each([
  ['https://10.1.2.3/api', '10.0.0.0/8', false],
  ['https://11.1.2.3/api', '10.0.0.0/8', true],
  ['https://10.1.2.3/api', '10.0.0.0/99,2.3', true],
  ['https://[fd00::1]/api', 'fd00::/8', false],
  ['https://[fd00::1]/api', 'fd00:0:0:0:0:0:0:1', false],
  ['https://[fd00::1]:8443/api', '[fd00::1]:8443', false],
  ['https://[fd00::1]/api', '::/0/1, ::/, 10.0.0.0/8', true],
])('%s with NO_PROXY=%s goes through the proxy: %s', (url, no_proxy, isProxied) => {
  expect(proxyFor(url, { https_proxy: 'proxy:3128', no_proxy }) !== undefined).toBe(isProxied);
});

test('a loopback URL has no proxy, and a wrong proxy is refused by name', () => {
  expect(proxyFor('http://127.0.0.1:4900/api', { HTTPS_PROXY: 'http://proxy:3128' })).toBeUndefined();
  const env = { FRESHSALES_DOMAIN: DOMAIN, FRESHSALES_API_KEY: KEY };
  for (const HTTPS_PROXY of ['socks5://proxy:1080', 'http://', 'http://a b'])
    expect(() => readConfig({ ...env, HTTPS_PROXY })).toThrow(
      /^HTTPS_PROXY is not valid\. Set it to the URL of a proxy/,
    );
});

test.each(['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'DEPTH_ZERO_SELF_SIGNED_CERT'])(
  'a certificate of a private authority names NODE_EXTRA_CA_CERTS: %s',
  (code) => {
    const cause = new TypeError('fetch failed', { cause: Object.assign(new Error('certificate'), { code }) });
    const timeout = new AbortController().signal;
    const failure = failureOf(cause, { signal: undefined, timeout, isAnswered: false, proxy: undefined });
    expect(failure).toMatchObject({ message: expect.stringContaining('NODE_EXTRA_CA_CERTS'), neverArrived: true });
  },
);
