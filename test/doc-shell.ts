import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './commands/command-host.ts';

const root = join(import.meta.dirname, '..');

/**
 * Runs the built command line. A server gets a free port, and is stopped once it has printed its address. Other commands run in
 * the process that tests of commands share.
 */
const npxCommand = `
case "\${1:-serve}" in
  mcp) exec node dist/cli.js "$@" < /dev/null ;;
  serve | sandbox)
    log=$(mktemp)
    node dist/cli.js "$@" > "$log" 2>&1 &
    pid=$!
    until grep -q 'http://' "$log"; do
      kill -0 $pid 2>/dev/null || { cat "$log" >&2; exit 1; }
      sleep 0.05
    done
    kill $pid
    wait $pid || { cat "$log" >&2; exit 1; } ;;
  *) exec node "$(dirname "$0")/command.mjs" "$@" ;;
esac`;

const sendCommand = `
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
const socket = connect(process.env.COMMANDS);
socket.end(JSON.stringify({ cwd: process.cwd(), env: process.env, args: process.argv.slice(2) }));
const { status, stdout, stderr } = JSON.parse(await text(socket));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;`;

/** Runs the commands of shells that have its path in COMMANDS. */
export async function listenForCommands() {
  const path = join(mkdtempSync(join(tmpdir(), 'docs-commands-')), 'socket');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let request = '';
    socket.on('data', (chunk) => {
      request += String(chunk);
    });
    socket.on('end', async () => {
      const { cwd, env, args } = JSON.parse(request);
      socket.end(JSON.stringify(await runCommand(cwd, args, env)));
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { path, close: () => server.close() };
}

/** Checks the arguments of vitest: files must exist, and a test must have the name after \`-t\`. */
const checkTests = `
while [ $# -gt 0 ]; do
  case "$1" in
    -t) grep -rqF -- "$2" test || { echo "no test is named $2" >&2; exit 1; }; shift ;;
    test*) ls -d $1* > /dev/null || exit 1 ;;
  esac
  shift
done`;

const checkScript = `
node -e 'if (!(process.argv[1] in require("./package.json").scripts)) throw new Error("no script " + process.argv[1])' "$1"`;

const SHIMS: Readonly<Record<string, string>> = {
  npx: `tool=$1; shift
case "$tool" in
  freshsales-graphql) ${npxCommand} ;;
  vitest) ${checkTests} ;;
  tsx) exec node --import tsx "$@" ;;
  *) exec node "node_modules/.bin/$tool" "$@" ;;
esac`,
  npm: `case "$1" in
  ci) ;;
  run) shift; ${checkScript} ;;
  start) exec npx freshsales-graphql serve --stop-with-parent ;;
  *) ${checkScript} ;;
esac`,
  claude: 'test "$1" = mcp',
};

/** A copy of the project, in which \`npm\`, \`npx\` and \`claude\` run only what is quick. */
export function copyProject(): { folder: string; bin: string } {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.name.startsWith('.') && entry.name !== '.editorconfig') continue;
    if (entry.isDirectory()) symlinkSync(join(root, entry.name), join(folder, entry.name));
    else cpSync(join(root, entry.name), join(folder, entry.name));
  }
  const bin = mkdtempSync(join(tmpdir(), 'docs-bin-'));
  mkdirSync(bin, { recursive: true });
  for (const [name, script] of Object.entries(SHIMS)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(bin, 'command.mjs'), sendCommand);
  return { folder, bin };
}

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a script in a shell that stops at the first failing command. */
export async function runShell(script: string, cwd: string, env: Record<string, string>): Promise<Ran> {
  const child = spawn('sh', ['-ec', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  const [status] = await once(child, 'close');
  return { status, output };
}
