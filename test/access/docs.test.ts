import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCallers } from '../../src/access/callers-file.ts';
import { KINDS, WITHHOLDABLE } from '../../src/access/grant.ts';
import { fieldsOfType } from '../../src/access/permissions.ts';
import { ACCESSES } from '../../src/records/context.ts';
import { schema } from '../../src/server/schema.ts';
import { openOffice } from './office.ts';

const text = readFileSync(new URL('../../docs/callers.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
const manifest = JSON.stringify({ abc: '{ contacts(first: 1) { nodes { id } } }' });

/** What stands below the name and token of a worked caller. */
const bodyOf = (name: string): string => {
  const block = blocks.find((yaml) => yaml.includes(`- name: ${name}\n`)) ?? '';
  return block
    .split('\n')
    .slice(3)
    .map((line) => line.slice(4))
    .join('\n');
};

test('accepts each example file', async () => {
  const { folder } = await openOffice({ Reader: 'grants: {}' });
  writeFileSync(join(folder, 'persisted-documents.json'), manifest);
  const options = {
    path: join(folder, 'callers.yaml'),
    fieldsOf: fieldsOfType(schema),
    keyNamed: (name: string) => name,
  };
  expect(blocks.flatMap((yaml) => parseCallers(yaml, options).callers.map(({ name }) => name))).toEqual([
    'Reader',
    'Sales Agent',
    'Importer',
    'Tidy Agent',
  ]);
});

test('documents every kind, access and part that can be withheld', () => {
  const missing = [...KINDS, ...ACCESSES, ...WITHHOLDABLE].filter((word) => !text.includes(word));
  expect(missing, 'describe these in docs/callers.md').toEqual([]);
});

test('lets the reader read what the page says, and no more', async () => {
  const { ask } = await openOffice({ Reader: bodyOf('Reader') });
  const page =
    '{ contacts(first: 25) { nodes { displayName jobTitle owner { displayName } salesAccounts { nodes { name } } tasks { nodes { title } } } } }';
  expect((await ask('Reader', page)).codes).toEqual([]);
  for (const query of [
    '{ contacts { nodes { mobileNumber } } }',
    '{ salesAccounts { nodes { openDealsAmount } } }',
    '{ salesAccounts { nodes { customField(name: "cf_credit_limit") } } }',
    '{ deals { nodes { name } } }',
    '{ search(query: "a") { recordId } }',
  ])
    expect({ query, ...(await ask('Reader', query)) }).toMatchObject({ query, codes: ['FORBIDDEN'], requests: [] });
});

test('shows the sales agent its own deals with their stages and companies', async () => {
  const { ask } = await openOffice({ Agent: bodyOf('Sales Agent') });
  const { data, codes } = await ask(
    'Agent',
    '{ deals(first: 5) { nodes { name stage { name } salesAccount { name } } } viewer { allowance { priority } } }',
  );
  expect({ data, codes }).toEqual({
    data: { deals: { nodes: [] }, viewer: { allowance: { priority: 'interactive' } } },
    codes: [],
  });
  expect((await ask('Agent', '{ deals { totalCount } }')).codes).toEqual(['FORBIDDEN']);
});

test('lets the importer send its documents', async () => {
  const { ask, send, tokens } = await openOffice(
    { Importer: bodyOf('Importer') },
    { files: { 'persisted-documents.json': manifest } },
  );
  expect((await ask('Importer', '{ contacts { totalCount } }')).codes).toEqual(['FORBIDDEN']);
  expect(await (await send(tokens.Importer, { documentId: 'abc' })).json()).toMatchObject({ data: { contacts: {} } });
});

test('quotes only sentences that the log contains', async () => {
  const { ask, audited } = await openOffice({ Reader: bodyOf('Reader') });
  await ask('Reader', '{ contactViews { id } }');
  await ask('Reader', '{ contacts(first: 25) { nodes { displayName tasks { nodes { title } } } } }');
  await ask('Reader', '{ deals { nodes { name } } }');
  const quoted = text.split('\n').filter((line) => /^Reader (read|was)/.test(line));
  const written = audited()
    .slice(1)
    .map(({ sentence }) => sentence.replace('198 left', '199 left'));
  expect(written).toEqual(quoted);
});
