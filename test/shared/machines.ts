import { onTestFinished } from 'vitest';
import { createRedis } from '../../src/quota/redis/redis.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { openOffice, tokensFor } from '../access/office.ts';
import type { RedisServer } from '../quota/redis-server.ts';

let accounts = 0;

/**
 * Whole servers that have an account, a file of callers and a Redis in common, each with a process' worth of state of its own.
 * They wait for one another half a second where Redis was started anew.
 */
export function openHouse(redis: RedisServer, callers: Record<string, string>, options: SandboxOptions = {}) {
  accounts += 1;
  const account = `house-${accounts}`;
  const tokens = tokensFor(Object.keys(callers));
  const sandbox = createSandbox(options);
  const open = async () => {
    const alarms: string[] = [];
    const warn = (text: string) => alarms.push(text);
    const shared = await createRedis({ url: redis.url, account, warn, catchUpMs: 500 });
    const { ask, yoga, write } = await openOffice(callers, { shared: { sandbox, tokens, redis: shared } });
    onTestFinished(() => shared.close());
    /** Sends an operation with further headers; gives the answer without what it cost. */
    const send = async (name: string, query: string, headers: Record<string, string> = {}) => {
      const response = await yoga.fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[name]}`, ...headers },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as Answer;
    };
    return { alarms, ask, send, write, close: () => shared.close() };
  };
  return { sandbox, tokens, open };
}

interface Answer {
  // Answers are asserted whole, by their values.
  readonly data?: Record<string, never> | null;
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
}

export type Machine = Awaited<ReturnType<ReturnType<typeof openHouse>['open']>>;

/** Whether all of them have said that Redis is back. */
export const areBack = (machines: readonly Machine[]): boolean =>
  machines.every(({ alarms }) => alarms.at(-1)?.includes('is back') === true);
