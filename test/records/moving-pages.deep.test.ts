import { expect, test } from 'vitest';
import type { Identified, Table } from '../../src/freshsales/resource.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesActivityType } from '../../src/resources/sales-activity/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import fc, { deepRuns } from '../property.ts';
import { openWorld } from '../world.ts';

type Columns = Record<string, unknown>;

/** A list that is read in pages. `sorts`: columns by which it can be sorted, with the names in GraphQL. */
interface List {
  readonly table: Table;
  readonly field: string;
  readonly args: string;
  readonly sorts: Readonly<Record<string, string>>;
}

const CONTACT_SORTS = { CREATED_AT: 'created_at', UPDATED_AT: 'updated_at', LEAD_SCORE: 'lead_score' };

const lists: readonly List[] = [
  { table: contactType, field: 'contacts', args: 'view: 31003548176', sorts: CONTACT_SORTS },
  {
    table: contactType,
    field: 'filterContacts',
    args: 'where: [{ attribute: "updated_at", operator: IS_AFTER, value: "2020-01-01T00:00:00Z" }]',
    sorts: CONTACT_SORTS,
  },
  { table: dealType, field: 'deals', args: 'view: "All Deals"', sorts: { AMOUNT: 'amount', UPDATED_AT: 'updated_at' } },
  { table: taskType, field: 'tasks', args: 'filter: OPEN', sorts: {} },
  { table: salesActivityType, field: 'salesActivities', args: '', sorts: {} },
];

const list = fc.constantFrom(...lists).chain((each) =>
  fc.record({
    list: fc.constant(each),
    sort: fc.option(
      fc.record({
        field: fc.constantFrom(...Object.keys(each.sorts), ''),
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
    limits: { maxCalls: 1000 },
  });
  const { sandbox } = world;
  let second = 0;
  const put = (columns: Columns) => {
    second += 1;
    const time = timeAt(second);
    return sandbox.put(table as Table<Identified & Columns>, {
      ...{ created_at: time, updated_at: time, lead_score: (second * 37) % 101, amount: String((second * 37) % 1009) },
      ...(table === taskType && { status: 0, due_date: timeAt(100_000_000 + second), title: 'Call' }),
      ...columns,
    });
  };
  for (let index = 0; index < length; index += 1) put({});
  const there = new Set(sandbox.rows(table).map(({ id }) => id));
  const moved = new Set<string>();
  const changes: Record<Change['kind'], (change: Change) => void> = {
    none() {},
    insert: ({ value }) => void put({ lead_score: value, amount: String(value) }),
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
  nodes: { databaseId: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

async function walk(given: Scenario) {
  const { world, apply, there, moved } = openMoving(given);
  const { chosen, sizes, isBackward, between, within } = given;
  const { field, args } = chosen.list;
  const sort = chosen.sort?.field ? `sort: { field: ${chosen.sort.field}, direction: ${chosen.sort.direction} }` : '';
  let request = 0;
  world.sandbox.behaviours.onRequest = () => {
    apply(within[request]);
    request += 1;
  };
  const delivered: string[] = [];
  const errors: unknown[] = [];
  const pages: string[] = [];
  let cursor: string | null = null;
  for (let turn = 0; turn < 1000; turn += 1) {
    const size = sizes[turn % sizes.length];
    const place: string = isBackward
      ? `last: ${size}${cursor ? `, before: "${cursor}"` : ''}`
      : `first: ${size}${cursor ? `, after: "${cursor}"` : ''}`;
    const answer = await world.ask(
      `{ ${field}(${[args, sort, place].filter(Boolean).join(', ')}) { nodes { databaseId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    );
    errors.push(...(answer.errors ?? []));
    const page = answer.data?.[field] as Page | undefined;
    if (!page) throw new Error(JSON.stringify(answer.errors));
    const ids = page.nodes.map(({ databaseId }) => databaseId);
    pages.push(`${place.slice(0, 40)}: ${ids.length} rows, ${answer.requests.join(' ')}`);
    delivered.push(...ids);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
    if (!(isBackward ? hasPreviousPage : hasNextPage)) break;
    cursor = (isBackward ? startCursor : endCursor) ?? cursor;
    apply(between[turn]);
  }
  return { delivered, errors, pages, there, moved };
}

test('a walk skips no record that was there all along, and repeats none that did not move', async () => {
  let drifted = 0;
  let walks = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const { delivered, errors, pages, there, moved } = await walk(given);
      walks += 1;
      const story = `${pages.join('\n')}\n${JSON.stringify(errors)}`;
      for (const error of errors) expect(error, story).toMatchObject({ extensions: { code: 'PAGE_DRIFT' } });
      if (errors.length > 0) {
        drifted += 1;
        return;
      }
      const counts = new Map<string, number>();
      for (const id of delivered) counts.set(id, (counts.get(id) ?? 0) + 1);
      expect(
        [...there].filter((id) => !counts.has(id)),
        story,
      ).toEqual([]);
      expect(
        [...there].filter((id) => !moved.has(id) && (counts.get(id) ?? 0) > 1),
        story,
      ).toEqual([]);
    }),
    deepRuns(96),
  );
  // Most walks find their place again.
  expect(drifted).toBeLessThan(walks / 2);
});
