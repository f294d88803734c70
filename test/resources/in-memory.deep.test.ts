import { describe, expect, test } from 'vitest';
import { openOffice } from '../mutations/office.ts';
import { isDeep } from '../property.ts';
import { openWorld } from '../world.ts';

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

/** Relations that are read whole, a field by which they are sorted, and whether side-loaded rows have it. */
const SORTED: readonly (readonly [list: string, relation: string, by: string, field: string, isThere: boolean])[] = [
  ['contacts', 'appointments', 'STARTS_AT', 'startsAt', true],
  ['contacts', 'notes', 'CREATED_AT', 'createdAt', true],
  ['contacts', 'tasks', 'DUE_AT', 'dueAt', true],
  ['contacts', 'deals', 'EXPECTED_CLOSE', 'expectedCloseOn', true],
  ['contacts', 'salesAccounts', 'LAST_CONTACTED', 'lastContactedAt', true],
  ['salesAccounts', 'contacts', 'UPDATED_AT', 'updatedAt', false],
  ['salesAccounts', 'children', 'OPEN_DEALS_AMOUNT', 'openDealsAmount', true],
  ['salesAccounts', 'appointments', 'ENDS_AT', 'endsAt', true],
  ['deals', 'contacts', 'UPDATED_AT', 'updatedAt', false],
  ['deals', 'notes', 'UPDATED_AT', 'updatedAt', true],
  ['deals', 'salesActivities', 'STARTS_AT', 'startsAt', true],
];

/** A whole page in `npm run test:deep`. */
const PARENTS = isDeep ? 100 : 40;

type Parents = { readonly nodes: readonly Record<string, { readonly nodes: readonly Record<string, string>[] }>[] };

test.each(SORTED)('%s { %s(sort: { field: %s }) } is in order, at the calls that are planned', async (...given) => {
  const [list, relation, by, field, isThere] = given;
  const query = (sort: string, select: string) =>
    `{ ${list}(first: ${PARENTS}) { nodes { ${relation}(first: 500${sort}) { nodes { ${select} } } } } }`;
  const valuesIn = (data: unknown) => {
    const { nodes } = (data as Record<string, Parents>)[list] ?? { nodes: [] };
    return nodes.map((node) => (node[relation]?.nodes ?? []).map((row) => row[field] ?? ''));
  };
  const number = (value: string) => (value === '' ? -1 : Number.isNaN(Number(value)) ? Date.parse(value) : +value);
  const whole = valuesIn((await openWorld().ask(query('', field))).data);
  const sort = `, sort: { field: ${by}, direction: DESC }`;
  const sorted = await openWorld().ask(query(sort, field));
  expect(sorted.errors).toBeUndefined();
  expect(valuesIn(sorted.data)).toEqual(whole.map((rows) => rows.toSorted((a, b) => number(b) - number(a))));

  const { requests: unsorted } = await openWorld().ask(query('', 'id'));
  const { ask, plan } = openWorld();
  const { calls } = await plan(query(sort, 'id'));
  const further = (await ask(query(sort, 'id'))).requests.slice(unsorted.length);
  const searches = further.filter((request) => request.startsWith('POST /filtered_search/contact?'));
  expect(searches).toEqual(further);
  expect(further.length > 0).toBe(!isThere);
  expect(calls.some(({ path }) => path === '/filtered_search/contact')).toBe(!isThere);
});
