import { randomUUID } from 'node:crypto';
import { DEFAULT_LOG_LIMITS, type Log, type LogEntry, type LogLimits } from '../log.ts';

interface MemoryLogOptions extends Partial<LogLimits> {
  readonly now?: () => number;
}

/** Keeps the entries in this process. */
export function createMemoryLog<T>({ now = Date.now, ...given }: MemoryLogOptions = {}): Log<T> {
  const limits = { ...DEFAULT_LOG_LIMITS, ...given };
  const id = randomUUID();
  const named = new Map<string, unknown>();
  let entries: LogEntry<T>[] = [];
  let last = 0;
  const trim = () => {
    const oldest = now() - limits.maxAgeMs;
    const aged = entries.findIndex(({ at }) => at >= oldest);
    const drop = Math.max(entries.length - limits.maxEntries, aged === -1 ? entries.length : aged);
    if (drop > 0) entries = entries.slice(drop);
  };
  return {
    isShared: false,
    async bounds() {
      trim();
      return { id, first: entries[0]?.position ?? last + 1, last };
    },
    async append(values) {
      const at = now();
      const added = values.map((value) => {
        last += 1;
        return { position: last, at, value };
      });
      entries.push(...added);
      trim();
      return added;
    },
    async read(after, limit) {
      const [first] = entries;
      const start = first ? Math.max(0, after - first.position + 1) : 0;
      return entries.slice(start, start + limit);
    },
    values: async (prefix) => new Map([...named].filter(([key]) => key.startsWith(prefix))),
    async setValue(key, value) {
      if (value === undefined) named.delete(key);
      else named.set(key, value);
    },
    close: async () => {},
  };
}
