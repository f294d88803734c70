import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';

const key = 'kS3cr3t';
const widgetz = 'https://widgetz.myfreshworks.com';
const upstream = (env: Record<string, string>) => readConfig(env).upstream;

test('defaults to the sandbox on loopback', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 4000,
    auth: 'open',
    upstream: { kind: 'sandbox', product: 'suite' },
  });
});

test.each([
  ['widgetz.myfreshworks.com', 'https://widgetz.myfreshworks.com/crm/sales/api', 'suite'],
  ['https://widgetz.myfreshworks.com', 'https://widgetz.myfreshworks.com/crm/sales/api', 'suite'],
  ['https://Widgetz.myfreshworks.com/crm/sales/', 'https://widgetz.myfreshworks.com/crm/sales/api', 'suite'],
  ['widgetz.myfreshworks.com/crm/sales/api', 'https://widgetz.myfreshworks.com/crm/sales/api', 'suite'],
  ['widgetz.freshsales.io', 'https://widgetz.freshsales.io/api', 'classic'],
])('FRESHSALES_DOMAIN=%s', (domain, baseURL, product) => {
  expect(upstream({ FRESHSALES_DOMAIN: domain, FRESHSALES_API_KEY: key })).toEqual({
    kind: 'account',
    baseURL,
    product,
    apiKey: key,
  });
});

test.each([
  ['http://127.0.0.1:4900/crm/sales/api/', undefined, 'http://127.0.0.1:4900/crm/sales/api', 'suite'],
  ['http://LOCALHOST:4900/crm/sales/api', undefined, 'http://localhost:4900/crm/sales/api', 'suite'],
  [' HTTPS://Widgetz.MyFreshworks.com:443/crm/sales/api// ', undefined, `${widgetz}/crm/sales/api`, 'suite'],
  ['http://127.0.0.1:4900', 'classic', 'http://127.0.0.1:4900', 'classic'],
  ['https://widgetz.freshsales.io/api', undefined, 'https://widgetz.freshsales.io/api', 'classic'],
  ['http://127.0.0.1:4900/api', 'classic', 'http://127.0.0.1:4900/api', 'classic'],
])('FRESHSALES_URL=%s FRESHSALES_PRODUCT=%s', (url, given, baseURL, product) => {
  const env = { FRESHSALES_URL: url, FRESHSALES_API_KEY: key, ...(given && { FRESHSALES_PRODUCT: given }) };
  expect(upstream(env)).toEqual({ kind: 'account', baseURL, product, apiKey: key });
});

test.each([
  [{ FRESHSALES_PLAN: 'enterprise' }, 5000],
  [{ FRESHSALES_PLAN: '1234' }, 1234],
  [{}, 1000],
])('%o allows %i calls an hour', (env, hourlyLimit) => {
  expect(readConfig(env).quota.hourlyLimit).toBe(hourlyLimit);
});

test.each(['', '/', '/3', '?db=3', '/3?family=6'])('a Redis URL may end with %j', (end) => {
  const url = `redis://:open-sesame@127.0.0.1:6379${end}`;
  expect(readConfig({ REDIS_URL: url }).redisUrl).toBe(url);
});

test('quota and cache have defaults and accept seconds and percents', () => {
  expect(readConfig({})).toMatchObject({
    quota: { hourlyLimit: 1000, reserve: 0.1, maxWaitMs: 5000 },
    cache: { listsForMs: 3_600_000, recordsForMs: 60_000, staleForMs: 0, maxBytes: 64_000_000 },
    redisUrl: undefined,
  });
  const env = {
    QUOTA_RESERVE_PERCENT: '20',
    QUOTA_WAIT_SECONDS: '0',
    CACHE_RECORDS_SECONDS: '0',
    CACHE_STALE_SECONDS: '600',
  };
  expect(readConfig(env)).toMatchObject({
    quota: { reserve: 0.2, maxWaitMs: 0 },
    cache: { recordsForMs: 0, staleForMs: 600_000 },
  });
});

const account = { FRESHSALES_DOMAIN: 'widgetz.myfreshworks.com', FRESHSALES_API_KEY: key };

test.each([
  [{ PORT: 'many' }, /^PORT is not valid\. Set it to a number/],
  [{ PORT: '70000' }, /^PORT is not valid/],
  [{ HOST: 'not a host' }, /^HOST is not valid/],
  [{ ...account, FRESHSALES_DOMAIN: 'widgetz' }, /^FRESHSALES_DOMAIN is not valid\. Set it to the domain/],
  [{ ...account, FRESHSALES_DOMAIN: 'https://evil.example/elsewhere' }, /^FRESHSALES_DOMAIN is not valid/],
  [{ FRESHSALES_URL: 'ftp://x.example', FRESHSALES_API_KEY: key }, /^FRESHSALES_URL is not valid/],
  [{ FRESHSALES_URL: 'https://u:kS3@x.example/api', FRESHSALES_API_KEY: key }, /^FRESHSALES_URL has (?!.*kS3)/],
  [{ FRESHSALES_URL: 'https://x.example/api?key=kS3', FRESHSALES_API_KEY: key }, /^FRESHSALES_URL has (?!.*kS3)/],
  [{ FRESHSALES_URL: 'https://x.example/api#kS3', FRESHSALES_API_KEY: key }, /^FRESHSALES_URL has (?!.*kS3)/],
  [{ ...account, FRESHSALES_URL: 'https://x.example/api' }, /both set\. Keep one/],
  [
    { FRESHSALES_URL: 'http://x.example/api', FRESHSALES_API_KEY: key },
    /unencrypted\. Set it to the same URL with https/,
  ],
  [{ ...account, FRESHSALES_TIME_ZONE: 'Mars' }, /^FRESHSALES_TIME_ZONE is not valid/],
  [{ ...account, FRESHSALES_MAX_RESPONSE_BYTES: '32MB' }, /^FRESHSALES_MAX_RESPONSE_BYTES is not valid/],
  [{ FRESHSALES_DOMAIN: 'widgetz.myfreshworks.com' }, /^FRESHSALES_API_KEY is missing\. Set it/],
  [{ FRESHSALES_API_KEY: key }, /^FRESHSALES_API_KEY is set without an account\. Set FRESHSALES_DOMAIN/],
  [{ ...account, FRESHSALES_API_KEY: 'two words' }, /^FRESHSALES_API_KEY is not valid/],
  [
    { ...account, FRESHSALES_API_KEY: '…' },
    /^FRESHSALES_API_KEY has the placeholder “…” of the documentation\. Set it to the key under/,
  ],
  [{ FRESHSALES_PRODUCT: 'both' }, /^FRESHSALES_PRODUCT is not valid\. Set it to suite or classic/],
  [{ FRESHSALES_PLAN: 'huge' }, /^FRESHSALES_PLAN is not valid/],
  [{ FRESHSALES_AUTH: 'none' }, /^FRESHSALES_AUTH is not valid/],
  [{ ALLOWED_ORIGINS: 'crm.example' }, /^ALLOWED_ORIGINS is not valid\. Set it to origins/],
  [{ MAX_DEPTH: '-1' }, /^MAX_DEPTH is not valid\. Set it to a whole number/],
  [{ REDIS_URL: 'redis://127.0.0.1:6379/notanumber' }, /^REDIS_URL is not valid\. Set it .* number of a database/],
  [{ REDIS_URL: 'redis://127.0.0.1:6379/1/2' }, /^REDIS_URL is not valid/],
  [{ REDIS_URL: 'redis://127.0.0.1:6379?db=one' }, /^REDIS_URL is not valid/],
  [{ REDIS_URL: 'http://two words' }, /^REDIS_URL is not valid\. Set it to a URL that begins with redis:/],
  [{ CACHE_RECORDS_SECONDS: '1m' }, /^CACHE_RECORDS_SECONDS is not valid\. Set it to seconds from 0/],
  [{ QUOTA_RESERVE_PERCENT: '90' }, /^QUOTA_RESERVE_PERCENT is not valid/],
  ...['FRESHSALES_CALLERS', 'FRESHSALES_AUTH', 'FRESHSALES_CALLER_TOKEN', 'AUDIT_LOG', 'AUDIT_MASK'].flatMap((name) =>
    ['', ' '].map((value): [Record<string, string>, RegExp] => [
      { [name]: value },
      new RegExp(`^${name} is empty\\. Set it to .*, or remove it\\.`),
    ]),
  ),
  [{ FRESHSALES_AUTH: 'Open' }, /^FRESHSALES_AUTH is not valid\. Set it to open, pass-through or jwt/],
  [{ AUDIT_LOG: 'Off' }, /^AUDIT_LOG is not valid\. Set it to the path of a file, stdout, or off/],
  [{ AUDIT_LOG: 'true' }, /^AUDIT_LOG is not valid/],
  [{ FRESHSALES_CALLERS: 'callers.yaml ' }, /^FRESHSALES_CALLERS is not valid/],
  [{ MCP: 'false' }, /^MCP is not valid\. Set it to on or off/],
  [{ MAX_BODY_BYTES: '1MB' }, /^MAX_BODY_BYTES is not valid/],
  [{ HOST: '[]' }, /^HOST is not valid/],
  [{ HOST: '[::1]x' }, /^HOST is not valid/],
  [{ HOST: '127.0.0.1:80' }, /^HOST is not valid/],
  ...[
    '0',
    '::0',
    '[::]',
    '::ffff:0.0.0.0',
    '::ffff:10.0.0.1',
    '127.1',
    '127.999.999.999',
    'crm.example',
    '2130706433',
  ].map((HOST): [Record<string, string>, RegExp] => [{ HOST }, /^HOST is not loopback/]),
  [{ HOST: '0.0.0.0' }, /^HOST is not loopback.*FRESHSALES_AUTH=pass-through/],
  [{ ...account, HOST: '::' }, /^HOST is not loopback/],
])('%o is refused in one line that says what to do, and no key in it', (env, line) => {
  expect(() => readConfig(env)).toThrow(line);
  expect(() => readConfig(env)).toThrow(
    expect.not.objectContaining({ message: expect.stringMatching(/\n|kS3cr3t|two words/) }),
  );
});

test('pass-through may listen on any address', () => {
  const env = { HOST: '0.0.0.0', FRESHSALES_AUTH: 'pass-through', FRESHSALES_DOMAIN: 'widgetz.myfreshworks.com' };
  expect(readConfig(env)).toMatchObject({ auth: 'pass-through', upstream: { apiKey: undefined } });
});

test.each([
  ['localhost', 'localhost'],
  ['LocalHost.', 'localhost'],
  ['127.8.8.8', '127.8.8.8'],
  ['[::1]', '::1'],
  ['0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:1'],
  ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
])('HOST=%s is loopback', (given, host) => {
  expect(readConfig({ HOST: given })).toMatchObject({ auth: 'open', host });
});

test.each([
  ['production', true, 0],
  ['Production', true, 1],
  [' PRODUCTION ', true, 1],
  ['prod', true, 1],
  ['produciton', true, 1],
  ['development', false, 0],
  ['Test', false, 0],
  ['', false, 0],
])('NODE_ENV=%j: production is %j, with %i warnings', (given, production, warnings) => {
  const config = readConfig({ NODE_ENV: given });
  expect(config.production).toBe(production);
  expect(config.warnings()).toHaveLength(warnings);
});

test('warns about misspelt names without their values, except names of callers’ keys', () => {
  const config = readConfig({
    ...account,
    FRESHSALES_CALLER: key,
    FRESHSALES_SUPPORT_KEY: key,
    MAX_CALL: key,
    FRESHSALES_COLOUR: key,
  });
  config.keyNamed('FRESHSALES_SUPPORT_KEY');
  expect(config.warnings()).toEqual([
    'FRESHSALES_CALLER is not a variable of this server. Did you mean FRESHSALES_CALLERS?',
    'MAX_CALL is not a variable of this server. Did you mean MAX_CALLS?',
    'FRESHSALES_COLOUR is not a variable of this server. See docs/configuration.md.',
  ]);
});

test('an empty variable counts as not set', () => {
  expect(readConfig({ PORT: '', FRESHSALES_DOMAIN: '' })).toMatchObject({ port: 4000, upstream: { kind: 'sandbox' } });
});

test('with callers, the server may listen on any address and logs everything', () => {
  const env = { ...account, HOST: '0.0.0.0', FRESHSALES_CALLERS: '/etc/callers.yaml' };
  expect(readConfig(env)).toMatchObject({
    auth: 'callers',
    callers: '/etc/callers.yaml',
    audit: { path: '/etc/audit.log', mask: [] },
  });
  expect(readConfig({ ...env, AUDIT_LOG: 'off' }).audit).toBeUndefined();
  expect(
    readConfig({ ...env, AUDIT_LOG: '/var/log/a.log', AUDIT_MASK: 'values, names', AUDIT_KEEP: '90' }).audit,
  ).toEqual({
    path: '/var/log/a.log',
    mask: ['names', 'values'],
    keep: 90,
  });
  expect(() => readConfig({ ...env, FRESHSALES_AUTH: 'open' })).toThrow(/^HOST is not loopback.*FRESHSALES_CALLERS/);
  expect(() => readConfig({ ...env, AUDIT_MASK: 'all' })).toThrow(/^AUDIT_MASK is not valid\. Set it to names, values/);
});

test('finds a key by the name of its variable; the sandbox accepts the name as the key', () => {
  expect(readConfig({ ...account, OTHER_KEY: 'k2' }).keyNamed('OTHER_KEY')).toBe('k2');
  expect(readConfig(account).keyNamed('OTHER_KEY')).toBeUndefined();
  expect(readConfig({}).keyNamed('OTHER_KEY')).toBe('OTHER_KEY');
});
