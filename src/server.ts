import type { McpServer } from '@modelcontextprotocol/server';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { AuditLog } from './access/audit-log.ts';
import { createGuard } from './access/guard.ts';
import { createPolicies } from './access/policy.ts';
import { type AuditOptions, useAudit, useRequestIds } from './access/use-audit.ts';
import { useConfirmation } from './access/use-confirmation.ts';
import { useGrants } from './access/use-grants.ts';
import { useTrustedDocuments } from './access/use-trusted-documents.ts';
import { type Context, createContext } from './context.ts';
import { EXPOSED_HEADERS } from './cost/rate-limit-headers.ts';
import { useCost } from './cost/use-cost.ts';
import { useWishes } from './cost/use-wishes.ts';
import { createMaskError, type Report } from './errors.ts';
import { type Connect, onePerRequest } from './http/authenticate.ts';
import { graphiqlOptions, renderGraphiQL } from './http/graphiql.ts';
import { idempotencyKeyOf } from './http/idempotency-key.ts';
import { DEFAULT_LIMITS, type Limits, useLimits, useSecrecy } from './http/limits.ts';
import { useBrowserGuard } from './http/use-browser-guard.ts';
import { useErrorLimits } from './http/use-error-limits.ts';
import { useGraphQLJs } from './http/use-graphql-js.ts';
import { useHints } from './http/use-hints.ts';
import { useJsonOnly } from './http/use-json-only.ts';
import type { McpOptions } from './mcp/create-mcp-server.ts';
import { useMcp } from './mcp/use-mcp.ts';
import { usePreview, wantsPreview } from './preview.ts';
import { schema } from './schema.ts';
import { warn } from './terminal.ts';

export interface ServerOptions {
  /** Which account, and which key to it, a request is for. */
  readonly connect: Connect;
  /** No GraphiQL, no introspection, no suggestions. */
  readonly production?: boolean;
  /** Answer only to loopback names. True unless said otherwise. */
  readonly loopbackOnly?: boolean;
  /** Origins of front ends that may send operations from a browser, such as https://crm.example. None unless named. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Where every operation is written down. */
  readonly audit?: AuditLog | undefined;
  /** Serve MCP at /mcp. True unless said otherwise. */
  readonly mcp?: boolean;
  /** Told of each of our own faults, with the id that the caller was given. Writes to stderr by default. */
  readonly report?: Report;
}

export interface Servers {
  /** The HTTP server as a function from request to answer; `http.fetch` needs no socket. */
  readonly http: YogaServerInstance<object, Context>;
  /** An MCP server for whoever a request is from, for transports other than HTTP. */
  readonly mcp: (request: Request) => Promise<McpServer>;
}

/** The HTTP server alone. */
export const createServer = (options: ServerOptions): YogaServerInstance<object, Context> =>
  createServers(options).http;

/** The graph over HTTP, and over MCP. */
export function createServers({
  connect,
  production = false,
  loopbackOnly = true,
  origins = [],
  limits: given = {},
  audit,
  mcp = true,
  report = writeReport,
}: ServerOptions): Servers {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const { admit, callerOf, accountOf } = onePerRequest(connect);
  const policies = createPolicies(schema);
  // A caller sees the part of the schema that it may use.
  const schemaFor = async (request: Request): Promise<GraphQLSchema> => {
    const { caller } = await admit(request);
    return caller ? policies.for(caller.grants).schema : schema;
  };
  const maskError = createMaskError(report);
  const mcpOptions: McpOptions = { fetch: (request) => http.fetch(request), schemaFor, mask: maskError };
  const http = createYoga<object, Context>({
    schema: ({ request }) => schemaFor(request),
    context: async ({ request, params }) => {
      const account = await admit(request);
      const { caller } = account;
      return createContext({
        ...{ account, caller, signal: request.signal, maxCalls: limits.maxCalls },
        guard: caller && createGuard(caller, policies.for(caller.grants)),
        fresh: asksForFresh(request),
        idempotencyKey: idempotencyKeyOf(request),
        preview: wantsPreview(request, params.extensions),
      });
    },
    extraParamNames: ['documentId'],
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors:
      origins.length > 0
        ? { origin: [...origins], methods: ['GET', 'POST'], exposedHeaders: [...EXPOSED_HEADERS] }
        : false,
    multipart: false,
    batching: false,
    logging: false,
    maskedErrors: { maskError },
    graphiql: production ? false : graphiqlOptions,
    renderGraphiQL,
    plugins: [
      ...useAccess({ policies, callerOf, audit }),
      useBrowserGuard({ loopbackOnly, origins }),
      ...(mcp ? [useMcp({ ...mcpOptions, maxBodyBytes: limits.maxBodyBytes })] : []),
      useJsonOnly(limits.maxBodyBytes),
      useWishes(),
      useGraphQLJs(),
      ...useLimits(limits),
      ...(production ? useSecrecy() : [useHints()]),
      useGrants(policies),
      useCost(accountOf),
      useConfirmation(),
      usePreview(),
      useErrorLimits(),
    ],
  });
  return {
    http,
    mcp: async (request) => (await import('./mcp/create-mcp-server.ts')).createMcpServer(mcpOptions, request),
  };
}

/** `Cache-Control: no-cache`, as HTTP has it: nothing that was read before. */
const asksForFresh = ({ headers }: Request): boolean => /\bno-cache\b/i.test(headers.get('cache-control') ?? '');

/** Request ids, the audit log and trusted documents: what is about every request, whatever becomes of it. */
function useAccess({ audit, ...access }: Omit<AuditOptions, 'log'> & { audit: AuditLog | undefined }): Plugin[] {
  const ids = new WeakMap<object, string>();
  return [
    useRequestIds(ids),
    useTrustedDocuments(access.callerOf),
    ...(audit ? [useAudit({ ...access, log: audit }, ids)] : []),
  ];
}

/** Where it happened, and not what was in it: messages of unexpected errors may quote customers' data. */
const writeReport: Report = (id, error) => {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line)) : [];
  const name = error instanceof Error ? error.name : typeof error;
  warn(`Internal error ${id}: ${name}`, ...frames.slice(0, 8));
};
