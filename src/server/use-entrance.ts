import { useCORS } from '@whatwg-node/server';
import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { isLoopbackHost } from '../config/loopback.ts';
import { accepts } from './accept.ts';
import { type Params, paramsInUrl, paramsOf } from './graphql-params.ts';
import { isForeign, isValidHost } from './host.ts';
import { parseJson } from './json.ts';
import { EXPOSED_HEADERS } from './rate-limit-headers.ts';
import { readBody } from './read-body.ts';
import { badRequest, type Refusal, type Refuse, refuseAsGraphQL } from './refusal.ts';

/** Something that the server answers. */
export interface Route {
  /** Below the base path, such as `/graphql`. Only this path is answered, letter by letter. */
  readonly path: string;
  readonly methods: readonly string[];
  /** Requests that need no credentials, such as those for a page or a health check. None unless said otherwise. */
  readonly isPublic?: (request: Request) => boolean;
  /** Media types of its responses. A client that takes none of them is refused, rather than after the work is done. */
  readonly produces?: readonly string[];
  readonly refuse: Refuse;
  /** Answers a request, with the JSON of its body if it has one. Without it, GraphQL Yoga answers. */
  readonly answer?: (request: Request, body: unknown) => Response | undefined | Promise<Response | undefined>;
}

export interface EntranceOptions {
  readonly routes: readonly Route[];
  /** Where an embedding server mounts the routes, such as `/api`. */
  readonly basePath: string;
  /** Only a loopback name may be asked for: a foreign name that resolves here is how a web page gets past the browser. */
  readonly loopbackOnly: boolean;
  /** Origins whose pages may send requests, beside our own. */
  readonly origins: readonly string[];
  readonly maxBodyBytes: number;
  /** Finds out who sends a request. Throws if nobody may. */
  readonly admit: (request: Request) => Promise<unknown>;
  readonly mask: (error: unknown) => Error;
}

const JSON_TYPE = 'application/json';

/** Longer URLs are refused. Node.js allows 16 KB for a URL and headers unless told otherwise; other servers allow more. */
const MAX_URL_LENGTH = 65_536;

/**
 * The one way in. Every request is checked here, in this order, before anything else looks at it: host, origin, route, method,
 * credentials, media type, size, JSON. What is not in the list of routes is not found.
 */
export const useEntrance = (options: EntranceOptions): Plugin[] => [
  useChecks(options),
  // With no origin named, it would allow them all.
  ...(options.origins.length > 0
    ? [
        useCORS<object>({
          origin: [...options.origins],
          methods: ['GET', 'POST'],
          exposedHeaders: [...EXPOSED_HEADERS],
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
      const refuse = route?.refuse ?? refuseAsGraphQL;
      try {
        const outcome = await pass(request, { url, route, ...options });
        if (outcome instanceof Response) endResponse(outcome);
        else if ('refusal' in outcome) endResponse(refuse(outcome.refusal));
        else operations.set(request, outcome.params);
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

type Visit = Omit<EntranceOptions, 'routes'> & { readonly url: URL; readonly route: Route | undefined };

/** Takes a request through all checks: to the response of its route, or to the parameters of its operation. */
async function pass(request: Request, visit: Visit): Promise<Params | Response> {
  const { route, url } = visit;
  const refusal = refusalOf(request, visit);
  if (refusal || !route) return { refusal: refusal ?? notFound() };
  // The CORS plugin adds the headers that a preflight asks for.
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow: allowed(route) } });
  // Credentials are checked before the body is read, so that strangers cost nothing.
  if (!route.isPublic?.(request)) await visit.admit(request);
  const isPost = request.method === 'POST';
  const body = isPost ? await jsonOf(request, visit.maxBodyBytes) : { value: undefined };
  if ('refusal' in body) return body;
  return (await route.answer?.(request, body.value)) ?? (isPost ? paramsOf(body.value) : paramsInUrl(url));
}

/** What is wrong with a request, as far as its first line and headers tell. */
function refusalOf(request: Request, { url, route, origins, loopbackOnly }: Visit): Refusal | undefined {
  const host = request.headers.get('host') ?? url.host;
  if (!isValidHost(host)) return badRequest('The Host header is not valid.');
  if (isForeign(request.headers, host, origins))
    return badRequest('Pages of this origin may not send requests here (ALLOWED_ORIGINS).', 403, 'FORBIDDEN');
  if (loopbackOnly && !isLoopbackHost(host))
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

const STATUS: Readonly<Record<string, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, RATE_LIMITED: 429 };

/** An error that may be shown, as a refusal. */
export function refusalFor(shown: Error): Refusal {
  const { code, errorId } = shown instanceof GraphQLError ? shown.extensions : {};
  const status = STATUS[String(code)] ?? 500;
  return {
    status,
    message: shown.message,
    code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    errorId: typeof errorId === 'string' ? errorId : undefined,
    headers: status === 401 ? { 'www-authenticate': 'Bearer' } : undefined,
  };
}

/** Takes JSON and nothing else: a form or a plain link of a foreign page can send the other types without asking. */
async function jsonOf(request: Request, maxBytes: number) {
  const [mediaType = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== JSON_TYPE)
    return { refusal: badRequest('Send JSON, with the header “content-type: application/json”.', 415) };
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity')
    return { refusal: badRequest('Send the body without compression (content-encoding).', 415) };
  const body = await readBody(request, maxBytes);
  return 'refusal' in body ? body : parseJson(body.text, 'The body');
}
