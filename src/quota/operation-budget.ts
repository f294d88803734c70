import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';

/** Counts the calls of one operation, and ends it before it costs too much. */
export interface OperationBudget extends Meter {
  /** Calls sent so far. */
  readonly spent: number;
  /** Calls that it may make in all. */
  readonly limit: number;
  /** Lets no further call out, and waits for those that are under way; at once where none is. */
  close(): void | Promise<void>;
}

export interface OperationBudgetOptions {
  /** At the most so many calls; the one after that is refused. */
  readonly limit: number;
}

/** Any page of a sales front end costs less; a query for more asks single records of a long list for what no page brings. */
export const DEFAULT_MAX_CALLS = 50;

export function createOperationBudget({ limit }: OperationBudgetOptions): OperationBudget {
  let spent = 0;
  /** Calls that were allowed and have not gone out yet. */
  let promised = 0;
  let underWay = 0;
  let closed = false;
  let rest = () => {};
  const settle = () => {
    if (promised + underWay === 0) rest();
  };
  return {
    get spent() {
      return spent;
    },
    limit,
    allow() {
      if (closed) throw new FreshsalesError('COST_LIMIT_EXCEEDED', 'This operation is over.');
      if (spent + promised >= limit) {
        const hints = 'Ask for fewer records at once, or for fewer relations of each.';
        throw new FreshsalesError(
          'COST_LIMIT_EXCEEDED',
          `This operation has used the ${limit} Freshsales calls it may make. ${hints}`,
        );
      }
      promised += 1;
    },
    spend() {
      promised -= 1;
      spent += 1;
      underWay += 1;
    },
    learn() {
      underWay -= 1;
      settle();
    },
    release(_call, sent) {
      if (sent) underWay -= 1;
      else promised -= 1;
      settle();
    },
    close() {
      closed = true;
      if (promised + underWay === 0) return undefined;
      return new Promise((resolve) => {
        rest = resolve;
      });
    },
  };
}
