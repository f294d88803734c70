import { apiRootAt, type Product, productAt } from '../freshsales/products.ts';
import { withoutTrailingSlashes } from '../freshsales/transport.ts';
import { ConfigError } from './environment.ts';
import { isLoopbackHost } from './loopback.ts';
import type { ProxyConfig } from './proxy.ts';

/** A Freshsales account. */
export interface AccountUpstream {
  readonly kind: 'account';
  readonly product: Product;
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  /** The proxy that calls go through (HTTPS_PROXY). */
  readonly proxy: ProxyConfig | undefined;
}

/** The environment variables that describe accounts. */
export interface Environment {
  /** Value of a variable that a file names. */
  readonly variableNamed: (name: string) => string | undefined;
  /** The proxy for a URL. */
  readonly proxyFor: (url: string) => ProxyConfig | undefined;
}

/** An account of a file of accounts. What is undefined is as for the whole server. */
export interface NamedAccount {
  readonly name: string;
  readonly upstream: AccountUpstream;
  /** Name of the environment variable with its Freshsales key. Undefined if its callers name theirs. */
  readonly keyName: string | undefined;
  readonly hourlyLimit: number | undefined;
  readonly timeZone: string | undefined;
  /** The secret of its webhooks. Undefined if it has none. */
  readonly webhookSecret: string | undefined;
}

/** The embedded sandbox, a real account, or the accounts of a file. */
export type Upstream =
  | { readonly kind: 'sandbox'; readonly product: Product }
  | AccountUpstream
  | {
      readonly kind: 'accounts';
      /** Reads the file. Rejects with a ConfigError that lists all problems. */
      readonly read: () => Promise<readonly NamedAccount[]>;
    };

/** The accounts of the file of accounts. Undefined without one. */
export const namedAccounts = async (upstream: Upstream): Promise<readonly NamedAccount[] | undefined> =>
  upstream.kind === 'accounts' ? upstream.read() : undefined;

interface Address {
  readonly domain?: string | undefined;
  readonly url?: string | undefined;
  readonly product?: Product | undefined;
  readonly apiKey?: string | undefined;
}

interface AddressOptions extends Pick<Environment, 'proxyFor'> {
  /** The name of the URL in errors. */
  readonly urlName: string;
}

/** The account at a domain or a URL. */
export function accountUpstream(
  { domain, url, product, apiKey }: Address,
  { urlName, proxyFor }: AddressOptions,
): AccountUpstream {
  const baseURL = url === undefined ? apiRootAt(domain ?? '', product) : asOneSpells(url);
  if (baseURL === undefined)
    throw new ConfigError('The domain is not that of an account. Set it to widgetz.myfreshworks.com.');
  const { protocol, hostname, username, password, search, hash } = new URL(baseURL);
  if (username || password || search || hash)
    throw new ConfigError(
      `${urlName} has a user name, a password, parameters or a fragment, but must be only the root of the API, such as https://widgetz.myfreshworks.com/crm/sales/api.`,
    );
  if (protocol === 'http:' && !isLoopbackHost(hostname))
    throw new ConfigError(
      `${urlName} begins with http://, so the API key would cross the network unencrypted. Set it to the same URL with https://.`,
    );
  return { kind: 'account', baseURL, product: product ?? productAt(baseURL), apiKey, proxy: proxyFor(baseURL) };
}

/** Normalizes a URL, because the ledger and the cache of an account are identified by it. */
const asOneSpells = (url: string): string => withoutTrailingSlashes(new URL(url).href);
