import { destination, type Level, pino } from 'pino';
import { escapeControls, escapeJson } from '../terminal.ts';

/** Log levels, most detailed first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Writes lines with fields. A pino logger is one. */
export type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>>;

export interface ServerLog extends Log {
  /** Written at any level: the start message. */
  readonly notice: (fields: object, message: string) => void;
  /** Writes a line that is JSON already, with its line feed. */
  readonly line: (json: string) => void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** For people at a terminal. Otherwise one JSON object per line. */
  readonly isPretty: boolean;
  /** Standard output by default. */
  readonly write?: (text: string) => void;
}

/** Fields that are never logged, even if code adds them to a line. */
const SECRETS = ['authorization', 'apiKey', 'token', 'headers', 'body', 'query', 'variables', 'url', 'email'];

/** Lines that wait for a slow reader. Further ones are dropped, so that the reader cannot stop the server. */
const MAX_WAITING_BYTES = 4_000_000;

/** The log of a server, on standard output. */
export function createLog({ level, isPretty, write = toStandardOutput() }: LogOptions): ServerLog {
  const options = {
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '…' },
  };
  const output = { write: (line: string) => write(isPretty ? toPretty(line) : escapeJson(line)) };
  const logger = pino({ ...options, level }, output);
  const notices = pino({ ...options, level: 'info' }, output);
  const at = (name: Level) => (fields: object, message: string) => logger[name](fields, message);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    notice: (fields, message) => notices.info(fields, message),
    line: write,
  };
}

/** How often a write to a full pipe is tried when the process exits, a tenth of a second apart. */
const MAX_LAST_TRIES = 20;

/** Writes in the background. Flushed when the process exits, unless its reader has stopped reading. */
function toStandardOutput(): (text: string) => void {
  let triesLeft = Number.POSITIVE_INFINITY;
  const retryEAGAIN = () => {
    triesLeft -= 1;
    return triesLeft > 0;
  };
  const stream = destination({ dest: 1, sync: false, maxLength: MAX_WAITING_BYTES, retryEAGAIN });
  process.prependOnceListener('exit', () => {
    triesLeft = MAX_LAST_TRIES;
    try {
      stream.flushSync();
    } catch {
      stream.destroy();
    }
  });
  // Without a reader there is nobody to tell.
  stream.on('error', () => {});
  return (text) => void stream.write(text);
}

/** `12:00:00 info request: operation=Contacts calls=1`. */
function toPretty(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
  return `${escapeControls([String(time).slice(11, 19), level, `${msg}:`, ...rest].join(' '))}\n`;
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
