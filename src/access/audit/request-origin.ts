import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';

/** A call of an MCP tool. */
export interface ToolCall {
  readonly tool: string;
  /** Name and version of the client, as it names itself. */
  readonly client?: string | undefined;
}

/** Where a request comes from. Requests that an MCP tool makes have the origin of the request that called the tool. */
export interface RequestOrigin {
  /** In the answer as `x-request-id`. */
  readonly id: string;
  /** Of the client. Undefined for requests that came over no socket. */
  readonly address: string | undefined;
  readonly startedAt: number;
  readonly call?: ToolCall | undefined;
}

/** Finds the client's address in what the server knows of a request. */
export type AddressOf = (request: Pick<Request, 'headers'>, serverContext: object) => string | undefined;

const ORIGIN = Symbol('request origin');

interface WithOrigin {
  [ORIGIN]?: RequestOrigin;
}

const byRequest = new WeakMap<Request, RequestOrigin>();

export const createOrigin = (address?: string): RequestOrigin => ({
  id: randomUUID(),
  address,
  startedAt: performance.now(),
});

/** The origin of a request in a server context, or in the context of its operation. */
export const originIn = (context: object): RequestOrigin => (context as WithOrigin)[ORIGIN] ?? createOrigin();

/** The origin of a request that was received; one of its own for a request that was made here. */
export const originOf = (request: Request): RequestOrigin => byRequest.get(request) ?? createOrigin();

/** A server context for a request that is made on behalf of another. */
export const contextWith = (origin: RequestOrigin): object => ({ [ORIGIN]: origin }) satisfies WithOrigin;

/** Gives every request an origin, and its answer the id. */
export function useRequestOrigin(addressOf: AddressOf): Plugin {
  return {
    onRequest({ request, serverContext }) {
      const context = serverContext as WithOrigin;
      context[ORIGIN] ??= createOrigin(addressOf(request, serverContext));
      byRequest.set(request, context[ORIGIN]);
    },
    onResponse({ response, serverContext }) {
      response.headers.set('x-request-id', originIn(serverContext as object).id);
    },
  };
}
