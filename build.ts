// Builds dist/: the command and the library, bundled with their dependencies. With --package, also what only the published
// package needs. What users install is then what was tested: `overrides` of package.json, which hold dependencies at versions
// for Node 20, apply to this repository and not to those who install the package.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const OUT = 'dist';

/** GraphQL has to be the instance of the embedding program, and OpenTelemetry's API is shared by the process. */
const EXTERNAL = ['graphql', '@opentelemetry/api', 'msgpackr-extract'];

/** CommonJS packages call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const shared = {
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'node20.19',
  external: EXTERNAL.flatMap((name) => [name, `${name}/*`]),
  // It evaluates text that names its variables. Bundling renames those of a module, but not those of a CommonJS module.
  alias: { 'ordered-binary': './node_modules/ordered-binary/dist/index.cjs' },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

const node = await build({
  ...shared,
  entryPoints: ['src/cli.ts', 'src/index.ts'],
  // Two levels below the root, like the modules in src/ that read package.json.
  chunkNames: 'bundle/[name]-[hash]',
  platform: 'node',
  banner: { js: REQUIRE },
});
chmodSync(join(OUT, 'cli.js'), 0o755);
// lmdb looks for the package of its binary by the name in the package.json beside its code.
writeFileSync(join(OUT, 'bundle/package.json'), JSON.stringify({ name: 'lmdb', type: 'module' }));
const written = new Set([...Object.keys(node.metafile.outputs), join(OUT, 'bundle/package.json')]);
if (process.argv.includes('--package')) {
  const worker = await buildWorker();
  execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
  const licencesFile = join(OUT, 'THIRD-PARTY-LICENSES.txt');
  writeFileSync(licencesFile, licences(Object.keys(node.metafile.inputs)));
  const declared = ['index.d.ts', 'worker.d.ts'].flatMap((name) => [...declarations(join(OUT, name))]);
  for (const path of [...Object.keys(worker.metafile.outputs), ...declared, licencesFile]) written.add(path);
}
// Chunks of earlier builds. Current ones are never absent, since a running server may load them.
for (const path of filesIn(OUT)) if (!written.has(path)) rmSync(path);

/** The bundle for runtimes with the web's interfaces only. */
function buildWorker() {
  return build({
    ...shared,
    entryPoints: ['src/worker.ts'],
    chunkNames: 'worker/[name]-[hash]',
    platform: 'browser',
    conditions: ['workerd', 'worker'],
    external: [...shared.external, 'node:*'],
    plugins: [replaceModules()],
  });
}

/** Replaces what the worker never calls, because it has no files, sockets and GraphiQL. */
function replaceModules(): Plugin {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const replaced: readonly (readonly [RegExp, string])[] = [
    [/config\/runtime\.ts$/, `export const version = '${version}'; export const isUnderNpm = () => false;`],
    [/src\/text-file\.ts$/, 'export const readText = undefined;'],
    [/prom-client\/index\.js$/, 'export const [Counter, Gauge, Histogram, Registry, collectDefaultMetrics] = [];'],
    [/node_modules\/compression\/index\.js$/, 'export default () => () => {};'],
    [/@graphql-yoga\/render-graphiql\//, 'export const renderGraphiQL = undefined;'],
  ];
  // CommonJS packages require these two, which a worker can only import.
  const required = {
    assert: 'module.exports = (holds, message) => { if (!holds) throw new Error(message); };',
    graphql: "export * from 'graphql';",
  };
  const setup: Plugin['setup'] = ({ onLoad, onResolve }) => {
    onResolve({ filter: /^node:(http|zlib)$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /./, namespace: 'absent' }, () => ({
      contents: 'export const [createServer, IncomingMessage, gzip] = [];',
      loader: 'js',
    }));
    onResolve({ filter: /^(assert|graphql(\/.*)?)$/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, namespace: 'required' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: path === 'assert' ? required.assert : required.graphql,
      loader: 'js',
    }));
    for (const [filter, contents] of replaced) onLoad({ filter }, () => ({ contents, loader: 'js' }));
  };
  return { name: 'replace-modules', setup };
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The declarations that a file needs, itself included. They may not name a package that is not installed with this one. */
function declarations(path: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import|import\()\s*['"]([^'"]+)['"]/g)) {
    if (name.startsWith('.')) declarations(join(dirname(path), name.replace(/\.[jt]s$/, '.d.ts')), found);
    else if (name !== 'graphql' && !name.startsWith('node:'))
      throw new Error(`${path} imports ${name}, which users of the package do not have`);
  }
  return found;
}

/** The licences of the packages whose code is in the bundle. */
function licences(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...folders].toSorted().map(licenceOf).join('\n\n');
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n${'-'.repeat(40)}\n${text}`;
}
