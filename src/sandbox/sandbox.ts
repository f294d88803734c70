import type { Product } from '../freshsales/products.ts';
import type { Identified, Table } from '../freshsales/resource.ts';
import { lookups } from '../lookups/index.ts';
import { sandboxes, tables } from '../resources/index.ts';
import type { Account, RecordSandbox, SandboxTypes } from './account.ts';
import { type Behaviours, defaultBehaviours, type FailedAnswer } from './behaviours.ts';
import { dayOf } from './clock.ts';
import { copyOf, putRow, recordOf } from './insert-row.ts';
import { RequestHandler, type Sent } from './request-handler.ts';
import { type CustomFields, customFields as demoFields } from './seed/custom-fields.ts';
import { seedCompany } from './seed/demo-company.ts';
import { seedLookups } from './seed/lookups.ts';
import { type Snapshot, Store } from './store.ts';
import { Workflows } from './workflows.ts';

export type { Behaviours, FailedAnswer } from './behaviours.ts';

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
    product,
    behaviours,
    types,
    customFields,
    now,
    zone,
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
      if ('is_deleted' in table.blank) account.store.of(table.name).update(id, { is_deleted: true });
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
