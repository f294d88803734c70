import type { McpServer } from '@modelcontextprotocol/server';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { AuditLog } from '../access/audit/audit-log.ts';
import { createAddressOf, type TrustProxy } from '../access/audit/client-address.ts';
import { type AddressOf, createOrigin, originOf, useRequestOrigin } from '../access/audit/request-origin.ts';
import { type AuditOptions, refusedEntry, toolEntry, useAudit } from '../access/audit/use-audit.ts';
import { createPolicies } from '../access/policy.ts';
import { createGuard } from '../access/session-guard.ts';
import { useConfirmation } from '../access/use-confirmation.ts';
import { useGrants } from '../access/use-grants.ts';
import { useTrustedDocuments } from '../access/use-trusted-documents.ts';
import { DEFAULT_LIMITS, type Limits } from '../config/limits.ts';
import { version } from '../config/runtime.ts';
import type { McpOptions } from '../mcp/create-mcp-server.ts';
import { type Context, createContext } from '../records/context.ts';
import { registry } from '../resources/index.ts';
import { warn } from '../terminal.ts';
import { type Connect, onePerRequest } from './authenticate.ts';
import { createDocumentCache } from './document-cache.ts';
import { createMaskError, type Report } from './errors.ts';
import { createHttpHandler, type HttpHandler, type HttpHandlerOptions } from './http-handler.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { useLimits, useSecrecy } from './limits.ts';
import { basePathOf, routesOf } from './routes.ts';
import { schema } from './schema.ts';
import { useCost } from './use-cost.ts';
import { useEntrance } from './use-entrance.ts';
import { useErrorLimits } from './use-error-limits.ts';
import { useGraphQLJs } from './use-graphql-js.ts';
import { useHints } from './use-hints.ts';
import { usePreview, wantsPreview } from './use-preview.ts';
import { useRequestOptions } from './use-request-options.ts';

export interface ServerOptions {
  /** Which account, and which key to it, a request is for. */
  readonly connect: Connect;
  /** No GraphiQL, no introspection, no suggestions. */
  readonly production?: boolean;
  /** The path that an embedding server mounts this one at, such as /api: /api/graphql and /api/mcp are then served. */
  readonly basePath?: string;
  /** Answer only to loopback names. True unless said otherwise. */
  readonly loopbackOnly?: boolean;
  /** Origins of front ends that may send operations from a browser, such as https://crm.example. None unless named. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Proxies whose `X-Forwarded-For` tells the client's address. It is ignored unless they are named. */
  readonly trustProxy?: TrustProxy | undefined;
  /** Where every operation is written down. */
  readonly audit?: AuditLog | undefined;
  /** Serve MCP at /mcp. True unless said otherwise. */
  readonly mcp?: boolean;
  /** Told of each of our own faults, with the id that the caller was given. Writes to stderr by default. */
  readonly report?: Report;
}

export interface Servers {
  /** The HTTP server as a function from request to answer; `http.fetch` needs no socket. */
  readonly http: HttpHandler;
  /** An MCP server for whoever a request is from, for transports other than HTTP. */
  readonly mcp: (request: Request) => Promise<McpServer>;
}

/** The HTTP server alone. */
export const createServer = (options: ServerOptions): HttpHandler => createServers(options).http;

/** The graph over HTTP, and over MCP. */
export function createServers({
  connect,
  production = false,
  basePath: givenPath = '',
  loopbackOnly = true,
  origins = [],
  limits: given = {},
  trustProxy,
  audit,
  mcp = true,
  report = reportError,
}: ServerOptions): Servers {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const { admit, callerOf, accountOf } = onePerRequest(connect);
  const policies = createPolicies(schema);
  // A caller sees the part of the schema that it may use.
  const schemaFor = async (request: Request): Promise<GraphQLSchema> => {
    const { caller } = await admit(request);
    return caller ? policies.for(caller.grants).schema : schema;
  };
  const mask = createMaskError(report);
  const basePath = basePathOf(givenPath);
  const graphqlPath = `${basePath}/graphql`;
  const note = noteIn(audit, callerOf);
  const addressOf = createAddressOf(trustProxy);
  const mcpOptions: McpOptions = {
    ...{ version, graphqlPath, schemaFor, mask, note, maxTokens: limits.maxTokens },
    fetch: (...request) => yoga.fetch(...request),
  };
  const routes = routesOf({ basePath, graphiql: !production, mcp: mcp ? mcpOptions : undefined });
  const yoga = createYoga<object, Context>({
    schema: ({ request }) => schemaFor(request),
    context: async ({ request, params }) => {
      const account = await admit(request);
      const { caller } = account;
      return createContext({
        ...{ ...limits, account, registry, caller, signal: request.signal },
        guard: caller && createGuard(caller, policies.for(caller.grants)),
        fresh: asksForFresh(request),
        idempotencyKey: idempotencyKeyOf(request),
        preview: wantsPreview(request, params.extensions),
      });
    },
    extraParamNames: ['documentId'],
    graphqlEndpoint: graphqlPath,
    ...LEFT_OUT,
    parserAndValidationCache: createDocumentCache(),
    maskedErrors: { maskError: mask },
    plugins: [
      ...useAccess({ policies, callerOf, audit, addressOf }),
      ...useEntrance({
        ...{ routes, basePath, loopbackOnly, origins, admit, mask },
        maxBodyBytes: limits.maxBodyBytes,
      }),
      useRequestOptions(),
      useGraphQLJs(),
      useLimits(limits),
      ...(production ? useSecrecy() : [useHints()]),
      useGrants(policies),
      useCost(accountOf),
      useConfirmation(),
      usePreview(),
      useErrorLimits(),
    ],
  });
  const http = createHttpHandler(yoga, { mask, noteMalformed: noteMalformedIn(audit, addressOf) });
  return {
    http,
    mcp: async (request) => (await import('../mcp/create-mcp-server.ts')).createMcpServer(mcpOptions, request),
  };
}

/** Parts of yoga that come before the entrance, or that nobody needs here. */
const LEFT_OUT = {
  cors: false,
  graphiql: false,
  landingPage: false,
  multipart: false,
  batching: false,
  logging: false,
  // The health check cannot be left out, and answers every URL that ends with this. No URL ends with a space.
  healthCheckEndpoint: ' ',
} as const;

/** `Cache-Control: no-cache`, as HTTP has it: nothing that was read before. */
const asksForFresh = ({ headers }: Request): boolean => /\bno-cache\b/i.test(headers.get('cache-control') ?? '');

interface AccessOptions extends Omit<AuditOptions, 'log'>, Pick<ServerOptions, 'audit'> {
  readonly addressOf: AddressOf;
}

/** Origins, the audit log and trusted documents: what is about every request, whatever becomes of it. */
function useAccess({ audit, addressOf, ...access }: AccessOptions): Plugin[] {
  return [
    useRequestOrigin(addressOf),
    useTrustedDocuments(access.callerOf),
    ...(audit ? [useAudit({ ...access, log: audit })] : []),
  ];
}

/** Writes down requests that are malformed: there is no way to tell who sent one. */
const noteMalformedIn =
  (audit: AuditLog | undefined, addressOf: AddressOf): HttpHandlerOptions['noteMalformed'] =>
  (req, response) => {
    const headers = new Headers({ 'x-forwarded-for': String(req.headers['x-forwarded-for'] ?? '') });
    const origin = createOrigin(addressOf({ headers }, { req }));
    response.headers.set('x-request-id', origin.id);
    audit?.write(refusedEntry(response, { origin, caller: undefined, request: { headers } }));
    return response;
  };

/** Writes down calls of tools that ask nothing of the graph. */
const noteIn =
  (audit: AuditLog | undefined, callerOf: AuditOptions['callerOf']): McpOptions['note'] =>
  (request, call, codes) =>
    audit?.write(toolEntry(call, { origin: originOf(request), caller: callerOf(request), codes }));

/** Where it happened, and not what was in it: messages of unexpected errors may quote customers' data. */
export const reportError: Report = (id, error) => {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line)) : [];
  const name = error instanceof Error ? error.name : typeof error;
  warn(`Internal error ${id}: ${name}`, ...frames.slice(0, 8));
};
