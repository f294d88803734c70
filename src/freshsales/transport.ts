import { createFetch } from 'ofetch';
import { failureOf } from './connection-errors.ts';
import { FreshsalesError, redirected, toFreshsalesError } from './errors.ts';
import { isTooComplex, parseJson } from './json.ts';

export type Query = Record<string, string | number | undefined>;

/** A request relative to the API root. A path that starts with `../` is relative to the UI base, as for some sub-resources (FACTS 14). */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
}

/** Priority when calls are scarce: people first, then agents, then batch jobs. */
export type Priority = 'interactive' | 'agent' | 'bulk';

/** The place of a call in the wait queue. */
export interface Turn {
  /** The priority of the caller. Writes have their own. */
  readonly priority: Priority | 'write';
  /** Aborted when no operation waits for the call any longer. */
  readonly signal?: AbortSignal | undefined;
  /** When the caller began to wait, including waits for shared calls. Defaults to now. */
  readonly since?: number | undefined;
}

/** Follows each call: the account ledger and the operation budget count it, the authorizer may refuse it, logs and metrics record it. */
export interface Meter {
  /** Admits a call, immediately or after waiting. Throws to refuse it. Nothing is spent yet. */
  allow(call: Call, turn: Turn): void | Promise<void>;
  /** The call is being sent. */
  spend(call: Call): void;
  /** A response arrived, with any status. */
  answered(status: number, headers: Headers, call: Call): void;
  /** No response will arrive: the call was not sent, or it failed. `error` says why. */
  release?(call: Call, sent: boolean, error?: unknown): void;
}

export interface TransportOptions {
  /** The API root, such as `https://widgetz.myfreshworks.com/crm/sales/api`. */
  readonly baseURL: string;
  readonly apiKey: string;
  /** Replace to reach a sandbox without a socket. */
  readonly fetch?: typeof globalThis.fetch;
  /** Host of the proxy that `fetch` goes through, for messages. */
  readonly proxy?: string | undefined;
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
  readonly priority?: Priority | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly since?: number | undefined;
}

/** Sends one call and returns its parsed body, or throws a {@link FreshsalesError}. */
export type Send = (call: Call, options: SendOptions) => Promise<unknown>;

/** Plain HTTP: no retries, which would spend quota, and no redirects, which would leak the key. */
export function createTransport(options: TransportOptions): Send {
  const { baseURL, apiKey, fetch = globalThis.fetch, timeoutMs = 30_000, proxy } = options;
  const { maxResponseBytes: maxBytes = DEFAULT_MAX_RESPONSE_BYTES } = options;
  const http = createFetch({ fetch, defaults: { retry: 0, ignoreResponseError: true, redirect: 'manual' } });
  const headers = { authorization: `Token token=${apiKey}`, accept: 'application/json' };
  const root = withoutTrailingSlashes(baseURL);
  const hide = hiding(apiKey, root);

  return async (call, { meters, priority = 'agent', signal, since }) => {
    signal?.throwIfAborted();
    checkUrl(call.path, call.query);
    const meter = combineMeters(...meters);
    await meter.allow(call, { priority: isRead(call) ? priority : 'write', signal, since });
    meter.spend(call);
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
      const failure = failureOf(cause, { signal, timeout, isAnswered: response !== undefined, proxy });
      if (response) meter.answered(response.status, response.headers, call);
      else meter.release?.(call, true, failure);
      throw failure;
    }
    meter.answered(response.status, response.headers, call);
    return bodyOf(response, text, hide);
  };
}

/** A path with its ids replaced: `contacts/view/{id}`. */
export const pathTemplate = (path: string): string => path.replace(/\/\d+/g, '/{id}');

/** A call as a template, without what differs from record to record: `GET /contacts/{id}`. Some are relative to the UI base. */
export const callTemplate = ({ method, path }: Pick<Call, 'method' | 'path'>): string =>
  `${method} /${pathTemplate(path.replace(/^\.\.\//, ''))}`;

/** A filtered search is a POST that changes nothing. */
export const isRead = ({ method, path }: Call): boolean => method === 'GET' || path.startsWith('filtered_search/');

/** Several meters as one, in order. A call is admitted by all of them or by none. */
export const combineMeters = (...meters: readonly Meter[]): Meter => ({
  async allow(call, turn) {
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
      for (const meter of taken) meter.release?.(call, false, error);
      throw error;
    }
  },
  spend(call) {
    for (const meter of meters) meter.spend(call);
  },
  answered(status, headers, call) {
    for (const meter of meters) meter.answered(status, headers, call);
  },
  release(call, sent, error) {
    for (const meter of meters) meter.release?.(call, sent, error);
  },
});

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
  return /^\s{0,100}</.test(text) ? 'a page instead of JSON' : 'something that is not JSON';
}

interface ReadOptions {
  /** Bytes after decompression. */
  readonly maxBytes: number;
  /** Aborts the read. */
  readonly signal: AbortSignal;
  readonly status: number;
}

/** Reads a body as text. Stops at the limit and closes the connection, so that no response can exhaust memory. */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, signal, status }: ReadOptions,
): Promise<string> {
  if (!body) return '';
  const reader = body.getReader();
  const stop = () => discard(reader);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes, status);
      chunks.push(value);
    }
    return withoutMark(Buffer.concat(chunks, size).toString('utf8'));
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Closes the connection of an unread body. */
export function discard(body: Pick<ReadableStream, 'cancel'> | null): void {
  // It may have failed already.
  body?.cancel().catch(() => undefined);
}

const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

const tooLarge = (maxBytes: number, status: number) =>
  new FreshsalesError(
    'UPSTREAM_ERROR',
    `The response from Freshsales is larger than ${maxBytes} bytes. Request fewer records, or raise FRESHSALES_MAX_RESPONSE_BYTES.`,
    { status },
  );

/** The most characters of one input in a URL. Freshsales stores no longer text in searched columns. */
const MAX_URL_TEXT = 255;

/** The most characters of a URL. Proxies refuse longer ones with unclear errors. */
const MAX_URL = 8000;

/** Control characters, and lone surrogates, which cannot be encoded. */
const UNENCODABLE = /[\p{Cc}\p{Cs}]/u;

/** The reason why a text cannot be part of a URL, as the end of a sentence. Undefined if it can. */
export function urlTextProblem(text: string): string | undefined {
  if (text.length > MAX_URL_TEXT)
    return `has ${text.length} characters. Use at most ${MAX_URL_TEXT}, which is as much as Freshsales searches.`;
  if (UNENCODABLE.test(text)) return 'contains a control character or half a surrogate pair. Remove it.';
  return undefined;
}

/** Refuses a call whose URL cannot be sent, before it is counted. */
function checkUrl(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): void {
  const parts = [path, ...Object.values(query).map((value) => String(value ?? ''))];
  const bad = parts.some((part) => UNENCODABLE.test(part));
  if (bad) throw refused('contains a control character or half a surrogate pair. Remove it.');
  if (parts.reduce((sum, part) => sum + part.length, 0) > MAX_URL / 2 && encodedLength(parts) > MAX_URL)
    throw refused(`would be longer than ${MAX_URL} characters. Use shorter values.`);
}

const encodedLength = (parts: readonly string[]): number =>
  parts.reduce((sum, part) => sum + encodeURIComponent(part).length, 0);

const refused = (why: string) => {
  const message = `The address of this Freshsales call ${why}`;
  return new FreshsalesError('BAD_USER_INPUT', message, { reasons: [{ message }] });
};

/** A URL without trailing slashes. */
export function withoutTrailingSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === '/') end -= 1;
  return address.slice(0, end);
}
