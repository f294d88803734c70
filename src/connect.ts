import { createHash } from 'node:crypto';
import type { Config } from './config.ts';
import type { Account } from './context.ts';
import { createFreshsales, type FreshsalesOptions } from './freshsales/client.ts';
import { type Connect, open, passThrough } from './http/authenticate.ts';
import { createCache } from './quota/cache.ts';
import { createLedger } from './quota/ledger.ts';
import type { Redis } from './quota/redis/redis.ts';
import { tables } from './resources/index.ts';
import { createSandbox } from './sandbox/sandbox.ts';

export interface Connection {
  /** Gives each request its account. */
  readonly connect: Connect;
  /** The account of the server's own key; none where every request brings its own. */
  readonly own: Account | undefined;
  /** Lets go of what is shared with other machines. */
  close(): Promise<void>;
}

/** Connects to what the configuration names. One ledger counts for the account, whatever the key; no answer is shared between keys. */
export async function connectTo({ upstream, auth, quota, cache, redisUrl, timeoutMs }: Config): Promise<Connection> {
  const { product } = upstream;
  const { baseURL, ...reach }: Pick<FreshsalesOptions, 'baseURL' | 'fetch'> =
    upstream.kind === 'sandbox' ? createSandbox({ product }) : upstream;
  const redis = redisUrl === undefined ? undefined : await shareOver(redisUrl, { account: digest(baseURL), quota });
  const ledger = createLedger({ ...quota, ...(redis && { tally: redis.tally }) });
  const answers = createCache({ ...cache, tables, shared: redis?.answers });
  const accountOf = (apiKey: string): Account => {
    const memory = answers.for(digest(`${baseURL}\n${apiKey}`));
    const { fetch } = reach;
    return {
      freshsales: createFreshsales({ baseURL, apiKey, product, ledger, memory, timeoutMs, ...(fetch && { fetch }) }),
      ledger,
    };
  };
  const key = upstream.kind === 'sandbox' ? 'sandbox' : upstream.apiKey;
  const own = auth === 'pass-through' || key === undefined ? undefined : accountOf(key);
  const close = async () => redis?.close();
  return { connect: own ? open(own) : passThrough(accountOf), own, close };
}

/** Without a REDIS_URL nothing of Redis is loaded. */
async function shareOver(url: string, options: { account: string; quota: Config['quota'] }): Promise<Redis> {
  const { createRedis } = await import('./quota/redis/redis.ts');
  return createRedis({ url, ...options, warn: (text) => process.stderr.write(`Warning: ${text}\n`) });
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
