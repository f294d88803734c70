import type { AuditLog } from '../access/audit/audit-log.ts';
import type { Config } from '../config/config.ts';
import { StartError } from './start-error.ts';

/** Opens the audit log, if configured. Loads its code only then. */
export async function openLog({ audit }: Config): Promise<AuditLog | undefined> {
  if (!audit) return undefined;
  const { openAuditLog } = await import('../access/audit/audit-log.ts');
  try {
    return await openAuditLog(audit);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new StartError(`${audit.path} cannot be written (${code}). Set AUDIT_LOG to another path, or to off.`);
  }
}
