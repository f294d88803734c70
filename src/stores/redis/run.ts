import { randomUUID } from 'node:crypto';
import type { Link } from './link.ts';
import { defineScript } from './script.ts';

/**
 * One life of a Redis, from its start, or from when it was emptied, to its end. Another one may have forgotten everything, or the last moments, whatever it
 * keeps on disk; so may a replica that has taken over.
 */
export interface Run {
  readonly id: string;
  /** Milliseconds since the first of our machines met it. */
  readonly age: number;
}

/**
 * KEYS: the run that was met last. ARGV: the id of this one, where it tells, and a name for it where it does not: it then lasts as
 * long as what lies in it.
 */
const MEET = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = redis.call('HGET', KEYS[1], 'id')
local id = ARGV[1] ~= '' and ARGV[1] or last or ARGV[2]
if last ~= id then redis.call('HSET', KEYS[1], 'id', id, 'since', now) end
local since = redis.call('HGET', KEYS[1], 'since')
return { id .. '.' .. since, now - since }
`);

/** Asks Redis which run of it this is; throws where it does not answer. */
export async function meetRun(link: Link, prefix: string): Promise<Run> {
  const reply = await link.insist(MEET, [`${prefix}run`], [await runIdOf(link), randomUUID()]);
  const [id, age] = reply as [string, number];
  return { id, age };
}

/** Not every user of Redis may ask for it. */
async function runIdOf({ client }: Link): Promise<string> {
  try {
    return /^run_id:(\w+)/m.exec(await client.info('server'))?.[1] ?? '';
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('NOPERM')) return '';
    throw error;
  }
}
