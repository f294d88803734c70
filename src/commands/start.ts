import type { AuditLog } from '../access/audit/audit-log.ts';
import type { Config } from '../config/config.ts';
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
