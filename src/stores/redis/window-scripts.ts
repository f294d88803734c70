import { defineScript } from './script.ts';

/**
 * The account's calls, counted by all machines; the same rules as in MemoryTally, by Redis' own clock.
 *
 * `calls`: each call by its ticket, with the moment of its answer, or one well ahead while it is in flight, so that a call
 * whose machine dies counts as answered then. `state`: the hour as Freshsales tells it, and the pause after a 429. `machines`: when each was last heard of.
 */
const PREAMBLE = `
local calls, state, machines = KEYS[1], KEYS[2], KEYS[3]
local HOUR, MINUTE, FLIGHT, PROBE = 3600000, 60000, 120000, 35000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function get(field) return tonumber(redis.call('HGET', state, field) or '') end
local function inFlight() return redis.call('ZCOUNT', calls, '(' .. now, '+inf') end
local function since(length) return redis.call('ZCOUNT', calls, '(' .. (now - length), '+inf') end

local function waitFor(count, length)
  local found = redis.call('ZRANGEBYSCORE', calls, '(' .. (now - length), now, 'WITHSCORES', 'LIMIT', count - 1, 1)
  if not found[2] then return length end
  return math.max(1, tonumber(found[2]) + length - now)
end

-- What Freshsales told, as long as its hour lasts; the next one begins when that ends.
local function told()
  local resetAt = get('resetAt')
  if not resetAt then return nil end
  if now >= resetAt then
    resetAt = resetAt + math.ceil((now - resetAt + 1) / HOUR) * HOUR
    redis.call('HSET', state, 'used', 0, 'resetAt', resetAt)
  end
  return { limit = get('limit'), used = get('used'), resetAt = resetAt }
end

-- How long nobody may ask, zero where one call is to try, -1 where all may.
local function pause()
  if not redis.call('HGET', state, 'probe') then return -1 end
  return math.max(0, (get('pausedUntil') or 0) - now)
end

local function pauseFor(ms)
  redis.call('HSET', state, 'pausedUntil', math.max(get('pausedUntil') or 0, now + ms), 'probe', 'wanted')
end

-- A Redis that does not know the machine has lost its memory.
local function isKnown(machine) return redis.call('ZSCORE', machines, machine) end

local function reply(ok, because, waitMs, hourlyLimit)
  local hour = told()
  local flying = inFlight()
  return {
    ok, because, waitMs,
    hour and hour.limit or hourlyLimit,
    hour and hour.used + flying or since(HOUR),
    hour and hour.resetAt - now or waitFor(1, HOUR),
    since(MINUTE), waitFor(1, MINUTE),
    redis.call('ZCOUNT', machines, now - 30000, '+inf'),
    hour and 1 or 0, pause(),
  }
end
`;

/**
 * ARGV: ticket, leaves, ahead, hourly limit, minute limit, machine. The call that tries after a pause is not waited for longer than one may take: its machine may have died.
 */
export const TAKE = defineScript(`${PREAMBLE}
local ticket, leaves, ahead = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local hourlyLimit, minuteLimit = tonumber(ARGV[4]), tonumber(ARGV[5])
if not isKnown(ARGV[6]) then return reply(0, 'forgotten', 0, hourlyLimit) end
redis.call('ZREMRANGEBYSCORE', calls, '-inf', now - HOUR)

local paused = get('pausedUntil') or 0
if now < paused then return reply(0, 'paused', paused - now, hourlyLimit) end
local probe = redis.call('HGET', state, 'probe')
local flight = probe and tonumber(redis.call('ZSCORE', calls, probe) or '')
if flight and flight > now + FLIGHT - PROBE then return reply(0, 'probing', 0, hourlyLimit) end

local hour = told()
local limit = hour and hour.limit or hourlyLimit
local most = limit - math.floor(limit * leaves)
if hour then
  if hour.used + inFlight() >= most then return reply(0, 'hour', hour.resetAt - now, hourlyLimit) end
else
  local excess = since(HOUR) - most
  if excess >= 0 then return reply(0, 'hour', waitFor(excess + 1, HOUR), hourlyLimit) end
end
local excess = since(MINUTE) - (minuteLimit - math.floor(minuteLimit * leaves)) + ahead
if excess >= 0 then return reply(0, 'minute', waitFor(excess + 1, MINUTE), hourlyLimit) end

redis.call('ZADD', calls, now + FLIGHT, ticket)
if probe then redis.call('HSET', state, 'probe', ticket) end
return reply(1, '', 0, hourlyLimit)
`);

/** ARGV: ticket, hourly limit, pause or -1, of Freshsales' hour limit or -1, used, milliseconds to its end or -1; and machine. */
export const SETTLE = defineScript(`${PREAMBLE}
local ticket, hourlyLimit, pauseMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local newLimit, newUsed, resetIn = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
if not isKnown(ARGV[7]) then return reply(0, 'forgotten', 0, hourlyLimit) end
local score = tonumber(redis.call('ZSCORE', calls, ticket) or '')
local takenAt = score and score - FLIGHT
if score then redis.call('ZADD', calls, now, ticket) end

local hour = told()
if newLimit < 0 or (hour and takenAt and takenAt < hour.resetAt - HOUR) then
  if hour then redis.call('HINCRBY', state, 'used', 1) end
else
  local resetAt = resetIn >= 0 and now + resetIn or nil
  local same = false
  if hour and resetAt then same = resetAt <= hour.resetAt + 30000 and resetAt >= hour.resetAt - HOUR end
  if hour and not resetAt then same = newUsed >= hour.used / 2 end
  if same then
    redis.call('HSET', state, 'limit', newLimit, 'used', math.max(hour.used, newUsed), 'resetAt', resetAt or hour.resetAt)
  else
    redis.call('HSET', state, 'limit', newLimit, 'used', newUsed, 'resetAt', resetAt or now + HOUR)
  end
end

if redis.call('HGET', state, 'probe') == ticket then redis.call('HDEL', state, 'probe') end
if pauseMs >= 0 then pauseFor(pauseMs) end
return reply(1, '', 0, hourlyLimit)
`);

/** ARGV: ticket, hourly limit, machine. */
export const GIVE_BACK = defineScript(`${PREAMBLE}
if not isKnown(ARGV[3]) then return reply(0, 'forgotten', 0, tonumber(ARGV[2])) end
redis.call('ZREM', calls, ARGV[1])
if redis.call('HGET', state, 'probe') == ARGV[1] then redis.call('HSET', state, 'probe', 'wanted') end
return reply(1, '', 0, tonumber(ARGV[2]))
`);

/** Says that this machine is there. ARGV: its name, hourly limit. */
export const BEAT = defineScript(`${PREAMBLE}
local known = isKnown(ARGV[1])
redis.call('ZREMRANGEBYSCORE', machines, '-inf', now - 30000)
redis.call('ZADD', machines, now, ARGV[1])
return reply(1, known and '' or 'forgotten', 0, tonumber(ARGV[2]))
`);

/**
 * Tells again of calls that Redis may not have heard of, or has lost. ARGV: the pause that this machine knows of, or -1; Freshsales' hour as
 * in SETTLE; then ticket and age in turn, the age -1 in flight.
 */
export const RESTORE = defineScript(`${PREAMBLE}
local pauseMs, limit, used, resetIn = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local hour = told()
-- An hour that was lost is what machines say it was, until each of them has said it: their calls are in it.
local isRevived = now - (get('revivedAt') or 0) < 10000
if limit >= 0 and resetIn > 0 and (not hour or isRevived) then
  redis.call('HSET', state, 'limit', limit, 'used', math.max(hour and hour.used or 0, used))
  if not hour then redis.call('HSET', state, 'resetAt', now + resetIn, 'revivedAt', now) end
  hour = nil
end
for at = 5, #ARGV, 2 do
  local ticket, age = ARGV[at], tonumber(ARGV[at + 1])
  local score = tonumber(redis.call('ZSCORE', calls, ticket) or '')
  local heard = score and score <= now
  if age >= 0 and hour and not heard and now - age >= hour.resetAt - HOUR then redis.call('HINCRBY', state, 'used', 1) end
  if age >= 0 and redis.call('HGET', state, 'probe') == ticket then redis.call('HDEL', state, 'probe') end
  redis.call('ZADD', calls, age < 0 and now + FLIGHT or now - age, ticket)
end
if pauseMs >= 0 then pauseFor(pauseMs) end
return 1
`);
