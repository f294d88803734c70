import { createServer, IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import compression from 'compression';
import type { YogaServerInstance } from 'graphql-yoga';
import { type HeartbeatOptions, startHeartbeat } from './heartbeat.ts';
import { badRequest, refusalFor, refuseAsGraphQL } from './refusal.ts';

/** The server as a listener for `http.createServer` and Express, and as a function from request to response. */
export interface HttpHandler {
  (request: IncomingMessage, response: ServerResponse): Promise<void>;
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
}

export interface HttpHandlerOptions extends HeartbeatOptions {
  readonly mask: (error: unknown) => Error;
  /** Logs a request that is too malformed to become a `Request`, and gives the response an id. */
  readonly noteMalformed: (request: IncomingMessage, response: Response) => Response;
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
    !/^(text\/event-stream|multipart\/)/.test(String(response.getHeader('content-type'))) &&
    compression.filter(request, response),
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

/** How long a client may keep sending after it has its response. */
const LINGER_MS = 2000;

/** Node.js would read the rest of a refused body to its end, however long that takes. */
function endUnread(request: IncomingMessage): void {
  if (request.complete) return;
  setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, LINGER_MS).unref();
}
