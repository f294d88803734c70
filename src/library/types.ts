import type { IncomingMessage, ServerResponse } from 'node:http';

/** Sends requests, as the global `fetch` does. */
export type Fetch = (input: Request | URL | string, init?: RequestInit) => Promise<Response>;

/** `suite` is the current Freshsales, `classic` the older one. */
export type Product = 'suite' | 'classic';

/** Counts operations, calls, quota and cache, for Prometheus. */
export interface Metrics {
  /** Media type of the text. */
  readonly contentType: string;
  /** All metrics in the format of Prometheus. */
  text(): Promise<string>;
}

/** Access to a Freshsales account. */
export interface AccountOptions {
  /** The domain of the account, such as `widgetz.myfreshworks.com`. */
  readonly domain?: string;
  /** The API root, instead of a domain. */
  readonly url?: string;
  /** The API key. All that it can see can be read. */
  readonly apiKey: string;
  /** Follows from the domain by default. */
  readonly product?: Product;
  /** A name for logs. The host by default. */
  readonly name?: string;
  /** Calls that the plan of the account allows in an hour: 1000 (default) on Free and Growth, 2000 on Pro, 5000 on Enterprise. */
  readonly hourlyLimit?: number;
  /** Time limit of one call in milliseconds. 30000 by default. */
  readonly timeoutMs?: number;
  /** The zone of times that Freshsales sends without an offset, such as `Europe/Berlin`. UTC by default. */
  readonly timeZone?: string;
  /** Lifetimes of cached responses, in milliseconds, and the size of the cache, in bytes. */
  readonly cache?: {
    /** Lookups, views and field lists. An hour by default. */
    readonly listsForMs?: number;
    /** Records and pages. A minute by default. */
    readonly recordsForMs?: number;
    /** Memory for the responses of all keys. 64 MB by default. */
    readonly maxBytes?: number;
  };
  /** Counts calls, quota and cache, under the name of the account. */
  readonly metrics?: Metrics;
  /** Sends the calls. Replace it to go through a proxy, or to reach a sandbox. */
  readonly fetch?: Fetch;
}

/** A Freshsales account as one API key sees it. It holds quota and cache, so keep it as long as the process. */
export interface FreshsalesAccount {
  readonly name: string;
  /** The same account as another key sees it. Both share the quota, and no data. Keys in use are remembered. */
  withKey(apiKey: string): FreshsalesAccount;
}

/**
 * Authenticates a request and finds its account. Without an account the request is refused with UNAUTHENTICATED. Throw a GraphQLError
 * to refuse it with a code and a message of your own; other errors are reported and hidden. Called once per request.
 */
export type Connect = (request: Request) => FreshsalesAccount | undefined | Promise<FreshsalesAccount | undefined>;

/** Limits on the size of an operation. */
export interface Limits {
  /** Levels of nested fields. */
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Fields, with fragments spread. */
  readonly maxFields: number;
  /** Tokens of the document. */
  readonly maxTokens: number;
  /** Bytes of a request body. */
  readonly maxBodyBytes: number;
  /** Freshsales calls that an operation may be planned to need, and may make. */
  readonly maxCalls: number;
  /** Values in one response. */
  readonly maxValues: number;
}

/** Writes lines with fields. A pino logger is one. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The readiness of a server. */
export interface Readiness {
  readonly status: 'ok' | 'degraded' | 'unavailable';
  readonly checks: Readonly<
    Record<string, { readonly status: 'ok' | 'degraded' | 'unavailable'; readonly message?: string }>
  >;
}

/** Records every operation, and every refused request. */
export interface AuditLog {
  /** Takes an event, with the fields of docs/callers.md. */
  write(event: object): void;
  /** True if the next event can be written. While it is false, callers of a callers file cannot write. */
  ready(): boolean;
}

export interface AuditLogOptions {
  /** With `audit.log`, the files are `audit.2026-11-24.1.log` and so on. */
  readonly path: string;
  /** The parts that are omitted of written records. None by default. */
  readonly mask?: readonly ('names' | 'values')[];
  /** Number of old files to keep. All by default. */
  readonly keep?: number;
}

export interface ServerOptions {
  /** Authenticates a request and finds its account. */
  readonly connect: Connect;
  /** Disables GraphiQL, introspection and suggestions. */
  readonly production?: boolean;
  /** Path at which your server mounts this one. With /api, it answers at /api/graphql and /api/mcp. */
  readonly basePath?: string;
  /** Answer only to loopback names, such as localhost. True by default: set it to false when `connect` authenticates. */
  readonly loopbackOnly?: boolean;
  /** Origins of front ends that may send operations from a browser, such as https://crm.example. None by default. */
  readonly origins?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Proxies whose forwarded headers are trusted: their number, or their addresses and networks. None by default. */
  readonly trustProxy?: number | readonly string[];
  /** Records every operation: that of openAuditLog, or one of your own. None by default. */
  readonly audit?: AuditLog;
  /** Serve MCP at /mcp. True by default. */
  readonly mcp?: boolean;
  /** Checks whether this server can take requests, for /health/ready. By default, it always can. */
  readonly ready?: () => Promise<Readiness>;
  /** Writes a line for each request, and for each failed or slow call. */
  readonly log?: Log;
  /** Counts operations and requests, and is served at /metrics. */
  readonly metrics?: Metrics;
  /** Bearer token of /metrics. Without it, only loopback peers may read them. */
  readonly metricsToken?: string;
  /** Duration from which calls are logged as slow, in milliseconds. 3000 by default. */
  readonly slowCallMs?: number;
  /** Interval at which a long operation sends a space, so that proxies keep its connection, in milliseconds. 15000 by default. */
  readonly heartbeatMs?: number;
  /** Receives each internal error, with the id that the caller was given. Writes to stderr by default. */
  readonly report?: (id: string, error: unknown) => void;
}

/** A server: a listener for `http.createServer` and Express, and a function from request to response. */
export interface Server {
  (request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers a request without a socket. */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
}

/** Settings of the environment. The rest of them is for `connectTo`. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly production: boolean;
  readonly basePath: string;
  readonly origins: readonly string[];
  readonly limits: Limits;
}

/** The options with which a server serves the configured accounts. */
export interface Connection {
  readonly connect: Connect;
  readonly ready: () => Promise<Readiness>;
  /** Closes the connection to Redis, and stops watching the file of callers. */
  close(): Promise<void>;
}
