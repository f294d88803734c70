import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { printSdl, schema } from '../src/server/schema.ts';

const run = promisify(execFile);

/** Every connection of the schema: the type that has it, and the field. */
const connections = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields())
      // Changes are no records: they have cursors, but no ids.
      .filter((field) => /(?<!Change)Connection$/.test(String(field.type)))
      .map((field) => ({ type: type.name, field: field.name })),
  );

/** A filter cannot do without its rules. */
const rules = (field: string) =>
  field.startsWith('filter') ? 'where: [{ attribute: "name", operator: IS, value: "x" }], ' : '';

const fragment = ({ type, field }: (typeof connections)[number]) => `
graphql\`
  fragment Connections_${type}_${field} on ${type}
  @refetchable(queryName: "Connections${type}${field}Query")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    ${field}(${rules(field)}first: $count, after: $cursor) @connection(key: "Connections_${type}_${field}") {
      totalCount
      edges { cursor node { id __typename } }
      pageInfo { hasNextPage endCursor }
    }
  }
\`;`;

test('Relay compiles a paginated, refetchable fragment over every connection', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'schema.graphql'), printSdl(schema));
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(
    join(folder, 'relay.config.json'),
    JSON.stringify({ src: './src', schema: './schema.graphql', language: 'javascript', eagerEsModules: true }),
  );
  writeFileSync(join(folder, 'src', 'Connections.js'), connections.map(fragment).join('\n'));
  const compiler = join(import.meta.dirname, '../node_modules/.bin/relay-compiler');
  await run(compiler, ['relay.config.json'], { cwd: folder });
  const artifacts = readdirSync(join(folder, 'src/__generated__'));
  expect(connections.length).toBeGreaterThan(20);
  expect(artifacts).toHaveLength(connections.length * 2);
});
