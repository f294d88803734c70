import { initContextCache } from '@pothos/core';
import type { Freshsales, Session } from './freshsales/client.ts';
import type { Ledger } from './quota/ledger.ts';
import { createPurse, type Purse } from './quota/purse.ts';

/** A Freshsales account, as one API key sees it. */
export interface Account {
  readonly freshsales: Freshsales;
  /** One for the account, shared by all of its keys. */
  readonly ledger: Ledger;
}

export interface ContextOptions {
  readonly account: Account;
  /** Aborted when the client hangs up. */
  readonly signal?: AbortSignal | undefined;
  /** Freshsales calls that one operation may make. */
  readonly maxCalls?: number | undefined;
}

/** What resolvers see. Loaders are not listed here: they hang off it (Pothos' context cache) and die with it. */
export interface Context {
  readonly freshsales: Session;
  readonly ledger: Ledger;
  readonly purse: Purse;
}

/** Legitimate pages cost a handful of calls; this stops the one that would cost hundreds. */
export const DEFAULT_MAX_CALLS = 200;

/** One for each GraphQL operation. */
export function createContext({ account, signal, maxCalls = DEFAULT_MAX_CALLS }: ContextOptions): Context {
  const purse = createPurse({ limit: maxCalls });
  return {
    ...initContextCache(),
    freshsales: account.freshsales.for({ signal, meter: purse }),
    ledger: account.ledger,
    purse,
  };
}
