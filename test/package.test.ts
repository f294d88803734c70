import { execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const app = join(folder, 'app');
const installed = join(app, 'node_modules/freshsales-graphql');
let output = '';

/** Packs a copy of the project, since packing replaces dist/, and installs the package into an empty folder. */
beforeAll(async () => {
  const copy = join(folder, 'project');
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const path of tracked.toString().trim().split('\n')) {
    if (/^(test|bench)\//.test(path)) continue;
    mkdirSync(join(copy, dirname(path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: copy, maxBuffer: 10_000_000 });
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"name":"app","version":"1.0.0","type":"module"}');
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  const install = ['install', '--engine-strict', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball)];
  const { stdout, stderr } = await run('npm', install, { cwd: app });
  output = stdout + stderr;
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** The files below a folder. */
const filesIn = (of: string) =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('the package', () => {
  test('installs without a warning, in at most 45 packages and 40 MB', () => {
    expect(output).not.toMatch(/warn|deprecated|unsupported/i);
    const files = filesIn(join(app, 'node_modules'));
    const packages = files.filter((file) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file));
    expect(packages.length).toBeLessThanOrEqual(45);
    expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(40_000_000);
  });

  test('has the licences of what is bundled, and no sources of the project', () => {
    const files = filesIn(installed).map((file) => file.slice(installed.length + 1));
    expect(files).toContain('dist/THIRD-PARTY-LICENSES.txt');
    expect(files.filter((file) => file.endsWith('.ts') && !/\.d\.ts$|^examples\//.test(file))).toEqual([]);
  });

  test('is a library', async () => {
    writeFileSync(
      join(app, 'app.js'),
      `import { connectTo, createSandbox, createServer, readConfig, schema } from 'freshsales-graphql';
       const { connect } = await connectTo(readConfig({}));
       const response = await createServer({ connect }).fetch(
         new Request('http://127.0.0.1/graphql?query={contacts(first:1){nodes{displayName}}}', { headers: { 'x-requested-with': '1' } }));
       console.log(JSON.stringify([await response.json(), schema.getQueryType().name, typeof createSandbox().fetch]));
       process.exit(0);`,
    );
    const { stdout } = await run(process.execPath, ['app.js'], { cwd: app });
    const [response, query, sandbox] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(response.data.contacts.nodes).toHaveLength(1);
    expect([query, sandbox]).toEqual(['Query', 'function']);
  });

  test('is a command that serves, and stops on SIGTERM', async () => {
    const version = await run('npx', ['freshsales-graphql', '--version'], { cwd: app });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const env = { ...process.env, PORT: '0', STATE_DIR: join(folder, 'state') };
    const child = spawn('npx', ['freshsales-graphql'], { cwd: app, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
        const [found] = /http:\/\/[\d.]+:\d+\/graphql/.exec(text) ?? [];
        if (found) resolve(found);
      });
    });
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('graphiql');
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    await expect
      .poll(
        () =>
          fetch(url).then(
            () => 'answers',
            () => 'is down',
          ),
        { timeout: 20_000 },
      )
      .toBe('is down');
  });
});
