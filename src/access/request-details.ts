import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Plugin } from 'graphql-yoga';
import proxyAddr, { type Trust } from 'proxy-addr';

/** A call of an MCP tool. */
export interface ToolCall {
  readonly tool: string;
  /** Name and version that the client reports. */
  readonly client?: string | undefined;
}

/** The id, the client and the proxies of a request. Operations of an MCP tool have the details of the tool call. */
export interface RequestDetails {
  /** Sent as `x-request-id`. */
  readonly id: string;
  /** Address of the client. Undefined for requests without a socket. */
  readonly address: string | undefined;
  /** Address of the socket, which may be that of a proxy. */
  readonly peer: string | undefined;
  /** The request as a trusted proxy describes it. */
  readonly forwarded?: Forwarded | undefined;
  readonly startedAt: number;
  readonly call?: ToolCall | undefined;
  /** Details of the operation. A tool call and its operation share them. */
  readonly facts: OperationFacts;
}

/** An operation in the log line of its request. */
export interface OperationFacts {
  caller?: string;
  operation?: string;
  type?: string;
  calls?: number;
  codes?: readonly string[];
}

/** Finds the address of the client. */
export type AddressOf = (request: Pick<Request, 'headers'>, serverContext: object) => string | undefined;

const DETAILS = Symbol('request details');

interface WithDetails {
  [DETAILS]?: RequestDetails;
}

const byRequest = new WeakMap<Request, RequestDetails>();

export const createDetails = (address?: string, peer?: string, forwarded?: Forwarded): RequestDetails => ({
  id: randomUUID(),
  address,
  peer,
  forwarded,
  startedAt: performance.now(),
  facts: {},
});

/** The details of a request in a server context, or in the context of its operation. */
export const detailsIn = (context: object): RequestDetails => (context as WithDetails)[DETAILS] ?? createDetails();

/** The details of a received request, or a new one. */
export const detailsOf = (request: Request): RequestDetails => byRequest.get(request) ?? createDetails();

/** Server context for a request on behalf of another. */
export const contextWith = (details: RequestDetails): object => ({ [DETAILS]: details }) satisfies WithDetails;

/** Gives every request its details, and sends its id with the response. */
export function useRequestDetails(trustProxy: TrustProxy | undefined): Plugin {
  const [addressOf, forwardedOf] = [createAddressOf(trustProxy), createForwardedOf(trustProxy)];
  return {
    onRequest({ request, serverContext }) {
      const context = serverContext as WithDetails;
      context[DETAILS] ??= createDetails(
        addressOf(request, serverContext),
        peerOf(serverContext),
        forwardedOf(request, serverContext),
      );
      byRequest.set(request, context[DETAILS]);
    },
    onResponse({ response, serverContext }) {
      response.headers.set('x-request-id', detailsIn(serverContext as object).id);
    },
  };
}

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

/** The host and the protocol that the client used, according to a trusted proxy. */
export interface Forwarded {
  readonly host: string | undefined;
  readonly protocol: string | undefined;
}

/** Reads the forwarded headers of trusted proxies. Undefined if the peer is none. */
function createForwardedOf(trustProxy: TrustProxy | undefined) {
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
function peerOf(serverContext: object): string | undefined {
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
