import { createHash, timingSafeEqual } from 'node:crypto';
import { detailsOf } from '../access/request-details.ts';
import { isLoopbackAddress } from '../config/loopback.ts';
import type { ChangeReport } from '../events/recent-changes.ts';
import {
  createSecretCheck,
  receiveWebhook,
  WEBHOOK_PATHS,
  type WebhookPath,
  type WebhookSecret,
} from '../events/webhooks.ts';
import type { AnswerMcp, McpOptions } from '../mcp/answer-mcp.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Readiness } from '../observability/readiness.ts';
import { toGid } from '../records/gid.ts';
import { badRequest, type Refusal, type Refuse, refuseAsGraphQL, refuseAsJsonRpc } from './errors.ts';
import { ASSET_PATHS, respondWithAsset, respondWithGraphiQL, wantsGraphiQL } from './graphiql.ts';

/** A path that the server answers. */
export interface Route {
  /** Relative to the base path, such as `/graphql`. Must match exactly. */
  readonly path: string;
  readonly methods: readonly string[];
  /** True for requests that need no credentials, such as those for a page. */
  readonly isPublic?: (request: Request) => boolean;
  /** Checks its own credentials instead of a caller’s. Returns why a request is refused. */
  readonly admit?: (request: Request) => Refusal | undefined;
  /** Bodies of any media type are passed as text. */
  readonly takesText?: boolean;
  /** Media types of the responses. Clients that accept none of them are refused before any work is done. */
  readonly produces?: readonly string[];
  readonly refuse: Refuse;
  /** Answers a request. `body` is the parsed JSON body, or the text, if any. Without a response, GraphQL Yoga answers. */
  readonly answer?: (request: Request, body: unknown) => Response | undefined | Promise<Response | undefined>;
}

interface RouteOptions extends OperatorRouteOptions {
  readonly basePath: string;
  /** Serve GraphiQL to browsers. */
  readonly graphiql: boolean;
  /** Serve MCP with these options. */
  readonly mcp: McpOptions | false;
  /** Take webhooks, each with its own secret. */
  readonly webhooks: readonly WebhookOptions[];
}

/** Every route of the server. */
export const routesOf = ({ basePath, graphiql, mcp, webhooks, ...operator }: RouteOptions): readonly Route[] => [
  {
    path: '/graphql',
    methods: ['GET', 'POST'],
    produces: ['application/graphql-response+json', 'application/json', 'text/event-stream', 'multipart/mixed'],
    refuse: refuseAsGraphQL,
    isPublic: (request) => graphiql && wantsGraphiQL(request),
    answer: (request) => (graphiql && wantsGraphiQL(request) ? respondWithGraphiQL(request) : undefined),
  },
  ...(graphiql ? ASSET_PATHS.map(assetRoute) : []),
  ...(mcp ? [{ path: '/mcp', methods: ['POST'], refuse: refuseAsJsonRpc, answer: answerMcp(mcp) }] : []),
  ...operatorRoutes(operator),
  ...webhookRoutes(webhooks),
  {
    path: '/',
    methods: ['GET', 'HEAD'],
    refuse: refuseAsGraphQL,
    isPublic: () => true,
    answer: () => new Response(null, { status: 302, headers: { location: `${basePath}/graphql` } }),
  },
];

const assetRoute = (path: string): Route => ({
  path,
  methods: ['GET', 'HEAD'],
  refuse: refuseAsGraphQL,
  isPublic: () => true,
  answer: (request) => respondWithAsset(path, request),
});

export interface WebhookOptions extends WebhookSecret {
  /** Takes reports. They are durable when it resolves. */
  readonly take: (reports: readonly ChangeReport[]) => Promise<void>;
}

/** Freshsales posts here when a workflow runs: one path for all types, and one for each type and event. The secret tells the account. */
function webhookRoutes(accounts: readonly WebhookOptions[]): readonly Route[] {
  const [first] = accounts;
  if (!first) return [];
  const checked = accounts.map((account) => ({ account, hasSecret: createSecretCheck(account) }));
  // All are compared, so that the time tells nothing.
  const accountOf = ({ headers }: Request) => checked.filter(({ hasSecret }) => hasSecret(headers))[0]?.account;
  return WEBHOOK_PATHS.map(([path, meaning]) => ({
    path: `/webhooks/freshsales${path}`,
    methods: ['POST', 'PUT', 'PATCH', 'GET'],
    refuse: refuseAsGraphQL,
    takesText: true,
    admit: (request) => (accountOf(request) ? undefined : withoutSecret(first)),
    answer: (request, body) => answerWebhook(request, body, meaning, accountOf(request) ?? first),
  }));
}

const withoutSecret = ({ header }: WebhookSecret) => ({
  ...badRequest(
    `The secret is missing or wrong. Send WEBHOOK_SECRET in the header ${header}, as the password of Basic authentication, or as the whole Authorization header.`,
    401,
    'UNAUTHENTICATED',
  ),
  headers: { 'www-authenticate': 'Basic realm="webhooks"' },
});

async function answerWebhook(
  request: Request,
  body: unknown,
  path: WebhookPath,
  { take }: WebhookOptions,
): Promise<Response> {
  const { searchParams: query } = new URL(request.url);
  const received = await receiveWebhook({ path, body: typeof body === 'string' ? body : '', query }, take);
  if ('reports' in received) {
    const all = received.reports.map(({ type, id, action }) => ({
      recordId: toGid(type, id),
      action: action.toUpperCase(),
    }));
    return Response.json({ accepted: all.length === 1 ? all[0] : all }, { status: 202 });
  }
  const { problem, status, retryAfter } = received;
  return refuseAsGraphQL({
    ...badRequest(problem, status, status === 400 ? 'BAD_USER_INPUT' : 'UPSTREAM_ERROR'),
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  });
}

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

interface OperatorRouteOptions {
  /** Checks whether this server can take requests. */
  readonly ready: () => Promise<Readiness>;
  /** Serve them at /metrics. */
  readonly metrics?: Metrics | undefined;
  /** Bearer token of /metrics. Without it, only loopback peers may read them. */
  readonly metricsToken?: string | undefined;
}

/** Routes for those who run the server: health checks and metrics. None of them needs the token of a caller. */
const operatorRoutes = ({ ready, metrics, metricsToken }: OperatorRouteOptions) => [
  { ...PUBLIC, path: '/health/live', answer: () => Response.json({ status: 'ok' }) },
  {
    ...PUBLIC,
    path: '/health/ready',
    answer: async () => {
      const readiness = await ready();
      metrics?.ready(readiness.status);
      return Response.json(readiness, { status: readiness.status === 'unavailable' ? 503 : 200 });
    },
  },
  ...(metrics ? [{ ...PUBLIC, path: '/metrics', answer: answerMetrics(metrics, metricsToken) }] : []),
];

const PUBLIC = { methods: ['GET', 'HEAD'], isPublic: () => true, refuse: refuseAsGraphQL };

const answerMetrics =
  (metrics: Metrics, token: string | undefined) =>
  async (request: Request): Promise<Response> => {
    const refusal = token === undefined ? refusalOfPeer(request) : refusalOfBearer(request, token);
    if (refusal) return refuseAsGraphQL(refusal);
    return new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } });
  };

function refusalOfBearer({ headers }: Request, token: string): Refusal | undefined {
  const [, given = ''] = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  if (timingSafeEqual(digest(given), digest(token))) return undefined;
  return {
    ...badRequest('Send METRICS_TOKEN: “Authorization: Bearer …”.', 401, 'UNAUTHENTICATED'),
    headers: { 'www-authenticate': 'Bearer' },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Headers of proxies. The peer of a forwarded request is the proxy, not the client. */
const FORWARDED =
  /^(forwarded|via|x-real-ip|x-forwarded-.*|x-client-ip|true-client-ip|cf-connecting-ip|x-envoy-external-address)$/;

function refusalOfPeer(request: Request): Refusal | undefined {
  const { peer } = detailsOf(request);
  const isForwarded = [...request.headers.keys()].some((name) => FORWARDED.test(name));
  if (peer !== undefined && isLoopbackAddress(peer) && !isForwarded) return undefined;
  return badRequest(
    'Metrics are for this machine only. Set METRICS_TOKEN to read them from elsewhere.',
    403,
    'FORBIDDEN',
  );
}
