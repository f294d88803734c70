import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCallers } from '../../src/access/callers-file.ts';
import { fieldsOfType } from '../../src/access/permissions.ts';
import { parseAccounts } from '../../src/config/accounts-file.ts';
import { readConfig } from '../../src/config/config.ts';
import { connectTo } from '../../src/server/connect.ts';
import { schema } from '../../src/server/schema.ts';

const variables: Readonly<Record<string, string>> = { KEY_A: 'key-a', KEY_B: 'key-b', SECRET: 's3cr3t' };

const parse = (text: string) =>
  parseAccounts(text, {
    path: 'accounts.yaml',
    variableNamed: (name) => variables[name],
    proxyFor: () => undefined,
    product: undefined,
  });

const account = (rest: string) => `accounts:\n  - name: widgetz\n${rest}`;

test('reads the address, key, plan and zone of each account', () => {
  const text = `accounts:
  - name: widgetz
    domain: widgetz.myfreshworks.com
    key: KEY_A
    plan: pro
    timeZone: Europe/Berlin
  - { name: gadgets, url: "http://127.0.0.1:4900/api/", key: KEY_B, plan: 1234, product: classic, webhookSecret: SECRET }
`;
  expect(parse(text)).toEqual([
    {
      name: 'widgetz',
      upstream: {
        kind: 'account',
        baseURL: 'https://widgetz.myfreshworks.com/crm/sales/api',
        product: 'suite',
        apiKey: 'key-a',
        proxy: undefined,
      },
      keyName: 'KEY_A',
      hourlyLimit: 2000,
      timeZone: 'Europe/Berlin',
      webhookSecret: undefined,
    },
    {
      name: 'gadgets',
      upstream: {
        kind: 'account',
        baseURL: 'http://127.0.0.1:4900/api',
        product: 'classic',
        apiKey: 'key-b',
        proxy: undefined,
      },
      keyName: 'KEY_B',
      hourlyLimit: 1234,
      timeZone: undefined,
      webhookSecret: 's3cr3t',
    },
  ]);
});

test('the files in docs/accounts.md are valid', () => {
  const page = readFileSync(new URL('../../docs/accounts.md', import.meta.url), 'utf8');
  const [accounts = '', callers = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  const options = { path: 'accounts.yaml', proxyFor: () => undefined, product: undefined };
  const found = parseAccounts(accounts, { ...options, variableNamed: (name) => name });
  const { callers: entries } = parseCallers(callers, {
    path: 'callers.yaml',
    fieldsOf: fieldsOfType(schema),
    keyNamed: (name) => name,
    accounts: new Map(found.map(({ name, keyName }) => [name, keyName])),
  });
  expect(entries.map(({ name, account: of, key }) => [name, of, key])).toEqual([
    ['Widgetz front end', 'widgetz', 'WIDGETZ_KEY'],
    ['Gadgets importer', 'gadgets', 'GADGETS_KEY'],
  ]);
});

const WIDGETZ = '    domain: widgetz.myfreshworks.com\n';

test.each([
  ['accounts: []', /^accounts\.yaml:1: accounts is empty/],
  ['accounts: 1', /^accounts\.yaml:1: accounts must be a list/],
  ['account: []', /^accounts\.yaml:1: “account” is unknown here\. Use one of accounts/m],
  ['accounts: [', /^accounts\.yaml:\d+: .*Fix the YAML here/],
  ['accounts:\n  - domain: a.freshsales.io', /^accounts\.yaml:2: name is missing/],
  [account('    domain: widgetz'), /^accounts\.yaml:3: domain must be the domain of the account/],
  [account('    url: ftp://widgetz'), /^accounts\.yaml:3: url must be a full base URL/],
  [account('    url: http://widgetz.myfreshworks.com/api'), /^accounts\.yaml:3: url begins with http:\/\//],
  [account('    key: KEY_A'), /^accounts\.yaml:2: domain or url is missing/],
  [account(`${WIDGETZ}    url: https://a.example/api`), /^accounts\.yaml:2: domain and url are both set/],
  [account(`${WIDGETZ}    key: key-a`), /^accounts\.yaml:4: key must be the NAME of an environment variable/],
  [account(`${WIDGETZ}    key: UNSET`), /^accounts\.yaml:4: the environment variable UNSET is not set/],
  [account(`${WIDGETZ}    webhookSecret: UNSET`), /^accounts\.yaml:4: the environment variable UNSET is not set/],
  [account(`${WIDGETZ}    plan: gold`), /^accounts\.yaml:4: plan must be free, growth, pro, enterprise/],
  [account(`${WIDGETZ}    plan: 0`), /^accounts\.yaml:4: plan must be/],
  [account(`${WIDGETZ}    product: crm`), /^accounts\.yaml:4: product must be suite or classic/],
  [account(`${WIDGETZ}    timeZone: Berlin`), /^accounts\.yaml:4: timeZone must be an IANA time zone/],
  [
    account(`${WIDGETZ}    apiKey: x`),
    /^accounts\.yaml:4: “apiKey” is unknown here\. Use one of name, domain, url, key/,
  ],
  [
    account(`${WIDGETZ}  - name: widgetz\n    domain: b.freshsales.io`),
    /^accounts\.yaml:4: there are two accounts “widgetz”/,
  ],
  [
    account(`${WIDGETZ}  - name: other\n    url: https://WIDGETZ.myfreshworks.com:443/crm/sales/api/`),
    /^accounts\.yaml:5: this is the address of “widgetz”/,
  ],
  [
    account(`${WIDGETZ}    webhookSecret: SECRET\n  - { name: b, domain: b.freshsales.io, webhookSecret: SECRET }`),
    /^accounts\.yaml:5: two accounts have this secret/,
  ],
])('refuses %j', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

/** The configuration of one account and callers, with other variables. Empty ones are removed. */
function configured(env: Record<string, string>) {
  const path = join(mkdtempSync(join(tmpdir(), 'accounts-')), 'accounts.yaml');
  writeFileSync(path, 'accounts:\n  - { name: widgetz, domain: widgetz.myfreshworks.com, key: KEY_A }\n');
  const all = { FRESHSALES_ACCOUNTS: path, KEY_A: 'key-a', FRESHSALES_CALLERS: 'callers.yaml', ...env };
  return readConfig(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== 'not set')));
}

test('accounts need callers or pass-through', () => {
  expect(configured({}).auth).toBe('callers');
  expect(configured({ FRESHSALES_CALLERS: 'not set', FRESHSALES_AUTH: 'pass-through' }).auth).toBe('pass-through');
});

test.each<[Record<string, string>, RegExp]>([
  [{ FRESHSALES_DOMAIN: 'a.freshsales.io' }, /^FRESHSALES_ACCOUNTS and FRESHSALES_DOMAIN are both set/],
  [{ FRESHSALES_URL: 'https://a.example/api' }, /^FRESHSALES_ACCOUNTS and FRESHSALES_URL are both set/],
  [{ FRESHSALES_CALLERS: 'not set' }, /^FRESHSALES_ACCOUNTS needs requests that say which account they are for/],
  [{ FRESHSALES_AUTH: 'open' }, /^FRESHSALES_ACCOUNTS needs requests that say which account they are for/],
  [{ WEBHOOK_SECRET: 's3cr3t' }, /^WEBHOOK_SECRET does not say which account/],
  [{ FRESHSALES_ACCOUNTS: '' }, /^FRESHSALES_ACCOUNTS is empty/],
])('refuses accounts with %j', (env, message) => {
  expect(() => configured(env)).toThrow(message);
});

test('a file of accounts that cannot be read is an error once accounts are opened', async () => {
  const config = configured({ FRESHSALES_ACCOUNTS: '/nowhere/accounts.yaml' });
  await expect(connectTo(config)).rejects.toThrow(
    /^\/nowhere\/accounts\.yaml does not exist\. Write it as in docs\/accounts\.md/,
  );
});

const callerOf = (rest: string, accounts: ReadonlyMap<string, string | undefined>) =>
  parseCallers(`callers:\n  - name: A\n    token: ${'a'.repeat(64)}\n${rest}`, {
    path: 'callers.yaml',
    fieldsOf: fieldsOfType(schema),
    keyNamed: (name) => variables[name],
    accounts,
  }).callers[0];

const two = new Map([
  ['widgetz', 'KEY_A'],
  ['gadgets', undefined],
]);

test('a caller has the key of its account, or one of its own', () => {
  expect(callerOf('    account: widgetz', two)).toMatchObject({ account: 'widgetz', key: 'KEY_A' });
  expect(callerOf('    account: widgetz\n    key: KEY_B', two)).toMatchObject({ account: 'widgetz', key: 'KEY_B' });
});

test.each([
  ['    grants: {}', two, /^callers\.yaml:2: account is missing\. Name the account of this caller: widgetz, gadgets/],
  ['    account: widget', two, /^callers\.yaml:4: there is no account “widget”\. Name one of widgetz, gadgets/],
  ['    account: gadgets', two, /^callers\.yaml:2: the environment variable FRESHSALES_API_KEY is not set/],
  ['    account: widgetz', new Map<string, string>(), /^callers\.yaml:4: this server has one account without a name/],
])('refuses a caller with %j', (rest, accounts, message) => {
  expect(() => callerOf(rest, accounts)).toThrow(message);
});
