import { expect, test } from 'vitest';
import { createLog, type LogOptions } from '../../src/observability/log.ts';
import { listen } from '../server/raw.ts';
import { connectWorld } from './production.ts';

/** A log and what it wrote. */
function open(options: Partial<LogOptions> = {}) {
  const written: string[] = [];
  const log = createLog({ level: 'info', isPretty: false, write: (text) => void written.push(text), ...options });
  return { log, written };
}

test('writes one line per request, with what it did', async () => {
  const { ask, lines } = await connectWorld();
  await ask();
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      method: 'POST',
      route: '/graphql',
      status: 200,
      durationMs: expect.any(Number),
      operation: 'Deals',
      type: 'query',
      calls: 2,
      saved: 0,
      codes: [],
      msg: 'request',
    },
  ]);
});

test('names the caller, the address and the code of a refusal', async () => {
  const { log, written } = open();
  const { url } = await listen({
    observability: { log },
    connect: () => {
      throw new Error('not used');
    },
  });
  await fetch(`${url}/graphql?query={__typename}`, { headers: { origin: 'https://evil.example' } });
  await fetch(`${url}/nowhere?token=s3cret`);
  expect(written.map((line) => JSON.parse(line))).toMatchObject([
    { method: 'GET', route: '/graphql', status: 403, codes: ['FORBIDDEN'], address: '127.0.0.1' },
    { route: 'other', status: 404, codes: ['NOT_FOUND'] },
  ]);
  expect(written.join('')).not.toMatch(/s3cret|nowhere|evil/);
});

test('logs failed and slow calls by endpoint, with the id of their request', async () => {
  const { ask, sandbox, lines } = await connectWorld({ LOG_SLOW_CALL_MS: '1500' });
  sandbox.failNext('deals/filters', { status: 503, text: '<html>busy</html>' });
  await ask();
  sandbox.failNext('deals/view', { status: 200, delay: 1700, body: { deals: [], meta: { total: 0 } } });
  await ask();
  const [failed, request] = lines;
  expect(failed).toMatchObject({
    level: 'warn',
    msg: 'Freshsales call failed',
    method: 'GET',
    endpoint: 'deals/filters',
    status: 503,
    requestId: request?.requestId,
  });
  expect(request).toMatchObject({ level: 'warn', codes: ['UPSTREAM_ERROR'] });
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'Freshsales call was slow', endpoint: 'deals/view/{id}', status: 200 }),
  );
});

test('logs why a call got no response, without address and key', async () => {
  const { ask, sandbox, lines } = await connectWorld();
  sandbox.failNext('deals/filters', { status: 200, drop: true });
  await ask();
  expect(lines[0]).toMatchObject({ status: null, reason: expect.stringContaining('could not be reached') });
  expect(JSON.stringify(lines)).not.toMatch(/own-key|crm\/sales/);
});

test('logs health checks at debug level only', async () => {
  const { ready, lines } = await connectWorld();
  await ready();
  expect(lines).toEqual([]);
  const { ready: again, lines: all } = await connectWorld({ LOG_LEVEL: 'debug' });
  await again();
  expect(all).toMatchObject([{ level: 'debug', route: '/health/ready' }]);
});

test('an MCP tool call is one line, with its operation', async () => {
  const { log, written } = open();
  const { url } = await listen({ observability: { log } });
  const call = { name: 'query', arguments: { query: 'query Tool { owners { displayName } }' } };
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }),
  });
  await response.text();
  expect(written.map((line) => JSON.parse(line))).toMatchObject([{ route: '/mcp', operation: 'Tool', calls: 1 }]);
});

test('redacts secrets, whoever logs them', () => {
  const { log, written } = open();
  log.info({ authorization: 'Bearer s3cret', request: { headers: 's3cret', body: 's3cret' } }, 'request');
  expect(written.join('')).not.toContain('s3cret');
});

test('escapes what a terminal would interpret', () => {
  const { log, written } = open();
  log.info({ operation: '\u001b[31m\u202e' }, 'request');
  expect(written[0]).toContain('"\\u001b[31m\\u202e"');
  const pretty = open({ isPretty: true });
  pretty.log.info({ operation: 'a\n\u001b[31m', calls: 2 }, 'request');
  expect(pretty.written[0]).toMatch(/^\d\d:\d\d:\d\d info request: operation=a\\u000a\\u001b\[31m calls=2\n$/);
});

test('writes nothing below its level, except the start message', () => {
  const { log, written } = open({ level: 'silent' });
  log.error({}, 'broken');
  log.notice({}, 'started');
  expect(written).toHaveLength(1);
});
