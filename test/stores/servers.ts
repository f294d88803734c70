import { onTestFinished } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createRedisStore } from '../../src/stores/redis/redis-store.ts';
import { openOffice, tokensFor } from '../access/office.ts';
import type { RedisServer } from './redis-server.ts';

let accounts = 0;

/** Whole servers that share an account, a file of callers and a Redis, each with a process' worth of state of its own. */
export function openServers(redis: Pick<RedisServer, 'url'>, callers: Record<string, string>) {
  accounts += 1;
  const account = `servers-${accounts}`;
  const tokens = tokensFor(Object.keys(callers));
  const sandbox = createSandbox();
  const open = async () => {
    const warnings: string[] = [];
    const store = await createRedisStore({ url: redis.url, account, warn: (text) => warnings.push(text) });
    onTestFinished(() => store.close());
    const { ask, yoga, write } = await openOffice(callers, { shared: { sandbox, tokens, store } });
    /** Sends an operation with further headers; returns the response without what it cost. */
    const send = async (name: string, query: string, headers: Record<string, string> = {}) => {
      const response = await yoga.fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[name]}`, ...headers },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as Answer;
    };
    return { store, warnings, ask, send, write };
  };
  return { sandbox, tokens, open };
}

interface Answer {
  // Answers are asserted whole, by their values.
  readonly data?: Record<string, never> | null;
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
}

export type TestServer = Awaited<ReturnType<ReturnType<typeof openServers>['open']>>;

/** Whether all of them reach Redis. */
export const areBack = (servers: readonly TestServer[]): boolean =>
  servers.every(({ store }) => store.status() === 'ok');
