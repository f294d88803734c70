import type { Product } from '../freshsales/products.ts';
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

/** What the environment says about accounts. */
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
  /** What an error calls the URL. */
  readonly urlName: string;
}

/** The account at a domain or a URL. */
export function accountUpstream(
  { domain, url, product, apiKey }: Address,
  { urlName, proxyFor }: AddressOptions,
): AccountUpstream {
  const baseURL = url === undefined ? baseOf(domain ?? '', product) : asOneSpells(url);
  const { protocol, hostname } = new URL(baseURL);
  if (protocol === 'http:' && !isLoopbackHost(hostname))
    throw new ConfigError(
      `${urlName} begins with http://, so the API key would cross the network unencrypted. Set it to the same URL with https://.`,
    );
  return { kind: 'account', baseURL, product: product ?? productOf(baseURL), apiKey, proxy: proxyFor(baseURL) };
}

/** Normalizes a URL, because the ledger and the cache of an account are identified by it. */
const asOneSpells = (url: string): string => withoutTrailingSlashes(new URL(url).href);

const productOf = (url: string): Product =>
  /(^|\.)freshsales\.io$/i.test(new URL(url).hostname) ? 'classic' : 'suite';

/** The Suite API is under /crm/sales, the Classic API at the root of the domain. */
function baseOf(domain: string, product: Product | undefined): string {
  const [host = ''] = domain
    .replace(/^https?:\/\//i, '')
    .toLowerCase()
    .split('/');
  const base = `https://${host}`;
  return (product ?? productOf(base)) === 'classic' ? `${base}/api` : `${base}/crm/sales/api`;
}
