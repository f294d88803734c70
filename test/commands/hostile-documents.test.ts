import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOperations } from '../../src/commands/read-operations.ts';
import { schema } from '../../src/server/schema.ts';
import { hostileDocuments } from '../hostile-documents.ts';

test.each(Object.entries(hostileDocuments))('the plan command refuses %s quickly', (_name, text) => {
  const file = join(mkdtempSync(join(tmpdir(), 'plan-')), 'hostile.graphql');
  writeFileSync(file, text);
  const { operations, problems } = readOperations([file], schema);
  expect(problems.length + operations.length).toBeGreaterThan(0);
});
