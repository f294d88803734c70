import { createHash, timingSafeEqual } from 'node:crypto';
import { originOf } from '../access/audit/request-origin.ts';
import { isLoopbackAddress } from '../config/loopback.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Readiness } from '../observability/readiness.ts';
import { badRequest, type Refusal, refuseAsGraphQL } from './refusal.ts';

export interface OperatorRouteOptions {
  /** Whether this server can take requests. */
  readonly ready: () => Promise<Readiness>;
  /** Serve them at /metrics. */
  readonly metrics?: Metrics | undefined;
  /** Bearer token of /metrics. Without it, only loopback peers may read them. */
  readonly metricsToken?: string | undefined;
}

/** Routes for those who run the server: health checks and metrics. None of them needs the token of a caller. */
export const operatorRoutes = ({ ready, metrics, metricsToken }: OperatorRouteOptions) => [
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
  const { peer } = originOf(request);
  const isForwarded = [...request.headers.keys()].some((name) => FORWARDED.test(name));
  if (peer !== undefined && isLoopbackAddress(peer) && !isForwarded) return undefined;
  return badRequest(
    'Metrics are for this machine only. Set METRICS_TOKEN to read them from elsewhere.',
    403,
    'FORBIDDEN',
  );
}
