import { setMaxListeners } from 'node:events';
import { initContextCache } from '@pothos/core';
import type { Savings } from '../cache/known.ts';
import type { Freshsales, Session } from '../freshsales/client.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Lane, Meter } from '../freshsales/transport.ts';
import type { AccountLedger } from '../quota/account-ledger.ts';
import { createTrace } from '../quota/call-trace.ts';
import { combineMeters } from '../quota/combine-meters.ts';
import { createOperationBudget, DEFAULT_MAX_CALLS } from '../quota/operation-budget.ts';
import { createOnce, type Once } from '../stores/once.ts';
import type { TokenSigner } from '../stores/token-signer.ts';
import { type AuditTrail, createAuditTrail } from './audit-trail.ts';
import type { Caller } from './caller.ts';
import { type Needs, NOTHING } from './needs.ts';
import type { Preview } from './preview.ts';
import type { Operation, Registry } from './record-type.ts';

/** A Freshsales account, as one API key sees it. */
export interface Account {
  readonly freshsales: Freshsales;
  /** One for the account, shared by all of its keys. */
  readonly ledger: AccountLedger;
  /** What was done once with this key to it, where several servers have to know. */
  readonly once?: Once | undefined;
  /** What confirmations rest on, where several servers take them. */
  readonly signer?: TokenSigner | undefined;
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

export interface ContextOptions {
  readonly account: Account;
  readonly registry: Registry;
  /** Of the request's header Idempotency-Key. */
  readonly idempotencyKey?: string | undefined;
  /** Say what the mutations would do, and do nothing. */
  readonly preview?: boolean | undefined;
  /** Aborted when the client hangs up. */
  readonly signal?: AbortSignal | undefined;
  /** Who goes first when calls are scarce. */
  readonly lane?: Lane | undefined;
  /** Take nothing from the cache that was read before now. */
  readonly fresh?: boolean | undefined;
  /** Freshsales calls that one operation may make. */
  readonly maxCalls?: number | undefined;
  /** Values that one answer may have. */
  readonly maxValues?: number | undefined;
  /** Who asks; nobody in particular where the server is open, or the request brings its own key. */
  readonly caller?: Caller | undefined;
  readonly guard?: SessionGuard | undefined;
}

/** What resolvers see. Loaders are not listed here: they hang off it (Pothos' context cache) and die with it. */
export interface Context extends Operation {
  readonly ledger: AccountLedger;
  /** Who goes first when calls are scarce; writes have a lane of their own. */
  readonly lane: Lane;
  /** What confirmations rest on, where several servers take them. */
  readonly signer: TokenSigner | undefined;
  readonly idempotencyKey: string | undefined;
  /** Where mutations say what they would do; they do it where there is none. */
  readonly preview: Preview | undefined;
  /** What did not have to be asked. */
  readonly savings: Savings;
  readonly caller: Caller | undefined;
  /** Where writes say what they did. */
  readonly auditTrail: AuditTrail;
}

/**
 * Records that refer to each other in circles are read once and answered any number of times, for no call: the size of an answer
 * has a limit of its own. 500 contacts with all of their columns and deals stay below it.
 */
export const DEFAULT_MAX_VALUES = 250_000;

function createValueCounter(limit: number): Context['addValues'] {
  let values = 0;
  return (count) => {
    values += count;
    if (values <= limit) return undefined;
    return new FreshsalesError(
      'COST_LIMIT_EXCEEDED',
      `This answer has more than ${limit} values (MAX_VALUES). Select fewer rows, fields or nested lists.`,
    );
  };
}

/** One for each GraphQL operation. */
export function createContext({
  account,
  registry,
  signal,
  lane: given,
  fresh,
  idempotencyKey,
  preview = false,
  maxCalls = DEFAULT_MAX_CALLS,
  maxValues = DEFAULT_MAX_VALUES,
  caller,
  guard,
}: ContextOptions): Context {
  const settings = caller?.allowance.settings;
  const budget = createOperationBudget({ limit: Math.min(maxCalls, settings?.callsPerOperation ?? maxCalls) });
  const trace = createTrace();
  // Every call under way listens for the one request to end, and there may be many.
  if (signal) setMaxListeners(0, signal);
  const lane = given ?? settings?.priority ?? 'agent';
  const opened = account.freshsales.for({
    ...{ signal, fresh, lane },
    meter: combineMeters(budget, ...(guard ? [guard.meter] : []), trace),
    recalled: trace.recall,
  });
  const session = preview ? { ...opened, write: writeNothing } : opened;
  const once = onceOf(account);
  return {
    ...initContextCache(),
    registry,
    freshsales: guard ? guard.guard(session, once) : session,
    ledger: account.ledger,
    lane,
    budget,
    once,
    signer: account.signer,
    idempotencyKey,
    preview: preview ? { writes: [] } : undefined,
    known: session.known,
    savings: session.recollection,
    trace,
    caller,
    auditTrail: createAuditTrail(),
    proofOf: (typeName) => guard?.proofOf(typeName) ?? NOTHING,
    addValues: createValueCounter(maxValues),
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

/** Unless it is shared, one for each API key, for as long as its client lives. */
const onces = new WeakMap<Freshsales, Once>();

function onceOf({ freshsales, once: shared }: Account): Once {
  const once = shared ?? onces.get(freshsales) ?? createOnce();
  onces.set(freshsales, once);
  return once;
}
