import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const cli = new URL('../../dist/cli.js', import.meta.url);

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

// The command line evaluated again for each run; what it imports is loaded once.
const script = `
  // Commander would take the arguments for those of \`node -e\`.
  process.execArgv = [];
  let written;
  for (const name of ['stdout', 'stderr'])
    process[name].write = (text) => {
      written[name] += text;
      return true;
    };
  let runs = 0;
  process.on('message', async ({ cwd, args }) => {
    written = { stdout: '', stderr: '' };
    process.exitCode = 0;
    process.chdir(cwd);
    process.argv = [process.execPath, 'freshsales-graphql', ...args];
    runs += 1;
    await import(${JSON.stringify(cli.href)} + '?run=' + runs);
    process.send({ status: process.exitCode, ...written });
  });`;

/**
 * Runs built commands one after the other in one process, since loading the schema takes longer than most of them. For
 * commands that end by themselves and neither read standard input nor call `process.exit`.
 */
export function openCommandHost(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    ...{ cwd: tmpdir(), env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The process of the commands ended with ${code}.`);
  });
  failed.catch(() => {});
  return {
    async run(cwd: string, ...args: string[]): Promise<Ended> {
      const answer = once(child, 'message');
      child.send({ cwd, args });
      const [ended] = await Promise.race([answer, failed]);
      return ended;
    },
    close: () => void child.kill('SIGKILL'),
  };
}

/** Where the built command is, for tests that need a process of their own. */
export const cliPath = join(import.meta.dirname, '../../dist/cli.js');

/** A new folder with these files in it. A name that ends with a slash makes a folder. */
export function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'));
  for (const [name, text] of Object.entries(files))
    if (name.endsWith('/')) mkdirSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  return folder;
}
