// Bundles dist/ for the package. What runs is then what was tested: `overrides` of package.json, which hold dependencies at
// versions for Node 20, apply to this repository and not to those who install the package.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const OUT = 'dist';
const BUNDLED = 'dist-bundled';

/** GraphQL has to be the instance of the embedding program, and OpenTelemetry's API is shared by the process. */
const EXTERNAL = ['graphql', '@opentelemetry/api', 'msgpackr-extract'];

/** CommonJS packages call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const shared = {
  outdir: BUNDLED,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'node20.19',
  external: EXTERNAL.flatMap((name) => [name, `${name}/*`]),
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

const { metafile } = await build({
  ...shared,
  entryPoints: [join(OUT, 'cli.js'), join(OUT, 'index.js')],
  // Two levels below the root, like the modules in src/ that read package.json.
  chunkNames: 'bundle/[name]-[hash]',
  platform: 'node',
  banner: { js: REQUIRE },
});

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** What the worker never calls, because it has no files, sockets and GraphiQL. */
const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/config\/runtime\.js$/, `export const version = '${version}'; export const isUnderNpm = () => false;`],
  [/prom-client\/index\.js$/, 'export const [Counter, Gauge, Histogram, Registry, collectDefaultMetrics] = [];'],
  [/node_modules\/compression\/index\.js$/, 'export default () => () => {};'],
  [/@graphql-yoga\/render-graphiql\//, 'export const renderGraphiQL = undefined;'],
];
const ABSENT = 'export const [createServer, IncomingMessage, gzip] = [];';
/** CommonJS packages require these two, which a worker can only import. */
const REQUIRED = {
  assert: 'module.exports = (holds, message) => { if (!holds) throw new Error(message); };',
  graphql: "export * from 'graphql';",
};

const replaceModules: Plugin = {
  name: 'replace-modules',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:(http|zlib)$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: ABSENT, loader: 'js' }));
    onResolve({ filter: /^(assert|graphql(\/.*)?)$/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, namespace: 'required' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: path === 'assert' ? REQUIRED.assert : REQUIRED.graphql,
      loader: 'js',
    }));
    for (const [filter, contents] of REPLACED) onLoad({ filter }, () => ({ contents, loader: 'js' }));
  },
};

await build({
  ...shared,
  entryPoints: [join(OUT, 'worker.js')],
  chunkNames: 'worker/[name]-[hash]',
  platform: 'browser',
  conditions: ['workerd', 'worker'],
  external: [...shared.external, 'node:*'],
  plugins: [replaceModules],
});

for (const path of filesIn(OUT, '.js')) rmSync(path);
const declared = new Set(['index.d.ts', 'worker.d.ts'].flatMap((name) => [...declarations(join(OUT, name))]));
for (const path of filesIn(OUT, '.d.ts')) if (!declared.has(path)) rmSync(path);
for (const name of readdirSync(BUNDLED)) renameSync(join(BUNDLED, name), join(OUT, name));
rmSync(BUNDLED, { recursive: true });
// lmdb looks for the package of its binary by the name in the package.json beside its code.
writeFileSync(join(OUT, 'bundle/package.json'), JSON.stringify({ name: 'lmdb', type: 'module' }));
// Without it, the next build writes all modules anew.
rmSync(join(OUT, '.tsbuildinfo'), { force: true });
writeFileSync(join(OUT, 'THIRD-PARTY-LICENSES.txt'), licences(Object.keys(metafile.inputs)));

function filesIn(folder: string, ending: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter(({ name }) => name.endsWith(ending)).map((entry) => join(entry.parentPath, entry.name));
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
