import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { contactAccounts, startPolling } from '../../src/commands/start-accounts.ts';
import { readConfig } from '../../src/config/config.ts';
import { connectTo } from '../../src/server/connect.ts';
import { openAccounts } from './several-accounts.ts';

const NAMES = '{ salesAccounts(first: 1) { nodes { name } } }';

test('the callers of each account reach it alone, with its quota', async () => {
  const { ask } = await openAccounts(3);
  for (const index of [0, 1, 2]) {
    expect((await ask(index, '{ rateLimit { limit } }')).data).toEqual({ rateLimit: { limit: 100 + index } });
    const { errors, requests } = await ask(index, NAMES);
    expect(errors).toBeUndefined();
    expect(requests.filter((_, each) => each !== index)).toEqual([0, 0]);
  }
});

test('an answer that is cached for one account is never given to another', async () => {
  const { ask, all } = await openAccounts(2);
  const create =
    'mutation { createSalesAccount(input: { name: "Only in the first" }) { salesAccount { id databaseId } } }';
  const { data } = await ask(0, create);
  const { databaseId } = (data as { createSalesAccount: { salesAccount: { databaseId: string } } }).createSalesAccount
    .salesAccount;
  const read = `{ salesAccount(id: "${databaseId}") { name } }`;
  expect(await ask(0, read)).toMatchObject({ data: { salesAccount: { name: 'Only in the first' } } });
  expect(await ask(1, read)).toMatchObject({ data: { salesAccount: null }, requests: [0, 1] });
  expect(await ask(0, read)).toMatchObject({ data: { salesAccount: { name: 'Only in the first' } }, requests: [0, 0] });
  expect(all).toHaveLength(2);
});

test('metrics and logs name the account of each operation, call and change', async () => {
  const { ask, metrics, connection, lines, all } = await openAccounts(2);
  all[1]?.sandbox.failNext('sales_accounts', { status: 503 });
  await ask(1, NAMES);
  await ask(1, NAMES);
  await connection.accounts[1]?.feed.addReports([{ type: 'Deal', id: '1', action: 'updated', source: 'webhook' }]);
  const text = await metrics.text();
  expect(text).toMatch(/operations_total\{.*code="OK",caller="Caller 1",account="account-1"\} 1/);
  expect(text).toMatch(/calls_saved_total\{account="account-1",by="cache"\} \d/);
  expect(text).toContain('change_events_total{account="account-1",type="Deal",action="updated"} 1');
  expect(text).not.toMatch(/(operations|calls_saved|change_events)_total\{.*account="account-0"/);
  expect(lines.map(({ msg, account, caller }) => [msg, account, caller])).toEqual([
    ['Freshsales call failed', 'account-1', 'Caller 1'],
    ['request', 'account-1', 'Caller 1'],
    ['request', 'account-1', 'Caller 1'],
  ]);
  expect(text).toMatch(/freshsales_calls_total\{account="account-1",.*\} [1-9]/);
  expect(text).not.toMatch(/freshsales_calls_total\{account="account-0"/);
  expect(text).toContain('freshsales_graphql_quota_limit{account="account-0",window="hour"} 100');
  expect(text).toMatch(/quota_limit\{account="account-1",window="hour"\} \d/);
});

test('a webhook reaches the feed of the account that has its secret', async () => {
  const { hook, connection } = await openAccounts(2);
  expect((await hook('secret-of-2')).status).toBe(401);
  expect((await hook('secret-of-1')).status).toBe(202);
  const counts = connection.accounts.map(async ({ feed }) => (await (await feed.readFrom('start')).next(10)).entries);
  expect((await Promise.all(counts)).map((entries) => entries.map(({ id }) => id))).toEqual([[], ['4711']]);
});

test('an account whose key is refused takes no requests away from the others', async () => {
  const { connection, ask, fetch } = await openAccounts(2, { KEY_0: 'wrong' });
  const contact = await contactAccounts(connection.accounts, new AbortController().signal);
  expect(contact?.problem()).toBe('1 of 2 accounts cannot be used yet.');
  expect((await ask(1, NAMES)).errors).toBeUndefined();
  const ready = await fetch('http://127.0.0.1/health/ready');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    status: 'degraded',
    checks: { freshsales: { message: expect.stringMatching(/^1 of 2 accounts cannot be used/) } },
  });
});

test('the log names the account that cannot be polled', async () => {
  const { config, connection, log, lines } = await openAccounts(2, { KEY_1: 'wrong', CHANGES_POLL_SECONDS: '60' });
  onTestFinished(startPolling(config, connection.accounts, log));
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  expect(lines[0]).toMatchObject({
    level: 'warn',
    msg: 'Polling for changes failed',
    account: 'account-1',
    reason: 'Freshsales does not accept the API key.',
  });
});

test('the audit log names the account of each operation, with and without a caller', async () => {
  const { ask, send, all, audited } = await openAccounts(2, { FRESHSALES_AUTH: 'pass-through' });
  await ask(0, NAMES);
  const headers = { authorization: 'Token token=key-of-1', 'x-freshsales-domain': new URL(all[1]?.url ?? '').host };
  await send('{ owners { email } }', headers);
  await send('{ owners { unknown } }', headers);
  await send('{ owners { email } }', {});
  expect(audited.map(({ caller, account, decision }) => [caller, account, decision])).toEqual([
    ['Caller 0', 'account-0', 'allowed'],
    [null, 'account-1', 'allowed'],
    [null, 'account-1', 'invalid'],
    [null, undefined, 'denied'],
  ]);
});

test('keys of pass-through name their account for the tools of MCP as well', async () => {
  const { fetch, all } = await openAccounts(2, { FRESHSALES_AUTH: 'pass-through' });
  const params = { name: 'query', arguments: { query: '{ owners { email } }' } };
  const response = await fetch('http://127.0.0.1/mcp', {
    method: 'POST',
    headers: {
      authorization: 'Token token=key-of-1',
      'x-freshsales-domain': new URL(all[1]?.url ?? '').host,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  expect(await response.text()).toContain('owners');
  expect(all.map(({ sandbox }) => sandbox.requests.length)).toEqual([0, 1]);
});

test('keys of pass-through name the path of their account as well if accounts share a host', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'accounts-')), 'accounts.yaml');
  const [first, second, other] = ['crm.example/first/api', 'crm.example/Second/api', 'other.example'];
  writeFileSync(
    file,
    `accounts:
  - { name: first, url: "https://${first}" }
  - { name: second, url: "https://${second}" }
  - { name: other, url: "https://${other}/api" }
`,
  );
  const config = readConfig({ FRESHSALES_ACCOUNTS: file, FRESHSALES_AUTH: 'pass-through' });
  const { connect, close } = await connectTo(config);
  onTestFinished(close);
  const nameAt = async (domain: string) => {
    const headers = { authorization: 'Token token=a-key', 'x-freshsales-domain': domain };
    return (await connect(new Request('http://127.0.0.1/graphql', { headers }))).name;
  };
  expect(await Promise.all([first, second, other].map(nameAt))).toEqual(['first', 'second', 'other']);
  await expect(nameAt('crm.example')).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
});

test('keys of pass-through name their account, and go to no account that is not listed', async () => {
  const { send, all } = await openAccounts(2, { FRESHSALES_AUTH: 'pass-through' });
  const [first, second] = all.map(({ url }) => new URL(url).host);
  const pass = (key: string, domain?: string) =>
    send('{ owners { email } }', {
      authorization: `Token token=${key}`,
      ...(domain !== undefined && { 'x-freshsales-domain': domain }),
    });
  expect((await pass('key-of-1', second)).status).toBe(200);
  const counts = () => all.map(({ sandbox }) => sandbox.requests.length);
  expect(counts()).toEqual([0, 1]);
  expect((await pass('key-of-1', first)).status).toBe(200);
  for (const [domain, status, code] of [
    [undefined, 400, 'BAD_USER_INPUT'],
    ['evil.example', 403, 'FORBIDDEN'],
    [`${first}@evil.example`, 403, 'FORBIDDEN'],
    [`evil.example@${first}`, 403, 'FORBIDDEN'],
    [`${first}.`, 403, 'FORBIDDEN'],
    [`${first}/../`, 403, 'FORBIDDEN'],
    [`${first}, ${second}`, 403, 'FORBIDDEN'],
    [`http://${first}`, 403, 'FORBIDDEN'],
    [first?.replace('127.0.0.1', 'localhost'), 403, 'FORBIDDEN'],
    [first?.replace('127.0.0.1', '[::ffff:127.0.0.1]'), 403, 'FORBIDDEN'],
    [first?.replace('127.0.0.1', '2130706433'), 403, 'FORBIDDEN'],
    [first?.replace(/:.*/, ''), 403, 'FORBIDDEN'],
    ['169.254.169.254', 403, 'FORBIDDEN'],
    ['__proto__', 403, 'FORBIDDEN'],
  ] as const) {
    const before = counts();
    const response = await pass('key-of-1', domain);
    expect(response.status).toBe(status);
    expect((await response.json()).errors[0].extensions.code).toBe(code);
    expect(counts()).toEqual(before);
  }
});

test('one server serves fifty accounts', async () => {
  const { ask, all, metrics } = await openAccounts(50);
  const answers = await Promise.all(all.map(async ({ index }) => ask(index, NAMES)));
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([]);
  expect(all.map(({ sandbox }) => sandbox.requests.length).every((count) => count > 0)).toBe(true);
  expect((await metrics.text()).match(/quota_limit\{account="account-\d+",window="hour"\}/g)).toHaveLength(50);
});
