import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { documentLinkTable, documentTable } from '../../src/sandbox/routes/files.ts';
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

/** The same call, as three camps of clients send it. */
const encodings: Readonly<Record<string, () => RequestInit>> = {
  multipart: () => {
    const body = new FormData();
    body.set('phone_call[call_direction]', 'false');
    body.set('phone_call[targetable_type]', 'contact');
    body.set('phone_call[targetable][id]', String(ID));
    body.set('phone_call[note][description]', 'Renewal');
    return { body };
  },
  'unwrapped JSON': () => ({ body: JSON.stringify(CALL), headers: { 'content-type': 'application/json' } }),
  'wrapped JSON': () => ({
    body: JSON.stringify({ phone_call: CALL }),
    headers: { 'content-type': 'application/json' },
  }),
};

const CALL = {
  call_direction: false,
  targetable_type: 'contact',
  targetable: { id: ID },
  note: { description: 'Renewal' },
};

it.each(Object.entries(encodings))('takes calls as %s', async (name, encoding) => {
  const { sandbox, get } = world();
  const send = async () => {
    const { headers, ...init } = encoding();
    const response = await sandbox.fetch(`${sandbox.baseURL}/phone_calls`, {
      ...init,
      method: 'POST',
      headers: { authorization: 'Token token=secret', ...headers },
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const { status, body } = await send();
  expect([status, body.phone_calls[0].targetable, body.phone_calls[0].call_direction]).toEqual([
    201,
    { type: 'contact', id: ID },
    false,
  ]);
  expect(body.notes[0].description).toBe('Renewal');
  expect((await get(`/phone_calls/${body.phone_calls[0].id}`)).body.call?.targetable).toEqual({
    type: 'contact',
    id: ID,
  });
  sandbox.behaviours.phoneCallJson = 'partial';
  expect((await send()).status).toBe(name === 'multipart' ? 201 : 400);
});

it('drops the target of a call in JSON on some accounts, and never takes /cti_phone_calls', async () => {
  const { post } = world({ behaviours: { phoneCallJson: 'partial' } });
  const { note: _note, ...call } = CALL;
  const { status, body } = await post('/phone_calls', { phone_call: call });
  expect([status, body.phone_calls?.[0]?.targetable ?? null]).toEqual([201, null]);
  expect((await post('/cti_phone_calls', { cti_phone_call: call })).status).toBe(400);
});

it('has the form of a module, with and without /api', async () => {
  const { get } = world();
  for (const base of ['', '..']) {
    const { body } = await get(`${base}/settings/deals/forms`);
    expect(body.forms?.map(({ field_class }) => field_class)).toEqual(['Deal']);
    expect((await get(`${base}/settings/unheard/forms`)).status).toBe(404);
    expect((await get(`${base}/settings/module_customizations`)).body).toEqual({ module_customizations: [] });
  }
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
