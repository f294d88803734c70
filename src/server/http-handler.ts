import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import type { YogaServerInstance } from 'graphql-yoga';
import { isValidHost } from './host.ts';
import { badRequest, refuseAsGraphQL } from './refusal.ts';
import { refusalFor } from './use-entrance.ts';

/** The server as a listener for `http.createServer` and Express, and as a function from request to response. */
export interface HttpHandler {
  (request: IncomingMessage, response: ServerResponse): Promise<void>;
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
}

/** How long a client may go on sending after it has its response. */
const LINGER_MS = 2000;

export interface HttpHandlerOptions {
  readonly mask: (error: unknown) => Error;
  /** Writes down that a request was refused before it became one, and gives the response its id. */
  readonly noteMalformed: (request: IncomingMessage, response: Response) => Response;
}

/** Puts yoga behind what has to hold before there is a request at all, and never lets an exception out. */
export function createHttpHandler<C extends object>(
  yoga: YogaServerInstance<object, C>,
  { mask, noteMalformed }: HttpHandlerOptions,
): HttpHandler {
  const failed = (error: unknown): Response => refuseAsGraphQL(refusalFor(mask(error)));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Response> {
    if (!isWellFormed(request)) return noteMalformed(request, invalid());
    try {
      const context = { req: request, res: response, waitUntil: yoga.waitUntil };
      return await yoga.handleNodeRequestAndResponse(request, response, context);
    } catch (error) {
      return failed(error);
    }
  }

  async function listener(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answered = await answer(request, response);
      response.once('finish', () => endUnread(request));
      await sendNodeResponse(answered, response, request, true);
    } catch (error) {
      // The response is half out: there is nobody to tell, but the connection must not stay open.
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

const invalid = (): Response => refuseAsGraphQL(badRequest('The request line or the Host header is not valid.'));

/** A path, and one host: an absolute URL in the request line would name another host than the one that is checked. */
function isWellFormed(request: IncomingMessage & { readonly originalUrl?: string }): boolean {
  const authority = request.headers[':authority'];
  const hosts = authority === undefined ? (request.headersDistinct.host ?? []) : [authority];
  const [host] = hosts;
  if (typeof host !== 'string' || hosts.length !== 1 || !isValidHost(host)) return false;
  const target = request.originalUrl ?? request.url ?? '';
  return target.startsWith('/') && URL.canParse(`http://${host}${target}`);
}

/** Node.js reads what is left of a refused body to its end, however long that takes. */
function endUnread(request: IncomingMessage): void {
  if (request.complete) return;
  setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, LINGER_MS).unref();
}
