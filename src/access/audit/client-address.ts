import { isIP } from 'node:net';
import proxyAddr, { type Trust } from 'proxy-addr';

/** Trusted proxies: their number, or their addresses and networks. */
export type TrustProxy = number | readonly string[];

/** Longer forwarded headers are suspicious. Only the nearest addresses are used. */
const MAX_HOPS = 32;

/**
 * Finds the address of the client. Reads `X-Forwarded-For` from the right, up to the first address that is not a trusted proxy.
 * Ignores it without trusted proxies.
 */
export function createAddressOf(trustProxy: TrustProxy | undefined) {
  const trust = trustProxy === undefined ? undefined : trustOf(trustProxy);
  return ({ headers }: Pick<Request, 'headers'>, serverContext: object): string | undefined => {
    const peer = peerOf(serverContext);
    if (peer === undefined || !trust) return peer;
    const forwarded = (headers.get('x-forwarded-for') ?? '').split(',').slice(-MAX_HOPS).map(toAddress).join(',');
    const request = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: peer } };
    // Ignores values that are not addresses.
    return proxyAddr.all(request, trust).findLast((address) => isIP(address) !== 0) ?? peer;
  };
}

/** What a trusted proxy says of a request: the host and the protocol that the client used. */
export interface Forwarded {
  readonly host: string | undefined;
  readonly protocol: string | undefined;
}

/** Reads the forwarded headers of trusted proxies. Undefined if the peer is none. */
export function createForwardedOf(trustProxy: TrustProxy | undefined) {
  const trust = trustProxy === undefined ? undefined : trustOf(trustProxy);
  return ({ headers }: Pick<Request, 'headers'>, serverContext: object): Forwarded | undefined => {
    const peer = peerOf(serverContext);
    if (peer === undefined || !trust?.(peer, 0)) return undefined;
    // The nearest proxy writes the last value.
    const last = (name: string) => headers.get(name)?.split(',').at(-1)?.trim() || undefined;
    return { host: last('x-forwarded-host'), protocol: last('x-forwarded-proto')?.toLowerCase() };
  };
}

/** @throws TypeError unless all are addresses, networks or names of ranges. */
export function trustOf(trustProxy: TrustProxy): Trust {
  return typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : proxyAddr.compile(trustProxy);
}

/** Address of the socket, which may be a proxy. Undefined for requests without a socket. */
export function peerOf(serverContext: object): string | undefined {
  const { req } = serverContext as { req?: { socket?: { remoteAddress?: string | undefined } } };
  const address = req?.socket?.remoteAddress;
  return address === undefined ? undefined : toAddress(address);
}

/** Removes brackets, port and zone. Converts IPv4-mapped IPv6 addresses to IPv4. */
function toAddress(text: string): string {
  const trimmed = text.trim().replace(/^"|"$/g, '');
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed) ?? [];
  const [, withoutPort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed) ?? [];
  const [address = ''] = (bracketed ?? withoutPort ?? trimmed).split('%');
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return mapped ?? address.toLowerCase();
}
