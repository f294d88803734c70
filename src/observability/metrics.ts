import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Savings } from '../freshsales/response-cache.ts';
import { type Call, type Meter, pathTemplate } from '../freshsales/transport.ts';
import type { AccountLedger } from '../quota/account-ledger.ts';
import type { CheckStatus } from './readiness.ts';

/** An executed or refused operation. */
export interface ObservedOperation {
  /** Name in the document. Undefined without one. */
  readonly name: string | undefined;
  readonly type: string;
  /** Code of its first error, or OK. */
  readonly code: string;
  readonly caller: string;
  readonly account: string;
  readonly seconds: number;
  readonly savings: Savings;
}

export interface ObservedRequest {
  /** A path of the server, or `other`. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** The values of an account that metrics read. */
export interface ObservedAccount {
  readonly name: string;
  readonly ledger: Pick<AccountLedger, 'hour' | 'minute'>;
  readonly cache: { readonly bytes: number };
}

/** Counts what happens, for Prometheus. */
export interface Metrics {
  /** Counts the calls of an account. */
  callMeter(account: string): Meter;
  watchAccount(account: ObservedAccount): void;
  watchStore(status: () => 'ok' | 'degraded'): void;
  operation(operation: ObservedOperation): void;
  request(request: ObservedRequest): void;
  /** Counts a change that Freshsales reported. */
  change(change: { readonly account: string; readonly type: string; readonly action: string }): void;
  ready(status: CheckStatus): void;
  readonly contentType: string;
  /** All metrics as text. */
  text(): Promise<string>;
  /** The names of all metrics, for tests of dashboards. */
  names(): readonly string[];
}

const PREFIX = 'freshsales_graphql_';

/** Different operation names, and endpoints. Further ones are counted as `other`. */
const MAX_NAMES = 200;

/** A longer name of an operation is counted as `other`. */
const MAX_NAME_LENGTH = 100;

const OPERATION_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const CALL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Shorter waits are those of the event loop. */
const SHORTEST_WAIT_S = 0.01;

/** Limits the values of a label: clients choose the names of operations. */
function createNameLimit(): (name: string) => string {
  const names = new Set<string>();
  return (name) => {
    if (name.length > MAX_NAME_LENGTH || (!names.has(name) && names.size >= MAX_NAMES)) return 'other';
    names.add(name);
    return name;
  };
}

/** A path without ids or other values: `contacts/{id}/notes`. */
export const endpointOf = ({ path }: Pick<Call, 'path'>): string =>
  pathTemplate(`/${path.replace(/^\.\.\//, '')}`)
    .split('/')
    .slice(1)
    .map((part) => (/^[a-z_]{1,40}$/.test(part) ? part : '{id}'))
    .join('/');

export function createMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new Registry();
  const metrics = declare(registry);
  const accounts: ObservedAccount[] = [];
  let storeStatus: (() => 'ok' | 'degraded') | undefined;
  const [operationLabel, endpointLabel] = [createNameLimit(), createNameLimit()];
  collectDefaultMetrics({ register: registry });
  metrics.info.set({ version }, 1);

  /** Reads the gauges. */
  function collect(): void {
    for (const { name: account, ledger, cache } of accounts) {
      metrics.cacheBytes.set({ account }, cache.bytes);
      for (const { name: window, limit, used } of [ledger.hour, ledger.minute]) {
        metrics.quotaLimit.set({ account, window }, limit);
        metrics.quotaRemaining.set({ account, window }, Math.max(0, limit - used));
      }
    }
    if (storeStatus) metrics.storeUp.set(storeStatus() === 'ok' ? 1 : 0);
  }

  return {
    callMeter: (account) => callMeter(account, metrics, (call) => endpointLabel(endpointOf(call))),
    watchAccount: (account) => void accounts.push(account),
    watchStore(status) {
      registry.registerMetric(metrics.storeUp);
      storeStatus = status;
    },
    operation({ name = 'anonymous', type, code, caller, account, seconds, savings }) {
      const operation = operationLabel(name);
      metrics.operations.inc({ operation, type, code, caller, account });
      metrics.operationSeconds.observe({ operation }, seconds);
      metrics.saved.inc({ account, by: 'cache' }, savings.saved - savings.shared);
      metrics.saved.inc({ account, by: 'coalescing' }, savings.shared);
      metrics.saved.inc({ account, by: 'includes' }, savings.included);
    },
    change: ({ account, type, action }) => metrics.changes.inc({ account, type, action }),
    request({ route, status, seconds }) {
      metrics.requests.inc({ route, status: String(status) });
      metrics.requestSeconds.observe({ route }, seconds);
    },
    ready(status) {
      registry.registerMetric(metrics.ready);
      metrics.ready.set(status === 'unavailable' ? 0 : 1);
    },
    contentType: registry.contentType,
    text: async () => {
      collect();
      return registry.metrics();
    },
    names: () => [
      ...registry.getMetricsAsArray().map(({ name }) => name),
      ...['ready', 'store_up'].map((name) => `${PREFIX}${name}`),
    ],
  };
}

function declare(registry: Registry) {
  const of = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) => ({
    name: `${PREFIX}${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
  });
  const call = ['account', 'method', 'endpoint'] as const;
  return {
    info: new Gauge(of('info', 'The version of this server.', ['version'])),
    // Registered when they have a value: without one they would show 0.
    ready: new Gauge({ ...of('ready', '1 if the last readiness check let the server take requests.'), registers: [] }),
    storeUp: new Gauge({ ...of('store_up', '1 if Redis can be reached.'), registers: [] }),
    requests: new Counter(of('http_requests_total', 'HTTP requests.', ['route', 'status'])),
    requestSeconds: new Histogram({
      ...of('http_request_duration_seconds', 'Duration of HTTP requests.', ['route']),
      buckets: OPERATION_BUCKETS,
    }),
    operations: new Counter(
      of('operations_total', 'GraphQL operations, by the code of their first error.', [
        ...(['operation', 'type', 'code', 'caller', 'account'] as const),
      ]),
    ),
    // Without account, which would multiply 200 names with each account.
    operationSeconds: new Histogram({
      ...of('operation_duration_seconds', 'Duration of GraphQL operations.', ['operation']),
      buckets: OPERATION_BUCKETS,
    }),
    saved: new Counter(of('calls_saved_total', 'Freshsales calls that were not needed.', ['account', 'by'])),
    calls: new Counter(
      of('freshsales_calls_total', 'Calls to Freshsales. The status is “none” without a response.', [
        ...call,
        'status',
      ]),
    ),
    callSeconds: new Histogram({
      ...of('freshsales_call_duration_seconds', 'Duration of calls to Freshsales.', ['account', 'endpoint']),
      buckets: CALL_BUCKETS,
    }),
    changes: new Counter(
      of('change_events_total', 'Changes that Freshsales reported, by webhooks or when asked.', [
        'account',
        'type',
        'action',
      ]),
    ),
    quotaLimit: new Gauge(of('quota_limit', 'Calls that the account may make.', ['account', 'window'])),
    quotaRemaining: new Gauge(of('quota_remaining', 'Calls left to the account.', ['account', 'window'])),
    waits: new Counter(of('quota_waits_total', 'Calls that waited for quota.', ['account'])),
    waitSeconds: new Counter(of('quota_wait_seconds_total', 'Time that calls waited for quota.', ['account'])),
    refusals: new Counter(of('quota_refusals_total', 'Calls refused for lack of quota, and not sent.', ['account'])),
    cacheBytes: new Gauge(of('cache_bytes', 'Approximate size of the response cache.', ['account'])),
  };
}

type Declared = ReturnType<typeof declare>;

/** Comes before the ledger, so that it sees how long a call waits there. */
function callMeter(account: string, metrics: Declared, endpointFor: (call: Call) => string): Meter {
  const asked = new WeakMap<Call, number>();
  const sent = new WeakMap<Call, number>();
  const secondsSince = (since = performance.now()) => (performance.now() - since) / 1000;
  const end = (call: Call, status: string) => {
    const endpoint = endpointFor(call);
    metrics.calls.inc({ account, method: call.method, endpoint, status });
    metrics.callSeconds.observe({ account, endpoint }, secondsSince(sent.get(call)));
  };
  return {
    allow: (call) => void asked.set(call, performance.now()),
    spend(call) {
      sent.set(call, performance.now());
      const waited = secondsSince(asked.get(call));
      if (waited < SHORTEST_WAIT_S) return;
      metrics.waits.inc({ account });
      metrics.waitSeconds.inc({ account }, waited);
    },
    answered: (status, _headers, call) => end(call, String(status)),
    release(call, isSent, error) {
      if (isSent) end(call, 'none');
      else if (error instanceof FreshsalesError && error.code === 'RATE_LIMITED') metrics.refusals.inc({ account });
    },
  };
}
