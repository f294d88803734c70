import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { cliPath, folderOf, runCommand } from './command-host.ts';

// The built command, as a front end's CI runs it. `npm test` builds first.
const planned = (files: Record<string, string>) => Object.keys(files).filter((name) => !name.endsWith('.json'));

/** Plans these files; without an account, and with nothing in the environment. */
const plan = (files: Record<string, string>, ...args: string[]) =>
  runCommand(folderOf(files), ['plan', ...planned(files), ...args]);

const contacts = {
  'contacts.graphql': 'query Contacts { contacts(view: 1, first: 25) { nodes { primarySalesAccount { phone } } } }',
};

test('prints each operation of each file with its calls and hints', async () => {
  const { status, stdout, stderr } = await plan({
    ...contacts,
    'two.graphql': 'query A { owners { id } } query B { dealStages { id } }',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toBe(
    `contacts.graphql: query Contacts
  1 to 2 calls; up to 107 calls on an account that ignores includes
  1. GET /contacts/view/{id} include=sales_accounts
     once: contacts
  2. POST /filtered_search/sales_account
     at most once, only for records whose row lacks phone: contacts.nodes.primarySalesAccount
  hint: \`first: 100\` in \`contacts\` costs the same as 25.

two.graphql: query A
  1 call
  1. GET /selector/owners
     once: owners

two.graphql: query B
  1 call
  1. GET /selector/deal_stages
     once: dealStages
`,
  );
});

test('sets the exit code of its process', () => {
  const run = (limit: string) =>
    spawnSync(process.execPath, [cliPath, 'plan', ...planned(contacts), '--limit', limit], {
      ...{ cwd: folderOf(contacts), env: {}, encoding: 'utf8' },
    });
  expect(run('2')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^contacts\.graphql: /), stderr: '' });
  expect(run('1')).toMatchObject({ status: 1, stderr: expect.stringContaining('over the limit of 1') });
});

describe('--limit', () => {
  test.each([
    [['--limit', '2'], 0],
    [['--limit', '1'], 1],
    [['--limit', '1', '--lower'], 0],
    [['--limit', '0', '--lower'], 1],
    [['--limit', '106', '--worst'], 1],
    [['--limit', '107', '--worst'], 0],
  ])('%j exits with %i', async (args, status) => {
    expect((await plan(contacts, ...args)).status).toBe(status);
  });

  test('names the operations over the limit', async () => {
    expect((await plan(contacts, '--limit', '1')).stderr).toBe(
      'contacts.graphql: query Contacts may cost 2 calls, over the limit of 1.\n',
    );
  });

  test('writes “1 call”, and names the bound that is compared', async () => {
    expect((await plan({ 'a.graphql': '{ owners { id } }' }, '--limit', '0')).stderr).toBe(
      'a.graphql: query (unnamed) may cost 1 call, over the limit of 0.\n',
    );
    expect((await plan({ 'a.graphql': '{ owners { id } }' }, '--limit', '0', '--lower')).stderr).toBe(
      'a.graphql: query (unnamed) costs at least 1 call, over the limit of 0.\n',
    );
  });

  test('counts assumed variables', async () => {
    const expected: [text: string, calls: number][] = [
      ['query($s: Boolean!) { contacts(view: 1, first: 100) @skip(if: $s) { nodes { activities { type } } } }', 101],
      [
        'query($x: Boolean!) { contacts(view: 1, first: 100) @include(if: $x) @skip(if: $x) { nodes { activities { type } } } }',
        101,
      ],
      ['query($a: ID!, $b: ID!) { a: contact(id: $a) { id } b: contact(id: $b) { id } }', 2],
      ['query($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { id } }', 2],
      ['query($a: ID!) { ...F } fragment F on Query { node(id: $a) { id } }', 1],
      ['query($c: String!) { contacts(view: 1, first: 5, after: $c) { nodes { id } } }', 1],
      ['query($n: Int!) { contacts(view: 1, first: $n) { nodes { id } } }', 6],
      ['query($v: ID!) { contacts(view: $v) { nodes { id } } }', 2],
    ];
    const files = Object.fromEntries(expected.map(([text], index) => [`${index}.graphql`, text]));
    const { status, stdout, stderr } = await plan(files, '--json', '--limit', '0');
    expect(status).toBe(1);
    expect((JSON.parse(stdout) as { bound: number }[]).map(({ bound }) => bound)).toEqual(
      expected.map(([, calls]) => calls),
    );
    const told = stderr.match(
      /^\d\.graphql: .*over the limit of 0\. Variables were assumed; set them with --variables\.$/gm,
    );
    expect(told).toHaveLength(expected.length);
  });
});

describe('variables', () => {
  const file = {
    'a.graphql':
      'query A($id: ID!, $first: Int = 3) { contact(id: $id) { id } contacts(view: 1, first: $first) { nodes { activities { type } } } }',
  };

  test('have their defaults; missing values are assumed and listed', async () => {
    const { stdout } = await plan(file);
    expect(stdout).toContain('assuming $id is "2"');
    expect(stdout).toContain('2 to 5 calls');
  });

  test('can be given', async () => {
    const { stdout } = await plan(file, '--variables', '{ "first": 7, "id": "2", "other": true }');
    expect(stdout).not.toContain('assuming');
    expect(stdout).toContain('2 to 9 calls');
  });

  test.each([['{'], ['[]'], ['nonsense']])('that are not a JSON object are refused: %s', async (text) => {
    expect(await plan(file, '--variables', text)).toMatchObject({
      ...{ status: 1, stdout: '' },
      stderr: expect.stringContaining('--variables is not valid. Provide a JSON object'),
    });
  });
});

describe('variables of several operations', () => {
  const file = {
    'a.graphql': 'query A($n: Int!) { contacts(view: 1, first: $n) { nodes { id } } }',
    'b.graphql': 'query B($n: ID!) { contact(id: $n) { id } }',
  };

  test('can be given per operation', async () => {
    const { status, stdout } = await plan(file, '--variables', '{ "n": 7, "A": { "n": 300 } }');
    expect(status).toBe(0);
    expect(stdout).toContain('1 to 4 calls');
    expect(stdout).not.toContain('assuming');
  });

  test('with wrong values are named, and the other operations are planned', async () => {
    const { status, stdout, stderr } = await plan(file, '--variables', '{ "n": "x" }');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^b\.graphql: query B\n/);
    expect(stderr).toBe(
      'freshsales-graphql: a.graphql:1:9: Variable "$n" got invalid value "x"; Int cannot represent non-integer value: "x"\n',
    );
  });

  test('may be in a file with a byte order mark', async () => {
    const files = { ...file, 'variables.json': '\uFEFF{ "n": 7 }' };
    expect(await plan(files, '--variables', 'variables.json')).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    ['folder/', 'freshsales-graphql: --variables is not valid. folder/ is a directory. Name a file.\n'],
    ['deep.json', 'freshsales-graphql: a.graphql:1:9: Variable "$n" got invalid value [[[Array]]];'],
  ])('are refused in one line: %s', async (name, message) => {
    const deep = `{ "n": ${'['.repeat(100_000)}${']'.repeat(100_000)} }`;
    const { 'a.graphql': text } = file;
    const cwdFiles = { 'a.graphql': text, ...(name === 'deep.json' && { 'deep.json': deep }) };
    const { status, stderr } = await plan(
      { ...cwdFiles, ...(name === 'folder/' && { 'folder/': '' }) },
      '--variables',
      name,
    );
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});

test('lists undecided conditions and shortens long values', async () => {
  const { stdout } = await plan({
    'a.graphql':
      'query($s: Boolean!, $ids: [ID!]!) { owners @skip(if: $s) { id } nodes(ids: $ids) { ... on Deal { name } } }',
  });
  expect(stdout).toContain('  counting all fields for any $s\n');
  expect(stdout).toMatch(/assuming \$ids is \["gid:\/\/freshsales\/Contact\/1",.*… \(500 of them\)\n/);
  expect(stdout).toContain('  2. GET /contacts/{id}\n     up to 500 times: nodes\n');
});

test('--json prints the plans', async () => {
  const { stdout } = await plan(contacts, '--json');
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

test('fragments may be in another file', async () => {
  const { status, stdout } = await plan({
    'query.graphql': 'query A { contacts(view: 1) { nodes { ...Row } } }',
    'row.graphql': 'fragment Row on Contact { owner { displayName } }',
  });
  expect(status).toBe(0);
  expect(stdout).toContain('include=owner');
});

test.each([
  [{ 'a.graphql': '{ contcts { id } }' }, /^freshsales-graphql: a\.graphql:1:3: Cannot query field "contcts"/],
  [{ 'a.graphql': 'fragment F on Contact { id }' }, /There are no operations in these files\./],
])('each problem is one line: %j', async (files, message) => {
  const { status, stdout, stderr } = await plan(files as Record<string, string>);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

describe('of several files', () => {
  const good = { 'good.graphql': '{ owners { id } }' };
  const bad = { 'bad.graphql': 'fragment G on Contact { bogus }' };

  test('every problem is one line, and valid operations are planned', async () => {
    const list = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const fields = `${'nodes { primarySalesAccount { '.repeat(600)} id ${'} }'.repeat(600)}`;
    const { status, stdout, stderr } = await plan({
      'empty.graphql': '',
      'syntax.graphql': '{ contacts {',
      'wrong.graphql': '{ contcts { id } delas { id } }',
      'same.graphql': 'query A { owners { id } } query A { owners { id } }',
      'unnamed.graphql': 'query A { owners { id } } { owners { id } }',
      'subscription.graphql': 'subscription { changes { cursor } }',
      'list.graphql': `{ contact(id: ${list}) { id } }`,
      'fields.graphql': `{ contacts { ${fields} } }`,
      'folder/': '',
      ...good,
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^good\.graphql: query \(unnamed\)\n/);
    const expected = [
      /^empty\.graphql:1:1: Syntax Error: Unexpected <EOF>/,
      /^syntax\.graphql:1:13: Syntax Error/,
      /^folder\/ is a directory. Name a file\.$/,
      /^list\.graphql:1:1: Syntax Error: the document is nested too deeply\.$/,
      /^wrong\.graphql:1:3: Cannot query field "contcts"/,
      /^wrong\.graphql:1:18: Cannot query field "delas"/,
      /^same\.graphql:1:7: There can be only one operation named "A"\.$/,
      /^unnamed\.graphql:1:27: This anonymous operation must be the only defined operation\.$/,
      /^subscription\.graphql:1:1: Subscriptions are not supported\. Use queries and mutations\.$/,
      /^fields\.graphql/,
    ];
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => line.replace(/^freshsales-graphql: /, ''));
    expect(lines.toSorted()).toEqual(
      expected.toSorted((a, b) => (a.source < b.source ? -1 : 1)).map((each) => expect.stringMatching(each)),
    );
  });

  test('a problem in a fragment is reported once, with its file', async () => {
    const taker = { 'taker.graphql': '{ contacts(view: 1) { nodes { ...G } } }' };
    const { status, stdout, stderr } = await plan({ ...good, ...taker, ...bad });
    expect(status).toBe(1);
    expect(stdout).toContain('good.graphql');
    expect(stdout).not.toContain('taker.graphql');
    expect(stderr).toMatch(/^freshsales-graphql: bad\.graphql:1:25: Cannot query field "bogus".*\n$/);
  });

  test('a duplicate fragment is reported with both places', async () => {
    const fragment = 'fragment F on Contact { id }';
    const { status, stdout, stderr } = await plan({
      ...good,
      ...{ 'one.graphql': fragment, 'two.graphql': fragment },
      'taker.graphql': '{ contacts(view: 1) { nodes { ...F } } }',
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^good\.graphql/);
    expect(stdout).not.toContain('taker.graphql');
    expect(stderr).toBe(
      'freshsales-graphql: two.graphql:1:10: There can be only one fragment named "F". Another is at one.graphql:1:10.\n',
    );
  });

  test('each may have an operation of the same name', async () => {
    const text = 'query A { owners { id } }';
    expect(await plan({ 'one.graphql': text, 'two.graphql': text })).toMatchObject({ status: 0, stderr: '' });
  });
});
