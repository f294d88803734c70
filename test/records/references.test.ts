import { describe, expect, test } from 'vitest';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openWorld } from '../world.ts';

const LEFT = '987654321';
const left = { id: `gid://freshsales/User/${LEFT}`, displayName: null, email: null };

function openLeaver() {
  const world = openWorld();
  const { sandbox } = world;
  const [contact] = sandbox.rows(contactType);
  const [deal] = sandbox.rows(dealType);
  const [task] = sandbox.rows(taskType);
  if (!contact || !deal || !task) throw new Error('the sandbox is empty');
  sandbox.put(contactType, { ...contact, owner_id: LEFT, creater_id: LEFT });
  sandbox.put(dealType, { ...deal, owner_id: LEFT });
  sandbox.put(taskType, { ...task, owner_id: LEFT });
  return { ...world, contact, deal, task };
}

describe('a user whom the list of owners lacks', () => {
  test.each([
    ['contact', 'owner'],
    ['contact', 'creator'],
    ['deal', 'owner'],
    ['task', 'owner'],
  ] as const)('is a user with its id as %s { %s }', async (root, field) => {
    const world = openLeaver();
    const { data, errors } = await world.ask(
      `{ ${root}(id: ${world[root].id}) { ${field} { id displayName email isActive } } }`,
    );
    expect(errors?.map(({ path }) => path)).toEqual([[root, field, 'isActive']]);
    expect(data).toEqual({ [root]: { [field]: { ...left, isActive: null } } });
  });

  test('costs the same list of owners once', async () => {
    const { ask, contact } = openLeaver();
    const query = `{ contact(id: ${contact.id}) { owner { displayName } creator { displayName } } }`;
    const cold = await ask(query);
    expect(cold.requests).toEqual([`GET /contacts/${contact.id}?include=owner,creater`, 'GET /selector/owners']);
    expect(await ask(query)).toMatchObject({ data: cold.data, requests: [] });
  });

  test('is null if it is read by its own id, even beside a record that names it', async () => {
    const { ask, contact } = openLeaver();
    const { data } = await ask(
      `{ contact(id: ${contact.id}) { owner { id } } node(id: "${left.id}") { id ... on User { email } } }`,
    );
    expect(data).toEqual({ contact: { owner: { id: left.id } }, node: null });
  });
});

test('isActive is null with an error where Freshsales sends null, and false where it sends false', async () => {
  const { ask, sandbox } = openWorld();
  const [one, other] = sandbox.rows(userLookup);
  if (!one || !other) throw new Error('the sandbox has no users');
  sandbox.put(userLookup, { ...one, is_active: null });
  sandbox.put(userLookup, { ...other, is_active: false });
  const { data, errors } = await ask('{ owners { databaseId isActive } }');
  expect(errors?.map(({ path }) => path?.at(-1))).toEqual(['isActive']);
  expect(data).toMatchObject({
    owners: expect.arrayContaining([
      { databaseId: one.id, isActive: null },
      { databaseId: other.id, isActive: false },
    ]),
  });
});

describe('a record in the recycle bin', () => {
  const gid = (id: string) => `gid://freshsales/Contact/${id}`;
  const bin = '{ contacts(view: "Recycle Bin", first: 10) { nodes { databaseId isDeleted displayName } } }';

  function openBin() {
    const world = openWorld();
    const [contact] = world.sandbox.rows(contactType);
    if (!contact) throw new Error('the sandbox has no contacts');
    world.sandbox.remove(contactType, contact.id);
    const byId = `{ contact(id: ${contact.id}) { displayName } node(id: "${gid(contact.id)}") { id } nodes(ids: ["${gid(contact.id)}"]) { id } }`;
    return { ...world, contact, byId };
  }

  test('is null by its id, before and after its view was read', async () => {
    const { ask, byId, contact } = openBin();
    const cold = await ask(byId);
    expect(cold.data).toEqual({ contact: null, node: null, nodes: [null] });
    const listed = await ask(bin);
    expect(listed.data).toMatchObject({
      contacts: {
        nodes: expect.arrayContaining([expect.objectContaining({ databaseId: contact.id, isDeleted: true })]),
      },
    });
    const warm = await ask(byId);
    expect({ data: warm.data, errors: warm.errors }).toEqual({ data: cold.data, errors: cold.errors });
  });

  test('is in its view and null by its id within one operation, in either order', async () => {
    const { ask, byId, contact } = openBin();
    const nodes = expect.arrayContaining([expect.objectContaining({ databaseId: contact.id, isDeleted: true })]);
    const inner = (query: string) => query.slice(1, -1);
    for (const query of [`{ ${inner(bin)} ${inner(byId)} }`, `{ ${inner(byId)} ${inner(bin)} }`]) {
      const { data } = await ask(query);
      expect(data).toMatchObject({ contact: null, node: null, nodes: [null], contacts: { nodes } });
    }
  });

  test('is read again by its id after it was restored', async () => {
    const { ask, byId, contact } = openBin();
    await ask(bin);
    await ask(`mutation { restoreContact(id: ${contact.id}) { userErrors { message } } }`);
    const { data, errors } = await ask(byId);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ node: { id: gid(contact.id) } });
  });
});
