import { DEFAULT_LEDGER, type LedgerOptions } from '../ledger.ts';
import type { SharedAnswers } from '../shared-answers.ts';
import type { Tally } from '../tally.ts';
import { Link } from './link.ts';
import { RedisAnswers } from './redis-answers.ts';
import { RedisTally } from './redis-tally.ts';

export interface RedisOptions {
  readonly url: string;
  /** Names the Freshsales account, without being its address. */
  readonly account: string;
  readonly quota?: Pick<LedgerOptions, 'hourlyLimit' | 'minuteLimit'>;
  readonly warn: (text: string) => void;
}

/** What several machines have in common through one Redis: the count of calls, and the answers. */
export interface Redis {
  readonly tally: Tally;
  readonly answers: SharedAnswers;
  close(): Promise<void>;
}

/** Another number for another way of writing things down: machines of two versions then leave each other alone. */
const FORMAT = 1;

/** Connects to Redis, or goes on without until it is there. */
export async function createRedis({ url, account, quota = {}, warn }: RedisOptions): Promise<Redis> {
  const { hourlyLimit, minuteLimit } = { ...DEFAULT_LEDGER, ...quota };
  // All keys of an account lie together where Redis is a cluster.
  const prefix = `freshsales-graphql:${FORMAT}:{${account.slice(0, 32)}}:`;
  const tally: RedisTally = new RedisTally({ hourlyLimit, minuteLimit, now: Date.now }, prefix, () => link);
  const answers: RedisAnswers = new RedisAnswers(prefix, () => link);
  const link: Link = new Link({
    url,
    warn,
    restore: async (found) => {
      await tally.restore(found);
      await answers.restore(found);
    },
  });
  await link.open();
  return {
    tally,
    answers,
    close: async () => {
      tally.close();
      await link.close();
    },
  };
}
