import type { SharedResponses } from '../../cache/shared-responses.ts';
import { type AccountLedgerOptions, DEFAULT_LEDGER } from '../../quota/account-ledger.ts';
import type { CountOf } from '../../quota/usage-counter.ts';
import type { QuotaWindows } from '../../quota/windows.ts';
import type { Once } from '../once.ts';
import type { TokenSigner } from '../token-signer.ts';
import { Link } from './link.ts';
import { RedisCounts } from './redis-counts.ts';
import { RedisOnce } from './redis-once.ts';
import { RedisResponses } from './redis-responses.ts';
import { RedisTokenSigner } from './redis-token-signer.ts';
import { RedisWindows } from './redis-windows.ts';
import { meetRun } from './run.ts';

export interface RedisOptions {
  readonly url: string;
  /** Names the Freshsales account, without being its address. */
  readonly account: string;
  readonly quota?: Pick<AccountLedgerOptions, 'hourlyLimit' | 'minuteLimit'>;
  readonly warn: (text: string) => void;
  /** How long all machines have to tell a Redis that was started anew what it has forgotten. Two seconds by default. */
  readonly catchUpMs?: number;
}

/** What several machines have in common through one Redis. */
export interface Redis {
  /** The count of the account's calls. */
  readonly tally: QuotaWindows;
  readonly answers: SharedResponses;
  /** The counts of the callers' calls. */
  readonly countOf: CountOf;
  /** Idempotency keys, for each credential by itself. */
  onceFor(scope: string): Once;
  /** What confirmation tokens rest on. */
  readonly signer: TokenSigner;
  close(): Promise<void>;
}

/** Another number for another way of writing things down: machines of two versions then leave each other alone. */
const FORMAT = 2;

/** Connects to Redis, or goes on without until it is there. */
export async function createRedis({ url, account, quota = {}, warn, catchUpMs = 2000 }: RedisOptions): Promise<Redis> {
  const { hourlyLimit, minuteLimit } = { ...DEFAULT_LEDGER, ...quota };
  // All keys of an account lie together where Redis is a cluster.
  const prefix = `freshsales-graphql:${FORMAT}:{${account.slice(0, 32)}}:`;
  const tally: RedisWindows = new RedisWindows({ hourlyLimit, minuteLimit, now: Date.now }, prefix, () => link);
  const answers: RedisResponses = new RedisResponses(prefix, () => link);
  const counts = new RedisCounts({ prefix, link: () => link, machines: () => tally.machines, catchUpMs });
  const once = new RedisOnce(prefix, () => link, catchUpMs);
  const signer = new RedisTokenSigner(prefix, () => link);
  const link: Link = new Link({
    url,
    warn,
    restore: async (found) => {
      const run = await meetRun(found, prefix);
      signer.restore(run);
      await once.restore(found, run);
      await answers.restore(found);
      await counts.restore(found, run);
      await tally.restore(found, run);
    },
  });
  await link.open();
  return {
    tally,
    answers,
    countOf: (name) => counts.countOf(name),
    onceFor: (scope) => once.for(scope),
    signer,
    close: async () => {
      tally.close();
      counts.close();
      await link.close();
    },
  };
}
