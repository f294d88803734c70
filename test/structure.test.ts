import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { lookups } from '../src/lookups/index.ts';
import { schema } from '../src/server/schema.ts';

const src = new URL('../src/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, src), 'utf8');
const files = (room = '') =>
  readdirSync(new URL(room, src), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${room}${path}`);
const folders = readdirSync(new URL('resources/', src), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const camelCase = (folder: string) => folder.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
const isExample = (folder: string) => folder === '_example';
const isRecordType = (folder: string) => existsSync(new URL(`resources/${folder}/record.ts`, src));

test.each(folders.filter(isRecordType))('resources/%s has a file for each part of a record type', (folder) => {
  const parts = ['record.ts', 'type.ts', 'inputs.ts', 'mutations.ts', 'sandbox.ts', 'index.ts'];
  expect(files(`resources/${folder}/`)).toEqual(
    expect.arrayContaining(parts.map((part) => `resources/${folder}/${part}`)),
  );
});

test.each(folders.filter((folder) => isRecordType(folder) && !isExample(folder)))(
  'resources/%s is listed in src/resources/record-types.ts',
  (folder) => {
    expect(read('resources/record-types.ts')).toContain(
      `export * as ${camelCase(folder)} from './${folder}/index.ts';`,
    );
  },
);

const addsToSchema = (path: string) => /builder\.|lookupType\(|namedLookupType\(/.test(read(path));
const schemaFiles = [...files('queries/'), ...files('lookups/').filter((path) => !path.endsWith('/lookup-type.ts'))];

test.each(schemaFiles.filter(addsToSchema))('%s is imported by src/server/schema.ts', (path) => {
  expect(read('server/schema.ts')).toContain(`'../${path}'`);
});

test.each(lookups.map(({ name }) => name))(
  'the lookup %s of src/lookups/lookup-types.ts has a GraphQL type',
  (name) => {
    expect(schema.getType(name)?.name).toBe(name);
  },
);

test.each(files())('%s stays under 300 lines', (path) => {
  expect(read(path).split('\n').length).toBeLessThanOrEqual(300);
});

const beside = ['bench', 'test'].flatMap((room) =>
  readdirSync(new URL(`../${room}/`, src), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/node_modules|generated/.test(path))
    .map((path) => `${room}/${path}`),
);

test.each(beside)('%s stays under 300 lines', (path) => {
  expect(read(`../${path}`).split('\n').length).toBeLessThanOrEqual(300);
});

/** A folder imports from those before it, and from none after it. */
const LAYERS = [
  ...[
    'terminal.ts',
    'text-file.ts',
    'yaml-file.ts',
    'maps.ts',
    'maybe-promise.ts',
    'freshsales',
    'stores',
    'quota',
    'cache',
    'records',
    'planner',
    'schema',
  ],
  ...[
    'mutations',
    'lookups',
    'resources',
    'sandbox',
    'queries',
    'access',
    'events',
    'observability',
    'mcp',
    'config',
    'server',
    'export',
    'library',
    'commands',
  ],
  ...['index.ts', 'worker.ts', 'cli.ts'],
];

const layerOf = (path: string): string => path.split('/')[0] ?? path;

const contributing = readFileSync(new URL('../CONTRIBUTING.md', import.meta.url), 'utf8');

test('CONTRIBUTING.md lists the layers in this order', () => {
  const [, chain = ''] = /```\n(freshsales ←[^`]*)```/.exec(contributing) ?? [];
  const folders = LAYERS.filter((layer) => !layer.endsWith('.ts'));
  expect(chain.trim().split(/\s*←\s*/)).toEqual([...folders, 'cli']);
});

test.each([...new Set(files().map((path) => layerOf(path)))])(
  'the table in CONTRIBUTING.md says what src/%s is',
  (name) => {
    const rows = contributing.split('\n').filter((line) => line.startsWith('| `src/'));
    expect(rows.some((row) => row.includes(`\`src/${name}\``) || row.includes(`\`src/${name}/\``))).toBe(true);
  },
);

/** Imports that still point the wrong way. The list only gets shorter. */
const EXCEPTIONS = new Set(['resources > sandbox']);

const importsOf = (path: string): string[] =>
  [...read(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) =>
    layerOf(join(dirname(path), target)),
  );

test.each(files())('%s imports from lower layers only', (path) => {
  const from = layerOf(path);
  const wrong = importsOf(path).filter(
    (to) => LAYERS.indexOf(to) > LAYERS.indexOf(from) && !EXCEPTIONS.has(`${from} > ${to}`),
  );
  expect(wrong).toEqual([]);
  expect(LAYERS).toContain(from);
});

test('of the resources, only sandbox.ts and the list import the sandbox', () => {
  const others = files('resources/').filter((path) => !/\/sandbox[^/]*\.ts$|^resources\/index\.ts$/.test(path));
  expect(others.filter((path) => importsOf(path).includes('sandbox'))).toEqual([]);
});

test('of the sandbox, only sandbox.ts and the seed import record types and lookups', () => {
  const engine = files('sandbox/').filter((path) => path !== 'sandbox/sandbox.ts' && !path.startsWith('sandbox/seed/'));
  const outside = ['freshsales', 'sandbox', 'terminal.ts'];
  expect(engine.filter((path) => importsOf(path).some((layer) => !outside.includes(layer)))).toEqual([]);
});

test('only stores/redis/ knows Redis, and everybody else gets to it by a dynamic import', () => {
  const others = files().filter((path) => !path.startsWith('stores/redis/'));
  const imports = /^import (?!type\b)[^;]*from '(ioredis|[^']*\/redis\/[^']*)'/m;
  expect(others.filter((path) => imports.test(read(path)))).toEqual([]);
});

test('only stores/embedded/ knows LMDB, and everybody else gets to it by a dynamic import', () => {
  const others = files().filter((path) => !path.startsWith('stores/embedded/'));
  const imports = /^import (?!type\b)[^;]*from '(lmdb|[^']*\/embedded\/[^']*)'/m;
  expect(others.filter((path) => imports.test(read(path)))).toEqual([]);
});

test('only terminal.ts writes to a terminal', () => {
  const writing = /\bconsole\.\w+\(|process\.(stdout|stderr)\.write|process\.emitWarning/;
  expect(files().filter((path) => path !== 'terminal.ts' && writing.test(read(path)))).toEqual([]);
});

test('only config/ reads the environment', () => {
  expect(files().filter((path) => !path.startsWith('config/') && read(path).includes('process.env'))).toEqual([]);
});
