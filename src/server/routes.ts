import type { AnswerMcp, McpOptions } from '../mcp/answer-mcp.ts';
import type { Readiness } from '../observability/readiness.ts';
import { respondWithGraphiQL, wantsGraphiQL } from './graphiql.ts';
import { type Refuse, refuseAsGraphQL, refuseAsJsonRpc } from './refusal.ts';

/** A path that the server answers. */
export interface Route {
  /** Relative to the base path, such as `/graphql`. Must match exactly. */
  readonly path: string;
  readonly methods: readonly string[];
  /** True for requests that need no credentials, such as those for a page. */
  readonly isPublic?: (request: Request) => boolean;
  /** Media types of the responses. Clients that accept none of them are refused before any work is done. */
  readonly produces?: readonly string[];
  readonly refuse: Refuse;
  /** Answers a request. `body` is the parsed JSON body, if any. Without a response, GraphQL Yoga answers. */
  readonly answer?: (request: Request, body: unknown) => Response | undefined | Promise<Response | undefined>;
}

export interface RouteOptions {
  readonly basePath: string;
  /** Serve GraphiQL to browsers. */
  readonly graphiql: boolean;
  /** Serve MCP with these options. */
  readonly mcp: McpOptions | undefined;
  /** Whether this server can take requests. */
  readonly ready: () => Promise<Readiness>;
}

/** Every route of the server. */
export const routesOf = ({ basePath, graphiql, mcp, ready }: RouteOptions): readonly Route[] => [
  {
    path: '/graphql',
    methods: ['GET', 'POST'],
    produces: ['application/graphql-response+json', 'application/json', 'text/event-stream', 'multipart/mixed'],
    refuse: refuseAsGraphQL,
    isPublic: (request) => graphiql && wantsGraphiQL(request),
    answer: (request) => (graphiql && wantsGraphiQL(request) ? respondWithGraphiQL(request) : undefined),
  },
  ...(mcp ? [{ path: '/mcp', methods: ['POST'], refuse: refuseAsJsonRpc, answer: answerMcp(mcp) }] : []),
  ...healthRoutes(ready),
  {
    path: '/',
    methods: ['GET', 'HEAD'],
    refuse: refuseAsGraphQL,
    isPublic: () => true,
    answer: () => new Response(null, { status: 302, headers: { location: `${basePath}/graphql` } }),
  },
];

/** For load balancers and orchestrators: public, without secrets, and cheap. */
const healthRoutes = (ready: RouteOptions['ready']): readonly Route[] =>
  Object.entries({
    '/health/live': async () => ({ status: 'ok' as const }),
    '/health/ready': ready,
  }).map(([path, check]) => ({
    path,
    methods: ['GET', 'HEAD'],
    refuse: refuseAsGraphQL,
    isPublic: () => true,
    answer: async () => {
      const health = await check();
      return Response.json(health, { status: health.status === 'unavailable' ? 503 : 200 });
    },
  }));

/** Loads the MCP modules with the first request, because they are large. */
function answerMcp(options: McpOptions): NonNullable<Route['answer']> {
  let loading: Promise<AnswerMcp> | undefined;
  return async (request, message) => {
    // A batch could exceed the limits on the cost of one request.
    if (Array.isArray(message))
      return refuseAsJsonRpc({ status: 400, message: 'Send one message at a time.', code: 'BAD_USER_INPUT' });
    loading ??= import('../mcp/answer-mcp.ts').then(({ createAnswerMcp }) => createAnswerMcp(options));
    return (await loading)(request, message);
  };
}

/** Validates a base path and removes the slash at its end. */
export function basePathOf(given: string): string {
  const path = given.replace(/\/$/, '');
  const isPlain = /^(\/[\w.~-]+)*$/.test(path) && new URL(path, 'http://localhost').pathname === (path || '/');
  if (!isPlain)
    throw new TypeError('basePath must be a path such as “/api”, of letters, digits, “-”, “_”, “.” and “~”.');
  return path;
}
