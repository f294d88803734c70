import type { Server } from 'node:http';

/** How long answers under way may take once a stop was asked for. */
const DRAIN_MS = 4000;

/** Signals this close together are one. */
const SAME_SIGNAL_MS = 500;

/** How often to look whether the parent is still there. */
const LOOK_MS = 200;

export interface StopOptions {
  /**
   * Stop as well when the process that started this one is gone. Under `npm start` a signal ends npm and its shell, and the
   * shell does not pass it on.
   */
  readonly withParent: boolean;
}

/** On SIGTERM or Ctrl-C: no new connections, answers under way are finished, and out. A second signal does not wait. */
export function stopOnSignal(server: Server, { withParent }: StopOptions): void {
  let since: number | undefined;
  const stop = () => {
    if (since !== undefined) {
      // One Ctrl-C can arrive twice: from the terminal, and passed on by npm.
      if (Date.now() - since > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    since = Date.now();
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => {
      server.closeAllConnections();
      process.exit(0);
    }, DRAIN_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const parent = process.ppid;
  const look = () => {
    if (process.ppid !== parent && since === undefined) stop();
  };
  if (withParent) setInterval(look, LOOK_MS).unref();
}
