import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Some commands that Redis carries out in one step, with nobody else's in between. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export const defineScript = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

/** Runs a script by its digest, and sends it only where Redis does not have it yet. */
export async function runScript(
  client: Redis,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(lua, keys.length, ...keys, ...args);
  }
}
