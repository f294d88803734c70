import { describe, expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const first = (list: string) => `{ ${list} { totalCount } }`;

describe('the default view', () => {
  test.each([
    ['contacts', '31003548176'],
    ['salesAccounts', '31003548200'],
  ])('of %s is the first “All …”', async (list, view) => {
    const { ask } = openWorld();
    expect((await ask(first(list))).requests.at(-1)).toMatch(new RegExp(`/view/${view}\\?`));
  });

  test('of deals, where there is no “All Deals”, is the first default one', async () => {
    const { ask } = openWorld({ behaviours: { allDealsView: false } });
    expect((await ask(first('deals'))).requests.at(-1)).toMatch(/\/deals\/view\/31003548187\?/);
  });
});

test('a view by its id, its global id and its name is the same view', async () => {
  for (const view of ['31003548173', '"gid://freshsales/ContactView/31003548173"', '"My Contacts"']) {
    const { ask } = openWorld();
    const { requests } = await ask(`{ contacts(view: ${view}) { totalCount } }`);
    expect(requests.at(-1)).toBe('GET /contacts/view/31003548173?page=1&per_page=1');
  }
});

test('the list of views is read once for all operations', async () => {
  const { ask } = openWorld();
  await ask(first('contacts'));
  const { requests } = await ask(`{ contactViews { id name } contacts(view: "My Contacts") { totalCount } }`);
  expect(requests).toEqual(['GET /contacts/view/31003548173?page=1&per_page=1']);
});

test('a view leads to its records', async () => {
  const { ask } = openWorld();
  const { data, errors, requests } = await ask(
    `{ node(id: "gid://freshsales/DealView/31003548187") { ... on DealView { name deals(first: 3) { nodes { name } } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ node: { name: 'Open Deals', deals: { nodes: [{}, {}, {}] } } });
  expect(requests).toEqual(['GET /deals/filters', 'GET /deals/view/31003548187?page=1&per_page=3']);
});

test.each([
  ['a name there is not', '"Nobody’s Contacts"', ['GET /contacts/filters']],
  ['an id there is not', '999', ['GET /contacts/view/999?page=1&per_page=1', 'GET /contacts/filters']],
])('%s is an error that names the views there are', async (_what, view, requests) => {
  const { ask } = openWorld();
  const asked = await ask(`{ contacts(view: ${view}) { totalCount } }`);
  expect(asked.errors?.[0]).toMatchObject({
    message: expect.stringMatching(/No view of contacts is named .*“My Contacts”.*“All Contacts”/),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(asked.requests).toEqual(requests);
});

test('a view of another record type is refused before any call', async () => {
  const { ask } = openWorld();
  const { errors, requests } = await ask(`{ contacts(view: "gid://freshsales/DealView/31003548187") { totalCount } }`);
  expect(errors?.[0]?.message).toContain('Expected an id of type ContactView');
  expect(requests).toEqual([]);
});
