// Bundles dist/ for the package. What runs is then what was tested: `overrides` of package.json, which hold dependencies at
// versions for Node 20, apply to this repository and not to those who install the package.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const OUT = 'dist';
const BUNDLED = 'dist-bundled';

/** GraphQL has to be the instance of the embedding program, and OpenTelemetry's API is shared by the process. */
const EXTERNAL = ['graphql', '@opentelemetry/api', 'msgpackr-extract'];

/** CommonJS packages call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const { metafile } = await build({
  entryPoints: [join(OUT, 'cli.js'), join(OUT, 'index.js')],
  outdir: BUNDLED,
  // Two levels below the root, like the modules in src/ that read package.json.
  chunkNames: 'bundle/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: EXTERNAL.flatMap((name) => [name, `${name}/*`]),
  banner: { js: REQUIRE },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

for (const path of scripts(OUT)) rmSync(path);
for (const name of readdirSync(BUNDLED)) renameSync(join(BUNDLED, name), join(OUT, name));
rmSync(BUNDLED, { recursive: true });
// lmdb looks for the package of its binary by the name in the package.json beside its code.
writeFileSync(join(OUT, 'bundle/package.json'), JSON.stringify({ name: 'lmdb', type: 'module' }));
// Without it, the next build writes all modules anew.
rmSync(join(OUT, '.tsbuildinfo'), { force: true });
writeFileSync(join(OUT, 'THIRD-PARTY-LICENSES.txt'), licences(Object.keys(metafile.inputs)));

function scripts(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter(({ name }) => name.endsWith('.js')).map((entry) => join(entry.parentPath, entry.name));
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
