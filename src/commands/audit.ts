import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DECISIONS } from '../access/audit/audit-event.ts';
import { auditFiles, readAudit } from '../access/audit/audit-reader.ts';
import { auditPath } from '../config/config.ts';
import { print, printJson, warn } from '../terminal.ts';
import { StartError } from './start.ts';

interface AuditCommand {
  readonly file?: string;
  readonly caller?: string;
  readonly person?: string;
  readonly record?: string;
  readonly decision?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A date, a time, or a duration ago: 2026-11-24, 2026-11-24T10:00:00Z, 90m, 2h, 7d. */
export function toTime(name: string, text: string | undefined, now = Date.now()): Date | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const time = new Date(count === undefined ? text : now - Number(count) * (UNITS[unit ?? ''] ?? 0));
  if (Number.isNaN(time.getTime()))
    throw new StartError(
      `--${name} is not valid. Set it to a date (2026-11-24), a time (2026-11-24T10:00:00Z) or a duration (90m, 2h, 7d).`,
    );
  return time;
}

/** Prints the audit log as sentences or JSON lines. */
export async function audit({
  file,
  caller,
  person,
  record,
  decision,
  since,
  until,
  json = false,
}: AuditCommand): Promise<void> {
  const path = file ?? auditPath();
  if (decision !== undefined && !DECISIONS.some((each) => each === decision))
    throw new StartError('--decision is not valid. Set it to allowed, denied, invalid, planned or unconfirmed.');
  if (!existsSync(dirname(path)) || auditFiles(path).length === 0)
    throw new StartError(`There is no audit log at ${path}. Set AUDIT_LOG or --file to its path.`);
  const query = { caller, person, record, decision, since: toTime('since', since), until: toTime('until', until) };
  let count = 0;
  for await (const line of readAudit(path, query)) {
    count += 1;
    if (json) printJson(line);
    else print(`${line.at}  ${line.sentence}`);
  }
  if (count === 0) warn('No entries.');
}
