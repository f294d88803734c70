import { expect, test } from 'vitest';
import { leadType } from '../src/resources/lead/record.ts';
import { openWorld } from './world.ts';

test('leads of Classic, with their relations, in one call', async () => {
  const { sandbox, ask } = openWorld({ product: 'classic', seed: false });
  sandbox.put(leadType, {
    first_name: 'Ada',
    last_name: 'Lovelace',
    display_name: 'Ada Lovelace',
    company: { name: 'Engines' },
  });
  const { data, errors, requests } = await ask(
    `{ leads { totalCount nodes { displayName companyName createdAt owner { displayName } stage { name } leadSource { name } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    leads: { totalCount: 1, nodes: [{ displayName: 'Ada Lovelace', companyName: 'Engines' }] },
  });
  expect(requests).toEqual([
    'GET /leads/filters',
    expect.stringMatching(/^GET \/leads\/view\/\d+\?page=1&per_page=25&include=owner,lead_stage,source$/),
  ]);
});

test('a lead by its id, by its global id, and one that is not there', async () => {
  const { sandbox, ask } = openWorld({ product: 'classic', seed: false });
  const { id } = sandbox.put(leadType, { display_name: 'Ada Lovelace' });
  const { data, errors } = await ask(
    `{ lead(id: ${id}) { displayName } node(id: "gid://freshsales/Lead/${id}") { id } none: lead(id: 404) { id } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    lead: { displayName: 'Ada Lovelace' },
    node: { id: `gid://freshsales/Lead/${id}` },
    none: null,
  });
});

test('contacts of Classic lack what only the Suite has: it is null, and no reason for a call', async () => {
  const { ask } = openWorld({ product: 'classic' });
  const { errors, requests } = await ask(
    '{ contacts(first: 3) { nodes { displayName mcrId externalId doNotDisturb createdAt } } }',
  );
  expect(errors).toBeUndefined();
  expect(requests).toHaveLength(2);
});

test.each([
  ['owner', '{ displayName }', 'owner'],
  ['creator', '{ displayName }', 'creater'],
  ['updater', '{ displayName }', 'updater'],
  ['stage', '{ name }', 'lead_stage'],
  ['reason', '{ name }', 'lead_reason'],
  ['leadSource', '{ name }', 'source'],
  ['campaign', '{ name }', 'campaign'],
  ['territory', '{ name }', 'territory'],
  ['tasks', '{ nodes { title } }', 'tasks'],
  ['appointments', '{ nodes { title } }', 'appointments'],
  ['notes', '{ nodes { description } }', 'notes'],
])('%s %s of a lead comes with it, by include=%s', async (field, selection, include) => {
  const { sandbox, ask } = openWorld({ product: 'classic' });
  const id = sandbox.rows(leadType)[0]?.id ?? '';
  const { errors, requests } = await ask(`{ lead(id: ${id}) { id ${field} ${selection} } }`);
  expect(errors).toBeUndefined();
  expect(requests).toEqual([`GET /leads/${id}?include=${include}`]);
});
