import { describe, expect, test } from 'vitest';
import { lookups } from '../../src/lookups/index.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { recordTypes } from '../../src/resources/index.ts';
import { openWorld } from '../world.ts';

const gid = (type: string, id: string) => `gid://freshsales/${type}/${id}`;
const missing = '99999999999';

describe('by id', () => {
  test.each(['contact', 'salesAccount', 'deal', 'task', 'appointment', 'salesActivity', 'product'])(
    '%s that is not there is null, without an error',
    async (root) => {
      const { ask } = openWorld();
      const { data, errors, requests } = await ask(`{ ${root}(id: ${missing}) { id } }`);
      expect({ data, errors, calls: requests.length }).toEqual({ data: { [root]: null }, errors: undefined, calls: 1 });
    },
  );

  test.each(['contact', 'salesAccount', 'deal', 'task', 'appointment', 'salesActivity', 'product'])(
    '%s of another type, or no id at all, is refused before any call',
    async (root) => {
      const { ask } = openWorld();
      for (const id of [gid('Territory', '1'), 'abc', '1/../2', gid('Contact', 'x'), '']) {
        const { errors, requests } = await ask(`query ($id: ID!) { ${root}(id: $id) { id } }`, { id });
        expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
        expect(requests).toEqual([]);
      }
    },
  );

  test('both forms of an id find the record', async () => {
    const { sandbox, ask } = openWorld();
    const id = sandbox.rows(contactType)[0]?.id ?? '';
    const { data } = await ask(
      `{ a: contact(id: ${id}) { id databaseId } b: contact(id: "${gid('Contact', id)}") { id databaseId } }`,
    );
    const contact = { id: gid('Contact', id), databaseId: id };
    expect(data).toEqual({ a: contact, b: contact });
  });
});

describe('node', () => {
  const named = [...recordTypes, ...lookups].filter(
    ({ name }) => !['Lead', 'LeadStage', 'LeadReason', 'Note'].includes(name),
  );

  test.each(named.map((table) => [table.name, table] as const))('finds a %s', async (name, table) => {
    const { sandbox, ask } = openWorld();
    const row = sandbox.rows(table)[0] ?? sandbox.put(table, {});
    const id = gid(name, row.id);
    const { data, errors } = await ask(`query ($id: ID!) { node(id: $id) { __typename id } }`, { id });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ node: { __typename: name, id } });
  });

  test.each([
    ['a raw id', '31016358306', /is not a global id/],
    ['a type there is not', gid('Parrot', '1'), /Parrot is not a node type\. Use one of: Appointment, /],
    ['a note', gid('Note', '1'), /cannot read a note by id/],
  ])('%s is refused before any call', async (_what, id, message) => {
    const { ask } = openWorld();
    const { errors, requests } = await ask(`query ($id: ID!) { node(id: $id) { id } }`, { id });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(requests).toEqual([]);
  });

  test('views and lookups are found without a call for each', async () => {
    const { ask } = openWorld();
    const ids = [gid('ContactView', '31003548176'), gid('DealStage', '31000425871'), gid('DealStage', '31000425872')];
    const { data, requests } = await ask(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ContactView { name } ... on DealStage { name } } }`,
      { ids },
    );
    expect(data).toEqual({
      nodes: [{ name: 'All Contacts' }, { name: expect.any(String) }, { name: expect.any(String) }],
    });
    expect(requests.toSorted()).toEqual(['GET /contacts/filters', 'GET /selector/deal_stages']);
  });
});

describe('nodes', () => {
  test('ten of which three are repeated are seven calls', async () => {
    const { sandbox, ask } = openWorld();
    const seven = sandbox
      .rows(contactType)
      .slice(0, 7)
      .map(({ id }) => id);
    const ids = [...seven, ...seven.slice(2, 5)].map((id) => gid('Contact', id));
    const { data, requests } = await ask(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Contact { displayName owner { displayName } } } }`,
      { ids },
    );
    expect((data as { nodes: { id: string }[] }).nodes.map(({ id }) => id)).toEqual(ids);
    expect(requests).toEqual(seven.map((id) => `GET /contacts/${id}?include=owner`));
  });

  test('order is kept; null and an error where one is missing', async () => {
    const { sandbox, ask } = openWorld();
    const id = sandbox.rows(contactType)[0]?.id ?? '';
    const ids = [gid('Contact', missing), gid('Contact', id), 'nonsense'];
    const { data, errors } = await ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, { ids });
    expect(data).toEqual({ nodes: [null, { id: gid('Contact', id) }, null] });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['nodes', 0],
      ['nodes', 2],
    ]);
  });
});
