import { describe, expect, onTestFinished, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { createExclusive } from '../../src/stores/exclusive.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { openOffice as openCallers } from '../access/office.ts';
import { hasRedis, startRedis } from '../stores/redis-server.ts';
import { openServers } from '../stores/servers.ts';
import { openOffice } from './office.ts';

/** Record types with tags, and a record of each with one tag. */
const tagged = [
  ['Contact', 'contact', 'contacts', 101, 'early'],
  ['SalesAccount', 'salesAccount', 'sales_accounts', 501, 'old'],
  ['Deal', 'deal', 'deals', 301, 'hot'],
] as const;

describe.each(tagged)('tags of a %s', (type, field, path, id, tag) => {
  const update = (input: string) =>
    `mutation { it: update${type}(id: ${id}, input: ${input}) { ${field} { tags } userErrors { field code message } } }`;
  const [read, write] = [`GET /${path}/${id}`, `PUT /${path}/${id}`];
  const one = path.slice(0, -1);

  test('are added to the current ones', async () => {
    const { ask, sandbox } = openOffice();
    const { data, requests } = await ask(update('{ addTags: [" new ", "new"] }'));
    expect(data).toEqual({ it: { [field]: { tags: [tag, 'new'] }, userErrors: [] } });
    expect(requests).toEqual([read, write]);
    expect(sandbox.sent.at(-1)?.body).toEqual({ [one]: { tags: [tag, 'new'] } });
  });

  test('are removed and added at once', async () => {
    const { ask } = openOffice();
    const { data } = await ask(update(`{ addTags: ["a"], removeTags: ["${tag}", "none"] }`));
    expect(data).toEqual({ it: { [field]: { tags: ['a'] }, userErrors: [] } });
  });

  test('are read past the cache', async () => {
    const { ask, sandbox } = openOffice();
    await ask(`{ ${field}(id: ${id}) { tags } }`);
    // Another system adds a tag.
    await sandbox.fetch(`${sandbox.baseURL}/${path}/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: 'Token token=x' },
      body: JSON.stringify({ [one]: { tags: [tag, 'theirs'] } }),
    });
    const { data } = await ask(update('{ addTags: ["ours"] }'));
    expect(data).toMatchObject({ it: { [field]: { tags: [tag, 'theirs', 'ours'] } } });
  });

  test.each([`{ addTags: ["${tag}"] }`, '{ removeTags: ["none"] }', '{ addTags: [] }'])(
    'that stay as they are cost no write: %s',
    async (input) => {
      const { ask } = openOffice();
      const { data, requests } = await ask(update(input));
      expect(data).toEqual({ it: { [field]: { tags: [tag] }, userErrors: [] } });
      expect(requests).toEqual([read]);
    },
  );

  test('of many writers at once are all kept', async () => {
    const { ask } = openOffice();
    const names = Array.from({ length: 12 }, (_, index) => `t${index}`);
    await Promise.all(names.map((name) => ask(update(`{ addTags: ["${name}"] }`))));
    const { data } = await ask(`{ ${field}(id: ${id}) { tags } }`);
    expect(new Set(Object(data?.[field]).tags)).toEqual(new Set([tag, ...names]));
  });

  test.each([
    ['{ tags: ["x"], addTags: ["y"] }', ['input', 'addTags']],
    ['{ tags: null, removeTags: ["y"] }', ['input', 'removeTags']],
    ['{ addTags: ["y"], removeTags: ["y "] }', ['input', 'removeTags', '0']],
    ['{ addTags: [" "] }', ['input', 'addTags', '0']],
  ])('are refused without a call: %s', async (input, path) => {
    const { data, requests } = await openOffice().ask(update(input));
    expect(data).toMatchObject({ it: { [field]: null, userErrors: [{ field: path }] } });
    expect(requests).toEqual([]);
  });

  test('null changes nothing, and is no change', async () => {
    const { ask } = openOffice();
    expect((await ask(update('{ addTags: null }'))).data).toMatchObject({ it: { userErrors: [{ code: 'REQUIRED' }] } });
  });

  test('of a record that does not exist are an error at its id', async () => {
    const { data, requests } = await openOffice().ask(update('{ addTags: ["x"] }').replace(String(id), '999'));
    expect(data).toMatchObject({ it: { userErrors: [{ field: ['id'], code: 'NOT_FOUND' }] } });
    expect(requests).toHaveLength(1);
  });

  test('are previewed as they would be written', async () => {
    const { ask } = openOffice();
    const headers = { 'x-freshsales-preview': '1' };
    const added = await ask(update('{ addTags: ["new"] }'), {}, headers);
    expect(added.extensions).toMatchObject({
      preview: {
        writes: [
          {
            call: { method: 'PUT', body: { [one]: { tags: [tag, 'new'] } } },
            calls: 2,
            changes: [{ field: 'addTags', from: [tag], to: [tag, 'new'] }],
          },
        ],
      },
    });
    expect(added.requests).toEqual([read]);
    const same = await ask(update(`{ addTags: ["${tag}"] }`), {}, headers);
    const [write] = (Object(same.extensions).preview as { writes: object[] }).writes;
    expect(write).toMatchObject({ calls: 1, changes: [], userErrors: [] });
    expect(write).not.toHaveProperty('call');
  });

  test('are planned with the read', async () => {
    const { plan } = openOffice();
    expect(await plan(update('{ addTags: ["new"] }'))).toMatchObject({ needed: 2 });
    expect(await plan(update('{ tags: ["new"] }'))).toMatchObject({ needed: 1 });
  });

  test('can be changed in a copy', async () => {
    const { ask } = openOffice();
    const unique = type === 'Contact' ? 'email: "copy@x.example"' : 'name: "Copy"';
    const { data } = await ask(
      `mutation { it: clone${type}(id: ${id}, input: { ${unique}, addTags: ["new"] }) { ${field} { tags } userErrors { code } } }`,
    );
    expect(data).toEqual({ it: { [field]: { tags: [tag, 'new'] }, userErrors: [] } });
  });

  test.each([
    [true, [tag, 'new']],
    [false, ['new']],
  ])('can be changed by an upsert: %s', async (exists, tags) => {
    const { ask, sandbox } = openOffice({ behaviours: { uniqueDealField: null } });
    const by = exists
      ? `id: ${id}`
      : { Contact: 'email: "gus@x.example"', SalesAccount: 'name: "Gus"', Deal: 'name: "Gus"' }[type];
    const rest = type === 'Deal' ? ', amount: 5' : '';
    const upsert = `mutation { it: upsert${type}(by: { ${by} }, input: { addTags: ["new"]${rest} }) { ${field} { tags } created userErrors { code } } }`;
    const { data, requests } = await ask(upsert);
    expect(data).toEqual({ it: { [field]: { tags }, created: !exists, userErrors: [] } });
    expect(requests.map((each) => each.split(' ')[0])).toEqual(['POST', 'GET', 'PUT']);
    sandbox.failNext(/^GET/, { status: 500, body: {} });
    const failed = await ask(upsert.replace('addTags: ["new"]', 'addTags: ["newer"]'));
    expect(failed.data).toMatchObject({ it: { userErrors: [{ code: 'IGNORED' }] } });
  });
});

test.each([
  'bulkUpdateContacts(ids: [101], input: { addTags: ["x"] })',
  'bulkUpsertContacts(input: [{ email: "a@x.example", data: { removeTags: ["x"] } }])',
])('a bulk write does not take them: %s', async (mutation) => {
  const { data, requests } = await openOffice().ask(`mutation { it: ${mutation} { userErrors { field code } } }`);
  const field = mutation.startsWith('bulkUpdate') ? ['input', 'addTags'] : ['input', '0', 'data', 'removeTags'];
  expect(data).toEqual({ it: { userErrors: [{ field, code: 'INVALID' }] } });
  expect(requests).toEqual([]);
});

test('a caller who may not see the tags cannot change them', async () => {
  const { ask } = await openCallers({
    Clerk: 'grants:\n  contacts:\n    access: write\n    fields: [firstName, updatedAt]',
  });
  const refused = await ask(
    'Clerk',
    'mutation { updateContact(id: 101, input: { addTags: ["x"] }) { userErrors { code } } }',
  );
  expect(refused.errors).toHaveLength(1);
  expect(refused.requests).toEqual([]);
});

test('turns at a record end with a failure, and other records do not wait', async () => {
  const exclusive = createExclusive(createMemoryStore());
  const log: string[] = [];
  let release = () => {};
  const first = exclusive.run('a', () => new Promise<never>((_, reject) => (release = () => reject(new Error('no')))));
  const second = exclusive.run('a', async () => void log.push('second'));
  await exclusive.run('b', async () => void log.push('other'));
  release();
  await expect(first).rejects.toThrow('no');
  await second;
  expect(log).toEqual(['other', 'second']);
});

test.skipIf(!hasRedis)('tags that two servers add are all kept', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const { sandbox, open } = openServers(redis, { Writer: 'grants: { contacts: full }' });
  const [one, other] = [await open(), await open()];
  const send = (server: typeof one, query: string) => server.send('Writer', query);
  const created = await send(
    one,
    'mutation { it: createContact(input: { email: "tag@x.example" }) { contact { databaseId } } }',
  );
  const { databaseId } = Object(created.data?.it).contact as { databaseId: string };
  const names = Array.from({ length: 6 }, (_, index) => `t${index}`);
  await Promise.all(
    names.map((name, index) =>
      send(
        index % 2 === 0 ? one : other,
        `mutation { updateContact(id: ${databaseId}, input: { addTags: ["${name}"] }) { userErrors { message } } }`,
      ),
    ),
  );
  expect(sandbox.sent.length).toBeGreaterThanOrEqual(7);
  expect(new Set(sandbox.get(contactType, databaseId)?.tags)).toEqual(new Set(names));
});
