import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { NOON, world } from './world.ts';

const ALL = '/contacts/view/31003548176';

it('honours on views only what was seen there', async () => {
  const { get, sandbox } = world({ behaviours: { viewsHonour: 'evidence' } });
  const asked = `${ALL}?per_page=5&include=owner,deals,notes,appointments`;
  const narrow = (await get(asked)).body;
  expect(narrow).not.toHaveProperty('deals');
  expect(narrow.contacts?.[0]).toHaveProperty('owner_id');
  expect(narrow.contacts?.[0]).not.toHaveProperty('note_ids');
  expect((await get('/contacts/31016358306?include=notes')).body).toHaveProperty('notes');
  sandbox.behaviours.viewsHonour = 'all';
  expect((await get(asked)).body.contacts?.[0]).toHaveProperty('note_ids');
});

it('lets a function decide over each include', async () => {
  const { get } = world({
    behaviours: {
      honourIncludes: (endpoint, name) =>
        endpoint === 'GET /contacts/view/{id}' && name === 'owner' ? false : undefined,
    },
  });
  expect((await get(`${ALL}?include=owner`)).body).not.toHaveProperty('users');
  expect((await get('/contacts/31016358306?include=owner')).body).toHaveProperty('users');
});

it('cuts side-loads and keeps the ids', async () => {
  const { get } = world({ behaviours: { truncateSideloadsAt: 2 } });
  const { body } = await get('/deals/31001949001?include=contacts,owner');
  expect(body.contacts).toHaveLength(2);
  expect(body.deal?.contact_ids).toHaveLength(12);
});

it('has notes on accounts only on demand', async () => {
  const { get, sandbox } = world();
  const path = '/sales_accounts/31003638274';
  expect((await get(`${path}?include=notes`)).body).not.toHaveProperty('notes');
  expect((await get(`..${path}/notes`)).body).toHaveProperty('notes');
  expect((await get(`${path}/notes`)).status).toBe(404);
  sandbox.behaviours.accountNotesInclude = true;
  expect((await get(`${path}?include=notes`)).body).toHaveProperty('notes');
});

it('hides new records from search and lookup for a while', async () => {
  const { get, sandbox, at } = world({ behaviours: { searchDelaySeconds: 20 } });
  const { id } = sandbox.put(contactType, { first_name: 'Zebediah', email: 'zeb@sandbox.example' });
  const found = async (): Promise<unknown[]> => [
    (await get('/search?q=zebediah&include=contact')).body.length,
    (await get('/lookup?q=zeb@sandbox.example&f=email&entities=contact')).body.contacts?.contacts?.length,
    (await get(`/contacts/${id}`)).status,
  ];
  expect(await found()).toEqual([0, 0, 200]);
  at(new Date(NOON.getTime() + 21_000));
  expect(await found()).toEqual([1, 1, 200]);
});

it('keeps the digits of mobile numbers, or what was sent', async () => {
  const { put, post, get, sandbox } = world();
  const path = '/contacts/31016358306';
  const stored = async (mobile_number: string) =>
    (await put(path, { contact: { mobile_number } })).body.contact?.mobile_number;
  expect(await stored('1-926-555-9504')).toBe('19265559504');
  expect(await stored('+49 (30) 555-01')).toBe('+493055501');
  expect(await stored('no number')).toBeNull();
  await stored('1-926-555-9504');
  expect((await get('/lookup?f=mobile_number&entities=contact&q=1-926-555-9504')).body.contacts?.contacts).toHaveLength(
    1,
  );
  const upserted = await post('/contacts/upsert', {
    unique_identifier: { mobile_number: '1-926-555-9504' },
    contact: { city: 'Rome' },
  });
  expect([upserted.status, upserted.body.contact?.id]).toEqual([200, 31016358306]);
  sandbox.behaviours.mobileNumbers = 'as sent';
  expect(await stored('1-926-555-9504')).toBe('1-926-555-9504');
});

it('sends keys in any order', async () => {
  const { get, sandbox } = world();
  const path = '/contacts/view/31003548176?include=owner,sales_account&per_page=3';
  const before = await get(path);
  sandbox.behaviours.keyOrder = 'reversed';
  const after = await get(path);
  expect(after.body).toEqual(before.body);
  expect(Object.keys(after.body)).toEqual(Object.keys(before.body).reverse());
  // Nineteen digits, which only the text shows.
  expect(after.text.match(/"mcr_id":\d{19}/g)).toHaveLength(3);
});

it('fails every nth time', async () => {
  const { get, sandbox } = world({ behaviours: { failEvery: 3 } });
  const statuses = [];
  for (let call = 0; call < 6; call += 1) statuses.push((await get('/selector/owners')).status);
  expect(statuses).toEqual([200, 200, 500, 200, 200, 500]);
  sandbox.behaviours.failEvery = null;
  expect((await get('/selector/owners')).status).toBe(200);
});

it('has an "All Deals" view or not', async () => {
  const { get, sandbox } = world();
  expect((await get('/deals/filters')).body.filters).toHaveLength(13);
  sandbox.behaviours.allDealsView = false;
  expect((await get('/deals/filters')).body.filters).toHaveLength(12);
  expect((await get('/deals/view/31003548204')).status).toBe(403);
});
