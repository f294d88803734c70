import { createHash, createHmac, randomBytes } from 'node:crypto';
import { SLACK_MS, type TokenSigner } from '../token-signer.ts';
import type { Link } from './link.ts';
import type { Run } from './run.ts';
import { defineScript } from './script.ts';

/** The first machine makes the secret. KEYS: the secret. ARGV: one for the case that there is none. */
const SECRET = defineScript(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`);

/**
 * Uses a token up, unless the secret is another one by now: whoever lost the secret has lost the used tokens, too. They have no time to
 * live of their own, so that a Redis short of memory does not drop them.
 * KEYS: the secret, the used tokens. ARGV: the secret's digest, the token, milliseconds to remember it.
 */
const USE = defineScript(`
local secret = redis.call('GET', KEYS[1])
if not secret or redis.sha1hex(secret) ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
return redis.call('ZADD', KEYS[2], 'NX', now + ARGV[3], ARGV[2])
`);

/** A secret and used tokens that all machines share over Redis. While it is gone nothing is signed and nothing redeemed. */
export class RedisTokenSigner implements TokenSigner {
  readonly #prefix: string;
  readonly #link: () => Link;
  #run = '';

  constructor(prefix: string, link: () => Link) {
    this.#prefix = prefix;
    this.#link = link;
  }

  /** A Redis that was started anew may have forgotten which tokens were used, so that none from before is good any more. */
  restore({ id }: Run): void {
    this.#run = id;
  }

  async secret(): Promise<Buffer | undefined> {
    const shared = await this.#shared();
    return shared === undefined ? undefined : this.#keyOf(shared);
  }

  async use(nonce: string, forMs: number, secret: Buffer): Promise<boolean | undefined> {
    const shared = await this.#shared();
    if (shared === undefined) return undefined;
    if (!this.#keyOf(shared).equals(secret)) return false;
    const digest = createHash('sha1').update(shared).digest('hex');
    const reply = await this.#link().script(
      USE,
      [this.#key('seal'), this.#key('seal-used')],
      [digest, nonce, forMs + SLACK_MS],
    );
    return reply === undefined ? undefined : reply === 1;
  }

  async #shared(): Promise<string | undefined> {
    const fresh = randomBytes(32).toString('base64url');
    const reply = await this.#link().script(SECRET, [this.#key('seal')], [fresh]);
    return typeof reply === 'string' ? reply : undefined;
  }

  #keyOf(shared: string): Buffer {
    return createHmac('sha256', shared).update(this.#run).digest();
  }

  #key(name: string): string {
    return `${this.#prefix}${name}`;
  }
}
