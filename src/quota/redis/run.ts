import type { Link } from './link.ts';
import { defineScript } from './script.ts';

/**
 * One life of a Redis, from its start to its end. Another one may have forgotten everything, or the last moments, whatever it
 * keeps on disk; so may a replica that has taken over.
 */
export interface Run {
  readonly id: string;
  /** Milliseconds since the first of our machines met it. */
  readonly age: number;
}

/** KEYS: the run that was met last. ARGV: the id of this one. */
const MEET = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then redis.call('HSET', KEYS[1], 'id', ARGV[1], 'since', now) end
return now - redis.call('HGET', KEYS[1], 'since')
`);

/** Asks Redis which run of it this is; throws where it does not answer. */
export async function meetRun(link: Link, prefix: string): Promise<Run> {
  const [, id = ''] = /^run_id:(\w+)/m.exec(await link.client.info('server')) ?? [];
  return { id, age: Number(await link.insist(MEET, [`${prefix}run`], [id])) };
}
