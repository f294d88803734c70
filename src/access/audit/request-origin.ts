import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import { createAddressOf, createForwardedOf, type Forwarded, peerOf, type TrustProxy } from './client-address.ts';

/** A call of an MCP tool. */
export interface ToolCall {
  readonly tool: string;
  /** Name and version that the client reports. */
  readonly client?: string | undefined;
}

/** Origin of a request. Operations of an MCP tool have the origin of the tool call. */
export interface RequestOrigin {
  /** Sent as `x-request-id`. */
  readonly id: string;
  /** Address of the client. Undefined for requests without a socket. */
  readonly address: string | undefined;
  /** Address of the socket, which may be that of a proxy. */
  readonly peer: string | undefined;
  /** What a trusted proxy says of the request. */
  readonly forwarded?: Forwarded | undefined;
  readonly startedAt: number;
  readonly call?: ToolCall | undefined;
  /** What is known of the operation. A tool call and its operation share it. */
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

const ORIGIN = Symbol('request origin');

interface WithOrigin {
  [ORIGIN]?: RequestOrigin;
}

const byRequest = new WeakMap<Request, RequestOrigin>();

export const createOrigin = (address?: string, peer?: string, forwarded?: Forwarded): RequestOrigin => ({
  id: randomUUID(),
  address,
  peer,
  forwarded,
  startedAt: performance.now(),
  facts: {},
});

/** The origin of a request in a server context, or in the context of its operation. */
export const originIn = (context: object): RequestOrigin => (context as WithOrigin)[ORIGIN] ?? createOrigin();

/** The origin of a received request, or a new one. */
export const originOf = (request: Request): RequestOrigin => byRequest.get(request) ?? createOrigin();

/** Server context for a request on behalf of another. */
export const contextWith = (origin: RequestOrigin): object => ({ [ORIGIN]: origin }) satisfies WithOrigin;

/** Gives every request an origin, and sends its id with the response. */
export function useRequestOrigin(trustProxy: TrustProxy | undefined): Plugin {
  const [addressOf, forwardedOf] = [createAddressOf(trustProxy), createForwardedOf(trustProxy)];
  return {
    onRequest({ request, serverContext }) {
      const context = serverContext as WithOrigin;
      context[ORIGIN] ??= createOrigin(
        addressOf(request, serverContext),
        peerOf(serverContext),
        forwardedOf(request, serverContext),
      );
      byRequest.set(request, context[ORIGIN]);
    },
    onResponse({ response, serverContext }) {
      response.headers.set('x-request-id', originIn(serverContext as object).id);
    },
  };
}
