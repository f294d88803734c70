import { existsSync, statfsSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { pino } from 'pino';
import roll from 'pino-roll';
import { escapeJson, warn as warnOnStderr } from '../../terminal.ts';
import { type AuditEvent, type AuditLine, MASKED, type Mask } from './audit-event.ts';
import { createLineLimiter } from './line-limiter.ts';
import { sentenceOf } from './sentence.ts';

/** Records every operation. */
export interface AuditWriter {
  write(entry: AuditEvent): void;
  /** True if the next line can be written: the last one was, and there is disk space. */
  ready(): boolean;
}

export interface AuditLog extends AuditWriter {
  close(): void;
}

export interface AuditLogOptions {
  /** `audit.log` becomes `audit.2026-11-24.1.log`: one file per day, and a new one after 50 MB. */
  readonly path: string;
  readonly mask?: readonly Mask[];
  /** Number of old files to keep. All by default. */
  readonly keep?: number | undefined;
  /** Interval of summaries of repeated requests. One minute by default. */
  readonly summaryEveryMs?: number | undefined;
  /** Called once when writing fails and once when it works again. Writes to stderr by default. */
  readonly warn?: (message: string) => void;
}

/** Version of the line format. */
const FORMAT = 1;

/** Free space below which the disk counts as full. A line has less than a kilobyte. */
const ROOM_BYTES = 1_000_000;

/** Opens the log in a file. Lines are written before the response is sent. */
export async function openAuditLog({ warn = warnOnStderr, ...options }: AuditLogOptions): Promise<AuditLog> {
  const stream = await openFile(options);
  let failing = false;
  let lost = 0;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!failing)
      warn(`The audit log cannot be written (${error.code ?? 'unknown'}). Callers cannot write until it can.`);
    failing = true;
  });
  const written = () => {
    if (failing) warn(`The audit log can be written again.${lost > 0 ? ` ${lost} lines were lost.` : ''}`);
    failing = false;
    lost = 0;
  };
  stream.on('write', written);
  stream.on('drop', () => {
    lost += 1;
  });
  return createAuditLog(options, {
    write: (line) => void stream.write(line),
    ready() {
      // Retries waiting lines. A removed file is created again.
      if (failing) stream.write('');
      return !failing && isThere(stream) && hasRoom(options.path);
    },
    close: () => stream.destroy(),
  });
}

async function openFile({ path, keep }: AuditLogOptions) {
  const extension = extname(path);
  return roll({
    file: path.slice(0, path.length - extension.length),
    extension: extension || '.log',
    frequency: 'daily',
    dateFormat: 'yyyy-MM-dd',
    size: '50m',
    ...(keep !== undefined && { limit: { count: keep, removeOtherLogFiles: true } }),
    mkdir: true,
    sync: true,
    mode: 0o600,
    // Maximum size of lines that wait to be written.
    maxLength: 4_000_000,
  });
}

/** The destination of the lines. Each ends with a line feed. */
export interface AuditOutput {
  write(line: string): void;
  /** True if the next line can be written. */
  ready(): boolean;
  close(): void;
}

/** A log that writes elsewhere than to a file, such as to standard output. */
export function createAuditLog(
  { mask = [], summaryEveryMs }: Pick<AuditLogOptions, 'mask' | 'summaryEveryMs'>,
  output: AuditOutput,
): AuditLog {
  const logger = pino(
    { base: null, timestamp: false, formatters: { level: () => ({ v: FORMAT }) } },
    { write: (line: string) => output.write(escapeJson(line)) },
  );
  const limiter = createLineLimiter({ write: (entry) => logger.info(toLine(entry, mask)), everyMs: summaryEveryMs });
  // Summaries must not be lost when the process exits without closing the log.
  process.once('exit', limiter.flush);
  let closed = false;
  return {
    write(entry) {
      if (!closed) limiter.take(entry);
    },
    ready: output.ready,
    close() {
      if (closed) return;
      limiter.flush();
      limiter.close();
      closed = true;
      process.off('exit', limiter.flush);
      output.close();
    },
  };
}

function isThere(stream: Awaited<ReturnType<typeof roll>>): boolean {
  try {
    if (!existsSync(stream.file)) stream.reopen();
    return true;
  } catch {
    return false;
  }
}

function hasRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}

/** A bulk upsert identifies rows by addresses and names, because they have no ids yet. */
function maskedId(id: string | readonly string[], mask: readonly Mask[]): string | readonly string[] {
  if (mask.length === 0) return id;
  const shown = (each: string) => (/^\d+$/.test(each) ? each : MASKED);
  return typeof id === 'string' ? shown(id) : id.map(shown);
}

function toLine(entry: AuditEvent, mask: readonly Mask[]): AuditLine {
  const writes = entry.writes.map(({ id, name, changes, ...write }) => ({
    ...write,
    ...(id !== undefined && { id: maskedId(id, mask) }),
    ...(name !== undefined && { name: mask.includes('names') ? MASKED : name }),
    ...(changes && {
      changes: mask.includes('values') ? changes.map(({ field }) => ({ field, from: MASKED, to: MASKED })) : changes,
    }),
  }));
  const masked = { ...entry, writes };
  return fitLine({ ...masked, sentence: sentenceOf(masked) });
}

/** Longer lines are cut, so that a request cannot fill the disk. */
export const MAX_LINE_BYTES = 16_000;

/** Maximum lengths of texts and lists, tried in order until the line fits. */
const STEPS = [
  { text: 2000, items: 1200 },
  { text: 500, items: 200 },
  { text: 200, items: 20 },
  { text: 40, items: 3 },
] as const;

type Step = (typeof STEPS)[number];

/** Cuts texts and lists until the line fits. */
function fitLine(line: AuditLine): AuditLine {
  let fitted = line;
  for (const step of STEPS) {
    const { value, isCut } = cut(line, step);
    fitted = isCut ? { ...(value as AuditLine), truncated: true } : line;
    if (Buffer.byteLength(escapeJson(JSON.stringify(fitted))) <= MAX_LINE_BYTES) break;
  }
  return fitted;
}

function cut(value: unknown, step: Step): { value: unknown; isCut: boolean } {
  if (typeof value === 'string' && value.length > step.text)
    return { value: `${value.slice(0, step.text)}…`, isCut: true };
  if (typeof value !== 'object' || value === null) return { value, isCut: false };
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const kept = isList ? entries.slice(0, step.items) : entries;
  const parts = kept.map(([key, each]) => [key, cut(each, step)] as const);
  return {
    value: isList
      ? parts.map(([, part]) => part.value)
      : Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    isCut: kept.length < entries.length || parts.some(([, part]) => part.isCut),
  };
}
