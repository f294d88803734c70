import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { type Json, world } from './world.ts';

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
  expect((await get('/tasks')).status).toBe(400);
  expect((await get('/tasks?page=0&per_page=0')).body).toEqual({ error_code: 500 });
  expect((await get('/appointments')).status).toBe(400);
  expect((await get('../appointments')).status).toBe(200);
});
