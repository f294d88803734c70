import { z } from 'zod';
import { DOMAIN, type Product } from '../freshsales/products.ts';
import { isTimeZone } from '../freshsales/time-zone.ts';
import { type Complain, parseYaml, readYamlText } from '../yaml-file.ts';
import { ConfigError, hourlyLimitOf } from './environment.ts';
import { type AccountUpstream, accountUpstream, type Environment, type NamedAccount } from './upstream.ts';

const variable = (what: string) =>
  z
    .string({ error: `${what} must be the name of an environment variable` })
    .regex(/^[A-Z_][A-Z0-9_]*$/, { error: `${what} must be the NAME of an environment variable, not its value` });

const PLAN = 'plan must be free, growth, pro, enterprise, or the calls an hour as a number';

const account = z.strictObject({
  name: z
    .string({ error: 'name is missing, or no text' })
    .regex(/^[\w.-]{1,80}$/, { error: 'name must be up to 80 letters, digits, “-”, “_” and “.”, such as widgetz' }),
  domain: z
    .string({ error: 'domain must be a text' })
    .regex(DOMAIN, { error: 'domain must be the domain of the account, such as widgetz.myfreshworks.com' })
    .optional(),
  url: z
    .string({ error: 'url must be a text' })
    .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), {
      error: 'url must be a full base URL, such as https://widgetz.myfreshworks.com/crm/sales/api',
    })
    .optional(),
  key: variable('key').optional(),
  plan: z
    .union([z.string(), z.number()], { error: PLAN })
    .transform((plan) => hourlyLimitOf(String(plan)))
    .refine((limit) => limit !== undefined, { error: PLAN })
    .optional(),
  product: z.enum(['suite', 'classic'], { error: 'product must be suite or classic' }).optional(),
  timeZone: z
    .string()
    .refine(isTimeZone, {
      error: 'timeZone must be an IANA time zone such as Europe/Berlin, or an offset such as "+05:30"',
    })
    .optional(),
  webhookSecret: variable('webhookSecret').optional(),
});

const file = z.strictObject({
  accounts: z
    .array(account, { error: 'accounts must be a list, each with a name, a domain or url, and a key' })
    .min(1, { error: 'accounts is empty. Add an account with a name, a domain or url, and a key' }),
});

const knownAt = (path: readonly PropertyKey[]) => Object.keys(path.length === 0 ? file.shape : account.shape);

export interface AccountsFileOptions extends Environment {
  /** Path of the file, for messages. */
  readonly path: string;
  /** The product of accounts that name none. Else it is derived from their domain. */
  readonly product: Product | undefined;
}

/** Reads and parses a file of accounts. Throws a ConfigError with all problems. */
export const readAccounts = (options: AccountsFileOptions): readonly NamedAccount[] =>
  parseAccounts(
    readYamlText(options.path, 'Write it as in docs/accounts.md, or set FRESHSALES_ACCOUNTS to its path.', toError),
    options,
  );

const toError = (message: string) => new ConfigError(message);

/** Parses a file of accounts. Throws a ConfigError with all problems. */
export const parseAccounts = (text: string, options: AccountsFileOptions): readonly NamedAccount[] =>
  parseYaml(text, { path: options.path, shape: file, knownAt, toError }, ({ accounts }, complain) => {
    const found = accounts.map((each, index) => {
      const at: Complain = (path, message) => complain(['accounts', index, ...path], message);
      return toAccount(each, options, at);
    });
    duplicates(found, complain);
    return found.flatMap(({ account: complete }) => complete ?? []);
  });

type Given = z.infer<typeof account>;

/** An account, unless its address is not valid. */
interface Found {
  readonly given: Given;
  readonly account: NamedAccount | undefined;
}

function toAccount(given: Given, options: AccountsFileOptions, complain: Complain): Found {
  const { variableNamed } = options;
  const { name, key, plan, timeZone, webhookSecret } = given;
  for (const [option, variableName] of Object.entries({ key, webhookSecret }))
    if (variableName !== undefined && !variableNamed(variableName))
      complain(
        [option],
        `the environment variable ${variableName} is not set. Set it, or name another with “${option}”`,
      );
  const upstream = upstreamOf(given, options, complain);
  if (!upstream) return { given, account: undefined };
  const secret = webhookSecret && variableNamed(webhookSecret);
  return { given, account: { name, upstream, keyName: key, hourlyLimit: plan, timeZone, webhookSecret: secret } };
}

function upstreamOf(
  { domain, url, key, product: ownProduct }: Given,
  { variableNamed, product, proxyFor }: AccountsFileOptions,
  complain: Complain,
): AccountUpstream | undefined {
  if ((domain === undefined) === (url === undefined)) {
    complain([], domain === undefined ? 'domain or url is missing. Add one' : 'domain and url are both set. Keep one');
    return undefined;
  }
  try {
    const apiKey = key && variableNamed(key);
    return accountUpstream({ domain, url, product: ownProduct ?? product, apiKey }, { urlName: 'url', proxyFor });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(['url'], error.message.replace(/\.$/, ''));
    return undefined;
  }
}

function duplicates(all: readonly Found[], complain: Complain): void {
  for (const [index, { given, account: one }] of all.entries()) {
    const before = all.slice(0, index);
    const at = (key: string, message: string) => complain(['accounts', index, key], message);
    if (before.some((other) => other.given.name === given.name))
      at('name', `there are two accounts “${given.name}”. Rename one of them`);
    const same = before.find((other) => one && other.account?.upstream.baseURL === one.upstream.baseURL);
    if (same)
      at(given.url === undefined ? 'domain' : 'url', `this is the address of “${same.given.name}”. Keep one of them`);
    const secret = one?.webhookSecret;
    if (secret !== undefined && before.some((other) => other.account?.webhookSecret === secret))
      at(
        'webhookSecret',
        'two accounts have this secret, so it does not tell them apart. Use a different secret for each',
      );
  }
}
