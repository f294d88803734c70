import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface ApartOptions {
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a TypeScript file of this folder in its own process. */
export const startApart = (file: string, { args = [], flags = [], env = {} }: ApartOptions = {}): ChildProcess =>
  fork(new URL(file, import.meta.url), [...args], {
    execArgv: ['--import', import.meta.resolve('tsx'), ...flags],
    env: { ...process.env, ...env },
  });

/** The first message of a process. Rejects if the process ends first. */
export async function firstMessage<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.at(-1)} ended with ${code} before it answered.`);
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message as T;
}

/** Stops a process that listens to its parent. */
export async function stopApart(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.disconnect();
  await once(child, 'exit');
}

/** Runs a file to its end, and returns its result. */
export async function runApart<T>(file: string, options: ApartOptions = {}): Promise<T> {
  const child = startApart(file, options);
  const result = await firstMessage<T>(child);
  await stopApart(child);
  return result;
}
