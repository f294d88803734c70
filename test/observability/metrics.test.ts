import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FreshsalesError } from '../../src/freshsales/errors.ts';
import { type Call, combineMeters, type Meter } from '../../src/freshsales/transport.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { listen } from '../server/raw.ts';
import { openWorld } from '../world.ts';
import { connectWorld } from './production.ts';

const DASHBOARD = new URL('../../docs/grafana-dashboard.json', import.meta.url);

const SAVED = { saved: 0, shared: 0, included: 0 };

/** The value of a sample: `name{label="value"}`. */
const sample = (text: string, name: string): string | undefined =>
  text
    .split('\n')
    .find((line) => line.startsWith(`freshsales_graphql_${name} `))
    ?.split(' ')
    .at(-1);

test('counts operations by name, code and caller, and calls by endpoint and status', async () => {
  const { ask, sandbox, metrics } = await connectWorld();
  sandbox.failNext('deals/filters', { status: 500 });
  await ask();
  await ask();
  const text = await metrics.text();
  const account = /freshsales_graphql_quota_limit\{account="([^"]+)"/.exec(text)?.[1];
  const operation = (code: string) =>
    `operations_total{operation="Deals",type="query",code="${code}",caller="none",account="${account}"}`;
  expect(sample(text, operation('UPSTREAM_ERROR'))).toBe('1');
  expect(sample(text, operation('OK'))).toBe('1');
  const call = (endpoint: string, status: number) =>
    `freshsales_calls_total{account="${account}",method="GET",endpoint="${endpoint}",status="${status}"}`;
  expect(sample(text, call('deals/filters', 500))).toBe('1');
  expect(sample(text, call('deals/view/{id}', 200))).toBe('1');
  expect(sample(text, `quota_remaining{account="${account}",window="hour"}`)).toBe('997');
  expect(Number(sample(text, `cache_bytes{account="${account}"}`))).toBeGreaterThan(100);
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
});

test('counts calls that were saved by the cache, by shared calls and by includes', async () => {
  const { ask, metrics, connection } = await connectWorld();
  await Promise.all([ask({ 'cache-control': '' }), ask({ 'cache-control': '' })]);
  await ask({ 'cache-control': '' });
  const text = await metrics.text();
  const saved = (by: string) => sample(text, `calls_saved_total{account="${connection.accounts[0]?.name}",by="${by}"}`);
  expect([saved('cache'), saved('coalescing'), saved('includes')]).toEqual(['2', '2', '1']);
});

test('counts changes that Freshsales reports', async () => {
  const { metrics, connection } = await connectWorld({ STATE_DIR: mkdtempSync(join(tmpdir(), 'changes-')) });
  await connection.accounts[0]?.feed.addReports([
    { type: 'Deal', id: '31000000001', action: 'updated', source: 'webhook' },
  ]);
  const labels = `account="${connection.accounts[0]?.name}",type="Deal",action="updated"`;
  expect(sample(await metrics.text(), `change_events_total{${labels}}`)).toBe('1');
});

test('operation names that clients make up do not grow the metrics without limit', async () => {
  const metrics = createMetrics({ version: '1' });
  const operation = { type: 'query', code: 'OK', caller: 'none', account: 'one', seconds: 0, savings: SAVED };
  for (let count = 0; count < 250; count += 1) metrics.operation({ ...operation, name: `Made${count}` });
  metrics.operation({ ...operation, name: 'A'.repeat(101) });
  const text = await metrics.text();
  expect(text.match(/^freshsales_graphql_operations_total\{/gm)).toHaveLength(201);
  expect(sample(text, 'operations_total{operation="other",type="query",code="OK",caller="none",account="one"}')).toBe(
    '51',
  );
});

test('labels contain no ids, values or names of invalid operations', async () => {
  const metrics = createMetrics({ version: '1' });
  const meter = metrics.callMeter('sandbox');
  for (const path of ['contacts/31000000001/notes', '../leads/7', 'job_statuses/0f0e-a1', 'lookup/jo%40example.com']) {
    const call = { method: 'GET', path } as const;
    meter.spend(call);
    meter.answered(200, new Headers(), call);
  }
  const endpoints = [...(await metrics.text()).matchAll(/calls_total\{.*endpoint="([^"]+)"/g)].map(([, name]) => name);
  expect(endpoints).toEqual(['contacts/{id}/notes', 'leads/{id}', 'job_statuses/{id}', 'lookup/{id}']);

  const world = await connectWorld();
  await world.send('query Jo31000000001 { nope }');
  expect(await world.metrics.text()).not.toContain('Jo31000000001');
});

test('counts calls that wait for quota, and those that are refused', async () => {
  const metrics = createMetrics({ version: '1' });
  const refused = new FreshsalesError('RATE_LIMITED', 'No calls left.');
  const ledger: Meter = {
    allow: ({ path }) => (path === 'deals' ? setTimeout(50) : Promise.reject(refused)),
    spend() {},
    answered() {},
  };
  const meter = combineMeters(metrics.callMeter('sandbox'), ledger);
  const [waits, fails] = (['deals', 'leads'] as const).map((path) => ({ method: 'GET', path }) as Call);
  if (!waits || !fails) throw new Error('no calls');
  await meter.allow(waits, { priority: 'agent' });
  meter.spend(waits);
  await expect(meter.allow(fails, { priority: 'agent' })).rejects.toBe(refused);
  const text = await metrics.text();
  expect(sample(text, 'quota_refusals_total{account="sandbox"}')).toBe('1');
  expect(sample(text, 'quota_waits_total{account="sandbox"}')).toBe('1');
});

test('without a token, metrics are for loopback peers, and never for forwarded requests', async () => {
  const metrics = createMetrics({ version: '1' });
  const { url, handler } = await listen({ observability: { metrics } });
  const read = (headers: Record<string, string> = {}) => fetch(`${url}/metrics`, { headers });
  const response = await read();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await response.text()).toContain('freshsales_graphql_info{version="1"} 1');
  for (const name of ['x-forwarded-for', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'forwarded', 'x-real-ip', 'via'])
    expect((await read({ [name]: '127.0.0.1' })).status).toBe(403);
  // A request without a socket has no peer.
  expect((await handler.fetch('http://127.0.0.1/metrics')).status).toBe(403);
});

test('with a token, metrics are for its bearers only', async () => {
  const metrics = createMetrics({ version: '1' });
  const { url } = await listen({ observability: { metrics, metricsToken: 'scrape-me' } });
  const read = (authorization?: string) =>
    fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '192.0.2.1', ...(authorization && { authorization }) } });
  expect((await read('Bearer scrape-me')).status).toBe(200);
  for (const wrong of [undefined, 'Bearer scrape', 'Basic scrape-me']) {
    const response = await read(wrong);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  }
});

test('a server without metrics has no such route', async () => {
  expect((await openWorld().fetch('http://127.0.0.1/metrics')).status).toBe(404);
});

test('the dashboard can be narrowed to an account, in each query about one', async () => {
  const metrics = createMetrics({ version: '1' });
  metrics.watchAccount({ name: 'one', ledger: createAccountLedger({}), cache: { bytes: 1 } });
  metrics.operation({ name: 'A', type: 'query', code: 'OK', caller: 'B', account: 'one', seconds: 0, savings: SAVED });
  metrics.change({ account: 'one', type: 'Deal', action: 'updated' });
  const meter = metrics.callMeter('one');
  const call = { method: 'GET', path: 'deals' } as const;
  meter.spend(call);
  meter.answered(200, new Headers(), call);
  const text = await metrics.text();
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: { targets: { expr: string }[] }[] };
  const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const accountOf = (query: string) =>
    [...query.matchAll(/(\w+)\{([^}]*)\}/g)].map(([, name, labels = '']) => ({
      query,
      isLabelled: new RegExp(`^${name}\\{[^}]*account="`, 'm').test(text),
      isNarrowed: labels.includes('account=~"$account"'),
    }));
  const measured = queries
    .filter((query) => !/quota_(waits|wait_seconds|refusals)_total/.test(query))
    .flatMap(accountOf);
  expect(measured.filter(({ isLabelled, isNarrowed }) => isLabelled !== isNarrowed)).toEqual([]);
  expect(measured.filter(({ isNarrowed }) => isNarrowed).length).toBeGreaterThan(9);
});

test('the queries of the dashboard use metrics that exist', () => {
  const dashboard = readFileSync(DASHBOARD, 'utf8');
  const names = createMetrics({ version: '1' }).names();
  const known = new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]));
  const used = [...dashboard.matchAll(/\b(?:freshsales_graphql|process|nodejs)_\w+/g)].map(([name]) => name);
  expect(used.filter((name) => !known.has(name))).toEqual([]);
  const own = names.filter((name) => name.startsWith('freshsales_graphql_'));
  expect(own.filter((name) => !used.some((each) => each.startsWith(name)))).toEqual([
    'freshsales_graphql_http_request_duration_seconds',
  ]);
});
