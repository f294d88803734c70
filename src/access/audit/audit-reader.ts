import { createReadStream, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { withoutZeros } from '../../records/gid.ts';
import type { AuditLine } from './audit-event.ts';
import { MAX_LINE_BYTES } from './audit-log.ts';

interface AuditQuery {
  readonly caller?: string | undefined;
  /** The subject of a token, or the Freshsales user of a person who signed in. */
  readonly person?: string | undefined;
  /** An id, or a type and an id: `Deal/31000000001`, `gid://freshsales/Deal/31000000001`. */
  readonly record?: string | undefined;
  readonly decision?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** The files of a log, oldest first. */
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

/** Reads the lines of all files, oldest first. Skips incomplete lines. */
export async function* readAudit(path: string, query: AuditQuery): AsyncGenerator<AuditLine> {
  for (const file of auditFiles(path))
    for await (const text of linesOf(file)) {
      const line = parsed(text);
      if (line && fits(line, query)) yield line;
    }
}

/** Skips longer lines, so that a damaged file cannot exhaust memory. */
const MAX_LINE = 4 * MAX_LINE_BYTES;

/** The lines of a file, without those that are too long. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let start = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const [first = '', ...others] = String(chunk).split('\n');
    const lines = [`${start}${first}`, ...others];
    const last = lines.pop() ?? '';
    yield* lines.filter(({ length }) => length <= MAX_LINE);
    // One character over the limit marks a line as too long.
    start = last.slice(0, MAX_LINE + 1);
  }
  if (start.length <= MAX_LINE) yield start;
}

/** Parses a line. Undefined if it is not one of the log. */
function parsed(text: string): AuditLine | undefined {
  try {
    const { v: _format, ...line } = JSON.parse(text) as AuditLine & { v: number };
    const isEntry = typeof line.at === 'string' && typeof line.sentence === 'string';
    return isEntry && [line.reads, line.writes, line.found ?? []].every(isListOfObjects) ? line : undefined;
  } catch {
    return undefined;
  }
}

const isListOfObjects = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);

function fits(line: AuditLine, { caller, person, record, decision, since, until }: AuditQuery): boolean {
  const at = new Date(line.at);
  return (
    (caller === undefined || line.caller === caller) &&
    (person === undefined || line.person?.subject === person || line.person?.user === person) &&
    (decision === undefined || line.decision === decision) &&
    (since === undefined || at >= since) &&
    (until === undefined || at <= until) &&
    (record === undefined || isAbout(line, record))
  );
}

function isAbout({ reads, writes, found = [] }: AuditLine, record: string): boolean {
  const [given = '', type] = record
    .replace(/^gid:\/\/freshsales\//, '')
    .split('/')
    .reverse();
  const id = withoutZeros(given);
  const ofType = (name: string) => type === undefined || type.toLowerCase() === String(name).toLowerCase();
  return (
    writes.some((write) => ofType(write.type) && [write.id].flat().includes(id)) ||
    reads.some((reading) => ofType(reading.what) && [reading.id, reading.ids].flat().includes(id)) ||
    found.some(({ type: name, ids }) => ofType(name) && [ids].flat().includes(id))
  );
}
