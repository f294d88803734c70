import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { type CacheOptions, createCache } from '../../src/cache/cache.ts';
import { LoggedFeed } from '../../src/events/change-feed.ts';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import type { RecordChange } from '../../src/records/changes.ts';
import type { Account } from '../../src/records/context.ts';
import { tables } from '../../src/resources/index.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { createServers, type ServerOptions } from '../../src/server/create-server.ts';
import { createHttpServer } from '../../src/server/http.ts';
import { createMemoryLog } from '../../src/stores/memory/memory-store.ts';
import type { Log } from '../../src/stores/store.ts';

export const SECRET = 'open sesame';

export interface LiveOptions extends Omit<SandboxOptions, 'now'> {
  readonly log?: Log<RecordChange>;
  readonly cache?: Omit<CacheOptions, 'tables'>;
  readonly server?: Partial<ServerOptions>;
  readonly isForeignKey?: boolean;
}

export interface Delivered {
  readonly data?: { readonly changes: Readonly<Record<string, unknown>> };
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
  readonly extensions?: { readonly cost: { readonly actualQueryCost: number } };
}

/** A server with a change feed and webhooks over the sandbox, without sockets. */
export function openLive({
  log = createMemoryLog<RecordChange>(),
  cache: cacheOptions,
  server = {},
  isForeignKey = false,
  ...options
}: LiveOptions = {}) {
  const sandbox = createSandbox({ ...options, behaviours: { jobSeconds: 0, ...options.behaviours } });
  const ledger = createAccountLedger();
  const cache = createCache({ tables, ...cacheOptions });
  const feed = new LoggedFeed({ open: async () => log, cache, ownScope: isForeignKey ? undefined : 'test' });
  const freshsales = createFreshsales({
    baseURL: sandbox.baseURL,
    apiKey: 'test-key',
    product: options.product ?? 'suite',
    fetch: sandbox.fetch,
    ledger,
    cache: cache.for('test'),
    sleep: async () => {},
  });
  const account: Account = { freshsales, ledger, changes: { feed, isForeignKey } };
  const { http, endSubscriptions } = createServers({
    connect: () => account,
    webhooks: [{ secret: SECRET, header: 'x-webhook-secret', take: (reports) => feed.addReports(reports) }],
    ...server,
  });
  onTestFinished(() => {
    endSubscriptions();
    return feed.close();
  });

  const post = (body: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    http.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });

  /** Sends an operation. Gives its result and the Freshsales requests that it made. */
  async function ask(query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    const before = sandbox.requests.length;
    const response = await post({ query, variables }, headers);
    const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: Delivered['errors'] };
    return { data, errors, requests: sandbox.requests.slice(before) };
  }

  /** Posts a webhook with the right secret. */
  const hook = (path: string, body: string | object = {}, init: RequestInit & { query?: string } = {}) =>
    http.fetch(`http://127.0.0.1/webhooks/freshsales${path}${init.query ?? ''}`, {
      method: 'POST',
      body: init.method === 'GET' ? null : typeof body === 'string' ? body : JSON.stringify(body),
      ...init,
      headers: { 'x-webhook-secret': SECRET, 'content-type': 'application/json', ...init.headers },
    });

  /** All changes of the feed, in short: `Deal/1 UPDATED WEBHOOK`. */
  async function changes(): Promise<string[]> {
    const { data } = await ask('{ changes(first: 500) { nodes { recordId action source } } }');
    const { nodes } = data.changes as { nodes: { recordId: string; action: string; source: string }[] };
    return nodes.map(({ recordId, action, source }) =>
      [recordId.replace('gid://freshsales/', ''), action, source].join(' '),
    );
  }

  return {
    sandbox,
    log,
    account,
    cache,
    feed,
    http,
    post,
    ask,
    hook,
    changes,
    endSubscriptions,
    subscribe: subscriber(post),
  };
}

/** Subscribes. `next` gives the next delivery, or what came in its place. */
export const subscriber =
  (post: (body: object, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>) =>
  async (query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
    const abort = new AbortController();
    const response = await post({ query, variables }, { accept: 'text/event-stream', ...headers }, abort.signal);
    const events = eventsOf(response);
    const stop = async () => {
      abort.abort();
      await events.return(undefined).catch(() => {});
    };
    onTestFinished(stop);
    return {
      response,
      stop,
      /** The next event that is no heartbeat; undefined at the end of the stream. */
      async next(): Promise<{ event: string; id: string | undefined; result: Delivered } | undefined> {
        const { value, done } = await events.next();
        return done ? undefined : value;
      },
    };
  };

async function* eventsOf({ body }: Response) {
  const reader = (body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const fields = new Map(part.split('\n').map((line) => [line.split(':')[0] ?? '', line.replace(/^\w*: ?/, '')]));
        const event = fields.get('event');
        if (event === undefined) continue;
        const data = fields.get('data');
        yield { event, id: fields.get('id'), result: (data ? JSON.parse(data) : {}) as Delivered };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** A live server on a socket. */
export async function listen(options: LiveOptions = {}) {
  const live = openLive(options);
  const server = createHttpServer(live.http).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const post = (body: object, headers: Record<string, string>, signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  const connections = () => promisify(server.getConnections.bind(server))();
  const closeConnections = () => server.closeAllConnections();
  return { ...live, port, connections, closeConnections, subscribe: subscriber(post) };
}
