import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { documentLinkTable, documentTable } from '../../src/sandbox/documents.ts';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { world } from './world.ts';

const ID = 31016358306;
const about = { targetable_type: 'Contact', targetable_id: ID };

it('takes files over a socket, byte by byte', async () => {
  const { get, sandbox } = world();
  const { url, close } = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
  const form = new FormData();
  form.set('file', new File([new Uint8Array([0, 255, 128, 10])], 'photo.png', { type: 'image/png' }));
  for (const [name, value] of Object.entries({ ...about, file_name: 'Portrait', is_shared: true }))
    form.set(name, String(value));
  const headers = { authorization: 'Token token=secret' };
  const response = await fetch(`${url}/documents`, { method: 'POST', headers, body: form });
  const none = await fetch(`${url}/documents`, { method: 'POST', headers, body: new FormData() });
  await close();
  expect([response.status, none.status, sandbox.sent[0]?.body]).toEqual([200, 400, undefined]);
  const row = sandbox.rows(documentTable).at(-1);
  expect(row).toMatchObject({
    name: 'Portrait',
    is_shared: true,
    content_file_size: 4,
    content_content_type: 'image/png',
  });
  const { body } = await get(`/contacts/${ID}/document_associations`);
  expect(body.documents?.map(({ name }) => name)).toContain('Portrait');
});

it('takes links', async () => {
  const { post, sandbox } = world();
  const { body } = await post('/document_links', { ...about, url: 'https://moss.example', name: 'Moss' });
  expect(sandbox.get(documentLinkTable, String(body.document_link?.id))).toMatchObject({
    name: 'Moss',
    targetables: [{ id: String(ID), type: 'Contact' }],
  });
  expect((await post('/document_links', { document_link: {} })).body.errors?.message).toEqual([
    "Url can't be blank",
    "Name can't be blank",
    "Targetable doesn't exist",
  ]);
});

it('writes calls down, with a note, by id or for somebody new', async () => {
  const { get, post, del, sandbox } = world();
  const call = { call_direction: true, note: { description: 'Renewal' } };
  const { status, body } = await post('/phone_calls', { phone_call: { ...call, ...about } });
  expect([status, body.phone_calls?.[0]?.targetable]).toEqual([201, { type: 'contact', id: ID }]);
  expect(sandbox.get(noteType, String(body.phone_calls?.[0]?.note_id))?.description).toBe('Renewal');
  expect(sandbox.get(contactType, String(ID))?.recent_note).toBe('Renewal');
  const person = { targetable_type: 'contact', targetable: { first_name: 'New', email: 'caller@moss.example' } };
  await post('/phone_calls', { phone_call: { ...person, call_direction: false } });
  expect(sandbox.rows(contactType).at(-1)).toMatchObject({ email: 'caller@moss.example' });
  const path = `/phone_calls/${String(body.phone_calls?.[0]?.id)}`;
  expect((await get(path)).body.call?.call_direction).toBe(true);
  expect([(await del(path)).status, (await get(path)).status, (await get('/phone_calls')).status]).toEqual([
    200, 404, 404,
  ]);
  expect((await post('/phone_calls', { phone_call: { ...person, call_direction: false } })).status).toBe(400);
});

it('has forms, and no modules of its own', async () => {
  const { get } = world();
  expect((await get('/settings/forms')).body.forms?.map(({ field_class }) => field_class)).toEqual([
    'Contact',
    'SalesAccount',
    'Deal',
  ]);
  expect((await get('/settings/module_customizations')).body).toEqual({ module_customizations: [] });
});
