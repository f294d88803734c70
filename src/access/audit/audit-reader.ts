import { createReadStream, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AuditLine } from './audit-event.ts';

export interface AuditQuery {
  readonly caller?: string | undefined;
  /** An id, or a type and an id: `Deal/31000000001`, `gid://freshsales/Deal/31000000001`. */
  readonly record?: string | undefined;
  readonly decision?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** The files of a log, the oldest first: `audit.2026-11-24.1.log` and so on. */
export function auditFiles(path: string): string[] {
  const extension = extname(path) || '.log';
  const stem = basename(path, extname(path));
  const numbered = readdirSync(dirname(path)).flatMap((name) => {
    if (!name.startsWith(`${stem}.`) || !name.endsWith(extension)) return [];
    const [, day, number] = /^(\d{4}-\d\d-\d\d)\.(\d+)$/.exec(name.slice(stem.length + 1, -extension.length)) ?? [];
    return day === undefined ? [] : [{ name, day, number: Number(number) }];
  });
  numbered.sort((a, b) => a.day.localeCompare(b.day) || a.number - b.number);
  return numbered.map(({ name }) => join(dirname(path), name));
}

/** Reads what was written down, over all files, the oldest first. A line that was cut short by a crash is passed over. */
export async function* readAudit(path: string, query: AuditQuery): AsyncGenerator<AuditLine> {
  for (const file of auditFiles(path))
    for await (const text of createInterface({ input: createReadStream(file, 'utf8') })) {
      const line = parsed(text);
      if (line && fits(line, query)) yield line;
    }
}

function parsed(text: string): AuditLine | undefined {
  try {
    const { v: _format, ...line } = JSON.parse(text) as AuditLine & { v: number };
    return line;
  } catch {
    return undefined;
  }
}

function fits(line: AuditLine, { caller, record, decision, since, until }: AuditQuery): boolean {
  const at = new Date(line.at);
  return (
    (caller === undefined || line.caller === caller) &&
    (decision === undefined || line.decision === decision) &&
    (since === undefined || at >= since) &&
    (until === undefined || at <= until) &&
    (record === undefined || isAbout(line, record))
  );
}

function isAbout({ reads, writes, found = [] }: AuditLine, record: string): boolean {
  const [id, type] = record
    .replace(/^gid:\/\/freshsales\//, '')
    .split('/')
    .reverse();
  const ofType = (name: string) => type === undefined || type.toLowerCase() === name.toLowerCase();
  return (
    writes.some((deed) => ofType(deed.type) && [deed.id].flat().includes(id)) ||
    reads.some((reading) => ofType(reading.what) && reading.id === id) ||
    found.some(({ type: name, ids }) => id !== undefined && ofType(name) && ids.includes(id))
  );
}
