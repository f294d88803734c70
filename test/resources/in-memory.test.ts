import { describe, expect, test } from 'vitest';
import { openOffice } from '../mutations/office.ts';

const task = (id: number, columns: object) => ({
  id,
  title: `Task ${id}`,
  created_at: '2026-01-01T00:00:00Z',
  ...columns,
});

const TASKS = [
  task(1, { status: 1, due_date: '2020-01-03T09:00:00Z' }),
  task(2, { status: '0', due_date: '2020-01-02T09:00:00Z' }),
  task(3, { status: 0, due_date: '2099-01-01T09:00:00Z' }),
  task(4, { status: 0, due_date: '2020-01-01T09:00:00Z' }),
];

const RECORDS: readonly (readonly [field: string, path: string, id: number])[] = [
  ['contact', 'contacts', 101],
  ['salesAccount', 'sales_accounts', 501],
  ['deal', 'deals', 301],
];

async function tasksOf(
  [field, path, id]: readonly [string, string, number],
  args: string,
  select = 'totalCount nodes { title }',
) {
  const { sandbox, ask } = openOffice();
  const one = path.replace(/s$/, '');
  const body = { [one]: { id, task_ids: TASKS.map((each) => each.id) }, tasks: TASKS };
  sandbox.failNext(new RegExp(path), { status: 200, body });
  return ask(`{ it: ${field}(id: ${id}) { tasks${args} { ${select} } } }`);
}

describe.each(RECORDS)('tasks of a %s', (...record) => {
  test.each([
    ['(status: OPEN)', [2, 3, 4]],
    ['(status: COMPLETED)', [1]],
    ['(isOverdue: true)', [2, 4]],
    ['(isOverdue: false, status: OPEN)', [3]],
    ['(status: OPEN, isOverdue: true, sort: { field: DUE_AT })', [4, 2]],
    ['(sort: { field: DUE_AT, direction: DESC })', [3, 1, 2, 4]],
  ])('%s cost no further call', async (args, ids) => {
    const { data, errors, requests } = await tasksOf(record, args);
    expect(errors).toBeUndefined();
    const nodes = ids.map((id) => ({ title: `Task ${id}` }));
    expect(data).toEqual({ it: { tasks: { totalCount: ids.length, nodes } } });
    expect(requests).toEqual([`GET /${record[1]}/${record[2]}?include=tasks`]);
  });
});

test('a page of narrowed tasks has cursors of its own', async () => {
  const contact = ['contact', 'contacts', 101] as const;
  const select = 'totalCount edges { cursor node { title } } pageInfo { hasNextPage endCursor }';
  const first = await tasksOf(contact, '(status: OPEN, first: 2)', select);
  expect(first.data).toMatchObject({ it: { tasks: { totalCount: 3, pageInfo: { hasNextPage: true } } } });
  const { it } = first.data as unknown as { it: { tasks: { pageInfo: { endCursor: string } } } };
  const after = it.tasks.pageInfo.endCursor;
  const next = await tasksOf(contact, `(status: OPEN, first: 2, after: "${after}")`);
  expect(next.data).toEqual({ it: { tasks: { totalCount: 3, nodes: [{ title: 'Task 4' }] } } });
  const other = await tasksOf(contact, `(status: COMPLETED, after: "${after}")`);
  expect(other.errors?.[0]?.message).toMatch(/This cursor is not valid for this list/);
});

test.each([
  ['contact(id: 101)', 'contact', 'contacts', 101],
  ['salesAccount(id: 501)', 'sales_account', 'sales_accounts', 501],
])('deals of %s are sorted at no further call, those without a value last', async (field, one, path, id) => {
  const { sandbox, ask } = openOffice();
  const deals = [
    ['1', '9.5'],
    ['2', null],
    ['3', '1200.0'],
    ['4', '80'],
  ].map(([key, amount]) => ({ id: Number(key), name: key, amount }));
  const body = { [one]: { id, deal_ids: [1, 2, 3, 4] }, deals };
  sandbox.failNext(new RegExp(path), { status: 200, body });
  const { data, errors, requests } = await ask(
    `{ it: ${field} { deals(sort: { field: AMOUNT, direction: DESC }) { nodes { name } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ it: { deals: { nodes: ['3', '4', '1', '2'].map((name) => ({ name })) } } });
  expect(requests).toEqual([`GET /${path}/${id}?include=deals`]);
});
