import { expect, test } from 'vitest';
import type { Identified, Table } from '../../src/freshsales/resource.ts';
import { contactListLookup } from '../../src/lookups/lookup-types.ts';
import { appointmentType } from '../../src/resources/appointment/record.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesActivityType } from '../../src/resources/sales-activity/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import fc, { deepRuns } from '../property.ts';
import { openWorld } from '../world.ts';

type Columns = Record<string, unknown>;

/** A list that is read in pages. `sorts`: what it can be sorted by. */
interface List {
  readonly table: Table;
  readonly field: string;
  readonly args: string;
  readonly sorts: readonly string[];
  /** The node that it is a field of. */
  readonly node?: string;
}

const CONTACT_SORTS = ['CREATED_AT', 'UPDATED_AT', 'LEAD_SCORE', 'OPEN_DEALS_AMOUNT'];

/** Every contact is on it. */
const LIST = '61';

const lists: readonly List[] = [
  { table: contactType, field: 'contacts', args: 'view: 31003548176', sorts: CONTACT_SORTS },
  {
    table: contactType,
    field: 'filterContacts',
    args: 'where: [{ attribute: "updated_at", operator: IS_AFTER, value: "2020-01-01T00:00:00Z" }]',
    sorts: CONTACT_SORTS,
  },
  { table: dealType, field: 'deals', args: 'view: "All Deals"', sorts: ['AMOUNT', 'UPDATED_AT'] },
  { table: taskType, field: 'tasks', args: 'filter: OPEN', sorts: [] },
  { table: appointmentType, field: 'appointments', args: 'filter: ALL', sorts: [] },
  { table: salesActivityType, field: 'salesActivities', args: '', sorts: [] },
  { table: contactType, field: 'contacts', args: '', sorts: [], node: 'ContactList' },
];

/** The list, so that a counterexample has the name of its table only. */
const named = (each: List): List =>
  Object.assign({ [fc.toStringMethod]: () => JSON.stringify({ ...each, table: each.table.name }) }, each);

const list = fc.constantFrom(...lists).chain((each) =>
  fc.record({
    list: fc.constant(named(each)),
    sort: fc.option(
      fc.record({
        field: fc.constantFrom(...each.sorts, ''),
        direction: fc.constantFrom('ASC', 'DESC'),
      }),
    ),
  }),
);

/** What happens before a request of the server, or between two of the client. `at` chooses the record. */
const change = fc.record({
  kind: fc.constantFrom('delete', 'delete', 'insert', 'update', 'update', 'none', 'none'),
  at: fc.nat(999_999).map((millionths) => millionths / 1_000_000),
  value: fc.nat(1000),
  count: fc.constantFrom(1, 1, 1, 2, 5, 30),
});

const scenario = fc.record({
  chosen: list,
  length: fc.constantFrom(8, 40, 120, 330),
  sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(25, 50, 100, 200, 500)), {
    minLength: 1,
    maxLength: 3,
  }),
  isBackward: fc.boolean(),
  /** The place of a second cursor, at which the walk ends. */
  end: fc.option(
    fc.nat(999).map((thousandths) => thousandths / 1000),
    { freq: 2 },
  ),
  maxPerPage: fc.constantFrom(100, 100, 25),
  recordsForMs: fc.constantFrom(0, 60_000),
  between: fc.array(change, { maxLength: 8 }),
  within: fc.array(change, { maxLength: 8 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Times in the past, a second apart, so that no two records have the same. */
const timeAt = (second: number) => `${new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().slice(0, 19)}Z`;

/** A world with a list whose records change. It knows which of them stayed where they were. */
function openMoving({ chosen, length, maxPerPage, recordsForMs }: Scenario) {
  const { table } = chosen.list;
  const world = openWorld({
    seed: false,
    cache: { recordsForMs },
    behaviours: { hourlyLimit: 1_000_000, minuteLimit: 1_000_000, maxPerPage },
    quota: { hourlyLimit: 1_000_000, minuteLimit: 1_000_000 },
    limits: { maxCalls: 1000 },
  });
  const { sandbox } = world;
  sandbox.put(contactListLookup, { id: LIST, name: 'Readers' });
  let second = 0;
  /** The deal of a contact, whose amount is the contact's. */
  const sold = new Map<string, string>();
  const sell = (contact: string, amount: string) => {
    if (chosen.sort?.field !== 'OPEN_DEALS_AMOUNT') return;
    const known = sold.get(contact);
    const { id } = sandbox.put(dealType, {
      ...(known && { id: known }),
      name: 'Seats',
      amount,
      contact_ids: [contact],
    });
    sold.set(contact, id);
  };
  const put = (columns: Columns) => {
    second += 1;
    const time = timeAt(second);
    const amount = String((second * 37) % 1009);
    const { id } = sandbox.put(table as Table<Identified & Columns>, {
      ...{ created_at: time, updated_at: time, lead_score: (second * 37) % 101, amount },
      ...(table === taskType && { status: 0, due_date: timeAt(100_000_000 + second), title: 'Call' }),
      ...(table === appointmentType && { from_date: timeAt(second), end_date: timeAt(second + 60), title: 'Lunch' }),
      ...(table === contactType && { list_ids: [LIST] }),
      ...columns,
    });
    sell(id, String(columns.amount ?? amount));
  };
  for (let index = 0; index < length; index += 1) put({});
  const there = new Set(sandbox.rows(table).map(({ id }) => id));
  const moved = new Set<string>();
  const changes: Record<Change['kind'], (change: Change) => void> = {
    none() {},
    insert: ({ value }) => put({ lead_score: value, amount: String(value) }),
    delete({ at }) {
      const id = idAt(at);
      if (id === undefined) return;
      sandbox.remove(table, id);
      there.delete(id);
    },
    update({ at, value }) {
      const id = idAt(at);
      if (id === undefined) return;
      second += 1;
      const given = { ...sandbox.get(table, id), updated_at: timeAt(second), lead_score: value, amount: String(value) };
      sandbox.put(table, given as Identified);
      sell(id, String(value));
      if (chosen.sort && chosen.sort.field !== 'CREATED_AT' && chosen.sort.field !== '') moved.add(id);
    },
  };
  const idAt = (at: number) => {
    const rows = sandbox.rows(table).filter((row) => (row as Columns).is_deleted !== true);
    return rows[Math.floor(at * rows.length)]?.id;
  };
  const apply = (each: Change | undefined) => {
    for (let index = 0; each && index < each.count; index += 1)
      changes[each.kind]({ ...each, at: (each.at + index / 1000) % 1 });
  };
  return { world, apply, there, moved };
}

interface Page {
  edges: { cursor: string; node: { databaseId: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/** A world, and how its list is read. */
function openReader(given: Scenario) {
  const moving = openMoving(given);
  const { field, args, node } = given.chosen.list;
  const { sort: by } = given.chosen;
  const sort = by?.field ? `sort: { field: ${by.field}, direction: ${by.direction} }` : '';
  const queryOf = (place: string) => {
    const rows = `${field}(${[args, sort, place].filter(Boolean).join(', ')}) { edges { cursor node { databaseId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;
    return node ? `{ node(id: "gid://freshsales/${node}/${LIST}") { ... on ${node} { ${rows} } } }` : `{ ${rows} }`;
  };
  const read = async (place: string) => {
    const { upperBound } = await moving.world.plan(queryOf(place));
    const { data, errors = [], requests } = await moving.world.ask(queryOf(place));
    expect(requests.length, requests.join(' ')).toBeLessThanOrEqual(upperBound ?? 0);
    const page = ((node ? data?.node : data) as Record<string, Page | null> | null)?.[field];
    if (!page) throw new Error(JSON.stringify(errors));
    return { page, errors, requests, ids: page.edges.map((edge) => edge.node.databaseId) };
  };
  return { ...moving, read };
}

async function walk(given: Scenario) {
  const { world, apply, there, moved, read } = openReader(given);
  const { sizes, isBackward, between, within, end } = given;
  const [towards, from, until] = isBackward ? ['last', 'before', 'after'] : ['first', 'after', 'before'];
  const all = end === null ? undefined : await read('first: 500');
  const at = Math.floor((end ?? 0) * (all?.ids.length ?? 0));
  const second = all ? `, ${until}: "${all.page.edges[at]?.cursor}"` : '';
  const inside = all && new Set(isBackward ? all.ids.slice(at + 1) : all.ids.slice(0, at));
  let request = 0;
  world.sandbox.behaviours.onRequest = () => {
    apply(within[request]);
    request += 1;
  };
  const delivered: string[] = [];
  const errors: unknown[] = [];
  const pages: string[] = [];
  let cursor: string | null = null;
  for (let turn = 0; ; turn += 1) {
    if (turn > 500) throw new Error(`The walk does not end.\n${pages.slice(0, 20).join('\n')}`);
    const place: string = `${towards}: ${sizes[turn % sizes.length]}${cursor ? `, ${from}: "${cursor}"` : ''}`;
    const answer = await read(place + second);
    errors.push(...answer.errors);
    pages.push(`${place.slice(0, 40)}: ${answer.ids.length} rows, ${answer.requests.join(' ')}`);
    delivered.push(...answer.ids);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = answer.page.pageInfo;
    if (!(isBackward ? hasPreviousPage : hasNextPage)) break;
    cursor = (isBackward ? startCursor : endCursor) ?? cursor;
    apply(between[turn]);
  }
  const stayed = [...there].filter((id) => !inside || (inside.has(id) && !moved.has(id)));
  return { delivered, errors, pages, stayed, moved };
}

/** Asserts that a walk skips and repeats nothing, or says why it may. Returns whether it drifted. */
async function expectComplete(given: Scenario): Promise<boolean> {
  const { delivered, errors, pages, stayed, moved } = await walk(given);
  const story = `${pages.slice(-20).join('\n')}\n${JSON.stringify(errors)}`;
  for (const error of errors) expect(error, story).toMatchObject({ extensions: { code: 'PAGE_DRIFT' } });
  if (errors.length > 0) return true;
  const counts = new Map<string, number>();
  for (const id of delivered) counts.set(id, (counts.get(id) ?? 0) + 1);
  expect(
    stayed.filter((id) => !counts.has(id)),
    story,
  ).toEqual([]);
  expect(
    stayed.filter((id) => !moved.has(id) && (counts.get(id) ?? 0) > 1),
    story,
  ).toEqual([]);
  return false;
}

test('a walk skips no record that was there all along, and repeats none that did not move', {
  timeout: 900_000,
}, async () => {
  let drifted = 0;
  let walks = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      walks += 1;
      if (await expectComplete(given)) drifted += 1;
    }),
    deepRuns(96),
  );
  // Most walks find their place again.
  expect(drifted).toBeLessThan(walks / 2);
});

test('a walk over cached pages ends at its second cursor although the row of that was deleted', async () => {
  const list = lists.find(({ field }) => field === 'salesActivities');
  if (!list) throw new Error('No list of sales activities');
  const drifted = await expectComplete({
    chosen: { list, sort: null },
    length: 330,
    sizes: [10],
    isBackward: true,
    end: 0,
    maxPerPage: 100,
    recordsForMs: 60_000,
    between: [{ kind: 'delete', at: 0, value: 0, count: 1 }],
    within: [],
  });
  expect(drifted).toBe(false);
});
