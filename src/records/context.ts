import { setMaxListeners } from 'node:events';
import { initContextCache } from '@pothos/core';
import type { Freshsales, Session } from '../freshsales/client.ts';
import type { Savings } from '../freshsales/response-cache.ts';
import { combineMeters, type Meter, type Priority } from '../freshsales/transport.ts';
import type { AccountLedger } from '../quota/account-ledger.ts';
import type { Allowance } from '../quota/allowance.ts';
import {
  createOperationBudget,
  createTrace,
  createValueCounter,
  DEFAULT_MAX_CALLS,
  DEFAULT_MAX_VALUES,
} from '../quota/operation-budget.ts';
import { createExclusive, type Exclusive } from '../stores/exclusive.ts';
import { createOnce, type Once } from '../stores/once.ts';
import type { TokenSigner } from '../stores/token-signer.ts';
import type { AccountChanges } from './changes.ts';
import { type Needs, NOTHING, type Operation, type Registry } from './record-type.ts';
import type { AuditTrail, Preview } from './write-report.ts';

/** A Freshsales account, as one API key sees it. */
export interface Account {
  /** Its name in metrics, and in logs if `isNamed`: it is the host unless the file of accounts has another. */
  readonly name?: string | undefined;
  readonly isNamed?: boolean | undefined;
  readonly freshsales: Freshsales;
  /** The user of the key, by id or e-mail address, where the configuration names it. */
  readonly user?: string | undefined;
  /** One for the account, shared by all of its keys. */
  readonly ledger: AccountLedger;
  /** Once-only keys of this API key, if several servers share them. */
  readonly once?: Once | undefined;
  /** Signs confirmations, if several servers accept them. */
  readonly signer?: TokenSigner | undefined;
  /** Turns at the records of the account, if several servers share them. */
  readonly exclusive?: Exclusive | undefined;
  readonly changes?: AccountChanges | undefined;
}

/** Limits what the operation of a caller reads and writes. */
export interface SessionGuard {
  /** Refuses calls that are not granted, and counts the rest towards the caller's allowance. */
  readonly meter: Meter;
  /** The session with what the caller may not see or do taken out. */
  guard(session: Session, once: Once): Session;
  /** Columns or includes that a row needs before it is known whether the caller may see it. */
  proofOf(typeName: string): Needs;
}

interface ContextOptions {
  readonly account: Account;
  readonly registry: Registry;
  /** The request header Idempotency-Key. */
  readonly idempotencyKey?: string | undefined;
  /** Describe the writes of mutations and send none. */
  readonly preview?: boolean | undefined;
  /** Aborted when the client hangs up. */
  readonly signal?: AbortSignal | undefined;
  /** The priority when calls are scarce. */
  readonly priority?: Priority | undefined;
  /** Ignore what is cached. */
  readonly fresh?: boolean | undefined;
  /** Freshsales calls that one operation may make. */
  readonly maxCalls?: number | undefined;
  /** Values that one answer may have. */
  readonly maxValues?: number | undefined;
  /** The caller. Undefined on an open server, and if the request brings its own key. */
  readonly caller?: Caller | undefined;
  readonly guard?: SessionGuard | undefined;
  /** Watches the calls. */
  readonly observer?: Meter | undefined;
}

/** The context of resolvers. Loaders are kept in Pothos' context cache. */
export interface Context extends Operation {
  readonly ledger: AccountLedger;
  /** The priority when calls are scarce. Writes have their own. */
  readonly priority: Priority;
  readonly signer: TokenSigner | undefined;
  /** Turns at records, for writes that depend on what was read before. */
  readonly exclusive: Exclusive;
  readonly changes: AccountChanges | undefined;
  readonly idempotencyKey: string | undefined;
  /** Collects writes, if the operation is a preview. */
  readonly preview: Preview | undefined;
  readonly savings: Savings;
  readonly caller: Caller | undefined;
  /** The Freshsales user that “mine” refers to, by id or e-mail address. */
  readonly user: string | undefined;
  /** Collects what writes did. */
  readonly auditTrail: AuditTrail;
  /** Runs work to its end, even if the client disconnects meanwhile. */
  readonly finish: <T>(work: () => Promise<T>) => Promise<T>;
}

/** One for each GraphQL operation. */
export function createContext({
  account,
  registry,
  signal,
  priority: given,
  fresh,
  idempotencyKey,
  preview = false,
  maxCalls = DEFAULT_MAX_CALLS,
  maxValues = DEFAULT_MAX_VALUES,
  caller,
  guard,
  observer,
}: ContextOptions): Context {
  const settings = caller?.allowance.settings;
  const budget = createOperationBudget({ limit: Math.min(maxCalls, settings?.callsPerOperation ?? maxCalls) });
  const trace = createTrace();
  const end = createRequestEnd(signal);
  const priority = given ?? settings?.priority ?? 'agent';
  const opened = account.freshsales.for({
    signal: end?.signal,
    fresh,
    priority,
    meter: combineMeters(budget, ...(guard ? [guard.meter] : []), trace, ...(observer ? [observer] : [])),
    onCached: trace.cached,
  });
  const session = preview ? { ...opened, write: writeNothing } : opened;
  const once = onceOf(account);
  return {
    ...initContextCache(),
    registry,
    freshsales: guard ? guard.guard(session, once) : session,
    ledger: account.ledger,
    priority,
    budget,
    once,
    signer: account.signer,
    exclusive: exclusiveOf(account),
    changes: account.changes,
    idempotencyKey,
    preview: preview ? { writes: [] } : undefined,
    known: session.known,
    savings: session.savings,
    trace,
    caller,
    user: caller?.user ?? account.user,
    auditTrail: { writes: [], found: [] },
    proofOf: (typeName) => guard?.proofOf(typeName) ?? NOTHING,
    addValues: createValueCounter(maxValues),
    finish: end?.finish ?? ((work) => work()),
  };
}

/** Turns an operation into a preview: its mutations describe their writes and send none. */
export const previewing = ({
  freshsales,
}: Context): Pick<Context, 'freshsales' | 'preview'> & { preview: Preview } => ({
  freshsales: { ...freshsales, write: writeNothing },
  preview: { writes: [] },
});

/** A bug in a mutation must not turn a preview into a write. */
const writeNothing = async (): Promise<never> => {
  throw new Error('A preview writes nothing');
};

/** One for each API key, unless it is shared. */
const onces = new WeakMap<Freshsales, Once>();

function onceOf({ freshsales, once: shared }: Account): Once {
  const once = shared ?? onces.get(freshsales) ?? createOnce();
  onces.set(freshsales, once);
  return once;
}

/** One for each account, unless it is shared. */
const exclusives = new WeakMap<AccountLedger, Exclusive>();

function exclusiveOf({ ledger, exclusive: shared }: Account): Exclusive {
  const exclusive = shared ?? exclusives.get(ledger) ?? createExclusive();
  exclusives.set(ledger, exclusive);
  return exclusive;
}

/** Access levels, lowest first. Each includes the ones before it. */
export const ACCESSES = ['off', 'read', 'write', 'full'] as const;

export type Access = (typeof ACCESSES)[number];

/** The access of a caller to one kind of record or operation. */
export interface Grant {
  readonly access: Access;
  /** GraphQL names of the only fields to show. All fields if omitted. */
  readonly fields?: readonly string[] | undefined;
  /** Ids or names of the only views to list. All views if omitted. */
  readonly views?: readonly string[] | undefined;
  /** Id of the only user whose records to show. */
  readonly owner?: string | undefined;
  /** Wire names of custom fields to hide. */
  readonly hideCustomFields: readonly string[];
  /** Operations excluded from `full`. */
  readonly withhold: readonly string[];
}

/** The authenticated caller of an operation. */
export interface Caller {
  readonly name: string;
  readonly grants: Readonly<Record<string, Grant>>;
  readonly allowance: Allowance;
  /** Id or e-mail address of its Freshsales user. */
  readonly user?: string | undefined;
  /** The person who signed in as this caller, by the subject of the token. */
  readonly subject?: string | undefined;
}

/** Tells callers apart, and the people who signed in as the same caller. */
export const senderOf = ({ name, subject, user }: Pick<Caller, 'name' | 'subject' | 'user'>): string =>
  subject === undefined && user === undefined ? name : JSON.stringify([name, subject, user]);

/** The end of a request, which waits for work that must be finished. */
function createRequestEnd(client: AbortSignal | undefined) {
  if (!client) return undefined;
  const ending = new AbortController();
  // Each call listens for it, and there may be many.
  setMaxListeners(0, ending.signal);
  let running = 0;
  const endIfGone = (): void => {
    if (client.aborted && running === 0) ending.abort(client.reason);
  };
  client.addEventListener('abort', endIfGone, { once: true });
  endIfGone();
  return {
    signal: ending.signal,
    async finish<T>(work: () => Promise<T>): Promise<T> {
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        endIfGone();
      }
    },
  };
}
