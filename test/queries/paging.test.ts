import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import fc, { runs } from '../property.ts';
import { openWorld } from '../world.ts';

const ALL_CONTACTS = '31003548176';

interface Page {
  contacts: { totalCount: number; nodes: { databaseId: string }[]; edges: { cursor: string }[]; pageInfo: PageInfo };
}

interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

const fields =
  'totalCount nodes { databaseId } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/** A world with so many contacts, and a way to page through them. */
function openPages(count: number) {
  const { sandbox, ask } = openWorld({ seed: false });
  for (let index = 0; index < count; index += 1) sandbox.put(contactType, { display_name: `Contact ${index}` });
  const ids = sandbox.rows(contactType).map(({ id }) => id);
  const page = async (args: string) => {
    const { data, errors, requests } = await ask(`{ contacts(view: ${ALL_CONTACTS}, ${args}) { ${fields} } }`);
    return { page: (data as unknown as Page | null)?.contacts, errors, requests };
  };
  return { ids, page };
}

test('walking forward visits every row once, whatever the page sizes', async () => {
  const { ids, page } = openPages(137);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
      const seen: string[] = [];
      let after: string | null = null;
      for (let turn = 0; ; turn += 1) {
        const { page: found } = await page(`first: ${sizes[turn % sizes.length]}${after ? `, after: "${after}"` : ''}`);
        seen.push(...(found?.nodes.map(({ databaseId }) => databaseId) ?? []));
        if (!found?.pageInfo.hasNextPage) break;
        after = found.pageInfo.endCursor;
      }
      expect(seen).toEqual(ids);
    }),
    runs(15),
  );
});

test('walking backward visits every row once', async () => {
  const { ids, page } = openPages(83);
  const seen: string[] = [];
  let before: string | null = null;
  for (;;) {
    const { page: found } = await page(`last: 20${before ? `, before: "${before}"` : ''}`);
    seen.unshift(...(found?.nodes.map(({ databaseId }) => databaseId) ?? []));
    if (!found?.pageInfo.hasPreviousPage) break;
    before = found.pageInfo.startCursor;
  }
  expect(seen).toEqual(ids);
});

describe('calls', () => {
  const view = `GET /contacts/view/${ALL_CONTACTS}`;
  // Each page holds the last rows of the one before, which shows whether rows moved in between.
  const OVERLAPPING = ['page=1&per_page=100', 'page=2&per_page=99', 'page=3&per_page=98'].map(
    (page) => `${view}?${page}`,
  );

  test.each([
    ['first: 0', [`${view}?page=1&per_page=1`]],
    ['first: 25', [`${view}?page=1&per_page=25`]],
    ['first: 100', [`${view}?page=1&per_page=100`]],
    ['first: 250', OVERLAPPING],
    ['first: 500', OVERLAPPING],
    ['last: 10', [`${view}?page=1&per_page=100`, `${view}?page=28&per_page=10`]],
    ['sort: { field: UPDATED_AT, direction: DESC }', [`${view}?page=1&per_page=25&sort=updated_at&sort_type=desc`]],
  ])('%s', async (args, requests) => {
    const { page } = openPages(280);
    expect((await page(args)).requests).toEqual(requests);
  });

  test('totalCount alone brings no rows', async () => {
    const { ask } = openWorld();
    const { requests } = await ask(`{ contacts(view: ${ALL_CONTACTS}) { totalCount } }`);
    expect(requests).toEqual([`${view}?page=1&per_page=1`]);
  });

  test('nothing but a name costs nothing', async () => {
    const { ask } = openWorld();
    expect((await ask(`{ contacts(view: ${ALL_CONTACTS}) { __typename } }`)).requests).toEqual([]);
  });

  test('the same page wanted twice is one call, with the includes of both', async () => {
    const { ask } = openWorld();
    const { requests } = await ask(`{
      a: contacts(view: ${ALL_CONTACTS}, first: 5) { nodes { owner { displayName } } }
      b: contacts(view: ${ALL_CONTACTS}, first: 5) { nodes { territory { name } } }
    }`);
    expect(requests).toEqual([`${view}?page=1&per_page=5&include=owner,territory`]);
  });
});

test('the far end is told truly', async () => {
  const { page } = openPages(30);
  const first = (await page('first: 20')).page;
  expect(first?.pageInfo).toMatchObject({ hasNextPage: true });
  const second = (await page(`first: 20, after: "${first?.pageInfo.endCursor}"`)).page;
  expect(second).toMatchObject({ totalCount: 30, pageInfo: { hasNextPage: false } });
  expect(second?.nodes).toHaveLength(10);
  const beyond = (await page(`first: 20, after: "${second?.pageInfo.endCursor}"`)).page;
  expect(beyond).toMatchObject({
    nodes: [],
    totalCount: 30,
    pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
  });
});

test('an empty list', async () => {
  const { page } = openPages(0);
  expect((await page('first: 5')).page).toMatchObject({ nodes: [], totalCount: 0, pageInfo: { hasNextPage: false } });
  expect((await page('last: 5')).page).toMatchObject({
    nodes: [],
    totalCount: 0,
    pageInfo: { hasPreviousPage: false },
  });
});

test('first: 0 gives the count, and whether there is more', async () => {
  const { page } = openPages(3);
  expect((await page('first: 0')).page).toMatchObject({ nodes: [], totalCount: 3, pageInfo: { hasNextPage: true } });
});

test.each([
  ['first: -1', /“first” is -1/],
  ['first: 501', /At most 500/],
  ['after: "garbage"', /is not valid for this list/],
])('%s is refused before any call', async (args, message) => {
  const { page } = openPages(3);
  const { errors, requests } = await page(args);
  expect(errors?.[0]).toMatchObject({
    message: expect.stringMatching(message),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(requests).toEqual([]);
});

test('a cursor of another view, another sort or another filter is refused', async () => {
  const { ask } = openWorld();
  const { data } = await ask(`{ contacts(view: ${ALL_CONTACTS}, first: 2) { pageInfo { endCursor } } }`);
  const cursor = (data as unknown as Page).contacts.pageInfo.endCursor;
  for (const args of ['view: 31003548173', `view: ${ALL_CONTACTS}, sort: { field: LEAD_SCORE }`]) {
    const { errors, requests } = await ask(`{ contacts(${args}, after: "${cursor}") { nodes { id } } }`);
    expect(errors?.[0]?.message).toContain('is not valid for this list');
    expect(requests).toEqual([]);
  }
});

// The last 25 rows of these lists are as many as the limit.
test.each([51, 77, 79])('pages shorter than requested are not taken for the end of %i rows', async (length) => {
  for (let last = 20; last <= 25; last += 1) {
    const { ask, sandbox } = openWorld({ seed: false, behaviours: { maxPerPage: 25 } });
    for (let index = 0; index < length; index += 1)
      sandbox.put(taskType, { title: `Task ${index}`, status: 0, due_date: new Date(index * 1000).toISOString() });
    const read = async (args: string) => {
      const { data } = await ask(`{ tasks(filter: OPEN, ${args}) { nodes { databaseId } } }`);
      return (data as unknown as { tasks: Page['contacts'] } | null)?.tasks.nodes.map(({ databaseId }) => databaseId);
    };
    const rows = await read(`last: ${last}`);
    expect(rows).toHaveLength(last);
    expect(rows).toEqual((await read('first: 500'))?.slice(-last));
  }
});
