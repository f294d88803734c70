import { propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, onTestFinished, test } from 'vitest';
import { connectWorld } from './production.ts';

/** Registers an SDK, as `node --import` does, until the test ends. */
function register() {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  onTestFinished(() => {
    trace.disable();
    propagation.disable();
  });
  return exporter;
}

test('an operation has a span, with one for its plan and one for each call', async () => {
  const exporter = register();
  const { ask } = await connectWorld();
  await ask();
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name)).toEqual(['plan', 'GET deals/filters', 'GET deals/view/{id}', 'query Deals']);
  const root = spans.at(-1);
  expect(root?.attributes).toEqual({
    'graphql.operation.name': 'Deals',
    'graphql.operation.type': 'query',
    'freshsales.calls': 2,
    'freshsales.calls_saved': 0,
  });
  const parents = new Set(spans.slice(0, -1).map(({ parentSpanContext }) => parentSpanContext?.spanId));
  expect([...parents]).toEqual([root?.spanContext().spanId]);
  expect(spans[2]?.attributes).toEqual({
    'http.request.method': 'GET',
    'url.template': 'deals/view/{id}',
    'http.response.status_code': 200,
  });
});

test('failures are marked by their code, and spans contain no ids, keys or values', async () => {
  const exporter = register();
  const { send, sandbox } = await connectWorld();
  sandbox.failNext('contacts/31000000001', { status: 500, text: 'jo@example.com' });
  await send('query One { contact(id: 31000000001) { displayName } }');
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
    ['plan', SpanStatusCode.UNSET],
    ['GET contacts/{id}', SpanStatusCode.ERROR],
    ['query One', SpanStatusCode.ERROR],
  ]);
  const text = JSON.stringify(spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]));
  expect(text).not.toMatch(/31000000001|own-key|127\.0\.0\.1|example/);
});

test('without an SDK nothing is recorded', async () => {
  const { ask } = await connectWorld();
  expect(await ask()).toMatchObject({ data: { deals: expect.anything() } });
});
