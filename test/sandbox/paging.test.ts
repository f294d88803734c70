import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { type Json, NOON, world } from './world.ts';

const ALL = '/contacts/view/31003548176';
const ids = (rows: Json | undefined): unknown[] => (rows ?? []).map((row: Json) => row.id);

it('gives 25 rows, a hundred at most, and none past the end or on a page of nought', async () => {
  const { get } = world();
  const first = await get(ALL);
  expect(first.body.contacts).toHaveLength(25);
  const total = Number(first.body.meta?.total);
  expect(first.body.meta?.total_pages).toBe(Math.ceil(total / 25));
  expect((await get(`${ALL}?per_page=1000`)).body.contacts).toHaveLength(100);
  expect((await get(`${ALL}?page=999`)).body).toMatchObject({ contacts: [], meta: { total } });
  expect((await get(`${ALL}?per_page=0`)).body).toMatchObject({ contacts: [], meta: { total } });
});

it('walks every record once', async () => {
  const { get, sandbox } = world();
  const seen = new Set<unknown>();
  for (let page = 1; page < 10; page += 1)
    for (const id of ids((await get(`${ALL}?per_page=100&page=${page}`)).body.contacts)) seen.add(id);
  expect(seen.size).toBe(sandbox.rows(contactType).filter((row) => !row.is_deleted).length);
});

it('sorts by any column, nothing last', async () => {
  const { get } = world();
  const names = async (type: string): Promise<unknown[]> => {
    const { body } = await get(`${ALL}?sort=open_deals_amount&sort_type=${type}&per_page=100`);
    return (body.contacts ?? []).map((row: Json) => Number(row.open_deals_amount));
  };
  const down = await names('desc');
  expect(down).toEqual([...down].sort((a, b) => Number(b) - Number(a)));
  const { body } = await get(`${ALL}?sort=last_contacted&sort_type=asc&per_page=100&page=4`);
  expect(body.contacts?.at(-1)?.last_contacted).toBeNull();
});

it('counts only what passes a filter of tasks', async () => {
  const { get } = world();
  for (const filter of ['open', 'due today', 'due+today', 'due_today', 'due tomorrow', 'overdue', 'completed']) {
    const { status, body } = await get(`/tasks?filter=${filter}`);
    expect([filter, status, Number(body.meta?.total) > 0]).toEqual([filter, 200, true]);
    expect(Object.keys(body.meta ?? {})).toEqual(['total']);
  }
  expect((await get('/tasks?page=0&per_page=0')).body).toEqual({ error_code: 500 });
});

it.each(['tasks', 'appointments'])('lists all %s without a filter, unless the account is strict', async (path) => {
  const { get, sandbox } = world();
  const filters = path === 'tasks' ? ['open', 'completed'] : ['past', 'upcoming'];
  const totals = await Promise.all(
    filters.map(async (filter) => (await get(`/${path}?filter=${filter}`)).body.meta?.total),
  );
  const all = await get(`/${path}?per_page=1`);
  expect(all.body.meta).toEqual({ total: totals.reduce((sum: number, total) => sum + Number(total), 0) });
  expect((await get(`/${path}?filter=unheard`)).status).toBe(400);
  sandbox.behaviours.strictFilters = true;
  expect((await get(`/${path}`)).status).toBe(400);
  expect((await get(`/${path}?filter=${filters[0]}`)).status).toBe(200);
});

it.each([
  ['/tasks?filter=open', 'due_date', 'desc'],
  ['/tasks?filter=open&sort=updated_at&sort_type=asc', 'due_date', 'asc'],
  ['/tasks?filter=open&sort=title&sort_type=desc', 'due_date', 'desc'],
  ['/appointments?filter=past&sort=updated_at&sort_type=asc', 'end_date', 'desc'],
  ['/appointments?filter=past&sort_type=desc', 'end_date', 'asc'],
  ['/appointments?filter=upcoming&sort=updated_at&sort_type=asc', 'end_date', 'asc'],
  ['/appointments?filter=upcoming&sort_type=desc', 'end_date', 'desc'],
])('%s is ordered by %s %s, whatever “sort” says', async (path, column, direction) => {
  const { get } = world();
  const { body } = await get(`${path}&per_page=100`);
  const times = (body.tasks ?? body.appointments ?? []).map((row: Json) => Date.parse(String(row[column])));
  expect(times.length).toBeGreaterThan(1);
  expect(times).toEqual([...times].sort((a, b) => (direction === 'asc' ? a - b : b - a)));
});

it('may list meetings that are over as upcoming', async () => {
  const { get, sandbox } = world();
  const ends = async () =>
    ((await get('/appointments?filter=upcoming&per_page=100')).body.appointments ?? []).map((row: Json) =>
      Date.parse(String(row.end_date)),
    );
  expect(Math.min(...(await ends()))).toBeGreaterThanOrEqual(NOON.getTime());
  sandbox.behaviours.upcomingKeepsPast = true;
  expect(Math.min(...(await ends()))).toBeLessThan(NOON.getTime());
});
