import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openWorld, type WorldOptions } from '../world.ts';

const ALL_CONTACTS = '31003548176';
const view = `GET /contacts/view/${ALL_CONTACTS}`;

interface Page {
  totalCount: number;
  nodes: { databaseId: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

/** Times a second apart. */
const timeAt = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

/** A world with so many contacts, whose scores, creation and changes are in the order of their ids. */
function openContacts(count: number, options: WorldOptions = {}) {
  const world = openWorld({ seed: false, ...options });
  const { sandbox, ask } = world;
  const put = (second: number, columns: object = {}) => {
    const times = { created_at: timeAt(second), updated_at: timeAt(second) };
    return sandbox.put(contactType, { ...times, lead_score: second, display_name: `Contact ${second}`, ...columns }).id;
  };
  const ids = Array.from({ length: count }, (_, index) => put(index));
  /** Changes a contact so that it is the last one to have changed, or has another score. */
  let now = count;
  const update = (id: string | undefined, columns: object = {}) => {
    now += 1;
    const row = sandbox.get(contactType, id ?? '');
    if (row) sandbox.put(contactType, { ...row, updated_at: timeAt(now), ...columns });
  };
  const page = async (args: string, headers = {}) => {
    const query = `{ contacts(view: ${ALL_CONTACTS}, ${args}) { totalCount nodes { databaseId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const { data, errors, requests } = await ask(query, {}, headers);
    const found = data?.contacts as Page | null | undefined;
    const seen = found?.nodes.map(({ databaseId }) => databaseId) ?? [];
    return { page: found, seen, next: `after: "${found?.pageInfo.endCursor}"`, errors, requests };
  };
  const remove = (...gone: (string | undefined)[]) => {
    for (const id of gone) sandbox.remove(contactType, id ?? '');
  };
  return { ...world, ids, page, put, update, remove };
}

const NEWEST_FIRST = 'sort: { field: UPDATED_AT, direction: DESC }';
const OLDEST_FIRST = 'sort: { field: UPDATED_AT, direction: ASC }';

test('a walk that deletes records as it goes visits every record', async () => {
  const { ids, page, remove } = openContacts(300);
  const seen: string[] = [];
  let after = '';
  for (;;) {
    const { page: found, seen: rows, next, errors } = await page(`first: 50${after && `, ${after}`}`);
    expect(errors).toBeUndefined();
    seen.push(...rows);
    remove(...rows.filter((id) => ids.indexOf(id) % 10 === 3));
    if (!found?.pageInfo.hasNextPage) break;
    after = next;
  }
  expect(seen).toEqual(ids);
});

test('a walk that deletes all that it has seen visits every record', async () => {
  const { ids, page, remove } = openContacts(120);
  const seen: string[] = [];
  let after = '';
  for (;;) {
    const { page: found, seen: rows, next, errors } = await page(`first: 25${after && `, ${after}`}`);
    expect(errors).toBeUndefined();
    seen.push(...rows);
    remove(...rows.slice(1));
    if (!found?.pageInfo.hasNextPage) break;
    after = next;
  }
  expect(seen).toEqual(ids);
});

describe('between two pages', () => {
  test('the page holds the last row that was delivered, for no further call', async () => {
    const { ids, page } = openContacts(200);
    const { next } = await page('first: 25');
    const second = await page(`first: 25, ${next}`);
    expect(second.seen).toEqual(ids.slice(25, 50));
    expect(second.requests).toEqual([`${view}?page=1&per_page=50`]);
    const third = await page(`first: 25, ${second.next}`);
    expect(third.seen).toEqual(ids.slice(50, 75));
    expect(third.requests).toHaveLength(1);
  });

  test('more than 50 rows cost one further call', async () => {
    const { ids, page } = openContacts(320);
    const { next } = await page('first: 100');
    const second = await page(`first: 100, ${next}`);
    expect(second.seen).toEqual(ids.slice(100, 200));
    expect(second.requests).toEqual([`${view}?page=2&per_page=89`, `${view}?page=3&per_page=88`]);
  });

  test('rows that were inserted before the cursor repeat nothing', async () => {
    const { ids, page, put } = openContacts(100);
    const sorted = 'sort: { field: CREATED_AT, direction: DESC }';
    const { next } = await page(`first: 25, ${sorted}`);
    for (let index = 0; index < 3; index += 1) put(1000 + index);
    const { seen, errors } = await page(`first: 25, ${sorted}, ${next}`);
    expect(errors).toBeUndefined();
    expect(seen).toEqual([...ids].reverse().slice(25, 50));
  });

  test('rows that change in a list ordered by the last change, newest first, are delivered next', async () => {
    const { ids, page, update } = openContacts(100);
    const { next } = await page(`first: 25, ${NEWEST_FIRST}`);
    const changed = ids.slice(10, 15);
    for (const id of changed) update(id);
    const second = await page(`first: 25, ${NEWEST_FIRST}, ${next}`);
    expect(second.errors).toBeUndefined();
    expect(second.seen).toEqual([...changed, ...[...ids].reverse().slice(25, 45)]);
    const third = await page(`first: 100, ${NEWEST_FIRST}, ${second.next}`);
    expect(third.seen).toEqual(
      ids
        .filter((id) => !changed.includes(id))
        .reverse()
        .slice(45),
    );
  });

  test('more rows that changed than fit a page are delivered over several pages', async () => {
    const { ids, page, update } = openContacts(60);
    const { next, seen } = await page(`first: 10, ${NEWEST_FIRST}`);
    for (const id of ids.slice(0, 25)) update(id);
    let after = next;
    for (let turn = 0; turn < 20; turn += 1) {
      const { page: found, seen: rows, next: more, errors } = await page(`first: 10, ${NEWEST_FIRST}, ${after}`);
      expect(errors).toBeUndefined();
      seen.push(...rows);
      after = more;
      if (!found?.pageInfo.hasNextPage) break;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  test('rows that were delivered and change come again at the end, oldest first', async () => {
    const { ids, page, update } = openContacts(80);
    const { next, seen } = await page(`first: 25, ${OLDEST_FIRST}`);
    for (const id of seen) update(id);
    const { seen: others, errors } = await page(`first: 100, ${OLDEST_FIRST}, ${next}`);
    expect(errors).toBeUndefined();
    expect(others).toEqual([...ids.slice(25), ...seen]);
  });

  test('rows that may have moved to a part that was read are reported beside the page', async () => {
    const { ids, page, update } = openContacts(80);
    const sorted = 'sort: { field: LEAD_SCORE, direction: DESC }';
    const { next } = await page(`first: 25, ${sorted}`);
    update(ids[3], { lead_score: 1000 });
    const { seen, errors } = await page(`first: 25, ${sorted}, ${next}`);
    expect(seen).toEqual([...ids].reverse().slice(25, 50));
    expect(errors).toMatchObject([{ path: ['contacts'], extensions: { code: 'PAGE_DRIFT' } }]);
  });

  test('a page whose place cannot be found has its rows and an error', async () => {
    const { sandbox, ask } = openWorld({ seed: false });
    const due = (index: number) => timeAt(100_000_000 + ((index * 37) % 101) * 1000);
    for (let index = 0; index < 90; index += 1)
      sandbox.put(taskType, { title: `Task ${index}`, status: 0, due_date: due(index) });
    const query = (args: string) =>
      `{ tasks(filter: OPEN, ${args}) { nodes { databaseId } pageInfo { hasNextPage endCursor } } }`;
    const first = (await ask(query('first: 40'))).data?.tasks as Page;
    for (const { databaseId } of first.nodes.slice(-20)) sandbox.remove(taskType, databaseId);
    const { data, errors } = await ask(query(`first: 20, after: "${first.pageInfo.endCursor}"`), {}, FRESH);
    expect(data).toMatchObject({ tasks: { nodes: { length: 20 } } });
    expect(errors).toMatchObject([{ path: ['tasks'], extensions: { code: 'PAGE_DRIFT' } }]);
  });

  test('walking backward skips nothing', async () => {
    const { ids, page, remove } = openContacts(120);
    const { page: last } = await page('last: 30');
    remove(...ids.slice(5, 10), ...ids.slice(90, 95));
    const { seen, errors } = await page(`last: 30, before: "${last?.pageInfo.startCursor}"`);
    expect(errors).toBeUndefined();
    expect(seen).toEqual(ids.slice(60, 90));
  });

  test('a cached page that no longer fits is read again', async () => {
    const { ids, page, remove } = openContacts(120);
    await page('first: 25, last: 25');
    const { next } = await page('first: 25');
    // Cached: rows 1 to 50, with those that are deleted now.
    await page(`first: 25, ${next}`);
    remove(...ids.slice(0, 20));
    const { next: later, seen } = await page('first: 10', FRESH);
    expect(seen).toEqual(ids.slice(20, 30));
    const second = await page(`first: 10, ${later}`);
    expect(second.errors).toBeUndefined();
    expect(second.seen).toEqual(ids.slice(30, 40));
  });
});

describe('between two cursors', () => {
  test.each([
    ['rows before both were deleted', 'sort: { field: CREATED_AT, direction: ASC }', 0],
    ['rows were inserted before both', 'sort: { field: CREATED_AT, direction: DESC }', 40],
  ])('all rows arrive in either direction although %s', async (_what, sort, inserted) => {
    const { ids, page, put, remove } = openContacts(160);
    const ordered = sort.includes('DESC') ? ids.toReversed() : ids;
    const { next } = await page(`first: 50, ${sort}`);
    const { page: upTo } = await page(`first: 70, ${sort}`);
    const before = `before: "${upTo?.pageInfo.endCursor}"`;
    for (let index = 0; index < inserted; index += 1) put(1000 + index);
    if (inserted === 0) remove(...ordered.slice(0, 40));
    for (const direction of ['first', 'last']) {
      const isForward = direction === 'first';
      const seen: string[] = [];
      let [after, until] = [next, before];
      for (let turn = 0; turn < 5; turn += 1) {
        const { seen: rows, errors, page: found } = await page(`${direction}: 30, ${sort}, ${after}, ${until}`, FRESH);
        expect(errors).toBeUndefined();
        seen.push(...rows);
        const { hasNextPage, hasPreviousPage, startCursor, endCursor } = found?.pageInfo ?? {};
        if (!(isForward ? hasNextPage : hasPreviousPage)) break;
        if (isForward) after = `after: "${endCursor}"`;
        else until = `before: "${startCursor}"`;
      }
      expect(seen.toSorted()).toEqual(ordered.slice(50, 69).toSorted());
    }
  });
});

const FRESH = { 'cache-control': 'no-cache' };

describe('within one page of several calls', () => {
  test('a record that is deleted between two calls hides no other', async () => {
    const { ids, page, remove, sandbox } = openContacts(400);
    sandbox.behaviours.onRequest = () => remove(ids[sandbox.requests.length * 5]);
    const { seen, requests, errors } = await page('first: 300');
    expect(errors).toBeUndefined();
    expect(seen).toHaveLength(300);
    const missed = ids.filter((id) => sandbox.get(contactType, id)?.is_deleted !== true && !seen.includes(id));
    expect(missed).toEqual(ids.slice(-missed.length));
    expect(requests.length).toBeLessThanOrEqual(8);
  });

  test('a call that fails leaves the rows before it, and the walk goes on', async () => {
    const { ids, page, sandbox } = openContacts(250);
    sandbox.failNext(/page=2&/, { status: 500 });
    const { page: found, seen, errors, next } = await page('first: 250');
    expect(seen).toEqual(ids.slice(0, 100));
    expect(found?.pageInfo.hasNextPage).toBe(true);
    expect(errors).toMatchObject([{ path: ['contacts'], extensions: { code: 'UPSTREAM_ERROR' } }]);
    expect((await page(`first: 250, ${next}`, FRESH)).seen).toEqual(ids.slice(100));
  });
});

describe('pages shorter than requested', () => {
  test('are completed', async () => {
    const { ids, page } = openContacts(130, { behaviours: { maxPerPage: 25 } });
    const { seen, next, page: found } = await page('first: 100');
    expect(seen).toEqual(ids.slice(0, 100));
    expect(found?.pageInfo.hasNextPage).toBe(true);
    const rest = await page(`first: 100, ${next}`);
    expect(rest.seen).toEqual(ids.slice(100));
    expect(rest.page?.pageInfo.hasNextPage).toBe(false);
  });

  test('hold other rows than those of the requested size would, which the cache does not confuse', async () => {
    const { ids, page, remove, sandbox } = openContacts(330, { behaviours: { maxPerPage: 25 } });
    sandbox.behaviours.onRequest = () => {
      if (sandbox.requests.length === 2) remove(...ids.slice(0, 31));
    };
    const { seen, errors } = await page('last: 25');
    expect(errors).toBeUndefined();
    expect(seen).toEqual(ids.slice(-25));
  });

  test('are completed without the number of pages, and the size is remembered', async () => {
    const { ask, sandbox } = openWorld({ seed: false, behaviours: { maxPerPage: 25 } });
    for (let index = 0; index < 90; index += 1)
      sandbox.put(taskType, { title: `Task ${index}`, status: 0, due_date: timeAt(100_000_000 + index) });
    const all = sandbox.rows(taskType).map(({ id }) => id);
    const read = async (args: string) => {
      const { data, requests } = await ask(
        `{ tasks(filter: OPEN, ${args}) { nodes { databaseId } pageInfo { endCursor } } }`,
      );
      const page = data?.tasks as Page;
      return { requests, ids: page.nodes.map(({ databaseId }) => databaseId), next: page.pageInfo.endCursor };
    };
    const first = await read('first: 40');
    expect(first.ids).toHaveLength(40);
    const second = await read(`first: 40, after: "${first.next}"`);
    const third = await read(`first: 40, after: "${second.next}"`);
    expect([...first.ids, ...second.ids, ...third.ids].toSorted()).toEqual(all.toSorted());
    for (const request of [...second.requests, ...third.requests]) expect(request).toMatch(/per_page=(1\d|2[0-5])&/);
  });
});
