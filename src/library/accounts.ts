import { createHash } from 'node:crypto';
import { createCache } from '../cache/cache.ts';
import { isLoopbackHost } from '../config/loopback.ts';
import { createFreshsales } from '../freshsales/client.ts';
import { apiRootAt, productAt } from '../freshsales/products.ts';
import { isTimeZone } from '../freshsales/time-zone.ts';
import { combineMeters, withoutTrailingSlashes } from '../freshsales/transport.ts';
import { createAccountLedger } from '../quota/account-ledger.ts';
import { tables } from '../resources/index.ts';
import { onePerKey } from '../server/authenticate.ts';
import { toAccount } from './admissions.ts';
import { countedBy } from './metrics.ts';
import type { AccountOptions, FreshsalesAccount } from './types.ts';

/**
 * Makes an account of a domain and a key. Makes no call.
 *
 * @throws TypeError if an option is not valid.
 */
export function createAccount(options: AccountOptions): FreshsalesAccount {
  const { apiKey, hourlyLimit, timeoutMs, timeZone, cache: cacheOptions, fetch } = options;
  const baseURL = apiRootOf(options);
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new TypeError(
      'timeZone is not a time zone. Provide a name such as Europe/Berlin, or an offset such as +05:30.',
    );
  positive({ hourlyLimit, timeoutMs });
  const { name = new URL(baseURL).host, product = productAt(baseURL) } = options;
  const ledger = createAccountLedger({ ...(hourlyLimit !== undefined && { hourlyLimit }) });
  const cache = createCache({ ...cacheOptions, tables });
  const counted = countedBy(options.metrics);
  counted?.watchAccount({ name, ledger, cache });
  const admissionFor = onePerKey((key) => ({
    name,
    isNamed: options.name !== undefined,
    freshsales: createFreshsales({
      baseURL,
      product,
      timeZone,
      ledger: counted ? combineMeters(counted.callMeter(name), ledger) : ledger,
      apiKey: key,
      cache: cache.for(createHash('sha256').update(key).digest('hex')),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(fetch && { fetch }),
    }),
    ledger,
  }));
  const withKey = (key: string) => toAccount(name, admissionFor(validKey(key)), withKey);
  return withKey(apiKey);
}

/** The API root of an account. */
function apiRootOf({ domain, url, product, fetch }: AccountOptions): string {
  if ((domain === undefined) === (url === undefined)) throw new TypeError('Provide either domain or url.');
  if (url !== undefined) return checkedUrl(url, fetch !== undefined);
  const root = apiRootAt(domain ?? '', product);
  if (root === undefined)
    throw new TypeError('domain is not the domain of an account. Provide one such as widgetz.myfreshworks.com.');
  return root;
}

function checkedUrl(url: string, isReplaced: boolean): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.search || parsed.hash)
    throw new TypeError(
      'url is not the root of an API. Provide one such as https://widgetz.myfreshworks.com/crm/sales/api.',
    );
  if (parsed.protocol === 'http:' && !isReplaced && !isLoopbackHost(parsed.hostname))
    throw new TypeError('url begins with http://, so the API key would cross the network unencrypted. Use https://.');
  return withoutTrailingSlashes(parsed.href);
}

function validKey(key: string): string {
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key))
    throw new TypeError('apiKey is not a Freshsales API key. Find it in Freshsales under Settings → API settings.');
  return key;
}

function positive(numbers: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(numbers))
    if (value !== undefined && !(Number.isInteger(value) && value > 0))
      throw new TypeError(`${name} is not a positive integer.`);
}
