import type { McpServer } from '@modelcontextprotocol/server';
import { type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import { createYoga, type GraphQLParams, type Plugin, type YogaInitialContext } from 'graphql-yoga';
import type { AuditLog } from '../access/audit/audit-log.ts';
import { createAddressOf, type TrustProxy } from '../access/audit/client-address.ts';
import { type AddressOf, createOrigin, originOf, useRequestOrigin } from '../access/audit/request-origin.ts';
import { type AuditOptions, refusedEntry, toolEntry, useAudit } from '../access/audit/use-audit.ts';
import { createPolicies, type Policies } from '../access/granted-schema.ts';
import { createSessionGuard } from '../access/session-guard.ts';
import { useConfirmation } from '../access/use-confirmation.ts';
import { useGrants, useTrustedDocuments } from '../access/use-grants.ts';
import { DEFAULT_LIMITS, type Limits } from '../config/limits.ts';
import { version } from '../config/runtime.ts';
import type { McpOptions } from '../mcp/answer-mcp.ts';
import type { Readiness } from '../observability/readiness.ts';
import { type Context, createContext } from '../records/context.ts';
import { partialErrorsOf } from '../records/errors.ts';
import { andThen } from '../records/loader.ts';
import { registry } from '../resources/index.ts';
import { warn } from '../terminal.ts';
import { type Admission, type Connect, onePerRequest } from './authenticate.ts';
import { createMaskError, limitErrors, type Report, useErrorLimits } from './errors.ts';
import { createHttpHandler, type HttpHandler, type HttpHandlerOptions } from './http.ts';
import { requestOptionsOf, usePreview, useRequestOptions } from './request-options.ts';
import { basePathOf, routesOf, type WebhookOptions } from './routes.ts';
import { schemaFor } from './schema.ts';
import { Subscriptions } from './subscriptions.ts';
import { useCost } from './use-cost.ts';
import { useEntrance } from './use-entrance.ts';
import { createDocumentCache, useLimits, useSecrecy } from './use-limits.ts';
import { useSubscriptions } from './use-subscriptions.ts';
import { useSuggestions } from './use-suggestions.ts';

export interface ServerOptions {
  /** Authenticates a request and finds its account. */
  readonly connect: Connect;
  /** Disables GraphiQL, introspection and suggestions. */
  readonly production?: boolean;
  /** Path at which an embedding server mounts this one. With /api, the server answers at /api/graphql and /api/mcp. */
  readonly basePath?: string;
  /** Answer only to loopback names. Defaults to true. */
  readonly loopbackOnly?: boolean;
  /** Origins of front ends that may send operations from a browser, such as https://crm.example. Defaults to none. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** The schema with the custom fields of the account. By default, custom fields are not typed. */
  readonly schema?: SchemaSource | undefined;
  /** Proxies whose `X-Forwarded-For` header is trusted. Defaults to none. */
  readonly trustProxy?: TrustProxy | undefined;
  /** Logs every operation. */
  readonly audit?: AuditLog | undefined;
  /** Serve MCP at /mcp. Defaults to true. */
  readonly mcp?: boolean;
  /** Whether this server can take requests, for /health/ready. Always by default. */
  readonly ready?: () => Promise<Readiness>;
  /** Take webhooks of Freshsales at /webhooks/freshsales. Off by default. */
  readonly webhooks?: WebhookOptions | undefined;
  /** Subscriptions that one caller may have open. 100 by default. */
  readonly subscriptionsPerCaller?: number;
  /** Receives each internal error, with the id that the caller was given. Writes to stderr by default. */
  readonly report?: Report;
}

/** Where the schema is found. It is replaced when the custom fields of the account change. */
export interface SchemaSource {
  readonly current: GraphQLSchema;
}

export interface Servers {
  /** The HTTP server, as a Node.js listener. `http.fetch` needs no socket. */
  readonly http: HttpHandler;
  /** Ends all subscriptions, so that the server can stop. Their clients may subscribe to another server. */
  readonly endSubscriptions: () => void;
  /** An MCP server for the sender of a request, for transports other than HTTP. */
  readonly mcp: (request: Request) => Promise<McpServer>;
}

/** Creates the HTTP server, which serves GraphQL and MCP. */
export const createServer = (options: ServerOptions): HttpHandler => createServers(options).http;

/** Creates the HTTP server, and MCP servers for other transports. */
export function createServers({
  connect,
  production = false,
  basePath: givenPath = '',
  loopbackOnly = true,
  origins = [],
  limits: given = {},
  trustProxy,
  audit,
  schema: source,
  mcp = true,
  ready = async () => ({ status: 'ok', checks: {} }),
  webhooks,
  subscriptionsPerCaller = 100,
  report = reportError,
}: ServerOptions): Servers {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const { admit, callerOf, accountOf } = onePerRequest(connect);
  const policies = createPolicies();
  const fullOf = ({ freshsales }: Admission) => source?.current ?? schemaFor(freshsales.product);
  // Callers see only the part of the schema that they may use.
  const schemaOf = (admission: Admission): GraphQLSchema => {
    const [full, { caller }] = [fullOf(admission), admission];
    return caller ? policies.for(caller.grants, full).schema : full;
  };
  const contextFor = (admission: Admission, { request, params }: YogaInitialContext) =>
    contextOf(admission, { request, params, policies, limits, fullOf });
  const schemaForRequest = async (request: Request) => schemaOf(await admit(request));
  const subscriptions = new Subscriptions(subscriptionsPerCaller);
  const mask = createMaskError(report);
  const basePath = basePathOf(givenPath);
  const graphqlPath = `${basePath}/graphql`;
  const note = noteIn(audit, callerOf);
  const addressOf = createAddressOf(trustProxy);
  const mcpOptions: McpOptions = {
    ...{ version, graphqlPath, schemaFor: schemaForRequest, mask, note, maxTokens: limits.maxTokens },
    fetch: (...request) => yoga.fetch(...request),
  };
  const routes = routesOf({ basePath, graphiql: !production, mcp: mcp ? mcpOptions : undefined, ready, webhooks });
  const yoga = createYoga<object, Context>({
    schema: ({ request }) => schemaForRequest(request),
    context: async (parts) => contextFor(await admit(parts.request), parts),
    extraParamNames: ['documentId'],
    graphqlEndpoint: graphqlPath,
    ...DISABLED,
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
      ...(production ? useSecrecy() : [useSuggestions()]),
      useGrants(policies),
      useCost(accountOf),
      useSubscriptions({ subscriptions, connect, schemaOf, contextOf: contextFor, mask, audit }),
      useConfirmation(callerOf),
      usePreview(),
      useErrorLimits(),
    ],
  });
  const http = createHttpHandler(yoga, { mask, noteMalformed: noteMalformedIn(audit, addressOf) });
  return {
    http,
    endSubscriptions: () => subscriptions.close(),
    mcp: async (request) => (await import('../mcp/answer-mcp.ts')).createMcpServer(mcpOptions, request),
  };
}

interface RequestParts {
  readonly request: Request;
  readonly params: GraphQLParams;
  readonly policies: Policies;
  readonly limits: Limits;
  readonly fullOf: (admission: Admission) => GraphQLSchema;
}

/** The context of one operation. */
function contextOf(admission: Admission, { request, params, policies, limits, fullOf }: RequestParts): Context {
  const { caller } = admission;
  const { preview, noCache, idempotencyKey } = requestOptionsOf({
    headers: request.headers,
    extensions: params.extensions,
  });
  return createContext({
    ...limits,
    account: admission,
    registry,
    caller,
    signal: request.signal,
    guard: caller && createSessionGuard(caller, policies.for(caller.grants, fullOf(admission))),
    fresh: noCache,
    idempotencyKey,
    preview,
  });
}

/** Parts of Yoga that would run before the entrance, or that are not needed. */
const DISABLED = {
  cors: false,
  graphiql: false,
  landingPage: false,
  multipart: false,
  batching: false,
  logging: false,
  // The health check cannot be disabled. It answers every URL that ends with this path, and no URL ends with a space.
  healthCheckEndpoint: ' ',
} as const;

/** Errors about variables in one response. Each quotes the whole variable, which may be a megabyte. */
const MAX_COERCION_ERRORS = 10;

/**
 * Executes with graphql-js instead of Yoga's executor, which puts slow fields after the others; the specification requires the
 * order of the selection. When an error makes the whole result null, graphql-js answers while other fields are still running.
 * Closing the budget prevents calls that would be missing from the cost in the response.
 */
const useGraphQLJs = (): Plugin<Context> => ({
  onExecute({ setExecuteFn }) {
    setExecuteFn((args) =>
      andThen(execute({ ...args, options: { maxCoercionErrors: MAX_COERCION_ERRORS } }), (result) =>
        andThen((args.contextValue as Context).budget.close(), () =>
          withPartialErrors(result, args.contextValue as Context),
        ),
      ),
    );
  },
});

/** The result with the errors of fields that have a value nevertheless. */
function withPartialErrors(result: ExecutionResult, context: Context): ExecutionResult {
  const errors = [...(result.errors ?? []), ...partialErrorsOf(context)];
  return errors.length > 0 ? { ...result, errors: limitErrors(errors) } : result;
}

interface AccessOptions extends Omit<AuditOptions, 'log'>, Pick<ServerOptions, 'audit'> {
  readonly addressOf: AddressOf;
}

/** Plugins that see every request, including refused ones: origin, trusted documents, audit log. */
function useAccess({ audit, addressOf, ...access }: AccessOptions): Plugin[] {
  return [
    useRequestOrigin(addressOf),
    useTrustedDocuments(access.callerOf),
    ...(audit ? [useAudit({ ...access, log: audit })] : []),
  ];
}

/** Logs malformed requests. Their caller is unknown. */
const noteMalformedIn =
  (audit: AuditLog | undefined, addressOf: AddressOf): HttpHandlerOptions['noteMalformed'] =>
  (req, response) => {
    const headers = new Headers({ 'x-forwarded-for': String(req.headers['x-forwarded-for'] ?? '') });
    const origin = createOrigin(addressOf({ headers }, { req }));
    response.headers.set('x-request-id', origin.id);
    audit?.write(refusedEntry(response, { origin, caller: undefined, request: { headers } }));
    return response;
  };

/** Logs calls of MCP tools that execute no operation. */
const noteIn =
  (audit: AuditLog | undefined, callerOf: AuditOptions['callerOf']): McpOptions['note'] =>
  (request, call, codes) =>
    audit?.write(toolEntry(call, { origin: originOf(request), caller: callerOf(request), codes }));

/** Writes the stack but not the message, which may quote customer data. */
export const reportError: Report = (id, error) => {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line)) : [];
  const name = error instanceof Error ? error.name : typeof error;
  warn(`Internal error ${id}: ${name}`, ...frames.slice(0, 8));
};
