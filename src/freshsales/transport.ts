import { createFetch } from 'ofetch';
import { discard, readText } from './body.ts';
import { FreshsalesError, redirected, toFreshsalesError } from './errors.ts';
import { isTooComplex, parseJson } from './json.ts';
import { checkUrl, withoutTrailingSlashes } from './url-text.ts';

export type Query = Record<string, string | number | undefined>;

/** One request, below the API root. A path that begins with `../` is below the UI base, where some sub-resources live (FACTS 14). */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
}

/** Who may go first when calls are scarce: somebody at a screen before programs, and those before jobs that nobody waits for. */
export type Lane = 'interactive' | 'agent' | 'bulk';

/** How a call stands in line. */
export interface Turn {
  /** The lane of who asks; writes have one of their own, whoever makes them. */
  readonly lane: Lane | 'write';
  /** Aborted when nobody waits for the call any longer. */
  readonly signal?: AbortSignal | undefined;
  /** Since when the caller has waited, if not since now: what it has waited for others counts. */
  readonly since?: number | undefined;
}

/** Watches the calls: the account's ledger, and the operation that pays for them. */
export interface Meter {
  /** Takes a call on its account, at once or when its turn comes; throws to refuse it. Nothing has been spent yet. */
  allow(call: Call, turn: Turn): void | Promise<void>;
  /** The call goes out now. */
  spend(call: Call): void;
  /** After an answer, whatever its status. */
  learn(status: number, headers: Headers, call: Call): void;
  /** No answer will come: the call was allowed and then not sent, or it was sent in vain. */
  release?(call: Call, sent: boolean): void;
}

export interface TransportOptions {
  /** The API root, such as `https://widgetz.myfreshworks.com/crm/sales/api`. */
  readonly baseURL: string;
  readonly apiKey: string;
  /** Replace to reach a sandbox without a socket. */
  readonly fetch?: typeof globalThis.fetch;
  /** How long one call may take, body included. 30 seconds by default. */
  readonly timeoutMs?: number;
  /** How large one response may be, in bytes after decompression. 32 million by default. */
  readonly maxResponseBytes?: number;
}

/** Freshsales sends at most a hundred records to a page; this is far more than they take. */
export const DEFAULT_MAX_RESPONSE_BYTES = 32_000_000;

export interface SendOptions {
  /** Asked in this order; the one that may make the call wait comes last. */
  readonly meters: readonly Meter[];
  readonly lane?: Lane | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly since?: number | undefined;
}

/** Sends one call and gives its parsed body, or throws a {@link FreshsalesError}. */
export type Send = (call: Call, options: SendOptions) => Promise<unknown>;

/** HTTP, and nothing else: no retries (a retry spends quota nobody ordered), no redirects (they would carry the key elsewhere). */
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

/** A path with its ids left open: `contacts/view/{id}`. */
export const templateOf = (path: string): string => path.replace(/\/\d+/g, '/{id}');

/** A filtered search carries its rules in a POST, and changes nothing. */
export const isRead = ({ method, path }: Call): boolean => method === 'GET' || path.startsWith('filtered_search/');

/** All of the meters, or none. */
async function allow(call: Call, meters: readonly Meter[], turn: Turn): Promise<void> {
  const taken: Meter[] = [];
  try {
    for (const meter of meters) {
      const wait = meter.allow(call, turn);
      // Whoever need not wait goes out at once, in the order in which it was asked for.
      if (wait) await wait;
      taken.push(meter);
    }
    turn.signal?.throwIfAborted();
  } catch (error) {
    for (const meter of taken) meter.release?.(call, false);
    throw error;
  }
}

/** The UI base is the API root without its last step, `/api`. */
const urlOf = (root: string, path: string): string =>
  path.startsWith('../') ? `${root.replace(/\/api$/, '')}/${path.slice(3)}` : `${root}/${path}`;

/** A redirect is never followed: the key would go along. */
function refuseRedirect({ status, headers, type, body }: Response, url: string): void {
  if (!REDIRECTS.has(status) && type !== 'opaqueredirect') return;
  discard(body);
  throw redirected(status, hostOf(headers.get('location') ?? '', url));
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The host, without the path and the query: they may hold tokens. */
function hostOf(location: string, base: string): string {
  if (location === '' || !URL.canParse(location, base)) return '';
  return new URL(location, base).host.slice(0, 253);
}

/** What Freshsales says in an error may quote the request. */
const hiding =
  (apiKey: string, root: string) =>
  (text: string): string =>
    // A shorter key is one of a test or of the sandbox, and may be a part of any word.
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
  // The cause itself is not kept: it holds the URL and the key. Its code (ECONNREFUSED, ENOTFOUND …) may be told.
  const reason = reasonOf(cause);
  const told = reason && ` (${reason})`;
  const message = isAnswered ? `Freshsales broke off its answer${told}.` : `Freshsales could not be reached${told}.`;
  return new FreshsalesError('UPSTREAM_ERROR', message, { neverArrived: !isAnswered && UNREACHED.has(reason) });
}

/** No connection came about, so that nothing was sent. */
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The system's word for what broke, found at the bottom of fetch's chain of causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : reasonOf(error.cause);
}
