/** A failed start, explained in one line. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Explains a failed `listen`. */
export function listenError(error: unknown, host: string, port: number, fix: string): Error {
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE') return new StartError(`Port ${port} is in use. ${fix}`);
  if (code === 'EACCES') return new StartError(`Port ${port} needs more privileges. ${fix}`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(`${host} is not an address of this machine. Set HOST to 127.0.0.1.`);
  return error instanceof Error ? error : new Error(String(error));
}
