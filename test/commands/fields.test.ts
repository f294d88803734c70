import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { runCommand } from './command-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'fields-'));
const file = join(folder, 'fields.json');

const customOf = (sdl: string, typeName: string): string[] => {
  const type = buildSchema(sdl).getType(`${typeName}CustomFields`);
  return isObjectType(type) ? Object.keys(type.getFields()) : [];
};

test('saves the field lists, and prints the same schema from them as from the account', async () => {
  const saved = await runCommand(folder, ['fields', '--out', file]);
  expect(saved).toMatchObject({ status: 0, stderr: '' });
  const lists = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { name: string; id: number }[]>;
  expect(Object.keys(lists).toSorted()).toEqual(['contacts', 'deals', 'sales_accounts', 'sales_activities']);
  // As the endpoint gives them: ids are numbers.
  expect(lists.contacts?.[0]).toMatchObject({ id: 1, name: 'first_name', default: true });
  const account = await runCommand(folder, ['schema', '--account']);
  expect(customOf(account.stdout, 'Contact')).toContain('renewalDate');
  expect((await runCommand(folder, ['schema', '--account', '--fields', file])).stdout).toBe(account.stdout);
  expect((await runCommand(folder, ['schema', '--fields', file])).stdout).toBe(account.stdout);
  expect((await runCommand(folder, ['fields'])).stdout).toBe(readFileSync(file, 'utf8'));
}, 60_000);

test('prints no typed fields without options', async () => {
  const { stdout } = await runCommand(folder, ['schema']);
  expect(customOf(stdout, 'Contact')).toEqual([]);
  expect(stdout).toBe(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
});

test.each([
  ['[]', 'is not a JSON object'],
  ['no JSON', 'is not a JSON object'],
  ['{}', 'has no lists of fields'],
  ['{"contacts": {"a": 1}}', '“contacts” is not a list of fields'],
])('refuses the file %s', async (text, problem) => {
  const bad = join(folder, 'bad.json');
  writeFileSync(bad, text);
  const { status, stdout, stderr } = await runCommand(folder, ['schema', '--fields', bad]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(problem);
  expect(stderr).toContain('freshsales-graphql fields --out FILE');
});

test('takes whole responses, skips what is no field, and warns of other keys', async () => {
  const odd = join(folder, 'odd.json');
  writeFileSync(odd, JSON.stringify({ deals: { fields: [1, null, { name: 'cf_a' }, { name: 5 }] }, contact: [] }));
  const { status, stdout, stderr } = await runCommand(folder, ['schema', '--fields', odd]);
  expect({ status, custom: customOf(stdout, 'Deal') }).toEqual({ status: 0, custom: ['a'] });
  expect(stderr).toContain('“contact”, which is ignored');
});

test('names a file that does not exist', async () => {
  const { status, stderr } = await runCommand(folder, ['schema', '--fields', join(folder, 'none.json')]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('cannot be read (ENOENT)') });
});
