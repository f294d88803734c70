import { createFetch } from 'ofetch';
import { discard, readText } from './body.ts';
import { FreshsalesError, redirected, toFreshsalesError } from './errors.ts';
import { isTooComplex, parseJson } from './json.ts';
import { checkUrl, withoutTrailingSlashes } from './url-text.ts';

export type Query = Record<string, string | number | undefined>;

/** A request relative to the API root. A path that starts with `../` is relative to the UI base, as for some sub-resources (FACTS 14). */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
}

/** Priority when calls are scarce: people first, then agents, then batch jobs. */
export type Lane = 'interactive' | 'agent' | 'bulk';

/** The place of a call in the wait queue. */
export interface Turn {
  /** The priority of the caller. Writes have their own. */
  readonly lane: Lane | 'write';
  /** Aborted when no operation waits for the call any longer. */
  readonly signal?: AbortSignal | undefined;
  /** When the caller began to wait, including waits for shared calls. Defaults to now. */
  readonly since?: number | undefined;
}

/** Counts calls: the account ledger and the operation budget. */
export interface Meter {
  /** Admits a call, immediately or after waiting. Throws to refuse it. Nothing is spent yet. */
  allow(call: Call, turn: Turn): void | Promise<void>;
  /** The call is being sent. */
  spend(call: Call): void;
  /** A response arrived, with any status. */
  learn(status: number, headers: Headers, call: Call): void;
  /** No response will arrive: the call was not sent, or it failed. */
  release?(call: Call, sent: boolean): void;
}

export interface TransportOptions {
  /** The API root, such as `https://widgetz.myfreshworks.com/crm/sales/api`. */
  readonly baseURL: string;
  readonly apiKey: string;
  /** Replace to reach a sandbox without a socket. */
  readonly fetch?: typeof globalThis.fetch;
  /** Time limit of one call in milliseconds, body included. 30 seconds by default. */
  readonly timeoutMs?: number;
  /** Size limit of one response in bytes, after decompression. 32 million by default. */
  readonly maxResponseBytes?: number;
}

/** Far more than a page of 100 records. */
export const DEFAULT_MAX_RESPONSE_BYTES = 32_000_000;

export interface SendOptions {
  /** Called in this order. The one that may wait comes last. */
  readonly meters: readonly Meter[];
  readonly lane?: Lane | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly since?: number | undefined;
}

/** Sends one call and returns its parsed body, or throws a {@link FreshsalesError}. */
export type Send = (call: Call, options: SendOptions) => Promise<unknown>;

/** Plain HTTP: no retries, which would spend quota, and no redirects, which would leak the key. */
export function createTransport(options: TransportOptions): Send {
  const { baseURL, apiKey, fetch = globalThis.fetch, timeoutMs = 30_000 } = options;
  const { maxResponseBytes: maxBytes = DEFAULT_MAX_RESPONSE_BYTES } = options;
  const http = createFetch({ fetch, defaults: { retry: 0, ignoreResponseError: true, redirect: 'manual' } });
  const headers = { authorization: `Token token=${apiKey}`, accept: 'application/json' };
  const root = withoutTrailingSlashes(baseURL);
  const hide = hiding(apiKey, root);

  return async (call, { meters, lane = 'agent', signal, since }) => {
    signal?.throwIfAborted();
    checkUrl(call.path, call.query);
    await allow(call, meters, { lane: isRead(call) ? lane : 'write', signal, since });
    for (const meter of meters) meter.spend(call);
    const timeout = AbortSignal.timeout(timeoutMs);
    const ends = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const url = urlOf(root, call.path);
    let response: Awaited<ReturnType<typeof http.raw<unknown, 'stream'>>> | undefined;
    let text: string;
    try {
      response = await http.raw<unknown, 'stream'>(url, {
        method: call.method,
        headers,
        ...(call.query && { query: call.query }),
        ...(call.body && { body: call.body }),
        responseType: 'stream',
        signal: ends,
      });
      refuseRedirect(response, url);
      text = await readText(response.body, { maxBytes, signal: ends, status: response.status });
    } catch (cause) {
      for (const meter of meters)
        if (response) meter.learn(response.status, response.headers, call);
        else meter.release?.(call, true);
      throw failureOf(cause, { signal, timeout, isAnswered: response !== undefined });
    }
    for (const meter of meters) meter.learn(response.status, response.headers, call);
    return bodyOf(response, text, hide);
  };
}

/** A path with its ids replaced: `contacts/view/{id}`. */
export const templateOf = (path: string): string => path.replace(/\/\d+/g, '/{id}');

/** A filtered search is a POST that changes nothing. */
export const isRead = ({ method, path }: Call): boolean => method === 'GET' || path.startsWith('filtered_search/');

/** Admits a call by all meters or none. */
async function allow(call: Call, meters: readonly Meter[], turn: Turn): Promise<void> {
  const taken: Meter[] = [];
  try {
    for (const meter of meters) {
      const wait = meter.allow(call, turn);
      // Calls that need not wait are sent immediately, in order.
      if (wait) await wait;
      taken.push(meter);
    }
    turn.signal?.throwIfAborted();
  } catch (error) {
    for (const meter of taken) meter.release?.(call, false);
    throw error;
  }
}

/** The UI base is the API root without `/api`. */
const urlOf = (root: string, path: string): string =>
  path.startsWith('../') ? `${root.replace(/\/api$/, '')}/${path.slice(3)}` : `${root}/${path}`;

/** Redirects are not followed, because the key would go along. */
function refuseRedirect({ status, headers, type, body }: Response, url: string): void {
  if (!REDIRECTS.has(status) && type !== 'opaqueredirect') return;
  discard(body);
  throw redirected(status, hostOf(headers.get('location') ?? '', url));
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The host only: path and query may contain tokens. */
function hostOf(location: string, base: string): string {
  if (location === '' || !URL.canParse(location, base)) return '';
  return new URL(location, base).host.slice(0, 253);
}

/** Error messages of Freshsales may quote the request. */
const hiding =
  (apiKey: string, root: string) =>
  (text: string): string =>
    // A shorter key belongs to a test or the sandbox, and could be part of any word.
    [root, ...(apiKey.length < 8 ? [] : [apiKey])].reduce((hidden, secret) => hidden.replaceAll(secret, '…'), text);

function bodyOf({ status, headers }: Response, text: string, hide: (text: string) => string): unknown {
  const body = text.trim() === '' ? null : parseJson(text);
  if (status < 200 || status > 299) throw toFreshsalesError(status, body, headers, hide);
  if (body === undefined)
    throw new FreshsalesError('UPSTREAM_ERROR', `Freshsales answered with ${whatIs(text)}.`, { status });
  return body;
}

function whatIs(text: string): string {
  if (isTooComplex(text)) return 'JSON that is nested too deeply or has too many parts';
  return /^\s{0,100}</.test(text) ? 'a page in place of JSON' : 'something that is not JSON';
}

interface Circumstances {
  readonly signal: AbortSignal | undefined;
  readonly timeout: AbortSignal;
  /** Status and headers arrived. */
  readonly isAnswered: boolean;
}

function failureOf(cause: unknown, { signal, timeout, isAnswered }: Circumstances): unknown {
  if (cause instanceof FreshsalesError) return cause;
  if (signal?.aborted) return signal.reason;
  if (timeout.aborted) return new FreshsalesError('UPSTREAM_TIMEOUT', 'Freshsales did not answer in time.');
  // The cause contains the URL and the key. Only its code (ECONNREFUSED, ENOTFOUND …) is kept.
  const reason = reasonOf(cause);
  const told = reason && ` (${reason})`;
  const message = isAnswered
    ? `Freshsales closed the connection during its response${told}.`
    : `Freshsales could not be reached${told}.`;
  return new FreshsalesError('UPSTREAM_ERROR', message, { neverArrived: !isAnswered && isUnreached(cause) });
}

/** No connection was made, so nothing was sent. */
const UNREACHED = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'ECONNECT'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'EAI_SERVICE'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_INVALID_ARG', 'ERR_INVALID_URL', 'ERR_INVALID_PROTOCOL'],
  // The certificate was refused, or the two sides have no protocol in common.
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'INVALID_CA', 'INVALID_PURPOSE', 'HOSTNAME_MISMATCH'],
  ...[
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_UNSUPPORTED_PROTOCOL',
    'ERR_SSL_VERSION_TOO_LOW',
    'ERR_SSL_HTTP_REQUEST',
  ],
  ...['ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_UNKNOWN_PROTOCOL'],
]);

/** Families of such codes: `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`, `ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION`. */
const UNREACHED_FAMILIES =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_(?:HANDSHAKE|PROTOCOL|NO_APPLICATION|CERTIFICATE|BAD_CERTIFICATE)|ERR_SSL_TLSV1_UNRECOGNIZED_NAME)/;

/** A broken handshake has the code of any broken connection. */
const HANDSHAKE = 'before secure TLS connection was established';

/** True if the request surely was not sent. A connection that broke later may have delivered it. */
function isUnreached(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall, cause } = error as Error & { code?: unknown; syscall?: unknown };
  if (typeof code === 'string' && (UNREACHED.has(code) || UNREACHED_FAMILIES.test(code))) return true;
  if (syscall === 'connect' || syscall === 'getaddrinfo' || error.message.includes(HANDSHAKE)) return true;
  // Addresses of both families were tried.
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isUnreached);
  return isUnreached(cause);
}

/** The system's error code, from the end of fetch's chain of causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : reasonOf(error.cause);
}
