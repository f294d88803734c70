import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { ifAvailable, type Store } from './store.ts';

/** The basis of single-use tokens: a secret to sign them with, and a memory of those that were used. */
export interface TokenSigner {
  /** The secret; undefined while the store cannot be reached. */
  secret(): Promise<Buffer | undefined>;
  /**
   * Uses up a token signed with this secret. `forMs`: how long the token is still valid. Returns false where it was used
   * before, and undefined where that cannot be told.
   */
  use(nonce: string, forMs: number, secret: Buffer): Promise<boolean | undefined>;
}

/** Additional time for which a used token is remembered after its lifetime, because clocks differ and are set. */
const SLACK_MS = 300_000;

/** A new secret every month invalidates the tokens of five minutes. */
const SECRET_MS = 30 * 86_400_000;

/** Signs with a secret that all servers of the store share. */
export function createTokenSigner(store: Store): TokenSigner {
  // A store that may have forgotten which tokens were used must accept none from before.
  const secret = async (): Promise<Buffer> => {
    const { result } = await store.entries.update<string, string>('token secret', SECRET_MS, (known) => {
      if (known !== undefined) return { result: known };
      const value = randomBytes(32).toString('base64url');
      return { value, result: value };
    });
    return createHmac('sha256', result).update(store.generation()).digest();
  };
  return {
    secret: () => ifAvailable(secret),
    use: (nonce, forMs, signedWith) =>
      ifAvailable(async () => {
        const keepMs = Math.max(1, forMs) + SLACK_MS;
        const once = { fingerprint: '', owner: randomUUID(), leaseMs: keepMs, keepMs };
        const { state } = await store.onceKeys.claim(`token ${nonce}`, once);
        // Last: a secret that is still the same proves that no used token was forgotten before the claim.
        return state === 'mine' && (await secret()).equals(signedWith);
      }),
  };
}
