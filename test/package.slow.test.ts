import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

/** A program of a user, with their own authentication, and tests over a sandbox. */
const CONSUMER = `
import { createServer as listenWith, type Server as HttpServer } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import {
  type AccountOptions, type Connect, connectTo, createAccount, createSandbox, createServer, readConfig, schema, type Server,
} from 'freshsales-graphql';

const sandbox = createSandbox({ seed: ({ put }) => void put('Contact', { id: '1', first_name: 'Ada', last_name: null }) });
const options: AccountOptions = { url: sandbox.url, fetch: sandbox.fetch, apiKey: 'any', hourlyLimit: 5000 };
const tenant = createAccount(options);
const connect: Connect = ({ headers }) => (headers.get('x-tenant') === 'one' ? tenant.withKey('their-own') : undefined);
const server: Server = createServer({ connect, limits: { maxCalls: 10 }, origins: ['https://crm.example'] });
const http: HttpServer = listenWith(server);
http.close();
const ask = (on: Server, tenantName: string) =>
  on.fetch('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-tenant': tenantName },
    body: JSON.stringify({ query: '{ contacts { nodes { firstName } } }' }),
  });
interface Answer { data: { contacts: { nodes: { firstName: string | null }[] } } }
const own = (await (await ask(server, 'one')).json()) as Answer;
const connection = await connectTo(readConfig({}));
const configured = (await (await ask(createServer(connection), 'one')).json()) as Answer;
let error = '';
try { createAccount({ domain: 'not a domain', apiKey: 'any' }); } catch (thrown) { error = (thrown as Error).name; }
const graph: GraphQLSchema = schema;
console.log(JSON.stringify({
  own: own.data.contacts.nodes.map(({ firstName }) => firstName),
  requests: sandbox.requests,
  configured: Math.sign(configured.data.contacts.nodes.length),
  refused: (await ask(server, 'two')).status,
  query: graph.getQueryType()?.name,
  error,
}));
await connection.close();
process.exit(0);
`;

/** Modules of Node.js that a worker may load: no files, sockets or threads. */
const WORKER_MODULES = ['buffer', 'crypto', 'events', 'net', 'timers/promises', 'util'];

/** Refuses all other modules of Node.js. */
const HOOK = `
import { isBuiltin } from 'node:module';
const allowed = ${JSON.stringify(WORKER_MODULES)};
export async function resolve(name, context, next) {
  if (isBuiltin(name) && !allowed.includes(name.replace(/^node:/, ''))) throw new Error('A worker has no ' + name + ', which ' + context.parentURL + ' imports');
  return next(name, context);
}
`;

const WORKER = `
import { createAccount, createServer } from 'freshsales-graphql/worker';
const fetch = async (input) => Response.json(/filters/.test(input.url ?? input) ? { filters: [{ id: 1, name: 'All Contacts' }] } : { contacts: [{ id: 1, first_name: 'Ada' }], meta: { total: 1 } });
const account = createAccount({ domain: 'widgetz.myfreshworks.com', apiKey: 'any', fetch });
const { fetch: ask } = createServer({ connect: () => account, loopbackOnly: false, production: true });
const response = await ask(new Request('https://app.example/graphql', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: '{ contacts(first: 1) { nodes { firstName } } }' }),
}));
console.log(JSON.stringify(await response.json()));
`;

/** The files below a folder. */
const filesIn = (of: string) =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const EXPORTS = [
  ...['createAccount', 'createMetrics', 'createSandbox', 'createServer', 'connectTo', 'openAuditLog'],
  ...['readConfig', 'schema', 'Connect', 'FreshsalesAccount'],
];

/** What readers of the documentation have in their own programs. */
const NAMES_OF_READERS = `
declare function isSignedIn(request: Request): Promise<boolean>;
declare function sessionOf(request: Request): Promise<{ tenant: { name: string; domain: string; apiKey: string } }>;
type Env = Record<string, string>;
declare function accountOf(env: Env): import('freshsales-graphql').FreshsalesAccount;
declare function expect(value: unknown): { toEqual(other: unknown): void };
declare const connect: import('freshsales-graphql').Connect;
declare const server: import('freshsales-graphql').Server;
declare const headers: Record<string, string>;
declare const body: string;
declare const app: { use(path: string, listener: unknown): void; all(path: string, handler: (context: { req: { raw: Request } }) => unknown): void };
`;

/** Type-checks files of the application with the types of the package. Gives the complaints. */
async function compile(files: readonly string[]): Promise<string> {
  const settings = {
    compilerOptions: {
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
      ...{ target: 'es2023', module: 'nodenext', verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true },
      ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
    },
    files,
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify(settings));
  const compiler = [join(root, 'node_modules/typescript/bin/tsc'), '--project', app];
  const { stdout } = await run(process.execPath, compiler, { cwd: app }).catch(({ stdout: text }) => ({
    stdout: String(text),
  }));
  return stdout;
}

describe('the package', { timeout: 120_000 }, () => {
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
    writeFileSync(join(app, 'app.ts'), CONSUMER);
    expect(await compile(['app.ts'])).toBe('');
    const { stdout } = await run(process.execPath, ['app.js'], { cwd: app });
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      own: ['Ada'],
      requests: ['GET /contacts/filters', 'GET /contacts/view/31003548176?page=1&per_page=25'],
      configured: 1,
      refused: 401,
      query: 'Query',
      error: 'TypeError',
    });
  });

  test('has the types that docs/library.md and the examples use', async () => {
    const blocks = [...readFileSync(join(installed, 'docs/library.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)];
    const files = blocks.map(([, text = ''], index) => {
      const imported = [...text.matchAll(/^import .*$/gm)].join('\n');
      const missing = EXPORTS.filter((name) => text.includes(name) && !imported.includes(name));
      writeFileSync(
        join(app, `block-${index}.ts`),
        `import { ${missing.map((name) => (/^[A-Z]/.test(name) ? `type ${name}` : name)).join(', ')} } from 'freshsales-graphql';\n${text}\nexport {};\n`,
      );
      return `block-${index}.ts`;
    });
    expect(files.length).toBeGreaterThan(6);
    writeFileSync(join(app, 'names.d.ts'), NAMES_OF_READERS);
    for (const name of ['connect', 'next-route', 'node-http', 'test-server', 'worker']) {
      cpSync(join(installed, `examples/embed/${name}.ts`), join(app, `${name}.ts`));
      files.push(`${name}.ts`);
    }
    expect(await compile(['names.d.ts', ...files])).toBe('');
  });

  test('has a build for runtimes without files and sockets', async () => {
    writeFileSync(join(app, 'hook.mjs'), HOOK);
    writeFileSync(join(app, 'worker.js'), WORKER);
    const register = "import { register } from 'node:module'; register('./hook.mjs', import.meta.url);";
    writeFileSync(join(app, 'register.mjs'), register);
    const { stdout } = await run(process.execPath, ['--import', './register.mjs', 'worker.js'], { cwd: app });
    expect(JSON.parse(stdout)).toMatchObject({ data: { contacts: { nodes: [{ firstName: 'Ada' }] } } });
  });

  test('can be required', async () => {
    const script = "console.log(typeof require('freshsales-graphql').createServer); process.exit(0)";
    const { stdout } = await run(process.execPath, ['--input-type=commonjs', '--eval', script], { cwd: app });
    expect(stdout).toBe('function\n');
  });

  test('exports, imports and prints workflows', async () => {
    writeFileSync(join(app, 'new.csv'), 'email,firstName\nann@example.com,Ann\n');
    const command = (...args: string[]) =>
      run(process.execPath, [join(installed, 'dist/cli.js'), ...args], { cwd: app, env: { PATH: process.env.PATH } });
    const [exported, imported, printed] = await Promise.all([
      command('export', 'sales-accounts', '--out', 'accounts.csv'),
      command('import', 'contacts', 'new.csv'),
      command('webhooks', '--url', 'https://crm-api.example.com'),
    ]);
    expect(exported.stdout).toMatch(/^Exported \d+ rows to accounts\.csv/);
    expect(imported.stdout).toContain('1 succeeded');
    expect(printed.stdout).toContain('POST https://crm-api.example.com/webhooks/freshsales/deal/updated');
  });

  test('is a command that serves, writes down webhooks, and stops on SIGTERM', async () => {
    const version = await run('npx', ['freshsales-graphql', '--version'], { cwd: app });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const env = { ...process.env, PORT: '0', STATE_DIR: join(folder, 'state'), WEBHOOK_SECRET: 'secret' };
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
    const hook = { method: 'POST', headers: { 'x-webhook-secret': 'secret' }, body: '{"id":7}' };
    expect((await fetch(url.replace('graphql', 'webhooks/freshsales/deal/updated'), hook)).status).toBe(202);
    expect(readdirSync(join(folder, 'state'), { recursive: true }).join()).toContain('data.mdb');
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
