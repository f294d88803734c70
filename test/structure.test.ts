import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lookups, resources } from '../src/resources/index.ts';

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
  const names = [...resources, ...lookups].map(({ name }) => name);
  expect(names).toContain(nameOf(folder));
  const parts = files(`resources/${folder}/`).filter((path) => /builder\.|Field\(|objectFields/.test(read(path)));
  const schema = read('schema.ts');
  expect(parts.filter((path) => !schema.includes(`'./${path}'`))).toEqual([]);
});

test.each(files('queries/').filter((path) => /builder\./.test(read(path))))('%s is in the schema', (path) => {
  expect(read('schema.ts')).toContain(`'./${path}'`);
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

const rooms: Record<string, RegExp> = {
  'freshsales/': /from '(graphql|@pothos|graphql-yoga|dataloader|\.\.\/)/,
  'quota/':
    /from '(graphql|@pothos|graphql-yoga|(\.\.\/)+((graph|resources|queries|sandbox|http|commands)\/|(config|connect|context|cost|schema|server)\.ts))/,
  'cost/': /from '\.\.\/(resources|queries|sandbox|server|http|schema|config)/,
  'graph/': /from '\.\.\/(resources|queries|sandbox|server|http)/,
  'access/': /from '\.\.\/(queries|sandbox|server|http|webhooks|schema|config|resources\/(?!index\.ts'))/,
  'mcp/': /from '(@pothos|(\.\.\/)+(resources|queries|sandbox|freshsales|context|schema|server))/,
  'sandbox/':
    /from '(graphql|@pothos|graphql-yoga|dataloader|ofetch|(\.\.\/)+(graph|access|context|server|schema|freshsales\/(?!resource)))/,
};

test.each(Object.entries(rooms))('%s keeps to its own imports', (room, forbidden) => {
  expect(files(room).filter((path) => forbidden.test(read(path)))).toEqual([]);
});

test('only quota/redis/ knows Redis, and everybody else gets to it by a dynamic import', () => {
  const others = files().filter((path) => !path.startsWith('quota/redis/'));
  const imports = /^import (?!type\b)[^;]*from '(ioredis|[^']*\/redis\/[^']*)'/m;
  expect(others.filter((path) => imports.test(read(path)))).toEqual([]);
});

test('only terminal.ts writes to a terminal', () => {
  const writing = /\bconsole\.\w+\(|process\.(stdout|stderr)\.write|process\.emitWarning/;
  expect(files().filter((path) => path !== 'terminal.ts' && writing.test(read(path)))).toEqual([]);
});
