import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { printSdl, schema } from '../src/server/schema.ts';

const run = promisify(execFile);

/** Compiles GraphQL documents against the schema, and gives the folder of the artifacts. */
export async function compileRelay(
  documents: readonly string[],
  config: Readonly<Record<string, unknown>>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'schema.graphql'), printSdl(schema));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'relay.config.json'),
    JSON.stringify({ src: './src', schema: './schema.graphql', ...config }),
  );
  const extension = config.language === 'typescript' ? 'ts' : 'js';
  const source = documents.map((document) => `graphql\`${document}\`;`).join('\n');
  writeFileSync(join(folder, 'src', `Documents.${extension}`), source);
  await run(join(import.meta.dirname, '../node_modules/.bin/relay-compiler'), ['relay.config.json'], { cwd: folder });
  return join(folder, 'src/__generated__');
}
