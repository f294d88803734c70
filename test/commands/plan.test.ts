import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

// The command as a front end's CI runs it: built, in a process of its own. `npm test` builds first.
const cli = join(import.meta.dirname, '../../dist/cli.js');

/** Runs it over files with these texts, in a folder of their own; without an account, and with nothing in the environment. */
function plan(files: Record<string, string>, ...args: string[]) {
  const cwd = mkdtempSync(join(tmpdir(), 'plan-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'plan', ...Object.keys(files), ...args], {
    ...{ cwd, env: {}, encoding: 'utf8' },
  });
  return { status, stdout, stderr };
}

const contacts = {
  'contacts.graphql': 'query Contacts { contacts(view: 1, first: 25) { nodes { primarySalesAccount { phone } } } }',
};

test('prints each operation of each file, its calls and advice', () => {
  const { status, stdout, stderr } = plan({
    ...contacts,
    'two.graphql': 'query A { owners { id } } query B { dealStages { id } }',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toBe(
    `contacts.graphql: query Contacts
  1 to 2 calls; 69 at the most where includes are not honoured
  1. GET /contacts/view/{id} include=sales_accounts
     once: contacts
  2. POST /filtered_search/sales_account
     perhaps once, only for records whose row lacks phone: contacts.nodes.primarySalesAccount
  advice: \`first: 100\` in \`contacts\` costs the same as 25.

two.graphql: query A
  1 call; 1 at the most where includes are not honoured
  1. GET /selector/owners
     once: owners

two.graphql: query B
  1 call; 1 at the most where includes are not honoured
  1. GET /selector/deal_stages
     once: dealStages
`,
  );
});

describe('--limit', () => {
  test.each([
    [['--limit', '2'], 0],
    [['--limit', '1'], 1],
    [['--limit', '1', '--lower'], 0],
    [['--limit', '0', '--lower'], 1],
    [['--limit', '68', '--worst'], 1],
    [['--limit', '69', '--worst'], 0],
  ])('%j exits with %i', (args, status) => {
    expect(plan(contacts, ...args).status).toBe(status);
  });

  test('says which operation is over it', () => {
    expect(plan(contacts, '--limit', '1').stderr).toBe(
      'contacts.graphql: query Contacts may cost 2 calls, over the limit of 1.\n',
    );
  });
});

describe('variables', () => {
  const file = {
    'a.graphql':
      'query A($id: ID!, $first: Int = 3) { contact(id: $id) { id } contacts(view: 1, first: $first) { nodes { activities { type } } } }',
  };

  test('have their defaults; for what is missing, something is assumed and told', () => {
    const { stdout } = plan(file);
    expect(stdout).toContain('assuming $id is "1"');
    expect(stdout).toContain('2 to 5 calls');
  });

  test('can be given', () => {
    const { stdout } = plan(file, '--variables', '{ "first": 7, "id": "2", "other": true }');
    expect(stdout).not.toContain('assuming');
    expect(stdout).toContain('2 to 9 calls');
  });

  test.each([['{'], ['[]'], ['nonsense']])('that are no JSON object are refused: %s', (text) => {
    expect(plan(file, '--variables', text)).toMatchObject({
      ...{ status: 1, stdout: '' },
      stderr: expect.stringContaining('--variables is not valid. Give a JSON object'),
    });
  });
});

test('--json prints the plans', () => {
  const { stdout } = plan(contacts, '--json');
  expect(JSON.parse(stdout)).toMatchObject([
    {
      file: 'contacts.graphql',
      operation: 'query Contacts',
      assumed: {},
      withinLimit: true,
      plan: { lowerBound: 1, upperBoundIfHonoured: 2 },
    },
  ]);
});

test('fragments may stand in another file', () => {
  const { status, stdout } = plan({
    'query.graphql': 'query A { contacts(view: 1) { nodes { ...Row } } }',
    'row.graphql': 'fragment Row on Contact { owner { displayName } }',
  });
  expect(status).toBe(0);
  expect(stdout).toContain('include=owner');
});

test.each([
  [{ 'a.graphql': '{ contcts { id } }' }, /^freshsales-graphql: a\.graphql:1:3: Cannot query field "contcts"/],
  [{ 'a.graphql': '{ contacts {' }, /^freshsales-graphql: a\.graphql:1:13: Syntax Error/],
  [{ 'a.graphql': 'fragment F on Contact { id }' }, /There are no operations in these files\./],
])('what is not valid is told in one line: %j', (files, message) => {
  const { status, stdout, stderr } = plan(files as Record<string, string>);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
