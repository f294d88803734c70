import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import { type Context, createContext } from './context.ts';
import { EXPOSED_HEADERS } from './cost/rate-limit-headers.ts';
import { useCost } from './cost/use-cost.ts';
import { createMaskError, type Report } from './errors.ts';
import type { Connect } from './http/authenticate.ts';
import { graphiqlOptions, renderGraphiQL } from './http/graphiql.ts';
import { idempotencyKeyOf } from './http/idempotency-key.ts';
import { DEFAULT_LIMITS, type Limits, useLimits, useSecrecy } from './http/limits.ts';
import { useBrowserGuard } from './http/use-browser-guard.ts';
import { useGraphQLJs } from './http/use-graphql-js.ts';
import { useJsonOnly } from './http/use-json-only.ts';
import { usePreview, wantsPreview } from './preview.ts';
import { schema } from './schema.ts';

export interface ServerOptions {
  /** Which account, and which key to it, a request is for. */
  readonly connect: Connect;
  /** No GraphiQL, no introspection, no suggestions. */
  readonly production?: boolean;
  /** Answer only to loopback names. True unless said otherwise. */
  readonly loopbackOnly?: boolean;
  /** Origins of front ends that may send operations from a browser, such as https://crm.example. None unless named. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Told of each of our own faults, with the id that the caller was given. Writes to stderr by default. */
  readonly report?: Report;
}

/** The HTTP server as a function from request to answer; `server.fetch` needs no socket. */
export function createServer({
  connect,
  production = false,
  loopbackOnly = true,
  origins = [],
  limits: given = {},
  report = writeReport,
}: ServerOptions): YogaServerInstance<object, Context> {
  const limits = { ...DEFAULT_LIMITS, ...given };
  return createYoga<object, Context>({
    schema,
    context: async ({ request, params }) =>
      createContext({
        account: await connect(request),
        signal: request.signal,
        maxCalls: limits.maxCalls,
        fresh: asksForFresh(request),
        idempotencyKey: idempotencyKeyOf(request),
        preview: wantsPreview(request, params.extensions),
      }),
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors:
      origins.length > 0
        ? { origin: [...origins], methods: ['GET', 'POST'], exposedHeaders: [...EXPOSED_HEADERS] }
        : false,
    multipart: false,
    batching: false,
    logging: false,
    maskedErrors: { maskError: createMaskError(report) },
    graphiql: production ? false : graphiqlOptions,
    renderGraphiQL,
    plugins: [
      useBrowserGuard({ loopbackOnly, origins }),
      useJsonOnly(limits.maxBodyBytes),
      useGraphQLJs(),
      ...useLimits(limits),
      ...(production ? useSecrecy() : []),
      useCost({ maxCalls: limits.maxCalls }),
      usePreview(),
    ],
  });
}

/** `Cache-Control: no-cache`, as HTTP has it: nothing that was read before. */
const asksForFresh = ({ headers }: Request): boolean => /\bno-cache\b/i.test(headers.get('cache-control') ?? '');

/** Where it happened, and not what was in it: messages of unexpected errors may quote customers' data. */
const writeReport: Report = (id, error) => {
  const [, ...frames] = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const name = error instanceof Error ? error.name : typeof error;
  process.stderr.write(`Internal error ${id}: ${name}\n${frames.slice(0, 8).join('\n')}\n`);
};
