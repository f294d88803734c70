import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the built command is, for tests that need a process of their own. */
export const cliPath = join(import.meta.dirname, '../../dist/cli.js');

const moduleOf = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;

/** Writes down, on stderr, every module that is loaded. */
const hook = moduleOf(`
  import { writeSync } from 'node:fs';
  export function load(url, context, next) {
    writeSync(2, url + '\\n');
    return next(url, context);
  }`);

/** A module for `node --import` that writes down, on stderr, every module that is loaded after it. */
export const writesModules = moduleOf(`import { register } from 'node:module'; register(${JSON.stringify(hook)});`);

/** The packages of the modules that were written down: `zod`, or `graphql-yoga/node_modules/lru-cache`. */
export function packagesIn(stderr: string): string[] {
  // A chunk of the bundle names the module before each part.
  const parts = [...new Set(stderr.match(/^file:.*\/dist\/.*\.js$/gm))].map((url) =>
    readFileSync(new URL(url), 'utf8'),
  );
  const modules = [stderr, ...parts.flatMap((part) => part.match(/^\/\/ node_modules\/.*/gm) ?? [])].join('\n');
  const found = modules.matchAll(/node_modules\/(.*node_modules\/)?(@[^/]+\/)?[^/\n]+/g);
  return [...new Set([...found].map(([path]) => path.slice(13)))];
}

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

// The command line evaluated again for each run; what it imports is loaded once.
const script = `
  import { setTimeout as delay } from 'node:timers/promises';
  // Commander would take the arguments for those of \`node -e\`.
  process.execArgv = [];
  let written;
  for (const name of ['stdout', 'stderr'])
    process[name].write = (text) => {
      written[name] += text;
      return true;
    };
  const { exit } = process;
  process.on('disconnect', () => exit());
  // Commander ends the process after a help text.
  let exited;
  process.exit = (status = process.exitCode ?? 0) => {
    exited ??= { status, ...written };
    throw new Error('The command has ended.');
  };
  const open = () => process.getActiveResourcesInfo().filter((name) => name !== 'Immediate').length;
  let runs = 0;
  process.on('message', async ({ cwd, env, args }) => {
    written = { stdout: '', stderr: '' };
    exited = undefined;
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, env);
    process.exitCode = 0;
    process.chdir(cwd);
    process.argv = [process.execPath, 'freshsales-graphql', ...args];
    runs += 1;
    const before = open();
    await import(${JSON.stringify(cliPath)} + '?run=' + runs);
    // A process would stay for what the command leaves open.
    while (open() > before) await delay(5, undefined, { ref: false });
    process.send(exited ?? { status: process.exitCode, ...written });
  });`;

let host: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/** The process of the commands, which the test files of a worker share. It ends with the worker. */
function openHost(): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    ...{ cwd: tmpdir(), env: { PATH: process.env.PATH ?? '' }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  });
  child.unref();
  child.channel?.unref();
  child.once('exit', () => {
    host = undefined;
  });
  return child;
}

/**
 * Runs a built command in a process that runs other commands before and after it, since loading the schema takes longer than
 * most of them. For commands that end by themselves and do not read standard input.
 */
export function runCommand(cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const run = last.then(async (): Promise<Ended> => {
    host ??= openHost();
    const over = new AbortController();
    const failed = once(host, 'exit', { signal: over.signal }).then(([code]) => {
      throw new Error(`The process of the commands ended with ${code}.`);
    });
    failed.catch(() => {});
    const answer = once(host, 'message', { signal: over.signal });
    answer.catch(() => {});
    host.send({ cwd, env, args });
    try {
      const [ended] = await Promise.race([answer, failed]);
      return ended;
    } finally {
      over.abort();
    }
  });
  last = run.catch(() => {});
  return run;
}

/** A new folder with these files in it. A name that ends with a slash makes a folder. */
export function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'));
  for (const [name, text] of Object.entries(files))
    if (name.endsWith('/')) mkdirSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  return folder;
}
