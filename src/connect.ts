import type { Config } from './config.ts';
import type { Account } from './context.ts';
import { createFreshsales } from './freshsales/client.ts';
import { type Connect, open, passThrough } from './http/authenticate.ts';
import { createLedger } from './quota/ledger.ts';
import { createSandbox } from './sandbox/sandbox.ts';

export interface Connection {
  /** Gives each request its account. */
  readonly connect: Connect;
  /** The account of the server's own key; none where every request brings its own. */
  readonly own: Account | undefined;
}

/** Connects to what the configuration names. One ledger counts for the account, whatever the key; no cache is shared between keys. */
export function connectTo({ upstream, auth, hourlyLimit, timeoutMs }: Config): Connection {
  const ledger = createLedger({ hourlyLimit });
  const product = upstream.product;
  if (upstream.kind === 'sandbox') {
    const { fetch, baseURL } = createSandbox({ product });
    const accountOf = (apiKey: string): Account => ({
      freshsales: createFreshsales({ baseURL, apiKey, product, fetch, ledger, timeoutMs }),
      ledger,
    });
    return connectionOf(auth, accountOf, 'sandbox');
  }
  const { baseURL } = upstream;
  const accountOf = (apiKey: string): Account => ({
    freshsales: createFreshsales({ baseURL, apiKey, product, ledger, timeoutMs }),
    ledger,
  });
  return connectionOf(auth, accountOf, upstream.apiKey);
}

function connectionOf(
  auth: Config['auth'],
  accountOf: (apiKey: string) => Account,
  apiKey: string | undefined,
): Connection {
  if (auth === 'pass-through' || apiKey === undefined) return { connect: passThrough(accountOf), own: undefined };
  const own = accountOf(apiKey);
  return { connect: open(own), own };
}
