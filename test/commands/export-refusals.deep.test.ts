import { expect, onTestFinished, test, vi } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { contactsSeed, openTransfers } from './transfer-host.ts';

// Commands start slowly on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

async function open(options: SandboxOptions = {}, files: Record<string, string> = {}) {
  const transfers = await openTransfers(options, files);
  onTestFinished(() => transfers.close());
  return transfers;
}

test.each([
  [['export', 'notes'], 'cannot be exported. Use one of contacts'],
  [['export', 'leads'], 'Only Freshsales Classic has leads'],
  [['export', 'contacts', '--format', 'xml'], '--format is not valid. Set it to csv or jsonl.'],
  [['export', 'contacts', '--fields', 'emial'], 'Contact has no field “emial” (in “emial”). Did you mean email'],
  [['export', 'contacts', '--fields', 'email,,city'], '--fields has an empty name'],
  [['export', 'contacts', '--since', 'yesterday'], '--since is not valid'],
  [['export', 'contacts', '--where', '{"city":'], '--where is not a JSON object'],
  [['export', 'contacts', '--where', '{"town":{"is":"x"}}'], 'Field "town" is not defined by type "ContactFilter"'],
  [
    ['export', 'contacts', '--where', '{"country":"x"}'],
    '--where is not valid at country: Expected type "StringFilter"',
  ],
  [['export', 'contacts', '--where', '{}'], '“where” is empty'],
  [['export', 'contacts', '--view', '1', '--where', '{}'], '--view and --where cannot be used together'],
  [['export', 'tasks', '--view', '1'], 'tasks have no views and no filters'],
  [['export', 'contacts', '--query', 'broken.graphql'], 'broken.graphql is not GraphQL: Syntax Error'],
  [['export', 'contacts', '--query', 'unknown.graphql'], 'Cannot query field "nickname" on type "Contact"'],
  [['export', 'contacts', '--query', 'none.graphql'], 'none.graphql cannot be read (ENOENT)'],
  [['export', 'contacts', '--share', '0'], '--share is not valid'],
  [['export', 'contacts', '--out', '/dev/null'], '/dev/null is not a file'],
])('refuses %j', async (args, message) => {
  const world = await open(
    {},
    { 'broken.graphql': '{ contacts {', 'unknown.graphql': '{ contacts { nodes { nickname } } }' },
  );
  const { status, stderr } = await world.run(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
  expect(world.sandbox.requests).toEqual([]);
});

test('names the views of the account if one does not exist', async () => {
  const world = await open();
  for (const view of ['12345', 'No such view'])
    expect((await world.run('export', 'contacts', '--view', view)).stderr).toMatch(
      /^freshsales-graphql: No view of contacts is named “.*”\. Use one of: “/m,
    );
});

test('an unknown view leaves an earlier file as it was', async () => {
  const world = await open({ seed: contactsSeed(2) });
  await world.run('export', 'contacts', '--fields', 'displayName');
  const before = world.linesOf('contacts.jsonl');
  expect(before).toHaveLength(2);
  const { status } = await world.run('export', 'contacts', '--fields', 'displayName', '--view', 'No such view');
  expect(status).toBe(1);
  expect(world.linesOf('contacts.jsonl')).toEqual(before);
});
