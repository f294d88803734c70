import { type AuditLog, openAuditLog } from '../access/audit-log.ts';
import type { Config } from '../config.ts';
import { StartError } from './start-error.ts';

/** Opens the audit log, where there is to be one. */
export async function openLog({ audit }: Config): Promise<AuditLog | undefined> {
  if (!audit) return undefined;
  try {
    return await openAuditLog(audit);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new StartError(`${audit.path} cannot be written (${code}). Set AUDIT_LOG to another path, or to off.`);
  }
}
