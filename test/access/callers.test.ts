import { renameSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hashOf, parseCallers } from '../../src/access/callers-file.ts';
import { fieldsOfType } from '../../src/access/permissions.ts';
import { withCaller, withoutCaller } from '../../src/commands/callers.ts';
import { schema } from '../../src/server/schema.ts';
import { openOffice } from './office.ts';

const hash = 'a'.repeat(64);

const parse = (text: string) =>
  parseCallers(text, {
    path: 'callers.yaml',
    fieldsOf: fieldsOfType(schema),
    keyNamed: (name) => (name === 'UNSET' ? undefined : 'k'),
  }).callers;

const caller = (rest: string) => `callers:\n  - name: A\n    token: ${hash}\n${rest}`;

test.each([
  ['callers:\n  - name: A', /^callers\.yaml:2: token is missing\. Create one with/],
  ['callers:\n  - name: A\n    token: fsgql_x', /^callers\.yaml:3: token must be the SHA-256/],
  [caller('    grant: {}'), /^callers\.yaml:4: “grant” is unknown here\. Use one of name, token, key, grants/],
  [
    caller('    grants:\n      contact: read'),
    /^callers\.yaml:5: “contact” is unknown here\. Use one of appointments, contacts/,
  ],
  [caller('    grants:\n      contacts: reed'), /^callers\.yaml:5: access must be off, read, write or full/],
  [
    caller('    grants:\n      deals:\n        access: read\n        fields: [nam]'),
    /^callers\.yaml:7: Deal has no field “nam”\. It has/,
  ],
  [
    caller('    grants:\n      notes: { access: read, owner: "1" }'),
    /^callers\.yaml:5: notes have no owner in Freshsales/,
  ],
  [caller('    grants:\n      tasks: { access: read, views: [x] }'), /^callers\.yaml:5: tasks have no views/],
  [caller('    grants:\n      users: { access: read, fields: [email] }'), /^callers\.yaml:5: users cannot be narrowed/],
  [
    caller('    grants:\n      deals: { access: full, withhold: [delete] }'),
    /^callers\.yaml:5: withhold takes forget and bulkDelete/,
  ],
  [caller('    grants:\n      deals: { access: read, owner: me }'), /^callers\.yaml:5: owner must be the id of a user/],
  [caller('    allowance:\n      callsPerHour: 0'), /^callers\.yaml:5: /],
  [caller('    allowance: { priority: high }'), /^callers\.yaml:4: priority must be interactive, agent or bulk/],
  [caller('    key: UNSET'), /^callers\.yaml:4: the environment variable UNSET is not set\. Set it/],
  [caller('    key: kS3cr3t-value'), /^callers\.yaml:4: key must be the NAME of the environment variable/],
  [caller('    trustedDocuments: ./none.json'), /^callers\.yaml:4: .*none\.json cannot be read/],
  [`${caller('')}  - name: A\n    token: ${'b'.repeat(64)}`, /^callers\.yaml:4: there are two callers “A”/],
  [`${caller('')}  - name: B\n    token: ${hash}`, /^callers\.yaml:5: two callers have this token/],
  ['callers: [', /^callers\.yaml:\d+: .*Fix the YAML here/],
  ['callers: 1', /^callers\.yaml:1: callers must be a list/],
])('%s', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('never repeats a token or key in a message', () => {
  for (const text of [caller('    key: kS3cr3t-value'), 'callers:\n  - name: A\n    token: kS3cr3t-value'])
    expect(() => parse(text)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('kS3cr3t') }));
});

test('applies an edit, and reports a broken one once without applying it', async () => {
  const { ask, write, path, warnings, sandbox } = await openOffice({ Reader: 'grants: { contacts: read }' });
  const codes = async () => (await ask('Reader', '{ deals { nodes { name } } }')).codes;
  expect(await codes()).toEqual(['FORBIDDEN']);
  write({ Reader: 'grants: { deals: read }' });
  await expect.poll(codes).toEqual([]);
  expect(await ask('Reader', '{ contacts { nodes { id } } }')).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });

  writeFileSync(path, 'callers:\n  - name: [');
  await expect.poll(() => warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/callers\.yaml:2: .*\nThe previous callers stay in effect until this is fixed\.$/s);
  expect(await codes()).toEqual([]);

  // Editors put a new file in the place of the old one.
  writeFileSync(`${path}.new`, 'callers: []\n');
  renameSync(`${path}.new`, path);
  await expect.poll(async () => (await ask('Reader', '{ viewer { name } }')).status).toBe(401);
  expect(warnings).toHaveLength(1);
  expect(sandbox.requests.length).toBeGreaterThan(0);
});

test('finishes an operation with the grants it began with', async () => {
  const { ask, write } = await openOffice({ Reader: 'grants: { contacts: read, users: read }' }, { delayMs: 150 });
  const running = ask('Reader', '{ contacts(first: 2) { nodes { displayName owner { displayName } } } }');
  write({ Reader: 'grants: { deals: read }' });
  const { data, errors } = await running;
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toContain('displayName');
});

test('keeps the rest of the file when a caller is added, and stores only the hash of the token', async () => {
  const { path } = await openOffice({ Reader: 'grants: { contacts: read }' });
  writeFileSync(
    path,
    `# ours\ncallers:\n  # the first\n  - name: Reader # reads\n    token: ${hash}\n    grants: { contacts: read }\n`,
  );
  const { text, token } = withCaller(path, { name: 'Sales Agent', grants: { deals: 'write' } });
  expect(text).toContain('# ours\ncallers:\n  # the first\n  - name: Reader # reads\n');
  expect(token).toMatch(/^fsgql_[\w-]{43}$/);
  expect(text).not.toContain(token);
  expect(parse(text)[1]).toMatchObject({
    name: 'Sales Agent',
    token: hashOf(token),
    grants: { deals: { access: 'write' } },
  });
  writeFileSync(path, text);
  expect(() => withCaller(path, { name: 'Reader', grants: {} })).toThrow(/already has a caller “Reader”/);
  expect(parse(withoutCaller(path, 'Reader')).map(({ name }) => name)).toEqual(['Sales Agent']);
  expect(() => withoutCaller(path, 'Nobody')).toThrow(/has no caller “Nobody”\. It has Reader, Sales Agent\./);
});
