import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from './endpoint.ts';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

const MAX_START_MESSAGE = 10_000;

/** The built server on a free port, started as users start it. */
export async function startBuilt(env: Readonly<Record<string, string>> = {}): Promise<Endpoint> {
  const child = spawn(process.execPath, [cli, 'serve'], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The built server did not start.')));
    // Its log is read to the end.
    child.stdout.on('data', (chunk: string) => {
      if (said.length < MAX_START_MESSAGE) said += chunk;
      const [address] = /http:\/\/[^\s"]+/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
  return {
    url,
    close: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
