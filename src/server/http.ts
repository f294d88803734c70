import { createServer, IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import compression from 'compression';
import type { Plugin, YogaServerInstance } from 'graphql-yoga';
import { isStreamed } from '../planner/incremental.ts';
import { EXPOSED_HEADERS } from './cost.ts';
import { badRequest, refusalFor, refuseAsGraphQL } from './errors.ts';

/** The server as a listener for `http.createServer` and Express, and as a function from request to response. */
export interface HttpHandler {
  (request: IncomingMessage, response: ServerResponse): Promise<void>;
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
}

export interface HttpHandlerOptions {
  readonly mask: (error: unknown) => Error;
  /** Logs a request that is too malformed to become a `Request`, and gives the response an id. */
  readonly noteMalformed: (request: IncomingMessage, response: Response) => Response;
  /** Origins whose pages may read responses. */
  readonly origins: readonly string[];
  readonly heartbeatMs: number;
  /** Headers that are known before the result: the id of the request, and what is left of the quota. */
  readonly knownHeaders: (serverContext: object) => Readonly<Record<string, string>>;
}

/** Longer than the load balancers of the large clouds keep idle connections, so that none closes under a request. */
const DEFAULT_KEEP_ALIVE_MS = 65_000;

/** An HTTP server that slow clients cannot block: headers must arrive within 10 seconds, the whole request within 60. */
export function createHttpServer(listener: RequestListener, { keepAliveTimeout = DEFAULT_KEEP_ALIVE_MS } = {}): Server {
  const options = {
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    connectionsCheckingInterval: 5000,
    keepAliveTimeout,
  };
  // “100 Continue” is sent when the body is first read, which is after the headers have been checked.
  return createServer(options, listener).on('checkContinue', (request, response) => {
    request._read = (size) => {
      if (!response.headersSent) response.writeContinue();
      request._read = IncomingMessage.prototype._read;
      request._read(size);
    };
    listener(request, response);
  });
}

/** Refuses malformed requests before Yoga sees them, and turns every exception into a response. */
export function createHttpHandler<C extends object>(
  yoga: YogaServerInstance<object, C>,
  { mask, noteMalformed, ...beats }: HttpHandlerOptions,
): HttpHandler {
  const failed = (error: unknown): Response => refuseAsGraphQL(refusalFor(mask(error)));

  async function answer(request: IncomingMessage, response: ServerResponse, context: object): Promise<Response> {
    if (!isWellFormed(request)) return noteMalformed(request, malformed());
    try {
      return await yoga.handleNodeRequestAndResponse(request, response, context);
    } catch (error) {
      return failed(error);
    }
  }

  async function listener(request: IncomingMessage, response: ServerResponse): Promise<void> {
    compress(request, response, () => {});
    const serverContext = { req: request, res: response, waitUntil: yoga.waitUntil };
    const heartbeat = startHeartbeat(request, response, { ...beats, serverContext });
    try {
      const answered = await answer(request, response, serverContext).finally(heartbeat.stop);
      response.once('finish', () => endUnread(request));
      // The headers are sent already.
      if (heartbeat.hasStarted()) response.end(await answered.text());
      else await sendNodeResponse(answered, response, request, true);
    } catch (error) {
      // Part of the response is already sent, so the only way to signal the error is to close the connection.
      mask(error);
      response.destroy();
    }
  }

  async function fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
    const request = typeof input === 'string' || input instanceof URL || init ? new Request(input, init) : input;
    try {
      return await yoga.fetch(request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      return failed(error);
    }
  }

  return Object.assign(listener, { fetch });
}

/** Event streams are sent as they come. */
const compress = compression({
  threshold: 1024,
  filter: (request, response) =>
    !isStreamed({ get: (name) => String(response.getHeader(name)) }) && compression.filter(request, response),
});

const malformed = (): Response => refuseAsGraphQL(badRequest('The request line or the Host header is not valid.'));

/** Requires a path and exactly one host. An absolute URL in the request line could name a host that is never checked. */
function isWellFormed(request: IncomingMessage & { readonly originalUrl?: string }): boolean {
  const authority = request.headers[':authority'];
  const hosts = authority === undefined ? (request.headersDistinct.host ?? []) : [authority];
  const [host] = hosts;
  if (typeof host !== 'string' || hosts.length !== 1 || !isValidHost(host)) return false;
  const target = request.originalUrl ?? request.url ?? '';
  return target.startsWith('/') && URL.canParse(`http://${host}${target}`);
}

/** True for a Host header that is only a host, so that every parser reads it the same way. */
export const isValidHost = (host: string): boolean => /^[^\s/\\?#@]+$/.test(host) && URL.canParse(`http://${host}/`);

/** The longest that a client may keep sending after it has its response. */
const LINGER_MS = 2000;

/** Node.js would read the rest of a refused body to its end, however long that takes. */
function endUnread(request: IncomingMessage): void {
  if (request.complete) return;
  setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, LINGER_MS).unref();
}

/** Load balancers close connections on which nothing is sent for a minute, some after half of it. */
export const DEFAULT_HEARTBEAT_MS = 15_000;

interface Heartbeat {
  stop(): void;
  /** The status and the headers have been sent. */
  hasStarted(): boolean;
}

/**
 * Keeps the connection of a long operation alive: sends spaces, which JSON allows before a value, until the result is there. The
 * status is then 200, whatever comes, as for every GraphQL result in JSON.
 */
function startHeartbeat(
  request: IncomingMessage,
  response: ServerResponse,
  {
    origins,
    heartbeatMs,
    knownHeaders,
    serverContext,
  }: Omit<HttpHandlerOptions, 'mask' | 'noteMalformed'> & { readonly serverContext: object },
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
    vary: VARY.join(', '),
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

/** Request headers on which the responses depend. */
const VARY = ['Authorization', 'Accept', 'Origin'];

/** Keeps responses out of caches, and streams out of the buffers of proxies. */
export const useResponseHeaders = (): Plugin => ({
  onResponse({ response: { headers } }) {
    if (isStreamed(headers)) passStream(headers);
    keepOutOfCaches(headers);
  },
});

function passStream(headers: Headers): void {
  // nginx would otherwise hold parts back.
  headers.set('x-accel-buffering', 'no');
  // Node.js knows what the connection allows.
  headers.delete('connection');
  headers.delete('transfer-encoding');
}

/** Responses contain data of one caller. Routes whose responses may be shared say so themselves. */
function keepOutOfCaches(headers: Headers): void {
  if (headers.has('cache-control')) return;
  headers.set('cache-control', 'private, no-store');
  const named = (headers.get('vary') ?? '').split(',').map((name) => name.trim());
  const missing = VARY.filter((name) => !named.some((each) => each.toLowerCase() === name.toLowerCase()));
  headers.set('vary', [...named, ...missing].filter(Boolean).join(', '));
}
