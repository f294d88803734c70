// Executes the steps of the Dockerfile without Docker, each stage in a folder of its own, then starts the command as the user of
// the image, checks its health and stops it. Base images, networks and a read-only root are not imitated.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DockerfileParser } from 'dockerfile-ast';

const project = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'dockerfile-'));
chmodSync(folder, 0o755);
const isRoot = process.getuid?.() === 0;

interface Stage {
  readonly root: string;
  workdir: string;
  readonly env: Record<string, string>;
  user: string;
  command: readonly string[];
  health: readonly string[];
}

const stages = new Map<string, Stage>();
let stage: Stage | undefined;

const inside = ({ root }: Stage, path: string) => join(root, path);

/** The files that .dockerignore lets in. It excludes everything, and then names exceptions. */
function context(): string[] {
  const lines = readFileSync(join(project, '.dockerignore'), 'utf8').trim().split('\n');
  const allowed = new Set(lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1)));
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: project }).toString().trim().split('\n');
  return files.filter((path) => allowed.has(path.split('/')[0] ?? ''));
}

function copy(to: Stage, text: string): void {
  const words = text.split(/\s+/);
  const from = stages.get(words.find((word) => word.startsWith('--from='))?.slice('--from='.length) ?? '');
  const paths = words.filter((word) => !word.startsWith('--'));
  const target = inside(to, resolve(to.workdir, paths.at(-1) ?? ''));
  mkdirSync(target, { recursive: true });
  if (from) {
    for (const path of paths.slice(0, -1))
      cpSync(inside(from, path), target, { recursive: true, preserveTimestamps: true });
    if (isRoot && /--chown=/.test(text)) execFileSync('chown', [/--chown=(\S+)/.exec(text)?.[1] ?? '', target]);
    return;
  }
  for (const path of context().filter((each) => paths.includes(each) || paths[0] === '.')) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(project, path), join(target, path));
  }
}

/** Absolute paths are those of the stage. */
function run({ root, workdir, env }: Stage, command: string): void {
  const local = command.replaceAll(/(?<=\s)\/(?=\w)/g, `${root}/`);
  const script = `${isRoot ? '' : 'chown() { :; }; '}${local}`;
  execFileSync('sh', ['-ec', script], { cwd: join(root, workdir), env: { ...process.env, ...env }, stdio: 'inherit' });
}

function step(keyword: string, text: string): void {
  if (keyword === 'FROM') {
    const [, name = `stage ${stages.size}`] = / AS (\S+)/i.exec(text) ?? [];
    stage = { root: join(folder, name), workdir: '/', env: {}, user: '', command: [], health: [] };
    mkdirSync(stage.root);
    stages.set(name, stage);
  }
  if (!stage) throw new Error(`${keyword} before FROM`);
  if (keyword === 'WORKDIR') {
    stage.workdir = resolve(stage.workdir, text);
    mkdirSync(inside(stage, stage.workdir), { recursive: true });
  }
  if (keyword === 'ENV') for (const [, name = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) stage.env[name] = value;
  if (keyword === 'COPY') copy(stage, text);
  if (keyword === 'RUN') run(stage, text);
  if (keyword === 'USER') stage.user = text;
  if (keyword === 'CMD') stage.command = JSON.parse(text);
  if (keyword === 'HEALTHCHECK') stage.health = JSON.parse(text.slice(text.indexOf('[')));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

const filesIn = (root: string) => readdirSync(root, { recursive: true, encoding: 'utf8' }).length;

async function start(image: Stage): Promise<void> {
  const [uid = 0, gid = 0] = image.user.split(':').map(Number);
  const paths = Object.entries(image.env).map(([name, value]) => [
    name,
    value.startsWith('/') ? inside(image, value) : value,
  ]);
  const env = { PATH: process.env.PATH ?? '', ...Object.fromEntries(paths), PORT: String(await freePort()) };
  const options = { cwd: inside(image, image.workdir), ...(isRoot && { uid, gid }) };
  const before = filesIn(image.root) - filesIn(inside(image, image.env.STATE_DIR ?? ''));
  const [program = '', ...args] = image.command;
  const server = spawn(program, args, {
    ...options,
    env: { ...env, FRESHSALES_AUTH: 'pass-through' },
    stdio: 'inherit',
  });
  const ended = once(server, 'exit');
  let health: unknown = 1;
  for (let tries = 0; tries < 60 && health !== 0; tries++) {
    await setTimeout(500);
    const [check = '', ...checkArgs] = image.health;
    [health] = await once(spawn(check, checkArgs, { ...options, env }), 'exit');
  }
  server.kill('SIGTERM');
  const [status] = await ended;
  const after = filesIn(image.root) - filesIn(inside(image, image.env.STATE_DIR ?? ''));
  if (health !== 0 || status !== 0 || before !== after)
    throw new Error(
      `health check ${health}, exit status ${status}, ${after - before} files written outside of STATE_DIR`,
    );
}

try {
  const dockerfile = readFileSync(join(project, 'Dockerfile'), 'utf8');
  const lines = dockerfile.split('\n');
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const { start: first, end: last } = instruction.getRange();
    // With its flags, which the parser keeps apart.
    const whole = lines.slice(first.line, last.line + 1).join('\n');
    const text = whole
      .slice(instruction.getKeyword().length)
      .replaceAll(/\\\n\s*/g, '')
      .trim();
    process.stdout.write(`${instruction.getKeyword()} ${text}\n`);
    step(instruction.getKeyword(), text);
  }
  if (!stage) throw new Error('The Dockerfile has no stage');
  await start(stage);
  const size = execFileSync('du', ['-sm', stage.root]).toString().split('\t')[0];
  process.stdout.write(`Healthy, and stopped on SIGTERM. ${size} MB beside the base image.\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
