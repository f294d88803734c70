import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { NOON, world } from './world.ts';

const ID = '31016358306';

it('takes includes on every write, on some, or on none', async () => {
  const { get, post, put, sandbox } = world();
  const create = () => post('/contacts?include=owner,notes', { contact: { email: `${Math.random()}@moss.example` } });
  const update = () => put(`/contacts/${ID}?include=owner,notes`, { contact: { city: 'Bonn' } });
  expect(Object.keys((await create()).body)).toEqual(['users', 'notes', 'contact']);
  sandbox.behaviours.honourIncludes = (endpoint, include) =>
    endpoint === 'PUT /contacts/{id}' && include === 'notes' ? false : undefined;
  expect(Object.keys((await update()).body)).toEqual(['users', 'contact', 'meta']);
  expect(Object.keys((await create()).body)).toEqual(['users', 'notes', 'contact']);
  sandbox.behaviours.writesHonourIncludes = false;
  expect(Object.keys((await create()).body)).toEqual(['contact']);
  expect(Object.keys((await get(`/contacts/${ID}?include=notes`)).body)).toEqual(['notes', 'contact', 'meta']);
});

it('tells what was sent', async () => {
  const { get, post, del, sandbox } = world();
  await post('/lists', { name: 'Fans' });
  await get('/lists', { method: 'POST', body: '{broken' });
  await del('/notes/31004348670');
  expect(sandbox.sent).toEqual([
    { request: 'POST /lists', body: { name: 'Fans' } },
    { request: 'POST /lists', body: undefined },
    { request: 'DELETE /notes/31004348670', body: undefined },
  ]);
  expect(sandbox.requests).toEqual(sandbox.sent.map(({ request }) => request));
  sandbox.reset();
  expect([sandbox.sent, sandbox.requests, sandbox.get(noteType, '31004348670')?.id]).toEqual([[], [], '31004348670']);
});

it('may do what it was asked and lose the answer', async () => {
  const { post, put, sandbox } = world();
  sandbox.failNext('POST /contacts', { status: 0, drop: true, performed: true });
  sandbox.failNext('PUT /contacts', { status: 504, performed: true });
  await expect(post('/contacts', { contact: { email: 'lost@moss.example' } })).rejects.toThrow('fetch failed');
  expect((await put(`/contacts/${ID}`, { contact: { city: 'Lost' } })).status).toBe(504);
  expect(sandbox.rows(contactType).filter(({ email }) => email === 'lost@moss.example')).toHaveLength(1);
  expect(sandbox.get(contactType, ID)?.city).toBe('Lost');
});

it('searches what it knew before, for a while', async () => {
  const { get, post, put, at } = world({ behaviours: { searchDelaySeconds: 20 } });
  const found = async (q: string): Promise<unknown> => (await get(`/search?q=${q}&include=contact`)).body.length;
  const looked = async (q: string): Promise<unknown> =>
    (await get(`/lookup?q=${q}&f=email&entities=contact`)).body.contacts?.contacts?.length;
  // A date from before does not hide that it is new.
  const contact = { first_name: 'Zebediah', email: 'zeb@moss.example', created_at: '2020-01-01T00:00:00Z' };
  const { body } = await post('/contacts', { contact });
  await put(`/contacts/${String(body.contact?.id)}`, { contact: { city: 'Bonn' } });
  expect([await found('zebediah'), await looked('zeb@moss.example')]).toEqual([0, 0]);
  at(new Date(NOON.getTime() + 21_000));
  expect([await found('zebediah'), await looked('zeb@moss.example')]).toEqual([1, 1]);
  await put(`/contacts/${String(body.contact?.id)}`, {
    contact: { first_name: 'Abednego', email: 'abe@moss.example' },
  });
  expect([await found('zebediah'), await found('abednego'), await looked('abe@moss.example')]).toEqual([1, 0, 0]);
  at(new Date(NOON.getTime() + 42_000));
  expect([await found('zebediah'), await found('abednego'), await looked('abe@moss.example')]).toEqual([0, 1, 1]);
});
