import { expect, test } from 'vitest';
import { createServer } from '../../src/server/create-server.ts';
import { openWorld } from '../world.ts';

const STATUS = 'Its values are COMPLETED, OPEN.';
const inline = (status: string) => `mutation { updateTask(id: 1, input: { status: ${status} }) { task { id } } }`;
const given = 'mutation ($in: UpdateTaskInput!) { updateTask(id: 1, input: $in) { task { id } } }';

const wrong: readonly (readonly [what: string, query: string, variables: object, hints: readonly string[]])[] = [
  ['a value that no enum has', inline('DONE'), {}, [STATUS]],
  ['an enum value in quotes', inline('"OPEN"'), {}, [STATUS]],
  ['a number for an enum', inline('1'), {}, [STATUS]],
  ['a wrong enum value in a variable', given, { in: { status: 'DONE' } }, [STATUS]],
  ['a number for an enum in a variable', given, { in: { status: 1 } }, [STATUS]],
  ['two enums', `{ a: lookup(field: E_MAIL, value: "x", types: [PERSON]) { __typename } }`, {}, ['EMAIL', 'CONTACT']],
  [
    'a field that no input has',
    'mutation { createNote(input: { text: "x", targetId: 1, description: "x" }) { note { id } } }',
    {},
    ['Its fields are description, targetId, targetType.'],
  ],
  [
    'a field that no input has, in a variable',
    'mutation ($in: CreateNoteInput!) { createNote(input: $in) { note { id } } }',
    { in: { text: 'x', targetId: 1, description: 'x' } },
    ['Its fields are description, targetId, targetType.'],
  ],
  [
    'a field of a row of a list',
    'mutation { updateContact(id: 1, input: { salesAccounts: [{ id: 1, primary: true }] }) { contact { id } } }',
    {},
    ['Its fields are id, isPrimary.'],
  ],
  [
    'an argument that no field has',
    '{ tasks(view: OVERDUE) { totalCount } viewer(id: 1) { name } }',
    {},
    ['Its arguments are after, before, filter, first, last, ownerId.', 'It takes no arguments.'],
  ],
];

test.each(wrong)('suggests valid names for %s', async (_what, query, variables, hints) => {
  const { ask } = openWorld({ seed: false });
  const { errors, requests } = await ask(query, { ...variables });
  const message = (errors ?? []).map((error) => error.message).join('\n');
  for (const hint of hints) expect(message).toContain(hint);
  for (const { extensions, locations } of errors ?? []) {
    expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']).toContain(extensions?.code);
    expect(locations).toHaveLength(1);
  }
  expect(requests).toEqual([]);
});

test.each(wrong)('suggests nothing for %s in production', async (_what, query, variables) => {
  const { account } = openWorld({ seed: false });
  const yoga = createServer({ connect: () => account, production: true });
  const body = JSON.stringify({ query, variables });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const text = await (await yoga.fetch('http://127.0.0.1/graphql', init)).text();
  expect(text).toMatch(/"errors"/);
  expect(text).not.toMatch(/Its (values|fields|arguments) are|takes no arguments/);
});

test('leaves other errors unchanged', async () => {
  const { ask } = openWorld({ seed: false });
  const { errors } = await ask('{ contact(id: 1) { name } }');
  expect(errors?.[0]?.message).not.toMatch(/Its (values|fields) are/);
});
