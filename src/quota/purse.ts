import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';

/** Counts the calls of one operation, and ends it before it costs too much. */
export interface Purse extends Meter {
  /** Calls sent so far. */
  readonly spent: number;
}

export interface PurseOptions {
  /** At the most so many calls; the one after that is refused. */
  readonly limit: number;
}

export function createPurse({ limit }: PurseOptions): Purse {
  let spent = 0;
  let refused = false;
  return {
    get spent() {
      return spent;
    },
    allow() {
      // Once Freshsales has said no, asking on behalf of the operation's other branches only makes it say no again.
      if (refused)
        throw new FreshsalesError('RATE_LIMITED', 'The Freshsales account has no calls left for now.', {
          retryAfter: 60,
        });
      if (spent < limit) return;
      const advice = 'Ask for fewer records at once, or for fewer relations of each.';
      throw new FreshsalesError(
        'COST_LIMIT_EXCEEDED',
        `This operation has used the ${limit} Freshsales calls it may make. ${advice}`,
      );
    },
    spend() {
      spent += 1;
    },
    learn(status) {
      if (status === 429) refused = true;
    },
  };
}
