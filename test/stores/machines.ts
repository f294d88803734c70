import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createRedis } from '../../src/stores/redis/redis.ts';
import { openOffice, tokensFor } from '../access/office.ts';
import type { RedisServer } from '../quota/redis-server.ts';

let accounts = 0;

/** How long machines of tests wait for one another. */
const CATCH_UP_MS = 100;

/** The same where Redis ends and is started anew: they look every half a second whether it is back. */
export const LONG_CATCH_UP_MS = 1500;

/** Whole servers that have an account, a file of callers and a Redis in common, each with a process' worth of state of its own. */
export function openHouse(redis: RedisServer, callers: Record<string, string>, catchUpMs = CATCH_UP_MS) {
  accounts += 1;
  const account = `house-${accounts}`;
  const tokens = tokensFor(Object.keys(callers));
  const sandbox = createSandbox();
  let isSettled = false;
  const open = async () => {
    const alarms: string[] = [];
    const warn = (text: string) => alarms.push(text);
    const shared = await createRedis({ url: redis.url, account, warn, catchUpMs });
    const { ask, yoga, write } = await openOffice(callers, { shared: { sandbox, tokens, redis: shared } });
    onTestFinished(() => shared.close());
    if (!isSettled) await delay(catchUpMs + 50);
    isSettled = true;
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
