import { setTimeout as delay } from 'node:timers/promises';
import type { AuditLog } from '../access/audit/audit-log.ts';
import type { Config } from '../config/config.ts';
import type { Account } from '../records/context.ts';
import type { AccountSchema } from '../server/account-schema.ts';
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

/** How long a start waits for the field lists. */
const FIELDS_WAIT_MS = 2000;

/** Field lists are not read more often than this, with requests and without, because each costs a call. */
const FIELDS_STALE_MS = 5000;
const FIELDS_EVERY_MS = 60_000;

/** The schema with the custom fields of the account, if the configuration wants them. The start does not wait long for them. */
export async function openSchema(
  { typedFields, cache }: Config,
  own: Account | undefined,
): Promise<AccountSchema | undefined> {
  if (!typedFields) return undefined;
  if (!own) {
    warn('Warning: Custom fields are not typed, because this server has no key to read them. Set FRESHSALES_API_KEY.');
    return undefined;
  }
  const { openAccountSchema } = await import('../server/account-schema.ts');
  const schema = openAccountSchema({
    account: own,
    staleAfterMs: Math.max(cache.listsForMs, FIELDS_STALE_MS),
    everyMs: Math.max(cache.listsForMs, FIELDS_EVERY_MS),
    warn: (text) => warn(`Warning: ${text}`),
    log: (text) => warn(text),
  });
  await Promise.race([schema.ready, delay(FIELDS_WAIT_MS, undefined, { ref: false })]);
  return schema;
}
