import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from './endpoint.ts';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** The built server on a free port, started as users start it. */
export async function startBuilt(env: Readonly<Record<string, string>> = {}): Promise<Endpoint> {
  const child = spawn(process.execPath, [cli, 'serve'], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  let said = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    said += chunk;
    const [url] = /http:\/\/\S+/.exec(said) ?? [];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      close: async () => {
        child.kill();
        await once(child, 'exit');
      },
    };
  }
  throw new Error('The built server did not start.');
}
