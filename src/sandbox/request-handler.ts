import { type Account, isObject } from './account.ts';
import { answer, broken, tooMany, unauthorised } from './answers.ts';
import { createApp } from './app.ts';
import type { FailedAnswer } from './behaviours.ts';
import { Quota } from './quota.ts';

/** One request and its body. */
export interface Sent {
  readonly request: string;
  readonly body: unknown;
}

interface Planned {
  readonly match: string | RegExp;
  readonly answer: FailedAnswer;
  left: number;
}

const fits = (match: string | RegExp, line: string): boolean =>
  typeof match === 'string' ? line.includes(match) : line.search(match) >= 0;

/** Failures scheduled for later requests. */
class Failures {
  #planned: Planned[] = [];

  plan(match: string | RegExp, answer: FailedAnswer, times: number): void {
    this.#planned.push({ match, answer, left: times });
  }

  /** Takes the failure scheduled for this request line, if any. */
  take(line: string): FailedAnswer | undefined {
    const planned = this.#planned.find(({ match }) => fits(match, line));
    if (!planned) return undefined;
    planned.left -= 1;
    this.#planned = this.#planned.filter(({ left }) => left > 0);
    return planned.answer;
  }

  clear(): void {
    this.#planned = [];
  }
}

function failWith({ status, body, text, headers }: FailedAnswer): Response {
  const plain = text === undefined ? answer(body ?? null, status) : new Response(text, { status });
  for (const [name, value] of Object.entries(headers ?? {})) plain.headers.set(name, value);
  return plain;
}

/** Waits until the delay is over or the caller aborts. */
function wait(milliseconds: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Runs before the routes: request log, scheduled failures, API key and quota. */
export class RequestHandler {
  readonly requests: string[] = [];
  readonly sent: Sent[] = [];
  readonly failures = new Failures();
  readonly #account: Account;
  readonly #apiKey: string | undefined;
  readonly #quota: Quota;
  readonly #app;
  #answered = 0;

  constructor(account: Account, apiKey: string | undefined) {
    this.#account = account;
    this.#apiKey = apiKey;
    this.#quota = new Quota(account.behaviours, account.now);
    this.#app = createApp(account);
  }

  reset(): void {
    this.requests.length = 0;
    this.sent.length = 0;
    this.failures.clear();
    this.#quota.refill();
    this.#answered = 0;
  }

  async fetch(request: Request, signal: AbortSignal = request.signal): Promise<Response> {
    signal.throwIfAborted();
    const line = requestLine(request, this.#account.uiBase);
    this.requests.push(line);
    const entry: { request: string; body: unknown } = { request: line, body: undefined };
    this.sent.push(entry);
    const failure = this.failures.take(line);
    entry.body = await jsonOf(request.clone());
    this.#account.behaviours.onRequest(line);
    if (failure?.performed && this.#knows(request)) await this.#app.fetch(request.clone());
    if (failure?.delay) await wait(failure.delay, signal);
    if (failure?.drop) throw new TypeError('fetch failed');
    const response = await this.#answer(request, failure);
    signal.throwIfAborted();
    if (this.#account.behaviours.keyOrder === 'reversed') return this.#withHeaders(await reversed(response));
    return this.#withHeaders(response);
  }

  #withHeaders(response: Response): Response {
    if (this.#account.behaviours.rateLimitHeaders)
      for (const [name, value] of Object.entries(this.#quota.headers())) response.headers.set(name, value);
    return response;
  }

  async #answer(request: Request, failure: FailedAnswer | undefined): Promise<Response> {
    if (!this.#knows(request)) return unauthorised();
    if (!this.#quota.spend()) return tooMany();
    if (failure) return failWith(failure);
    this.#answered += 1;
    const { failEvery } = this.#account.behaviours;
    if (failEvery && this.#answered % failEvery === 0) return broken();
    return await this.#app.fetch(request);
  }

  #knows({ headers }: Request): boolean {
    const [, key] = /^Token token=\s*"?([^"\s]+)/.exec(headers.get('authorization') ?? '') ?? [];
    return this.#apiKey === undefined ? key !== undefined : key === this.#apiKey;
  }
}

/** The same response with the keys of all objects in reverse order. `mcr_id`, which JavaScript cannot hold, keeps its digits. */
async function reversed(response: Response): Promise<Response> {
  if (!/json/i.test(response.headers.get('content-type') ?? '')) return response;
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, cell]) => [key, turn(cell)]),
    );
  };
  const text = (await response.text()).replaceAll(/"mcr_id":(\d+)/g, '"mcr_id":"\\u0000$1"');
  return answer(turn(JSON.parse(text)), response.status);
}

/** The JSON body of a request; `undefined` without one. */
async function jsonOf(request: Request): Promise<unknown> {
  if (request.body === null || !/json/i.test(request.headers.get('content-type') ?? '')) return undefined;
  try {
    return JSON.parse(await request.text());
  } catch {
    return undefined;
  }
}

/** A request line for the log: relative to the API root, and decoded. */
function requestLine({ method, url }: Request, uiBase: string): string {
  const { pathname, searchParams } = new URL(url);
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join('&');
  const api = `${uiBase}/api/`;
  const path = pathname.startsWith(api)
    ? pathname.slice(api.length - 1)
    : pathname.startsWith(`${uiBase}/`)
      ? `..${pathname.slice(uiBase.length)}`
      : pathname;
  return `${method} ${decodePath(path)}${query && `?${query}`}`;
}

/** Logs a path with an invalid percent sequence as it is. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
