import type { AnswerMcp } from '../mcp/answer-mcp.ts';
import type { McpOptions } from '../mcp/create-mcp-server.ts';
import { respondWithGraphiQL, wantsGraphiQL } from './graphiql.ts';
import { refuseAsGraphQL, refuseAsJsonRpc } from './refusal.ts';
import type { Route } from './use-entrance.ts';

export interface RouteOptions {
  readonly basePath: string;
  /** Serve GraphiQL to browsers. */
  readonly graphiql: boolean;
  /** How to serve MCP, if it is served. */
  readonly mcp: McpOptions | undefined;
}

/** Everything that the server answers. A new route is added here, and nowhere else. */
export const routesOf = ({ basePath, graphiql, mcp }: RouteOptions): readonly Route[] => [
  {
    path: '/graphql',
    methods: ['GET', 'POST'],
    produces: ['application/graphql-response+json', 'application/json', 'text/event-stream', 'multipart/mixed'],
    refuse: refuseAsGraphQL,
    isPublic: (request) => graphiql && wantsGraphiQL(request),
    answer: (request) => (graphiql && wantsGraphiQL(request) ? respondWithGraphiQL(request) : undefined),
  },
  ...(mcp ? [{ path: '/mcp', methods: ['POST'], refuse: refuseAsJsonRpc, answer: answerMcp(mcp) }] : []),
  {
    path: '/',
    methods: ['GET', 'HEAD'],
    refuse: refuseAsGraphQL,
    isPublic: () => true,
    answer: () => new Response(null, { status: 302, headers: { location: `${basePath}/graphql` } }),
  },
];

/** What MCP takes is loaded when it is first asked for: it is large, and who sends GraphQL does not wait for it. */
function answerMcp(options: McpOptions): NonNullable<Route['answer']> {
  let answering: Promise<AnswerMcp> | undefined;
  return async (request, message) => {
    // A batch would be a way round the limits on what one request may cost.
    if (Array.isArray(message))
      return refuseAsJsonRpc({ status: 400, message: 'Send one message at a time.', code: 'BAD_USER_INPUT' });
    answering ??= import('../mcp/answer-mcp.ts').then(({ createAnswerMcp }) => createAnswerMcp(options));
    return (await answering)(request, message);
  };
}

/** A path to mount the routes at, without a slash at its end. */
export function basePathOf(given: string): string {
  const path = given.replace(/\/$/, '');
  const isPlain = /^(\/[\w.~-]+)*$/.test(path) && new URL(path, 'http://localhost').pathname === (path || '/');
  if (!isPlain) throw new TypeError('basePath is a path such as “/api”, of letters, digits, “-”, “_”, “.” and “~”.');
  return path;
}
