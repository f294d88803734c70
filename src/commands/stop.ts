import type { Server } from 'node:http';

/** How long answers under way may take once a stop was asked for. */
const DRAIN_MS = 4000;

/** On SIGTERM or Ctrl-C: no new connections, answers under way are finished, and out. A second signal does not wait. */
export function stopOnSignal(server: Server, onStop: () => void = () => {}): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    onStop();
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => {
      server.closeAllConnections();
      process.exit(0);
    }, DRAIN_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
