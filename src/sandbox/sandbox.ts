import type { Product } from '../freshsales/products.ts';
import type { Identified, Table } from '../freshsales/resource.ts';
import { lookups } from '../lookups/index.ts';
import { sandboxes, tables } from '../resources/index.ts';
import { type Account, isObject, type RecordSandbox, type SandboxTypes } from './account.ts';
import { answer, broken, tooMany, unauthorised } from './answers.ts';
import { createApp } from './app.ts';
import { type Behaviours, defaultBehaviours } from './behaviours.ts';
import { dayOf } from './clock.ts';
import { type FailedAnswer, Failures, failWith, wait } from './failures.ts';
import { Quota } from './limits.ts';
import { copyOf, isRecycled, putRow, recordOf } from './put.ts';
import { seedCompany } from './seed/company.ts';
import { type CustomFields, customFields as demoFields } from './seed/custom-fields.ts';
import { seedLookups } from './seed/lookups.ts';
import { type Snapshot, Store } from './store.ts';

import { Workflows } from './workflows.ts';

export type { Behaviours } from './behaviours.ts';
export type { FailedAnswer } from './failures.ts';

/** Fills an account that has only lookups and views. */
export type Seed = (sandbox: Pick<Sandbox, 'put'>) => void;

export interface SandboxOptions {
  /** The current product, or the older one with leads. `suite` by default. */
  product?: Product;
  /** `true` seeds the demo company, `false` no records. A function seeds its own records. */
  seed?: boolean | Seed;
  /** The only accepted API key. Without it, any key is accepted. */
  apiKey?: string;
  behaviours?: Partial<Behaviours>;
  /** The custom fields of the account, by path. Those of the demo company by default. */
  customFields?: CustomFields;
  /** Record types in addition to those of the schema. */
  recordTypes?: readonly RecordSandbox[];
  /** The clock for ages, due dates and the quota. */
  now?: () => Date;
}

/** One request and its body. */
interface Sent {
  readonly request: string;
  readonly body: unknown;
}

/** An embedded Freshsales account. */
export interface Sandbox {
  /** Responds as Freshsales would. Pass it to a client instead of `fetch`; any host works. */
  fetch: typeof globalThis.fetch;
  /** The API root for a client in the same process. */
  baseURL: string;
  /** Received requests in order, such as `GET /contacts/1?include=owner`. Paths outside the API root begin with `../`. */
  requests: string[];
  /** The same with the JSON body, or `undefined` without one. */
  readonly sent: readonly Sent[];
  /** Can be changed between requests. */
  behaviours: Behaviours;
  /** Inserts or replaces a record or lookup row. Missing columns are filled in. */
  put<R extends Identified>(table: Table<R>, row: Partial<R> & { id?: string }): Required<R>;
  get<R extends Identified>(table: Table<R>, id: string): Required<R> | undefined;
  rows<R extends Identified>(table: Table<R>): readonly Required<R>[];
  /** Deletes a record. It goes to the recycle bin if its type has one. */
  remove(table: Table, id: string): void;
  /** Post a webhook for each record that is written through the API, if they have a target. */
  readonly workflows: Workflows;
  /** Replaces the responses of the next requests whose line matches. */
  failNext(match: string | RegExp, answer: FailedAnswer, times?: number): void;
  /** Restores the seed, quota and behaviours, and clears the requests. */
  reset(): void;
}

/** Path of the web pages of Suite and Classic. The API is below it at `/api`. */
const UI_BASE: Readonly<Record<Product, string>> = { suite: '/crm/sales', classic: '' };

/** The record types and lookups of every account, and further record types. */
export function createTypes(more: readonly RecordSandbox[] = []): SandboxTypes {
  const all = [...sandboxes, ...more];
  const byName = new Map(all.map((sandbox) => [sandbox.recordType.name, sandbox]));
  return {
    sandboxes: all,
    recordTypes: all.map(({ recordType }) => recordType),
    lookups,
    tables: [...tables, ...more.map(({ recordType }) => recordType)],
    of: (name) => byName.get(name),
  };
}

/** Creates an account. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { product = 'suite', seed = true, customFields = demoFields, now = () => new Date() } = options;
  const initial = (): Behaviours => ({ ...defaultBehaviours(), ...options.behaviours });
  const behaviours = initial();
  const zone = product === 'suite' ? '+02:00' : 'Z';
  const types = createTypes(options.recordTypes);
  const workflows = new Workflows();
  const account: Account = {
    ...{ product, behaviours, types, customFields, now, zone },
    store: new Store(),
    uiBase: UI_BASE[product],
    onWritten: (name, event, id) => workflows.run(account, name, event, id),
  };
  const put: Sandbox['put'] = (table, row) => copyOf(putRow(account, table, copyOf(row)));
  seedOnce(account, 'lookups', () => seedLookups(account));
  if (seed === true) seedOnce(account, `${product} ${dayOf(now(), zone)}`, () => seedCompany(account));
  if (typeof seed === 'function') seed({ put });
  const beginning = account.store.snapshot();
  const handler = new RequestHandler(account, options.apiKey);

  return {
    fetch: async (input, init) => handler.fetch(new Request(input, init), init?.signal ?? undefined),
    baseURL: `http://sandbox.invalid${account.uiBase}/api`,
    requests: handler.requests,
    sent: handler.sent,
    behaviours,
    put,
    get: (table, id) => {
      const row = account.store.of(table.name).get(id);
      return row && recordOf(table, row);
    },
    rows: (table) =>
      account.store
        .of(table.name)
        .query()
        .map((row) => recordOf(table, row)),
    remove: (table, id) => {
      if (isRecycled(table)) account.store.of(table.name).update(id, { is_deleted: true });
      else account.store.of(table.name).delete(id);
    },
    workflows,
    failNext: (match, answer, times = 1) => handler.failures.plan(match, answer, times),
    reset: () => {
      account.store.restore(beginning);
      account.store.restartIds();
      Object.assign(behaviours, initial());
      handler.reset();
    },
  };
}

/** Cached seeds. Lookups are the same in all accounts, and the company on the same day in those of a product. */
const seeded = new Map<string, Snapshot>();

function seedOnce({ store }: Account, key: string, seed: () => void): void {
  const known = seeded.get(key);
  if (known) {
    store.restore(known);
    return;
  }
  seed();
  seeded.set(key, store.snapshot());
}

/** Runs before the routes: request log, scheduled failures, API key and quota. */
class RequestHandler {
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
