import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Context as TraceContext,
  trace,
} from '@opentelemetry/api';
import type { Call, Meter } from '../freshsales/transport.ts';
import { endpointOf } from './metrics.ts';

/** The spans of one operation. They contain no ids, keys, variables or values. */
export interface OperationTrace {
  /** Names the span, once the operation is known. */
  name(type: string, name: string | undefined): void;
  /** Measures a part of the operation. */
  part<T>(name: string, run: () => T): T;
  /** A span for each call to Freshsales. */
  readonly meter: Meter;
  end(attributes: Attributes, code: string | undefined): void;
}

const FAILED = { code: SpanStatusCode.ERROR } as const;

/** Traces an operation with the SDK that the process has registered. Without one, nothing is recorded. */
export function traceOperation(headers: Headers): OperationTrace | undefined {
  const tracer = trace.getTracer('freshsales-graphql');
  const span = tracer.startSpan('graphql', { kind: SpanKind.SERVER }, parentOf(headers));
  if (!span.isRecording()) return undefined;
  const within = trace.setSpan(context.active(), span);
  return {
    name(type, name) {
      span.updateName(name === undefined ? type : `${type} ${name}`);
      span.setAttributes({ 'graphql.operation.type': type, ...(name && { 'graphql.operation.name': name }) });
    },
    part(name, run) {
      const part = tracer.startSpan(name, {}, within);
      try {
        return run();
      } finally {
        part.end();
      }
    },
    meter: callSpans((call) =>
      tracer.startSpan(
        `${call.method} ${endpointOf(call)}`,
        {
          kind: SpanKind.CLIENT,
          attributes: { 'http.request.method': call.method, 'url.template': endpointOf(call) },
        },
        within,
      ),
    ),
    end(attributes, code) {
      span.setAttributes(attributes);
      if (code !== undefined) span.setAttribute('graphql.error.code', code).setStatus(FAILED);
      span.end();
    },
  };
}

/** The span of the HTTP server, if it is instrumented, or that of the client. */
function parentOf(headers: Headers): TraceContext {
  const active = context.active();
  if (trace.getSpan(active)) return active;
  return propagation.extract(ROOT_CONTEXT, headers, {
    get: (carrier, name) => carrier.get(name) ?? undefined,
    keys: (carrier) => [...carrier.keys()],
  });
}

function callSpans(start: (call: Call) => Span): Meter {
  const spans = new WeakMap<Call, Span>();
  return {
    allow() {},
    spend: (call) => void spans.set(call, start(call)),
    answered(status, _headers, call) {
      const span = spans.get(call)?.setAttribute('http.response.status_code', status);
      if (status >= 400) span?.setStatus(FAILED);
      span?.end();
    },
    release(call) {
      spans.get(call)?.setStatus(FAILED).end();
    },
  };
}
