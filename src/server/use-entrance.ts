import { useCORS } from '@whatwg-node/server';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { detailsOf, type Forwarded } from '../access/request-details.ts';
import { isLoopbackHost } from '../config/loopback.ts';
import { EXPOSED_HEADERS } from './cost.ts';
import { badRequest, type Refusal, refusalFor, refuseAsGraphQL } from './errors.ts';
import { isValidHost } from './http.ts';
import { anyTextOf, jsonOf, type Params, paramsInUrl, paramsOf } from './request-body.ts';
import type { Route } from './routes.ts';

export interface EntranceOptions {
  readonly routes: readonly Route[];
  /** The path at which an embedding server mounts the routes, such as `/api`. */
  readonly basePath: string;
  /** Refuse Host headers that are not loopback names, as after DNS rebinding. */
  readonly loopbackOnly: boolean;
  /** Other origins whose pages may send requests. */
  readonly origins: readonly string[];
  readonly maxBodyBytes: number;
  /** Authenticates a request. Throws if it is refused. */
  readonly admit: (request: Request) => Promise<unknown>;
  readonly mask: (error: unknown) => Error;
}

/** Time for which browsers remember which requests are allowed. The most that Chrome accepts. */
const PREFLIGHT_SECONDS = 7200;

/** Longest URL. Node.js limits URL and headers to 16 KB by default; other servers allow more. */
const MAX_URL_LENGTH = 65_536;

/**
 * Checks every request before anything else reads it, in this order: host, origin, route, method, media type, credentials, size,
 * JSON. Paths that are not in the list of routes are not found.
 */
export const useEntrance = (options: EntranceOptions): Plugin[] => [
  useChecks(options),
  // Without origins, useCORS would allow all of them.
  ...(options.origins.length > 0
    ? [
        useCORS<object>({
          origin: [...options.origins],
          methods: ['GET', 'POST'],
          exposedHeaders: [...EXPOSED_HEADERS],
          maxAge: PREFLIGHT_SECONDS,
        }),
      ]
    : []),
];

function useChecks({ routes, ...options }: EntranceOptions): Plugin {
  const byPath = new Map(routes.map((route) => [`${options.basePath}${route.path}`, route]));
  const operations = new WeakMap<Request, GraphQLParams>();
  return {
    async onRequest({ request, url, endResponse }) {
      const route = byPath.get(url.pathname);
      const refuse = (refusal: Refusal) => {
        detailsOf(request).facts.codes = [refusal.code];
        return (route?.refuse ?? refuseAsGraphQL)(refusal);
      };
      try {
        const result = await check(request, { url, route, ...options });
        if (result instanceof Response) endResponse(result);
        else if ('refusal' in result) endResponse(refuse(result.refusal));
        else operations.set(request, result.params);
      } catch (error) {
        endResponse(refuse(refusalFor(options.mask(error))));
      }
    },
    onRequestParse({ request, setRequestParser }) {
      const params = operations.get(request);
      if (params) setRequestParser(() => params);
    },
  };
}

type Checked = Omit<EntranceOptions, 'routes'> & { readonly url: URL; readonly route: Route | undefined };

/** Runs all checks. Returns the response of the route, or the parameters of the operation for Yoga to execute. */
async function check(request: Request, checked: Checked): Promise<Params | Response> {
  const { route, url } = checked;
  const refusal = refusalOf(request, checked);
  if (refusal || !route) return { refusal: refusal ?? notFound() };
  // The CORS plugin adds the headers that a preflight needs.
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow: allowed(route) } });
  // Credentials are checked before the body is read, so that unauthenticated requests are cheap.
  const denied = route.admit?.(request);
  if (denied) return { refusal: denied };
  if (!route.admit && !route.isPublic?.(request)) await checked.admit(request);
  const isPost = request.method === 'POST';
  const body = await bodyOf(request, route, checked.maxBodyBytes);
  if ('refusal' in body) return body;
  return (await route.answer?.(request, body.value)) ?? (isPost ? paramsOf(body.value) : paramsInUrl(url));
}

function bodyOf(request: Request, { takesText }: Route, maxBytes: number): ReturnType<typeof jsonOf> {
  if (takesText && request.method !== 'GET') return anyTextOf(request, maxBytes);
  return request.method === 'POST' ? jsonOf(request, maxBytes) : Promise.resolve({ value: undefined });
}

/** Checks the request line and the headers. */
function refusalOf(request: Request, { url, route, origins, loopbackOnly }: Checked): Refusal | undefined {
  const { forwarded } = detailsOf(request);
  const host = forwarded?.host ?? request.headers.get('host') ?? url.host;
  if (!isValidHost(host)) return badRequest('The Host header is not valid.');
  if (isForeign(request.headers, { host, forwarded }, origins))
    return badRequest(
      'Pages of this origin may not send requests here. Add the origin to ALLOWED_ORIGINS.',
      403,
      'FORBIDDEN',
    );
  // Routes with their own secret are safe from pages of other hosts, and are called through tunnels.
  if (loopbackOnly && !route?.admit && !isLoopbackHost(host))
    return badRequest(
      'This server answers only to localhost. Set FRESHSALES_CALLERS, or FRESHSALES_AUTH=pass-through, to serve others.',
      403,
      'FORBIDDEN',
    );
  if (request.url.length > MAX_URL_LENGTH)
    return badRequest(`The URL is longer than ${MAX_URL_LENGTH} characters.`, 414);
  if (!route) return notFound();
  if (request.method === 'OPTIONS') return undefined;
  if (!route.methods.includes(request.method))
    return { ...badRequest(`Send ${route.methods.join(' or ')}.`, 405), headers: { allow: allowed(route) } };
  if (route.produces && !route.isPublic?.(request) && !accepts(request, route.produces))
    return badRequest(`Accept one of ${route.produces.join(', ')}.`, 406);
  return undefined;
}

const notFound = (): Refusal => badRequest('There is nothing at this path.', 404, 'NOT_FOUND');

const allowed = ({ methods }: Route): string => [...methods, 'OPTIONS'].join(', ');

/** The host that a client asked. */
interface Asked {
  readonly host: string;
  readonly forwarded: Forwarded | undefined;
}

/** True if a browser sends the request for a page of an origin that is not allowed. Other clients send no Origin header. */
function isForeign(headers: Headers, asked: Asked, origins: readonly string[]): boolean {
  const origin = headers.get('origin');
  if (origin !== null) return !origins.includes(origin) && !isSameHost(origin, asked);
  return headers.get('sec-fetch-site') === 'cross-site' && headers.get('sec-fetch-mode') !== 'navigate';
}

function isSameHost(origin: string, { host, forwarded }: Asked): boolean {
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  const protocol = forwarded?.protocol === 'https' ? 'https' : 'http';
  const own = new URL(`${protocol}://${host}/`);
  // The usual lines for nginx send `$host`, which has no port.
  const isWithoutPort = forwarded !== undefined && !/:\d+$/.test(host);
  return [host, own.host].includes(page.host) || (isWithoutPort && page.hostname === own.hostname);
}

/** True if the client accepts one of these media types in UTF-8. Weights are ignored. */
export function accepts({ headers }: Request, mediaTypes: readonly string[]): boolean {
  const ranges = (headers.get('accept') || '*/*').replace(/\s/g, '').toLowerCase().split(',');
  return ranges.some((range) => {
    const [wanted = '', ...parameters] = range.split(';');
    const charset = parameters.find((parameter) => parameter.startsWith('charset=')) ?? 'charset=utf-8';
    return charset === 'charset=utf-8' && mediaTypes.some((type) => isIn(type, wanted));
  });
}

function isIn(type: string, range: string): boolean {
  const [family] = type.split('/');
  return range === type || range === `${family}/*` || range === '*/*';
}
