import { type DocumentNode, type GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Requester } from '../access/audit/use-audit.ts';
import { detailsIn, detailsOf, type RequestDetails } from '../access/request-details.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { type Call, combineMeters, type Meter } from '../freshsales/transport.ts';
import { isStreamed, whenWhole } from '../planner/incremental.ts';
import type { Context } from '../records/context.ts';
import type { Log } from './log.ts';
import { endpointOf, type Metrics } from './metrics.ts';
import { type OperationTrace, traceOperation } from './tracing.ts';

export interface ObservabilityOptions {
  /** Counts requests, operations and calls, and serves them at /metrics. */
  readonly metrics?: Metrics | undefined;
  /** Bearer token of /metrics. Without it, only loopback peers may read them. */
  readonly metricsToken?: string | undefined;
  /** Writes a line for each request, and for each failed or slow call. A pino logger is one. */
  readonly log?: Log | undefined;
  /** Duration from which calls are logged as slow, in milliseconds. 3000 by default. */
  readonly slowCallMs?: number;
}

interface ObserverOptions extends ObservabilityOptions {
  readonly requesterOf: (request: Request) => Requester | undefined;
  readonly routes: readonly { readonly path: string }[];
  readonly basePath: string;
}

const DEFAULT_SLOW_CALL_MS = 3000;

/** The route of a path, for logs and metrics. Paths that clients make up are `other`. */
function routeLabel({ routes, basePath }: ObserverOptions): (pathname: string) => string {
  const known = new Map(routes.map(({ path }) => [`${basePath}${path}`, path]));
  return (pathname) => known.get(pathname) ?? 'other';
}

/** Routes that are asked every few seconds. Logged at debug level. */
const PROBES = ['/health/live', '/health/ready', '/metrics'];

/** The same response. Calls back once, when its body is sent or the client disconnects. */
function onEnd(response: Response, client: AbortSignal, then: () => void): Response {
  const reader = response.body?.getReader();
  if (!reader) {
    then();
    return response;
  }
  let isOver = false;
  const end = () => {
    if (!isOver) then();
    isOver = true;
  };
  // It ends the operation.
  const cancel = (reason: unknown) => reader.cancel(reason).finally(end);
  client.addEventListener('abort', () => void cancel(client.reason).catch(() => {}), { once: true });
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      end();
      controller.close();
    },
    cancel,
  });
  return new Response(body, response);
}

interface Running {
  readonly trace: OperationTrace | undefined;
  context?: Context;
  name?: string | undefined;
  type?: string;
}

export interface Observer {
  /** Sees every request and operation. Comes after the plugin that gives requests their details. */
  readonly plugin: Plugin;
  /** Watches the calls of an operation. */
  begin(request: Request): Meter;
  /** Measures a part of an operation. */
  part<T>(context: Context, name: string, run: () => T): T;
  /** Logs a request that the server refused before it became one. */
  refused(
    request: { readonly method: string; readonly route: string },
    response: Response,
    details: RequestDetails,
  ): void;
}

/** Log lines, metrics and spans of requests, operations and calls. */
export function createObserver(options: ObserverOptions): Observer {
  const { metrics, log, slowCallMs = DEFAULT_SLOW_CALL_MS } = options;
  const routeOf = routeLabel(options);
  const senderOf = (request: Request) => {
    const { name, isNamed, caller } = options.requesterOf(request) ?? {};
    return { account: isNamed ? name : undefined, caller: caller?.name };
  };
  const operations = new WeakMap<RequestDetails, Running>();
  const ended = (request: Omit<EndedRequest, 'line'>, line: object = {}) => endRequest(options, { ...request, line });
  return {
    plugin: {
      onExecute({ args }) {
        const running = operations.get(detailsIn(args.contextValue as object));
        if (running) nameOperation(running, args, args.contextValue as unknown as Context);
      },
      onExecutionResult({ request, result, context }) {
        if (!result || Array.isArray(result)) return;
        const details = detailsIn(context as object);
        const running = operations.get(details);
        whenWhole(running?.context, result, ({ errors }) =>
          endOperation(options, { request, details, running, codes: codesOf(errors) }),
        );
      },
      onResponse({ request, response, setResponse, serverContext }) {
        const details = detailsIn(serverContext as object);
        // The operation of an MCP tool belongs to the request that called the tool.
        if (details.call || (!metrics && !log)) return;
        const { method, url } = request;
        const { status } = response;
        const end = () => ended({ method, route: routeOf(new URL(url).pathname), status, details }, senderOf(request));
        // A streamed response ends later than its headers.
        if (isStreamed(response.headers)) setResponse(onEnd(response, request.signal, end));
        else end();
      },
    },
    begin(request) {
      const details = detailsOf(request);
      const trace = traceOperation(request.headers);
      operations.set(details, { trace });
      const fields = { requestId: details.id, ...senderOf(request) };
      return combineMeters(...(trace ? [trace.meter] : []), ...(log ? [callLog({ slowCallMs, log }, fields)] : []));
    },
    part(context, name, run) {
      const trace = operations.get(detailsIn(context))?.trace;
      return trace ? trace.part(name, run) : run();
    },
    refused: ({ method, route }, { status }, details) => ended({ method, route, status, details }),
  };
}

interface Asked {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
}

/** Only valid operations are named: the names of others are not worth a label. */
function nameOperation(running: Running, { document, operationName }: Asked, context: Context): void {
  const operation = getOperationAST(document, operationName);
  running.context = context;
  running.name = operation?.name?.value;
  running.type = operation?.operation ?? 'none';
  running.trace?.name(running.type, running.name);
}

interface EndedOperation {
  readonly request: Request;
  readonly details: RequestDetails;
  readonly running: Running | undefined;
  readonly codes: readonly string[];
}

const NOTHING_SAVED = { saved: 0, shared: 0, included: 0 };

function endOperation({ metrics, requesterOf }: ObserverOptions, { request, details, running, codes }: EndedOperation) {
  const { context, name, type = 'none', trace } = running ?? { trace: undefined };
  const calls = context?.budget.spent ?? 0;
  const savings = context?.savings ?? NOTHING_SAVED;
  const requester = requesterOf(request);
  const caller = requester?.caller?.name;
  const seconds = (performance.now() - details.startedAt) / 1000;
  metrics?.operation({
    name: context ? name : 'invalid',
    type,
    code: codes[0] ?? 'OK',
    caller: caller ?? 'none',
    account: requester?.name ?? 'none',
    seconds,
    savings,
  });
  Object.assign(details.facts, {
    ...(caller !== undefined && { caller }),
    ...(name !== undefined && { operation: name.slice(0, 100) }),
    type,
    calls: (details.facts.calls ?? 0) + calls,
    saved: savings.saved,
    codes,
  });
  trace?.end({ 'freshsales.calls': calls, 'freshsales.calls_saved': savings.saved }, codes[0]);
}

/** Codes are constants of this server. Errors without one are about the request. */
const codesOf = (errors: readonly GraphQLError[] = []): readonly string[] => [
  ...new Set(
    errors.map(({ extensions, originalError }) =>
      originalError instanceof FreshsalesError ? originalError.code : String(extensions?.code ?? 'BAD_USER_INPUT'),
    ),
  ),
];

interface EndedRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly details: RequestDetails;
  readonly line: object;
}

function endRequest({ metrics, log }: ObserverOptions, { method, route, status, details, line }: EndedRequest): void {
  const durationMs = millisecondsSince(details.startedAt);
  metrics?.request({ route, status, seconds: durationMs / 1000 });
  if (!log) return;
  const { id: requestId, address, facts } = details;
  const isBroken = status >= 500 || facts.codes?.some((code) => /^(UPSTREAM|INTERNAL)_/.test(code));
  const level = PROBES.includes(route) ? 'debug' : isBroken ? 'warn' : 'info';
  log[level]({ requestId, method, route, status, durationMs, address, ...line, ...facts }, 'request');
}

const millisecondsSince = (start: number): number => Math.round((performance.now() - start) * 10) / 10;

/** Logs failed and slow calls. Refusals of content are part of normal work. */
function callLog({ log, slowCallMs }: { log: Log; slowCallMs: number }, fields: object): Meter {
  const sent = new WeakMap<Call, number>();
  const write = (call: Call, status: number | null, more: object = {}) => {
    const durationMs = millisecondsSince(sent.get(call) ?? performance.now());
    const isFailed = status === null || status >= 300;
    if (!isFailed && durationMs < slowCallMs) return;
    const isRefused = status !== null && status >= 400 && status < 500 && ![401, 403, 429].includes(status);
    const line = { ...fields, method: call.method, endpoint: endpointOf(call), status, durationMs, ...more };
    log[isRefused ? 'info' : 'warn'](line, isFailed ? 'Freshsales call failed' : 'Freshsales call was slow');
  };
  return {
    allow() {},
    spend: (call) => void sent.set(call, performance.now()),
    answered: (status, _headers, call) => write(call, status),
    release(call, isSent, error) {
      if (isSent) write(call, null, { reason: error instanceof FreshsalesError ? error.message : 'aborted' });
    },
  };
}
