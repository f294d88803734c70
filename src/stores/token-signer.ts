import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What tokens rest on that are good once: a secret to sign them with, and a memory of those that were used. */
export interface TokenSigner {
  /** The secret; undefined while it cannot be had. */
  secret(): Promise<Buffer | undefined>;
  /**
   * Uses up a token signed with this secret, by what it is known by, which is remembered as long as the token would be good. False where it
   * was used before; undefined while that cannot be told.
   */
  use(nonce: string, forMs: number, secret: Buffer): Promise<boolean | undefined>;
}

/** Tokens that were used, until they would have run out by themselves. */
const MOST_USED = 100_000;

/** How much longer than its time a used token is remembered, for clocks differ, and are set. */
export const SLACK_MS = 300_000;

/** A secret of this process: what it signs is good here, and after a restart nowhere. */
export function createTokenSigner(): TokenSigner {
  const secret = randomBytes(32);
  // Room for all of them is taken at once: not before anybody uses one.
  let used: LRUCache<string, true> | undefined;
  return {
    secret: async () => secret,
    async use(nonce, forMs) {
      used ??= new LRUCache<string, true>({ max: MOST_USED });
      if (used.has(nonce)) return false;
      used.set(nonce, true, { ttl: forMs + SLACK_MS });
      return true;
    },
  };
}
