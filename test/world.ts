import { ClientError, GraphQLClient } from 'graphql-request';
import { type CacheOptions, createCache } from '../src/cache/cache.ts';
import type { Limits } from '../src/config/limits.ts';
import { createFreshsales, type Sleep } from '../src/freshsales/client.ts';
import type { Plan } from '../src/planner/plan.ts';
import { type AccountLedgerOptions, createAccountLedger } from '../src/quota/account-ledger.ts';
import type { Account } from '../src/records/context.ts';
import { registry, tables } from '../src/resources/index.ts';
import { createSandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';
import { type FieldLists, typedSchema } from '../src/schema/custom-fields/typed-schema.ts';
import { type Connect, onePerKey, passThroughTo } from '../src/server/authenticate.ts';
import { createServer } from '../src/server/create-server.ts';
import { schemaFor } from '../src/server/schema.ts';

/** Every request brings its own key of the only account. */
export const passThrough = (accountOf: (apiKey: string) => Account): Connect =>
  passThroughTo({ domains: new Map([['main', onePerKey(accountOf)]]) });

export interface WorldOptions extends SandboxOptions {
  /** Milliseconds that a Freshsales call may take. */
  readonly timeoutMs?: number;
  /** How long lookups and views are kept, records and pages, and how old an answer may be when calls are refused. */
  readonly cache?: Omit<CacheOptions, 'tables'>;
  readonly quota?: AccountLedgerOptions;
  readonly limits?: Partial<Limits>;
  readonly production?: boolean;
  /** Field lists whose custom fields are typed, by path. */
  readonly typed?: FieldLists;
  /** The user of the key, by id or e-mail address. */
  readonly user?: string;
  /** Waits between two looks at a bulk job. Unless said otherwise nobody waits: the sandbox's clock is moved on. */
  readonly sleep?: Sleep;
}

/** The whole stack in one process: graphql-request, yoga, ofetch, sandbox; no sockets, no mocks. */
export function openWorld({
  timeoutMs,
  cache: cacheOptions,
  quota,
  limits = {},
  production = false,
  sleep,
  typed,
  user,
  ...options
}: WorldOptions = {}) {
  const { product = 'suite' } = options;
  const clock = createClock(options.now);
  const sandbox = createSandbox({ ...options, now: clock.now });
  const now = options.now ? { now: () => clock.now().getTime() } : {};
  const ledger = createAccountLedger({ ...now, ...quota });
  const cache = createCache({ tables, ...now, ...cacheOptions });
  const freshsales = createFreshsales({
    baseURL: sandbox.baseURL,
    apiKey: 'test-key',
    product,
    fetch: sandbox.fetch,
    ledger,
    cache: cache.for('test'),
    sleep: sleep ?? clock.sleep,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const account: Account = { freshsales, ledger, user };
  const yoga = createServer({
    ...{ connect: () => account, limits, production },
    ...(typed && { schema: { current: typedSchema(schemaFor(product), typed, { registry, product }) } }),
  });
  const fetch: typeof globalThis.fetch = async (input, init) => yoga.fetch(new Request(input, init));
  const graphql = new GraphQLClient('http://127.0.0.1/graphql', { fetch, errorPolicy: 'all' });

  /** Sends an operation and gives data, errors and extensions, and the Freshsales requests that it made. */
  async function ask(query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    const before = sandbox.requests.length;
    const answer = await graphql.rawRequest<Answer>(query, variables, headers).catch(refused);
    const { data = null, errors, extensions } = answer;
    return { data, errors, extensions, requests: sandbox.requests.slice(before) };
  }

  return {
    sandbox,
    account,
    cache,
    yoga,
    fetch,
    graphql,
    /** How long was waited between looks at bulk jobs, in milliseconds. */
    naps: clock.naps,
    ask,
    /** What an operation would cost, by a dry run. */
    async plan(
      query: string,
      variables: Record<string, unknown> = {},
      headers: Record<string, string> = {},
    ): Promise<RunPlan> {
      const { extensions, errors } = await ask(query, variables, { ...headers, 'x-freshsales-dry-run': '1' });
      if (errors) throw new Error(JSON.stringify(errors));
      return (extensions as { plan: RunPlan }).plan;
    },
  };
}

/** A clock that sleeping moves on, so that nobody has to wait. */
function createClock(start = () => new Date()) {
  const naps: number[] = [];
  const sleep: Sleep = async (ms, signal) => {
    signal?.throwIfAborted();
    naps.push(ms);
  };
  return { naps, sleep, now: () => new Date(start().getTime() + naps.reduce((sum, ms) => sum + ms, 0)) };
}

/** An operation that is not valid is answered with 400, which the client throws. */
function refused(error: unknown) {
  if (!(error instanceof ClientError)) throw error;
  const { errors, extensions } = error.response;
  return { data: null, errors, extensions };
}

// Answers are asserted whole, by their values; what a test reads of one, it reads by `expect`.
type Answer = Record<string, unknown>;

type RunPlan = Plan & { readonly limit: number; readonly allowed: boolean };
