import { randomUUID } from 'node:crypto';
import { DEFAULT_LOG_LIMITS, type Log, type LogEntry, type LogLimits } from '../store.ts';
import { defineScript, type Link } from './link.ts';

/** KEYS: the log's id and last position, its entries. ARGV: an id for a new log, limits, values. Returns the last position and now. */
const APPEND = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = redis.call('HGET', KEYS[1], 'last')
if not last then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'id', ARGV[1])
  last = 0
end
for index = 4, #ARGV do
  last = last + 1
  redis.call('XADD', KEYS[2], string.format('%.0f-0', last), 'at', string.format('%.0f', now), 'value', ARGV[index])
end
redis.call('HSET', KEYS[1], 'last', string.format('%.0f', last))
redis.call('XTRIM', KEYS[2], 'MAXLEN', ARGV[2])
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1000)) do
  if tonumber(entry[2][2]) >= now - tonumber(ARGV[3]) then break end
  redis.call('XDEL', KEYS[2], entry[1])
end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return { string.format('%.0f', last), string.format('%.0f', now) }
`);

/** KEYS as above. ARGV: an id for a new log, the oldest age. Returns id, last position, and the first entry that is young enough. */
const BOUNDS = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HSETNX', KEYS[1], 'id', ARGV[1]) == 1 then
  redis.call('HSET', KEYS[1], 'last', '0')
  redis.call('DEL', KEYS[2])
end
local first = ''
repeat
  local entry = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  first = entry and entry[1] or ''
  local isOld = entry and tonumber(entry[2][2]) < now - tonumber(ARGV[2])
  if isOld then redis.call('XDEL', KEYS[2], first) end
until not isOld
return { redis.call('HGET', KEYS[1], 'id'), redis.call('HGET', KEYS[1], 'last'), first }
`);

/** Keeps the entries in a stream. It is as durable as Redis is configured to be. */
export function createRedisLog<T>(link: Link, key: string, given: Partial<LogLimits> = {}): Log<T> {
  const { maxEntries, maxAgeMs } = { ...DEFAULT_LOG_LIMITS, ...given };
  const [head, entries, named] = [`${key}:head`, `${key}:entries`, `${key}:values`];
  const toEntry = ([id, [, at, , value]]: [string, string[]]): LogEntry<T> => ({
    position: Number.parseInt(id, 10),
    at: Number(at),
    value: JSON.parse(value ?? 'null') as T,
  });
  return {
    isShared: true,
    async bounds() {
      const [id, last, first] = (await link.script(BOUNDS, [head, entries], [randomUUID(), maxAgeMs])) as string[];
      return {
        id: String(id),
        last: Number(last),
        first: first ? Number.parseInt(first, 10) : Number(last) + 1,
      };
    },
    async append(values) {
      const args = [randomUUID(), maxEntries, maxAgeMs, ...values.map((value) => JSON.stringify(value))];
      const [last, at] = ((await link.script(APPEND, [head, entries], args)) as string[]).map(Number);
      return values.map((value, index) => ({
        position: (last ?? 0) - values.length + index + 1,
        at: at ?? 0,
        value,
      }));
    },
    read: (after, limit) =>
      link.run(async (client) => {
        const found = await client.xrange(entries, `${after + 1}-0`, '+', 'COUNT', limit);
        return found.map(toEntry);
      }),
    values: (prefix) =>
      link.run(async (client) => {
        const all = Object.entries(await client.hgetall(named));
        const wanted = all.filter(([name]) => name.startsWith(prefix));
        return new Map(wanted.map(([name, text]) => [name, JSON.parse(text) as unknown]));
      }),
    setValue: (name, value) =>
      link.run(async (client) => {
        if (value === undefined) await client.hdel(named, name);
        else await client.hset(named, name, JSON.stringify(value));
      }),
    close: async () => {},
  };
}
