import { type Claim, type ClaimOptions, type OnceKeys, StoreUnavailable } from '../store.ts';
import { defineScript, type Link } from './link.ts';

/**
 * `claims`: what is known of each key, in fields that begin with its digest. `ends`: when each is forgotten. Neither has a time
 * to live, so that a Redis short of memory does not drop them: a key that is forgotten too early is a second write.
 */
const PREAMBLE = `
local claims, ends, id, fingerprint, owner = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
local lease, keep = tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function get(field) return redis.call('HGET', claims, id .. field) end

local function forget(key)
  redis.call('HDEL', claims, key .. ':fingerprint', key .. ':owner', key .. ':lease', key .. ':result')
  redis.call('ZREM', ends, key)
end

local function write()
  redis.call('HSET', claims, id .. ':fingerprint', fingerprint, id .. ':owner', owner, id .. ':lease', now + lease)
  redis.call('ZADD', ends, now + keep, id)
end
`;

/** ARGV further: the time after which nobody waits for the claim; 1 to take over a claim whose lease has ended. */
const CLAIM = defineScript(`${PREAMBLE}
if now > tonumber(ARGV[6]) then return { 'late' } end
for _, old in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 20)) do forget(old) end
local endsAt = redis.call('ZSCORE', ends, id)
if endsAt and tonumber(endsAt) <= now then forget(id) end
local known = get(':fingerprint')
if known and known ~= fingerprint then return { 'reused' } end
local result = get(':result')
if result then return { 'done', result } end
if known and get(':owner') ~= owner then
  if tonumber(get(':lease')) > now then return { 'busy' } end
  if ARGV[7] ~= '1' then return { 'lost' } end
end
write()
return { 'mine' }
`);

/** Renews the lease, and keeps the result where there is one. ARGV further: the result or nothing. */
const KEEP = defineScript(`${PREAMBLE}
local known = get(':owner')
if known and known ~= owner then return 0 end
write()
if ARGV[6] ~= '' then redis.call('HSET', claims, id .. ':result', ARGV[6]) end
return 1
`);

const FREE = defineScript(`${PREAMBLE}
if get(':owner') == owner then forget(id) end
return 1
`);

export function createRedisOnceKeys(link: Link, prefix: string, digestOf: (key: string) => string): OnceKeys {
  const keys = [`${prefix}claims`, `${prefix}claim-ends`];
  const args = (key: string, { fingerprint, owner, leaseMs, keepMs }: ClaimOptions) => [
    digestOf(key),
    fingerprint,
    owner,
    Math.ceil(leaseMs),
    Math.ceil(keepMs),
  ];
  return {
    async claim(key, options) {
      const claim = async () => {
        const reply = await link.script(CLAIM, keys, [...args(key, options), link.deadline, options.takesOver ? 1 : 0]);
        return reply as [Claim['state'] | 'late', string];
      };
      let [state, result] = await claim();
      if (state === 'late') {
        // The response came in time, so that one of the clocks was set.
        await link.readClock();
        [state, result] = await claim();
      }
      if (state === 'late') throw new StoreUnavailable('The clock of Redis is not steady.');
      return state === 'done' ? { state, result } : { state };
    },
    async renew(key, options) {
      await link.script(KEEP, keys, [...args(key, options), '']);
    },
    async complete(key, options, result) {
      await link.script(KEEP, keys, [...args(key, options), result]);
    },
    async free(key, options) {
      await link.script(FREE, keys, args(key, options));
    },
  };
}
