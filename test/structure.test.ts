import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { lookups } from '../src/lookups/index.ts';
import { recordTypes } from '../src/resources/index.ts';

const src = new URL('../src/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, src), 'utf8');
const files = (room = '') =>
  readdirSync(new URL(room, src), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${room}${path}`);
const folders = readdirSync(new URL('resources/', src), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const nameOf = (folder: string) => folder.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase());

test.each(folders)('resources/%s is registered in both lists', (folder) => {
  const names = [...recordTypes, ...lookups].map(({ name }) => name);
  expect(names).toContain(nameOf(folder));
  const parts = files(`resources/${folder}/`).filter((path) => /builder\.|Field\(|objectFields/.test(read(path)));
  const schema = read('server/schema.ts');
  expect(parts.filter((path) => !schema.includes(`'../${path}'`))).toEqual([]);
});

test.each(files('queries/').filter((path) => /builder\./.test(read(path))))('%s is in the schema', (path) => {
  expect(read('server/schema.ts')).toContain(`'../${path}'`);
});

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
  ...['terminal.ts', 'text-file.ts', 'freshsales', 'stores', 'quota', 'cache', 'records', 'planner', 'schema'],
  ...['mutations', 'lookups', 'resources', 'sandbox', 'queries', 'access', 'mcp', 'config', 'server', 'commands'],
  ...['index.ts', 'cli.ts'],
];

/** Imports that still point the wrong way. The list only gets shorter. */
const EXCEPTIONS = new Set([
  'records > schema',
  ...['resources > queries', 'resources > sandbox', 'stores > quota', 'stores > cache'],
]);

const layerOf = (path: string): string => path.split('/')[0] ?? path;
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

test('of the resources, only sandbox.ts imports the sandbox', () => {
  const others = files('resources/').filter((path) => !/\/sandbox[^/]*\.ts$/.test(path));
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

test('only terminal.ts writes to a terminal', () => {
  const writing = /\bconsole\.\w+\(|process\.(stdout|stderr)\.write|process\.emitWarning/;
  expect(files().filter((path) => path !== 'terminal.ts' && writing.test(read(path)))).toEqual([]);
});

test('only config/ reads the environment', () => {
  expect(files().filter((path) => !path.startsWith('config/') && read(path).includes('process.env'))).toEqual([]);
});
