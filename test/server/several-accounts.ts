import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AuditEvent } from '../../src/access/audit/audit-event.ts';
import { hashOf } from '../../src/access/callers-file.ts';
import { webhooksOf } from '../../src/commands/start-accounts.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import { createReadiness } from '../../src/observability/readiness.ts';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { connectTo } from '../../src/server/connect.ts';
import { createServer } from '../../src/server/create-server.ts';

const nameOf = (index: number) => `account-${index}`;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

interface AccountsOptions {
  /** The key of all accounts. By default, each has its own. */
  readonly key?: string;
  /** Further options of the callers. */
  readonly caller?: string;
}

/** Several accounts, each with a sandbox and a caller, and a server of them all. `openServer` opens further ones. */
export async function openAccounts(
  count: number,
  env: Record<string, string> = {},
  { key, caller = '' }: AccountsOptions = {},
) {
  const keyOf = (index: number) => key ?? `key-of-${index}`;
  const folder = mkdtempSync(join(tmpdir(), 'accounts-'));
  const all = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const sandbox = createSandbox({ apiKey: keyOf(index) });
      const { url, close } = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
      onTestFinished(close);
      return { name: nameOf(index), sandbox, url, index };
    }),
  );
  const entries = all.map(
    ({ name, url, index }) =>
      `  - { name: ${name}, url: "${url}", key: KEY_${index}, plan: ${100 + index}, webhookSecret: SECRET_${index} }`,
  );
  const grants = 'grants: { salesAccounts: full, contacts: read, deals: read }';
  const callers = all.map(
    ({ name, index }) =>
      `  - { name: Caller ${index}, token: ${hashOf(`token-${index}`)}, account: ${name}, ${grants}${caller} }`,
  );
  const paths = { accounts: join(folder, 'accounts.yaml'), callers: join(folder, 'callers.yaml') };
  writeFileSync(paths.accounts, `accounts:\n${entries.join('\n')}\n`);
  writeFileSync(paths.callers, `callers:\n${callers.join('\n')}\n`);
  const config = readConfig({
    FRESHSALES_ACCOUNTS: paths.accounts,
    FRESHSALES_CALLERS: paths.callers,
    STATE_DIR: folder,
    ...Object.fromEntries(
      all.flatMap(({ index }) => [
        [`KEY_${index}`, keyOf(index)],
        [`SECRET_${index}`, `secret-of-${index}`],
      ]),
    ),
    ...env,
  });

  async function openServer() {
    const metrics = createMetrics({ version: 'test' });
    const connection = await connectTo(config, metrics);
    onTestFinished(async () => {
      connection.callers?.close();
      await connection.close();
    });
    const lines: Record<string, unknown>[] = [];
    const log = createLog({
      level: 'info',
      isPretty: false,
      write: (text) => void lines.push(JSON.parse(text) as Record<string, unknown>),
    });
    const audited: AuditEvent[] = [];
    const { fetch } = createServer({
      audit: { write: (event) => void audited.push(event), ready: () => true },
      connect: connection.connect,
      persistedQueries: connection.persistedQueries,
      observability: { metrics, log },
      webhooks: webhooksOf(config, connection.accounts),
      ready: createReadiness({ ...connection, audit: undefined }),
    });
    const send = async (body: string | object, headers: Record<string, string>) =>
      fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(typeof body === 'string' ? { query: body } : body),
      });
    /** Sends an operation of the caller of an account. Gives its result and the number of requests to each account. */
    const ask = async (index: number, body: string | object, headers: Record<string, string> = {}) => {
      const before = all.map(({ sandbox }) => sandbox.requests.length);
      const response = await send(body, { authorization: `Bearer token-${index}`, ...headers });
      const requests = all.map(({ sandbox }, each) => sandbox.requests.length - (before[each] ?? 0));
      return { ...((await response.json()) as Answer), requests };
    };
    const hook = (secret: string) =>
      fetch('http://127.0.0.1/webhooks/freshsales/contact/updated', {
        method: 'POST',
        headers: { 'x-webhook-secret': secret, 'content-type': 'application/json' },
        body: '{ "id": 4711 }',
      });
    return { config, ask, send, hook, fetch, metrics, log, lines, audited, connection };
  }

  return { all, openServer, ...(await openServer()) };
}
