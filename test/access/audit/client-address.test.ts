import { expect, test } from 'vitest';
import { createAddressOf, type TrustProxy } from '../../../src/access/request-details.ts';

const find = (peer: string | undefined, forwarded: string | undefined, trustProxy?: TrustProxy) =>
  createAddressOf(trustProxy)(
    { headers: new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) },
    { req: { socket: { remoteAddress: peer } } },
  );

test.each<[string, string | undefined, string | undefined, TrustProxy | undefined, string | undefined]>([
  ['no proxy is trusted', '203.0.113.9', '198.51.100.1', undefined, '203.0.113.9'],
  ['there is no socket', undefined, '198.51.100.1', 1, undefined],
  ['a proxy is counted', '10.0.0.1', '198.51.100.1', 1, '198.51.100.1'],
  ['a client forges an address before its own', '10.0.0.1', '1.1.1.1, 198.51.100.1', 1, '198.51.100.1'],
  ['there are two proxies', '10.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.2', 2, '198.51.100.1'],
  ['the peer is no trusted proxy', '203.0.113.9', '198.51.100.1', ['10.0.0.0/8'], '203.0.113.9'],
  ['proxies are a network', '10.0.0.1', '1.1.1.1, 198.51.100.1, 10.9.9.9', ['10.0.0.0/8'], '198.51.100.1'],
  ['the proxy is on loopback', '::1', '198.51.100.1', ['loopback'], '198.51.100.1'],
  ['the peer is mapped IPv4', '::ffff:127.0.0.1', '198.51.100.1', ['loopback'], '198.51.100.1'],
  ['the peer is mapped IPv4, and nothing is trusted', '::ffff:203.0.113.9', undefined, undefined, '203.0.113.9'],
  ['the client is mapped IPv4', '10.0.0.1', '::ffff:198.51.100.1', 1, '198.51.100.1'],
  ['the client speaks IPv6', '2001:db8::1', '2001:DB8::9', ['2001:db8::1'], '2001:db8::9'],
  ['there are a zone and a bracket', 'fe80::1%eth0', '[2001:db8::9]:443', 1, '2001:db8::9'],
  ['there is a port', '10.0.0.1', '198.51.100.1:5555', 1, '198.51.100.1'],
  ['the header is empty', '10.0.0.1', '', 1, '10.0.0.1'],
  ['the header is garbage', '10.0.0.1', '\tunknown, <script>', 1, '10.0.0.1'],
  ['the nearest entry is garbage', '10.0.0.1', '198.51.100.1, _hidden', ['loopback', '10.0.0.1'], '10.0.0.1'],
])('finds the address where %s', (_name, peer, forwarded, trustProxy, address) => {
  expect(find(peer, forwarded, trustProxy)).toBe(address);
});

test('reads a long header once', () => {
  expect(find('10.0.0.1', '9.9.9.9,'.repeat(200_000), 1)).toBe('9.9.9.9');
});
