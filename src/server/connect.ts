import { createHash } from 'node:crypto';
import type { Callers } from '../access/callers.ts';
import { fieldsOfType } from '../access/policy.ts';
import { createCache } from '../cache/cache.ts';
import type { Config } from '../config/config.ts';
import { createFreshsales, type FreshsalesOptions, type Product } from '../freshsales/client.ts';
import { createAccountLedger } from '../quota/account-ledger.ts';
import type { Account } from '../records/context.ts';
import { tables } from '../resources/index.ts';
import type { Redis } from '../stores/redis/redis.ts';
import { warn } from '../terminal.ts';
import { byToken, type Connect, onePerKey, open, passThrough } from './authenticate.ts';
import { orClose } from './or-close.ts';
import { schema } from './schema.ts';

export interface Connection {
  /** Gives each request its account. */
  readonly connect: Connect;
  /** The account of the server's own key; none where every request brings its own. */
  readonly own: Account | undefined;
  /** Who has a token, where there are callers. */
  readonly callers: Callers | undefined;
  /** Resolves once Freshsales has accepted a call, whoever made it. Never rejects. */
  readonly reached: Promise<void>;
  /** Lets go of what is shared with other machines. */
  close(): Promise<void>;
}

/** Connects to what the configuration names. One ledger counts for the account, whatever the key; no answer is shared between keys. */
export async function connectTo(config: Config): Promise<Connection> {
  const accounts = await accountsOf(config);
  return orClose(() => letIn(config, accounts), accounts.close);
}

/** Says who is let in, and with which key. */
async function letIn(config: Config, { accountOf, countOf, reached, close }: Accounts): Promise<Connection> {
  const { upstream, auth, callers: path, keyNamed } = config;
  const accountFor = onePerKey(accountOf);
  const ownKey = upstream.kind === 'sandbox' ? 'sandbox' : upstream.apiKey;
  const own = auth === 'pass-through' || ownKey === undefined ? undefined : accountFor(ownKey);
  const withoutToken = auth === 'open' && own ? open(own) : passThrough(accountOf);
  if (path === undefined) return { connect: withoutToken, own, callers: undefined, reached, close };
  const { openCallers } = await import('../access/callers.ts');
  const callers = openCallers({ path, keyNamed, fieldsOf: fieldsOfType(schema), countOf });
  const connect = byToken({
    callers,
    // The file is not taken unless every key it names is set.
    accountNamed: (name) => accountFor(keyNamed(name) ?? ''),
    otherwise: auth === 'callers' ? undefined : withoutToken,
  });
  return { connect, own, callers, reached, close };
}

type Accounts = Awaited<ReturnType<typeof accountsOf>>;

async function accountsOf({ upstream, quota, cache, redisUrl, timeoutMs, maxResponseBytes }: Config) {
  const { product } = upstream;
  const { baseURL, fetch: given = globalThis.fetch }: Pick<FreshsalesOptions, 'baseURL' | 'fetch'> =
    upstream.kind === 'sandbox' ? await openSandbox(product) : upstream;
  const { fetch, reached } = watchAnswers(given);
  const redis = redisUrl === undefined ? undefined : await shareOver(redisUrl, { account: digest(baseURL), quota });
  const ledger = createAccountLedger({ ...quota, ...(redis && { tally: redis.tally }) });
  const answers = createCache({ ...cache, tables, shared: redis?.answers });
  const accountOf = (apiKey: string): Account => {
    const scope = digest(`${baseURL}\n${apiKey}`);
    const memory = answers.for(scope);
    return {
      freshsales: createFreshsales({ baseURL, apiKey, product, ledger, memory, timeoutMs, maxResponseBytes, fetch }),
      ledger,
      ...(redis && { once: redis.onceFor(scope), signer: redis.signer }),
    };
  };
  return { accountOf, countOf: redis?.countOf, reached, close: async () => redis?.close() };
}

/** Sees by the answers that Freshsales is there, so that no call has to be made only to learn it. */
function watchAnswers(fetch: typeof globalThis.fetch): { fetch: typeof globalThis.fetch; reached: Promise<void> } {
  let report = () => {};
  const reached = new Promise<void>((resolve) => {
    report = resolve;
  });
  return {
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (response.ok && /\bjson\b/i.test(response.headers.get('content-type') ?? '')) report();
      return response;
    },
    reached,
  };
}

/** Whoever has an account does not wait for the sandbox to be loaded. */
async function openSandbox(product: Product): Promise<Pick<FreshsalesOptions, 'baseURL' | 'fetch'>> {
  const { createSandbox } = await import('../sandbox/sandbox.ts');
  return createSandbox({ product });
}

/** Without a REDIS_URL nothing of Redis is loaded. */
async function shareOver(url: string, options: { account: string; quota: Config['quota'] }): Promise<Redis> {
  const { createRedis } = await import('../stores/redis/redis.ts');
  return createRedis({ url, ...options, warn: (text) => warn(`Warning: ${text}`) });
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
