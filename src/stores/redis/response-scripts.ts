import { defineScript } from './script.ts';

/** Changes that are kept; no account can make more writes in an hour than its hourly calls. */
const KEPT_CHANGES = 5000;

/**
 * `log`: changes by their numbers. `head`: the last number, and the epoch, which is another one whenever Redis has lost its memory.
 * KEYS: log, head. ARGV: an epoch for the case that there is none, the epoch known, the number known.
 * Gives epoch, last number, whether what was known before is of no use, and the changes that are news.
 */
export const SYNC = defineScript(`
local log, head = KEYS[1], KEYS[2]
redis.call('HSETNX', head, 'epoch', ARGV[1])
local epoch = redis.call('HGET', head, 'epoch')
local last = tonumber(redis.call('HGET', head, 'last') or '0')
local known = tonumber(ARGV[3])
local news = {}
if epoch == ARGV[2] and known <= last then
  if known == last then return { epoch, last, 0, news } end
  news = redis.call('ZRANGEBYSCORE', log, '(' .. known, '+inf')
  if #news == last - known then return { epoch, last, 0, news } end
end
return { epoch, last, 1, redis.call('ZRANGE', log, 0, -1) }
`);

/** KEYS: log, head. ARGV: an epoch for the case that there is none, and changes. */
export const ANNOUNCE = defineScript(`
local log, head = KEYS[1], KEYS[2]
redis.call('HSETNX', head, 'epoch', ARGV[1])
for at = 2, #ARGV do
  local number = redis.call('HINCRBY', head, 'last', 1)
  redis.call('ZADD', log, number, number .. ' ' .. ARGV[at])
end
redis.call('ZREMRANGEBYRANK', log, 0, -${KEPT_CHANGES + 1})
return 1
`);

/** Redis' own clock: those of the machines may differ. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** KEYS: the answer, the list of its kind. ARGV: the answer, its variant, milliseconds to keep it. */
export const KEEP = defineScript(`${NOW}
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[2])
local left = redis.call('PTTL', KEYS[2])
if left < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
return 1
`);

/** The variants that are kept. KEYS: the list of their kind. */
export const VARIANTS = defineScript(`${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')
`);

/** An answer, and for how many milliseconds it will be kept yet. KEYS: the answer. */
export const FETCH = defineScript(`
return { redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1]) }
`);

/** Takes back a lock that is still one's own. KEYS: the lock. ARGV: its token, and milliseconds to hold it further, 0 to let go. */
export const HOLD = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);
