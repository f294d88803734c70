import { defineScript } from './script.ts';

/**
 * `entries`: what is known of each key, in fields that begin with its id. `ends`: when each is forgotten. Neither has a time to live, so
 * that a Redis short of memory does not drop them: a key that is forgotten too early is a second write.
 */
const PREAMBLE = `
local entries, ends = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function get(id, field) return redis.call('HGET', entries, id .. field) end

local function forget(id)
  redis.call('HDEL', entries, id .. ':print', id .. ':owner', id .. ':lease', id .. ':result')
  redis.call('ZREM', ends, id)
end

local function begin(id, print, owner, lease, keep)
  redis.call('HSET', entries, id .. ':print', print, id .. ':owner', owner, id .. ':lease', now + lease)
  redis.call('ZADD', ends, now + keep, id)
end
`;

/**
 * Takes a key, unless it is known. ARGV: id, print, owner, milliseconds of the lease, milliseconds to keep it.
 * Gives \`yours\`, \`reused\`, \`busy\`, \`lost\`, or \`done\` with the result.
 */
export const BEGIN = defineScript(`${PREAMBLE}
local id, print = ARGV[1], ARGV[2]
for _, old in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 20)) do forget(old) end
local until_ = redis.call('ZSCORE', ends, id)
if until_ and tonumber(until_) <= now then forget(id) end
local known = get(id, ':print')
if not known then
  begin(id, print, ARGV[3], ARGV[4], ARGV[5])
  return { 'yours' }
end
if known ~= print then return { 'reused' } end
local result = get(id, ':result')
if result then return { 'done', result } end
if tonumber(get(id, ':lease')) > now then return { 'busy' } end
return { 'lost' }
`);

/** Says that the work is still under way. ARGV: id, owner, milliseconds of the lease. */
export const RENEW = defineScript(`${PREAMBLE}
if get(ARGV[1], ':owner') ~= ARGV[2] then return 0 end
return redis.call('HSET', entries, ARGV[1] .. ':lease', now + ARGV[3])
`);

/** Lets go of a key of which nothing came. ARGV: id, owner. */
export const FREE = defineScript(`${PREAMBLE}
if get(ARGV[1], ':owner') ~= ARGV[2] then return 0 end
forget(ARGV[1])
return 1
`);

/**
 * Says what came of the work, or that it is under way, also to a Redis that knows nothing of it. What others say of the key stands.
 * ARGV: id, print, owner, milliseconds of the lease, milliseconds to keep it, the result or nothing.
 */
export const TELL = defineScript(`${PREAMBLE}
local id, owner, result = ARGV[1], ARGV[3], ARGV[6]
if not get(id, ':print') then begin(id, ARGV[2], owner, ARGV[4], ARGV[5]) end
if get(id, ':owner') ~= owner then return 0 end
if result ~= '' then redis.call('HSET', entries, id .. ':result', result) end
return 1
`);
