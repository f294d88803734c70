import { setTimeout as delay } from 'node:timers/promises';
import type { AuditLog } from '../access/audit/audit-log.ts';
import type { Config } from '../config/config.ts';
import type { Product } from '../freshsales/products.ts';
import type { Account } from '../records/context.ts';
import type { AccountSchema } from '../server/account-schema.ts';
import type { ConnectedAccount } from '../server/open-account.ts';
import { warn } from '../terminal.ts';

/** A failed start, explained in one line. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Explains a failed `listen`. */
export function listenError(error: unknown, host: string, port: number, fix: string): Error {
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE') return new StartError(`Port ${port} is in use. ${fix}`);
  if (code === 'EACCES') return new StartError(`Port ${port} needs more privileges. ${fix}`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(`${host} is not an address of this machine. Set HOST to 127.0.0.1.`);
  return error instanceof Error ? error : new Error(String(error));
}

/** Reads `--share`. */
export function percentOf(text: string): number {
  const percent = Number(text);
  if (Number.isInteger(percent) && percent >= 1 && percent <= 100) return percent;
  throw new StartError('--share is not valid. Set it to a percentage from 1 to 100.');
}

/** Warnings about settings that are probably mistakes. */
export const warnOf = ({ warnings }: Config): void => warn(...warnings().map((text) => `Warning: ${text}`));

/** Opens the audit log, if configured. Loads its code only then. `output` is standard output, unless a protocol needs it. */
export async function openLog({ audit }: Config, output?: (line: string) => void): Promise<AuditLog | undefined> {
  if (!audit) return undefined;
  const { createAuditLog, openAuditLog } = await import('../access/audit/audit-log.ts');
  if (audit.path === 'stdout') {
    if (!output)
      throw new StartError(
        'AUDIT_LOG is stdout, which this command needs for MCP. Set it to the path of a file, or off.',
      );
    return createAuditLog(audit, { write: output, ready: () => true, close() {} });
  }
  try {
    return await openAuditLog(audit);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new StartError(`${audit.path} cannot be written (${code}). Set AUDIT_LOG to another path, or to off.`);
  }
}

/** The longest that a start waits for the field lists. */
const FIELDS_WAIT_MS = 2000;

/** Field lists are not read more often than this, with requests and without, because each costs a call. */
const FIELDS_STALE_MS = 5000;
const FIELDS_EVERY_MS = 60_000;

/** The product of the only account, for commands that read one. */
export function onlyProduct({ upstream }: Config): Product {
  if (upstream.kind !== 'accounts') return upstream.product;
  throw new StartError(
    'FRESHSALES_ACCOUNTS has several accounts, and this command uses one. Set FRESHSALES_DOMAIN and FRESHSALES_API_KEY instead.',
  );
}

/** The schemas with the custom fields of each account. */
export interface Schemas {
  /** The schema of an account. Undefined if its custom fields are not typed. */
  readonly schemaOf: (account: Pick<Account, 'name'>) => AccountSchema | undefined;
  close(): void;
}

/** Reads the custom fields of the accounts, if the configuration wants them typed. The start does not wait long for them. */
export async function openSchemas(
  { typedFields, cache }: Config,
  accounts: readonly Pick<ConnectedAccount, 'name' | 'own'>[],
): Promise<Schemas> {
  const schemas = new Map<string | undefined, AccountSchema>();
  const opened = { schemaOf: ({ name }: Pick<Account, 'name'>) => schemas.get(name), close: () => closeAll(schemas) };
  if (!typedFields) return opened;
  const { openAccountSchema } = await import('../server/account-schema.ts');
  for (const { name, own } of accounts) {
    const prefix = accounts.length > 1 ? `Account ${name}: ` : '';
    if (own)
      schemas.set(
        name,
        openAccountSchema({
          account: own,
          staleAfterMs: Math.max(cache.listsForMs, FIELDS_STALE_MS),
          everyMs: Math.max(cache.listsForMs, FIELDS_EVERY_MS),
          warn: (text) => warn(`Warning: ${prefix}${text}`),
          log: (text) => warn(`${prefix}${text}`),
        }),
      );
    else warn(`Warning: ${prefix}Custom fields are not typed, because this server has no key to read them. ${SET_KEY}`);
  }
  const ready = Promise.all([...schemas.values()].map((schema) => schema.ready));
  await Promise.race([ready, delay(FIELDS_WAIT_MS, undefined, { ref: false })]);
  return opened;
}

const SET_KEY = 'Set FRESHSALES_API_KEY, or “key” of the account in the file of accounts.';

const closeAll = (schemas: ReadonlyMap<unknown, AccountSchema>): void => {
  for (const schema of schemas.values()) schema.close();
};
