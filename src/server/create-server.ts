import type { McpServer } from '@modelcontextprotocol/server';
import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaInitialContext } from 'graphql-yoga';
import type { AuditWriter } from '../access/audit/audit-log.ts';
import { type Requester, refusedEntry, toolEntry, useAudit } from '../access/audit/use-audit.ts';
import { policyOf } from '../access/policy.ts';
import {
  type AddressOf,
  createAddressOf,
  createDetails,
  detailsIn,
  detailsOf,
  type RequestDetails,
  type TrustProxy,
  useRequestDetails,
} from '../access/request-details.ts';
import { createSessionGuard } from '../access/session-guard.ts';
import { useTrustedDocuments } from '../access/trusted-documents.ts';
import { useConfirmation } from '../access/use-confirmation.ts';
import { useGrants } from '../access/use-grants.ts';
import { basePathOf } from '../config/base-path.ts';
import { DEFAULT_LIMITS, type Limits } from '../config/limits.ts';
import { version } from '../config/runtime.ts';
import type { Meter } from '../freshsales/transport.ts';
import type { McpOptions } from '../mcp/answer-mcp.ts';
import type { Readiness } from '../observability/readiness.ts';
import { createObserver, type ObservabilityOptions, type Observer } from '../observability/use-observer.ts';
import type { AccountLedger } from '../quota/account-ledger.ts';
import { type Account, type Context, createContext } from '../records/context.ts';
import { registry } from '../resources/index.ts';
import { warn } from '../terminal.ts';
import { type Admission, type Connect, onePerRequest } from './authenticate.ts';
import { rateLimitHeaders } from './cost.ts';
import { createMaskError, describeError, type Report, useErrorLimits } from './errors.ts';
import { useExecution } from './execute.ts';
import {
  createHttpHandler,
  DEFAULT_HEARTBEAT_MS,
  type HttpHandler,
  type HttpHandlerOptions,
  useResponseHeaders,
} from './http.ts';
import { createPersistedQueries, type PersistedQueries, usePersistedQueries } from './persisted-queries.ts';
import { requestOptionsOf, usePreview, useRequestOptions } from './request-options.ts';
import { routesOf, type WebhookOptions } from './routes.ts';
import { schemaFor } from './schema.ts';
import { type EventStreamTimes, Subscriptions } from './subscriptions.ts';
import { useCost } from './use-cost.ts';
import { useEntrance } from './use-entrance.ts';
import { createDocumentCache, useLimits, useSecrecy, useSuggestions } from './use-limits.ts';
import { useSubscriptions } from './use-subscriptions.ts';

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
  /** The schema with the custom fields of the account, or that of each account. By default, custom fields are not typed. */
  readonly schema?: SchemaSource | ((account: Account) => SchemaSource | undefined) | undefined;
  /** Proxies whose `X-Forwarded-For` header is trusted. Defaults to none. */
  readonly trustProxy?: TrustProxy | undefined;
  /** Logs every operation. */
  readonly audit?: AuditWriter | undefined;
  /** Serve MCP at /mcp. Defaults to true. */
  readonly mcp?: boolean;
  /** Checks whether this server can take requests, for /health/ready. By default, it always can. */
  readonly ready?: () => Promise<Readiness>;
  /** Take webhooks of Freshsales at /webhooks/freshsales, with the secret of each account. Off by default. */
  readonly webhooks?: readonly WebhookOptions[];
  /** Subscriptions that one caller may have open. 100 by default. */
  readonly subscriptionsPerCaller?: number;
  /** When subscriptions send a sign of life, and when a client is too slow. */
  readonly eventStreamTimes?: Partial<EventStreamTimes>;
  /** Metrics, logs and traces. */
  readonly observability?: ObservabilityOptions;
  /** Interval at which a long operation sends a space, so that proxies keep its connection, in milliseconds. 15000 by default. */
  readonly heartbeatMs?: number;
  /** Keeps automatic persisted queries. In memory by default. */
  readonly persistedQueries?: PersistedQueries;
  /** Receives each internal error, with the id that the caller was given. Writes to stderr by default. */
  readonly report?: Report;
}

/** The source of the schema. The schema is replaced when the custom fields of the account change. */
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

/** Creates the HTTP server, and MCP servers for other transports. The plugins before the entrance also see refused requests. */
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
  webhooks = [],
  subscriptionsPerCaller = 100,
  eventStreamTimes: times,
  persistedQueries = createPersistedQueries(),
  heartbeatMs = DEFAULT_HEARTBEAT_MS,
  report = reportError,
  observability = {},
}: ServerOptions): Servers {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const { admit, callerOf, admissionOf } = onePerRequest(connect);
  const { fullOf, schemaOf, schemaForRequest } = schemasOf(source, admit);
  const { contextFor, knownHeaders } = createContexts({ limits, fullOf, begin: (request) => observer.begin(request) });
  const subscriptions = new Subscriptions(subscriptionsPerCaller);
  const mask = createMaskError(report);
  const basePath = basePathOf(givenPath);
  const graphqlPath = `${basePath}/graphql`;
  const mcpOptions: McpOptions = {
    version,
    graphqlPath,
    schemaFor: schemaForRequest,
    mask,
    maxTokens: limits.maxTokens,
    note: noteIn(audit, admissionOf),
    fetch: (...request) => yoga.fetch(...request),
  };
  const served = { basePath, graphiql: !production, mcp: mcp && mcpOptions };
  const routes = routesOf({ ...observability, ...served, ready, webhooks });
  const observer = createObserver({ ...observability, requesterOf: admissionOf, routes, basePath });
  const yoga = createYoga<object, Context>({
    schema: ({ request }) => schemaForRequest(request),
    context: async (parts) => contextFor(await admit(parts.request), parts),
    graphqlEndpoint: graphqlPath,
    ...YOGA_OPTIONS,
    parserAndValidationCache: createDocumentCache(),
    maskedErrors: { maskError: mask },
    plugins: [
      useRequestDetails(trustProxy),
      useTrustedDocuments(callerOf),
      ...(audit ? [useAudit({ log: audit, requesterOf: admissionOf })] : []),
      useResponseHeaders(),
      observer.plugin,
      ...useEntrance({ ...limits, routes, basePath, loopbackOnly, origins, admit, mask }),
      usePersistedQueries(persistedQueries, callerOf),
      useRequestOptions(),
      useExecution({ mask, heartbeatMs }),
      useLimits(limits),
      ...(production ? useSecrecy() : [useSuggestions()]),
      useGrants(),
      useCost(admissionOf, observer.part),
      useSubscriptions({ subscriptions, connect, schemaOf, contextOf: contextFor, mask, audit, times }),
      useConfirmation(callerOf),
      usePreview(),
      useErrorLimits(),
    ],
  });
  const noteMalformed = noteMalformedIn(audit, createAddressOf(trustProxy), observer);
  return {
    http: createHttpHandler(yoga, { mask, noteMalformed, origins, heartbeatMs, knownHeaders }),
    endSubscriptions: () => subscriptions.close(),
    mcp: async (request) => (await import('../mcp/answer-mcp.ts')).createMcpServer(mcpOptions, request),
  };
}

/** Response headers that are known when an operation begins. */
function createKnownHeaders() {
  const ledgers = new WeakMap<RequestDetails, AccountLedger>();
  return {
    add: (request: Request, ledger: AccountLedger) => void ledgers.set(detailsOf(request), ledger),
    of(serverContext: object) {
      const details = detailsIn(serverContext);
      const ledger = ledgers.get(details);
      return { 'x-request-id': details.id, ...(ledger && rateLimitHeaders(ledger, { now: new Date() })) };
    },
  };
}

/** The whole schema of an account, and the part of it that a caller may use. */
function schemasOf(source: ServerOptions['schema'], admit: (request: Request) => Promise<Admission>) {
  const fullOf = (admission: Admission) => {
    const found = typeof source === 'function' ? source(admission) : source;
    return found?.current ?? schemaFor(admission.freshsales.product);
  };
  const schemaOf = (admission: Admission): GraphQLSchema => {
    const [full, { caller }] = [fullOf(admission), admission];
    return caller ? policyOf(caller.grants, full).schema : full;
  };
  return { fullOf, schemaOf, schemaForRequest: async (request: Request) => schemaOf(await admit(request)) };
}

interface ContextOptions {
  readonly limits: Limits;
  readonly fullOf: (admission: Admission) => GraphQLSchema;
  /** Observes the operation of a request. */
  readonly begin: (request: Request) => Meter;
}

/** Creates the context of each operation, and gives the response headers that are known since then. */
function createContexts({ limits, fullOf, begin }: ContextOptions) {
  const known = createKnownHeaders();
  const contextFor = (admission: Admission, { request, params }: YogaInitialContext): Context => {
    const { caller } = admission;
    known.add(request, admission.ledger);
    const { preview, noCache, idempotencyKey } = requestOptionsOf({
      headers: request.headers,
      extensions: params.extensions,
    });
    return createContext({
      ...limits,
      account: admission,
      registry,
      caller,
      observer: begin(request),
      signal: request.signal,
      guard: caller && createSessionGuard(caller, policyOf(caller.grants, fullOf(admission))),
      fresh: noCache,
      idempotencyKey,
      preview,
    });
  };
  return { contextFor, knownHeaders: known.of };
}

/** Fixed options of Yoga. Disables parts that would run before the entrance, or that are not needed. */
const YOGA_OPTIONS = {
  extraParamNames: ['documentId'] as string[],
  cors: false,
  graphiql: false,
  landingPage: false,
  multipart: false,
  batching: false,
  logging: false,
  // The health check cannot be disabled. It answers every URL that ends with this path, and no URL ends with a space.
  healthCheckEndpoint: ' ',
} as const;

/** Logs malformed requests. Their caller is unknown. */
const noteMalformedIn =
  (audit: AuditWriter | undefined, addressOf: AddressOf, observer: Observer): HttpHandlerOptions['noteMalformed'] =>
  (req, response) => {
    const headers = new Headers({ 'x-forwarded-for': String(req.headers['x-forwarded-for'] ?? '') });
    const details = createDetails(addressOf({ headers }, { req }));
    response.headers.set('x-request-id', details.id);
    audit?.write(refusedEntry(response, { details, requester: undefined, request: { headers } }));
    observer.refused({ method: req.method ?? '', route: 'other' }, response, details);
    return response;
  };

/** Logs calls of MCP tools that execute no operation. */
const noteIn =
  (audit: AuditWriter | undefined, requesterOf: (request: Request) => Requester | undefined): McpOptions['note'] =>
  (request, call, codes) =>
    audit?.write(toolEntry(call, { details: detailsOf(request), requester: requesterOf(request), codes }));

/** Writes an internal error to stderr. */
const reportError: Report = (id, error) => {
  const { name, stack } = describeError(error);
  warn(`Internal error ${id}: ${name}`, ...stack);
};
