import { setMaxListeners } from 'node:events';

/** The end of a request, which waits for work that must be finished. */
export function createRequestEnd(client: AbortSignal | undefined) {
  if (!client) return undefined;
  const ending = new AbortController();
  // Each call listens for it, and there may be many.
  setMaxListeners(0, ending.signal);
  let running = 0;
  const endIfGone = (): void => {
    if (client.aborted && running === 0) ending.abort(client.reason);
  };
  client.addEventListener('abort', endIfGone, { once: true });
  endIfGone();
  return {
    signal: ending.signal,
    async finish<T>(work: () => Promise<T>): Promise<T> {
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        endIfGone();
      }
    },
  };
}
