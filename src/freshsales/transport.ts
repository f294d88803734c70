import { createFetch } from 'ofetch';
import { FreshsalesError, toFreshsalesError } from './errors.ts';
import { parseJson } from './json.ts';
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
}

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
export function createTransport({
  baseURL,
  apiKey,
  fetch = globalThis.fetch,
  timeoutMs = 30_000,
}: TransportOptions): Send {
  const http = createFetch({ fetch, defaults: { retry: 0, ignoreResponseError: true, redirect: 'manual' } });
  const headers = { authorization: `Token token=${apiKey}`, accept: 'application/json' };
  const root = withoutTrailingSlashes(baseURL);

  return async (call, { meters, lane = 'agent', signal, since }) => {
    signal?.throwIfAborted();
    checkUrl(call.path, call.query);
    await allow(call, meters, { lane: isRead(call) ? lane : 'write', signal, since });
    for (const meter of meters) meter.spend(call);
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await http
      .raw<string, 'text'>(urlOf(root, call.path), {
        method: call.method,
        headers,
        ...(call.query && { query: call.query }),
        ...(call.body && { body: call.body }),
        responseType: 'text',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
      .catch((cause: unknown) => {
        for (const meter of meters) meter.release?.(call, true);
        throw failureOf(cause, { signal, timeout });
      });
    for (const meter of meters) meter.learn(response.status, response.headers, call);
    return bodyOf(response.status, response.headers, response._data ?? '');
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

function bodyOf(status: number, headers: Headers, text: string): unknown {
  const body = text.trim() === '' ? null : parseJson(text);
  if (status < 200 || status > 299) throw toFreshsalesError(status, body, headers);
  if (body === undefined)
    throw new FreshsalesError('UPSTREAM_ERROR', 'Freshsales answered with something that is not JSON.', { status });
  return body;
}

function failureOf(
  cause: unknown,
  { signal, timeout }: { signal: AbortSignal | undefined; timeout: AbortSignal },
): unknown {
  if (signal?.aborted) return signal.reason;
  if (timeout.aborted)
    return new FreshsalesError('UPSTREAM_TIMEOUT', 'Freshsales did not answer in time.', { cause: undefined });
  // The cause names the URL, which must not reach a caller; its code (ECONNREFUSED, ENOTFOUND …) may.
  const reason = reasonOf(cause);
  const message = `Freshsales could not be reached${reason && ` (${reason})`}.`;
  return new FreshsalesError('UPSTREAM_ERROR', message, { cause, neverArrived: UNREACHED.has(reason) });
}

/** No connection came about, so that nothing was sent. */
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The system's word for what broke, found at the bottom of fetch's chain of causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : reasonOf(error.cause);
}
