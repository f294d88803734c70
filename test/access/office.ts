import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { AuditLine } from '../../src/access/audit/audit-event.ts';
import { type AuditLogOptions, openAuditLog } from '../../src/access/audit/audit-log.ts';
import { auditFiles } from '../../src/access/audit/audit-reader.ts';
import { openCallers } from '../../src/access/callers.ts';
import { hashOf, newToken } from '../../src/access/callers-file.ts';
import { fieldsOfType } from '../../src/access/permissions.ts';
import { createCache } from '../../src/cache/cache.ts';
import { LoggedFeed } from '../../src/events/change-feed.ts';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { createUsageCounters } from '../../src/quota/allowance.ts';
import type { RecordChange } from '../../src/records/changes.ts';
import type { Account } from '../../src/records/context.ts';
import { tables } from '../../src/resources/index.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { byToken, onePerKey } from '../../src/server/authenticate.ts';
import { createServer, type SchemaSource } from '../../src/server/create-server.ts';
import { schema } from '../../src/server/schema.ts';
import { createExclusive } from '../../src/stores/exclusive.ts';
import { createMemoryLog } from '../../src/stores/memory/memory-store.ts';
import { createOnce } from '../../src/stores/once.ts';
import type { Store } from '../../src/stores/store.ts';
import { createTokenSigner } from '../../src/stores/token-signer.ts';

export interface OfficeOptions extends SandboxOptions {
  readonly audit?: Partial<AuditLogOptions>;
  /** Further files beside callers.yaml, by name. */
  readonly files?: Record<string, string>;
  /** How people sign in: the lines below `jwt:`. Their tokens are added to `tokens`. */
  readonly jwt?: string;
  /** How long each Freshsales call takes at the least. */
  readonly delayMs?: number;
  /** The schema, if not the one without typed custom fields. */
  readonly schema?: SchemaSource;
  /** What it has in common with other offices. */
  readonly shared?: {
    readonly sandbox: Sandbox;
    readonly tokens: Readonly<Record<string, string>>;
    readonly store: Store;
  };
}

interface Answer {
  // Answers are asserted whole, by their values.
  readonly data?: Record<string, never>;
  readonly errors?: { message: string; extensions: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

/** The key of callers without one of their own. */
const OWN_KEY = 'FRESHSALES_API_KEY';

/** The whole stack with callers: a file of them, tokens, the audit log, and one sandbox behind. */
export async function openOffice(
  callers: Record<string, string>,
  { audit = {}, files = {}, jwt, delayMs = 0, schema: source, shared, ...options }: OfficeOptions = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'office-'));
  const path = join(folder, 'callers.yaml');
  const tokens = shared?.tokens ?? tokensFor(Object.keys(callers));
  const signIn = jwt === undefined ? '' : `jwt:\n${jwt}\n`;
  const write = (entries: Record<string, string>) => writeFileSync(path, `${toYaml(entries, tokens)}${signIn}`);
  write(callers);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const warnings: string[] = [];
  const people = openCallers({
    path,
    fieldsOf: fieldsOfType(schema),
    signsIn: jwt !== undefined,
    keyNamed: (name) => name,
    lookEveryMs: 20,
    warn: (message) => warnings.push(message),
    ...(shared && { counterOf: createUsageCounters({ store: shared.store }) }),
  });
  const sandbox = shared?.sandbox ?? createSandbox(options);
  const { product = 'suite' } = options;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (delayMs > 0) await setTimeout(delayMs);
    return sandbox.fetch(input, init);
  };
  const ledger = createAccountLedger();
  const cache = createCache({ tables });
  const feed = new LoggedFeed({ open: async () => createMemoryLog<RecordChange>(), cache, ownScope: OWN_KEY });
  const accountNamed = onePerKey(
    (apiKey): Account => ({
      freshsales: createFreshsales({
        ...{ baseURL: sandbox.baseURL, apiKey, product, fetch, ledger },
        cache: cache.for(apiKey),
      }),
      ledger,
      changes: { feed, isForeignKey: apiKey !== OWN_KEY },
      ...(shared && {
        once: createOnce({ store: shared.store, scope: apiKey }),
        exclusive: createExclusive(shared.store),
        signer: createTokenSigner(shared.store),
      }),
    }),
  );
  const log = await openAuditLog({
    path: join(folder, 'audit.log'),
    warn: (message) => warnings.push(message),
    ...audit,
  });
  const yoga = createServer({
    connect: byToken({ callers: people, accountNamed }),
    audit: log,
    ...(source && { schema: source }),
  });
  onTestFinished(() => {
    people.close();
    log.close();
  });
  const send = (token: string | undefined, body: object) =>
    yoga.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
  return {
    sandbox,
    feed,
    folder,
    path,
    tokens,
    warnings,
    write,
    send,
    yoga,
    accountNamed,
    log,
    /** Sends an operation as a caller; gives the answer, its headers and the Freshsales requests that it made. */
    async ask(name: string, query: string, variables: Record<string, unknown> = {}) {
      const before = sandbox.requests.length;
      const response = await send(tokens[name], { query, variables });
      const answer = (await response.json()) as Answer;
      const codes = (answer.errors ?? []).map(({ extensions }) => extensions.code);
      return {
        ...answer,
        codes,
        status: response.status,
        headers: response.headers,
        requests: sandbox.requests.slice(before),
      };
    },
    /** What was written down so far. */
    audited: (): AuditLine[] =>
      auditFiles(join(folder, 'audit.log')).flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as AuditLine),
      ),
  };
}

/** A token for each of them. */
export const tokensFor = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, newToken()]));

/** Each caller as the lines below its name and token; `grants:` begins them, unless they begin otherwise. */
function toYaml(entries: Record<string, string>, tokens: Readonly<Record<string, string>>): string {
  const callers = Object.entries(entries).map(([name, body]) => {
    const lines = body
      .trim()
      .split('\n')
      .map((line) => `    ${line}`);
    return [`  - name: ${name}`, `    token: ${hashOf(tokens[name] ?? '')}`, ...lines].join('\n');
  });
  return `callers:\n${callers.join('\n')}\n`;
}

/** Grants of everything at one access, except as said. */
export const grantsExcept = (kinds: readonly string[], access: string, except: Record<string, string> = {}): string =>
  [
    'grants:',
    ...kinds.filter((kind) => !(kind in except)).map((kind) => `  ${kind}: ${access}`),
    ...Object.entries(except).map(([kind, grant]) => `  ${kind}: ${grant}`),
  ].join('\n');
