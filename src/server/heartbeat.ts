import type { IncomingMessage, ServerResponse } from 'node:http';
import { EXPOSED_HEADERS } from './cost.ts';

/** Load balancers close connections on which nothing is sent for a minute, some after half of it. */
export const DEFAULT_HEARTBEAT_MS = 15_000;

export interface HeartbeatOptions {
  /** Origins whose pages may read responses. */
  readonly origins: readonly string[];
  readonly heartbeatMs: number;
  /** Headers that are known before the result: the id of the request, and what is left of the quota. */
  readonly knownHeaders: (serverContext: object) => Readonly<Record<string, string>>;
}

export interface Heartbeat {
  stop(): void;
  /** The status and the headers have been sent. */
  hasStarted(): boolean;
}

/**
 * Keeps the connection of a long operation alive: sends spaces, which JSON allows before a value, until the result is there. The
 * status is then 200, whatever comes, as for every GraphQL result in JSON.
 */
export function startHeartbeat(
  request: IncomingMessage,
  response: ServerResponse,
  { origins, heartbeatMs, knownHeaders, serverContext }: HeartbeatOptions & { readonly serverContext: object },
): Heartbeat {
  let hasStarted = false;
  const beat = () => {
    // A slow upload is not a slow operation.
    if (!request.complete || response.destroyed || (response.headersSent && !hasStarted)) return;
    if (!hasStarted) response.writeHead(200, { ...headersFor(request, origins), ...knownHeaders(serverContext) });
    hasStarted = true;
    response.write(' ');
    (response as ServerResponse & { flush?: () => void }).flush?.();
  };
  const timer = isOperation(request) ? setInterval(beat, heartbeatMs).unref() : undefined;
  return { stop: () => clearInterval(timer), hasStarted: () => hasStarted };
}

const isOperation = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'POST' && /\/graphql(\?|$)/.test(url) && !/event-stream|multipart/.test(headers.accept ?? '');

function headersFor({ headers }: IncomingMessage, origins: readonly string[]): Record<string, string> {
  const { accept = '', origin } = headers;
  const type = accept.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json';
  return {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'private, no-store',
    vary: 'Authorization, Accept, Origin',
    // Proxies such as nginx would collect the spaces.
    'x-accel-buffering': 'no',
    ...(origin !== undefined &&
      origins.includes(origin) && {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
      }),
  };
}
