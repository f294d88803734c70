import type { Table } from '../freshsales/resource.ts';
import { tables } from '../resources/index.ts';
import type { Behaviours, FailedAnswer } from '../sandbox/behaviours.ts';
import { listenSandbox } from '../sandbox/listen.ts';
import { createSandbox as createInternal, type Seed } from '../sandbox/sandbox.ts';
import type { Fetch, Product } from './types.ts';

export type { Behaviours, FailedAnswer };

/** A record or lookup, by the columns of Freshsales' API. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

export interface SandboxOptions {
  /** `suite` by default. */
  readonly product?: Product;
  /** `true` (default) seeds the demo company, `false` no records. A function seeds its own records. */
  readonly seed?: boolean | ((sandbox: Pick<Sandbox, 'put'>) => void);
  /** The only accepted API key. Without it, any key is accepted. */
  readonly apiKey?: string;
  readonly behaviours?: Partial<Behaviours>;
  /** The clock for ages, due dates and the quota. */
  readonly now?: () => Date;
}

/** An emulated Freshsales account, for tests. Types are GraphQL type names, such as `Contact`, `Deal` or `User`. */
export interface Sandbox {
  /** Responds as Freshsales would. Pass it to an account. */
  readonly fetch: Fetch;
  /** The API root, for an account that uses `fetch`. */
  readonly url: string;
  /** Received requests in order, such as `GET /contacts/1?include=owner`. */
  readonly requests: readonly string[];
  /** The same with the JSON body, or `undefined` without one. */
  readonly sent: readonly { readonly request: string; readonly body: unknown }[];
  /** Can be changed between requests. */
  readonly behaviours: Behaviours;
  /** Inserts or replaces a row. Missing columns are filled in. */
  put(type: string, row: Readonly<Record<string, unknown>>): Row;
  get(type: string, id: string): Row | undefined;
  rows(type: string): readonly Row[];
  /** Deletes a row. It goes to the recycle bin if its type has one. */
  remove(type: string, id: string): void;
  /** Replaces the responses of the next requests whose line matches. */
  failNext(match: string | RegExp, answer: FailedAnswer, times?: number): void;
  /** Restores the seed, quota and behaviours, and clears the requests. */
  reset(): void;
  /** Serves the account over HTTP, for clients in other processes. Port 0, the default, is any free port. */
  listen(options?: { readonly host?: string; readonly port?: number }): Promise<{
    readonly url: string;
    close(): Promise<void>;
  }>;
}

/** Creates an emulated Freshsales account. */
export function createSandbox({ seed = true, ...options }: SandboxOptions = {}): Sandbox {
  const seeding: boolean | Seed = typeof seed === 'function' ? (sandbox) => seed({ put: putIn(sandbox) }) : seed;
  const sandbox = createInternal({ ...options, seed: seeding });
  return {
    fetch: (input, init) => sandbox.fetch(input, init),
    url: sandbox.baseURL,
    requests: sandbox.requests,
    sent: sandbox.sent,
    behaviours: sandbox.behaviours,
    put: putIn(sandbox),
    get: (type, id) => {
      const row = sandbox.get(tableOf(type), id);
      return row && { ...row };
    },
    rows: (type) => sandbox.rows(tableOf(type)).map((row) => ({ ...row })),
    remove: (type, id) => sandbox.remove(tableOf(type), id),
    failNext: (match, answer, times) => sandbox.failNext(match, answer, times),
    reset: () => sandbox.reset(),
    listen: ({ host = '127.0.0.1', port = 0 } = {}) => listenSandbox(sandbox, { host, port }),
  };
}

const putIn =
  ({ put }: Parameters<Seed>[0]): Sandbox['put'] =>
  (type, { id, ...columns }) => ({
    ...put(tableOf(type), { ...columns, ...(id !== undefined && { id: String(id) }) }),
  });

const tableByName = new Map(tables.map((table) => [table.name, table]));

function tableOf(type: string): Table {
  const table = tableByName.get(type);
  if (!table)
    throw new TypeError(`The sandbox has no type “${type}”. Use one of ${[...tableByName.keys()].join(', ')}.`);
  return table;
}
