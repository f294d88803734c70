import { expect, it } from 'vitest';
import { contactListLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { world } from './world.ts';

const ids = [31016358306, 31016358307];
const LATER = { message: "Updating now... we'll let you know once this is done." };

it('makes lists and names them', async () => {
  const { post, put, get } = world({ seed: false });
  const { status, body } = await post('/lists', { name: 'Fans' });
  expect([status, body]).toEqual([200, { list: { id: expect.any(Number), name: 'Fans' } }]);
  const path = `/lists/${String(body.list?.id)}`;
  expect((await put(path, { name: 'Friends' })).body).toEqual({ list: { id: body.list?.id, name: 'Friends' } });
  expect((await get('/lists')).body.lists).toContainEqual({ id: body.list?.id, name: 'Friends' });
  expect([(await post('/lists', {})).status, (await put(path, { name: ' ' })).status]).toEqual([400, 400]);
  expect([(await post('/lists', { name: 'Friends' })).status, (await put('/lists/1', { name: 'x' })).status]).toEqual([
    400, 404,
  ]);
});

it('puts contacts on lists, moves them and takes them off', async () => {
  const { put, get, sandbox } = world();
  const [one, two] = [
    sandbox.put(contactListLookup, { name: 'One' }).id,
    sandbox.put(contactListLookup, { name: 'Two' }).id,
  ];
  const members = async (list: string): Promise<unknown> =>
    (await get(`/contacts/lists/${list}`)).body.contacts?.map(({ id }) => id);
  expect((await put(`/lists/${one}/add_contacts`, { ids: [...ids, 1] })).body).toEqual({
    message: '2 contacts updated.',
  });
  expect(await members(one)).toEqual(ids);
  expect((await put(`/lists/${two}/move_contacts`, { ids: ids.slice(0, 1), from_list_id: Number(one) })).body).toEqual({
    message: '1 contact updated.',
  });
  expect([await members(one), await members(two)]).toEqual([ids.slice(1), ids.slice(0, 1)]);
  expect((await put(`/lists/${two}/move_contacts`, { all: true, from_list_id: one })).body).toEqual(LATER);
  expect([await members(one), await members(two)]).toEqual([[], ids]);
  await put(`/lists/${two}/remove_contacts`, { ids: ids.slice(0, 1) });
  expect(sandbox.get(contactType, String(ids[0]))?.list_ids).not.toContain(two);
  expect((await put(`/lists/${two}/remove_contacts`, { all: true })).body).toEqual(LATER);
  expect(await members(two)).toEqual([]);
  const statuses = [
    (await put(`/lists/${two}/add_contacts`, {})).status,
    (await put('/lists/1/add_contacts', { ids })).status,
    (await put(`/lists/${two}/move_contacts`, { ids })).status,
  ];
  expect(statuses).toEqual([400, 404, 404]);
});
