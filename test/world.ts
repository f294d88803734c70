import { ClientError, GraphQLClient } from 'graphql-request';
import type { Account } from '../src/context.ts';
import { createFreshsales } from '../src/freshsales/client.ts';
import { createLedger } from '../src/quota/ledger.ts';
import { createSandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';
import { createServer } from '../src/server.ts';

export interface WorldOptions extends SandboxOptions {
  /** Milliseconds that a Freshsales call may take. */
  readonly timeoutMs?: number;
  /** How long lookups and views are kept, in milliseconds. */
  readonly listsForMs?: number;
}

/** The whole stack in one process: graphql-request, yoga, ofetch, sandbox; no sockets, no mocks. */
export function openWorld({ timeoutMs, listsForMs, ...options }: WorldOptions = {}) {
  const sandbox = createSandbox(options);
  const ledger = createLedger();
  const freshsales = createFreshsales({
    baseURL: sandbox.baseURL,
    apiKey: 'test-key',
    product: options.product ?? 'suite',
    fetch: sandbox.fetch,
    ledger,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(listsForMs !== undefined && { listsForMs }),
  });
  const account: Account = { freshsales, ledger };
  const yoga = createServer({ connect: () => account });
  const fetch: typeof globalThis.fetch = async (input, init) => yoga.fetch(new Request(input, init));
  const graphql = new GraphQLClient('http://127.0.0.1/graphql', { fetch, errorPolicy: 'all' });

  return {
    sandbox,
    account,
    yoga,
    fetch,
    graphql,
    /** Sends an operation and gives data, errors and extensions, and the Freshsales requests that it made. */
    async ask(query: string, variables: Record<string, unknown> = {}) {
      const before = sandbox.requests.length;
      const { data = null, errors, extensions } = await graphql.rawRequest<Answer>(query, variables).catch(refused);
      return { data, errors, extensions, requests: sandbox.requests.slice(before) };
    },
  };
}

/** An operation that is not valid is answered with 400, which the client throws. */
function refused(error: unknown) {
  if (!(error instanceof ClientError)) throw error;
  const { errors, extensions } = error.response;
  return { data: null, errors, extensions };
}

// Answers are asserted whole, by their values; what a test reads of one, it reads by `expect`.
type Answer = Record<string, unknown>;
