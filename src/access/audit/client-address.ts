import { isIP } from 'node:net';
import proxyAddr, { type Trust } from 'proxy-addr';

/** Proxies whose word on the client's address is taken: how many there are, or their addresses and networks. */
export type TrustProxy = number | readonly string[];

/** A forwarded header with more addresses is no honest one. The nearest are looked at. */
const MAX_HOPS = 32;

/**
 * Finds the client's address. `X-Forwarded-For` counts as far as trusted proxies wrote it: from the right, up to the first
 * address that is not one of theirs. Without trusted proxies it is ignored.
 */
export function createAddressOf(trustProxy: TrustProxy | undefined) {
  const trust = trustProxy === undefined ? undefined : trustOf(trustProxy);
  return ({ headers }: Pick<Request, 'headers'>, serverContext: object): string | undefined => {
    const peer = peerOf(serverContext);
    if (peer === undefined || !trust) return peer;
    const forwarded = (headers.get('x-forwarded-for') ?? '').split(',').slice(-MAX_HOPS).map(toAddress).join(',');
    const request = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: peer } };
    // Whatever is no address was made up, or lost. The nearest proxy that is known is then as near as one gets.
    return proxyAddr.all(request, trust).findLast((address) => isIP(address) !== 0) ?? peer;
  };
}

/** @throws TypeError for what is neither an address, a network nor the name of a range. */
export function trustOf(trustProxy: TrustProxy): Trust {
  return typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : proxyAddr.compile(trustProxy);
}

/** Of the socket, where there is one. */
function peerOf(serverContext: object): string | undefined {
  const { req } = serverContext as { req?: { socket?: { remoteAddress?: string | undefined } } };
  const address = req?.socket?.remoteAddress;
  return address === undefined ? undefined : toAddress(address);
}

/** An address as it is written down: without brackets, port and zone, and IPv4 as itself where it is mapped into IPv6. */
function toAddress(text: string): string {
  const trimmed = text.trim().replace(/^"|"$/g, '');
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed) ?? [];
  const [, withoutPort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed) ?? [];
  const [address = ''] = (bracketed ?? withoutPort ?? trimmed).split('%');
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return mapped ?? address.toLowerCase();
}
