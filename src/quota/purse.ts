import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';

/** Counts the calls of one operation, and ends it before it costs too much. */
export interface Purse extends Meter {
  /** Calls sent so far. */
  readonly spent: number;
  /** Calls that it may make in all. */
  readonly limit: number;
}

export interface PurseOptions {
  /** At the most so many calls; the one after that is refused. */
  readonly limit: number;
}

/** Any page of a sales front end costs less; a query for more asks single records of a long list for what no page brings. */
export const DEFAULT_MAX_CALLS = 50;

export function createPurse({ limit }: PurseOptions): Purse {
  let spent = 0;
  /** Calls that were allowed and have not gone out yet. */
  let promised = 0;
  return {
    get spent() {
      return spent;
    },
    limit,
    allow() {
      if (spent + promised >= limit) {
        const advice = 'Ask for fewer records at once, or for fewer relations of each.';
        throw new FreshsalesError(
          'COST_LIMIT_EXCEEDED',
          `This operation has used the ${limit} Freshsales calls it may make. ${advice}`,
        );
      }
      promised += 1;
    },
    spend() {
      promised -= 1;
      spent += 1;
    },
    learn() {},
    release(_call, sent) {
      if (!sent) promised -= 1;
    },
  };
}
