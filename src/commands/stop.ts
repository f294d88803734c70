import type { Server } from 'node:http';
import { isUnderNpm } from '../config/runtime.ts';
import { warn } from '../terminal.ts';

/** Time limit of pending responses after a stop. */
const DRAIN_MS = 4000;

/** Signals this close together are one. */
const SAME_SIGNAL_MS = 200;

/** Interval of checks for the parent and for idle connections. */
const LOOK_MS = 100;

export interface ParentOptions {
  /**
   * Also stop when the parent process ends. Under npm and npx, a signal ends npm and its shell, which does not pass it on.
   * Defaults to true under npm and npx.
   */
  readonly stopWithParent?: boolean | undefined;
  /** The parent at the start of this process. It may end before the server runs. */
  readonly parent: number;
}

/**
 * Calls `stop` once on SIGTERM, Ctrl-C, or when the terminal is closed. A second signal does not wait.
 *
 * @returns what asks for the same stop from inside.
 */
export function onStop(stop: () => void, { stopWithParent = isUnderNpm(), parent }: ParentOptions): () => void {
  let since: number | undefined;
  const once = () => {
    if (since !== undefined) return false;
    since = Date.now();
    stop();
    return true;
  };
  const onSignal = () => {
    // One Ctrl-C can arrive twice: from the terminal and from npm.
    if (!once() && Date.now() - (since ?? 0) > SAME_SIGNAL_MS) process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
  const look = () => {
    if (process.ppid !== parent) once();
  };
  if (stopWithParent) setInterval(look, LOOK_MS).unref();
  return () => void once();
}

/** Stops a server: refuses connections, finishes pending responses, and ends the process with its exit code. */
export function stopServer(server: Server): void {
  const exit = () => process.exit(process.exitCode ?? 0);
  server.close(exit);
  server.closeIdleConnections();
  // A keep-alive connection becomes idle after its response and would keep the server open.
  setInterval(() => server.closeIdleConnections(), LOOK_MS).unref();
  setTimeout(() => {
    server.closeAllConnections();
    exit();
  }, DRAIN_MS).unref();
}

/** Ends long work at a safe place on SIGTERM, Ctrl-C, or when the terminal is closed. A second signal does not wait. */
export function onSignals(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

/** The exit code of programs that Ctrl-C has stopped. */
const INTERRUPTED = 130;

/** Says how to go on. */
export function stopped(how: string): void {
  warn(how);
  process.exitCode = INTERRUPTED;
}
