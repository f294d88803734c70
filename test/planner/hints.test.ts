import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openWorld } from '../world.ts';

type World = ReturnType<typeof openWorld>;

const VIEW = '31003548176';
const ids = ({ sandbox }: World, count: number) =>
  sandbox
    .rows(contactType)
    .slice(0, count)
    .map(({ id }) => id);
const accountIds = ({ sandbox }: World, count: number) =>
  sandbox
    .rows(salesAccountType)
    .slice(0, count)
    .map(({ id }) => id);
const taskIds = ({ sandbox }: World, count: number) =>
  sandbox
    .rows(taskType)
    .slice(0, count)
    .map(({ id }) => id);
const single = (some: readonly string[], type = 'contact', fields = 'id') =>
  some.map((id, index) => `c${index}: ${type}(id: ${id}) { ${fields} }`).join(' ');

interface Advised {
  /** What is given as advice, and no other thing. */
  readonly hints: string;
  /** What it is given on, and what follows it. */
  readonly dear: (world: World) => string;
  readonly cheap: (world: World) => string;
  /** Calls that the advice saves in the sandbox; none where more comes for the same. */
  readonly saves: number;
}

const list = (args: string, fields = 'nodes { id }') => `contacts(view: ${VIEW}, ${args}) { ${fields} }`;

const ACTIVITIES = 'nodes { activities { type } }';

const gids = (world: World) =>
  [
    ...ids(world, 2).map((id) => `gid://freshsales/Contact/${id}`),
    ...accountIds(world, 1).map((id) => `gid://freshsales/SalesAccount/${id}`),
  ].map((gid) => JSON.stringify(gid));

const advised: Record<string, Advised> = {
  'a page that is not full': {
    hints: '`first: 100` in `contacts` costs the same as 25.',
    dear: () => `{ ${list('first: 25', 'nodes { id owner { displayName } }')} }`,
    cheap: () => `{ ${list('first: 100', 'nodes { id owner { displayName } }')} }`,
    saves: 0,
  },
  'records one by one': {
    hints:
      '3 contacts by id cost 3 calls. A view that holds them costs 1, whatever their number: `contacts(view: …, first: 100)`.',
    dear: (world) => `{ ${single(ids(world, 3))} }`,
    cheap: () => `{ ${list('first: 100')} }`,
    saves: 2,
  },
  'records one by one of a type without views': {
    hints:
      '2 tasks by id cost 2 calls. A page that holds them costs 1, whatever their number: `tasks(filter: …, first: 100)`.',
    dear: (world) => `{ ${single(taskIds(world, 2), 'task', 'title')} }`,
    cheap: () => '{ tasks(filter: OPEN, first: 100) { nodes { title } } }',
    saves: 1,
  },
  'nodes of several types': {
    hints:
      '2 contacts by id cost 2 calls. A view that holds them costs 1, whatever their number: `contacts(view: …, first: 100)`.',
    dear: (world) => `{ nodes(ids: [${[...gids(world)].join(', ')}]) { id ... on Contact { tags } } }`,
    cheap: (world) => `{ ${list('first: 100', 'nodes { id tags }')} nodes(ids: [${gids(world)[2]}]) { id } }`,
    saves: 1,
  },
  'the list of views': {
    hints: 'Name the view of `contacts` by its id: saves GET /contacts/filters, made once an hour.',
    dear: () => '{ contacts(view: "All Contacts", first: 100) { nodes { id } } }',
    cheap: () => `{ ${list('first: 100')} }`,
    saves: 1,
  },
  'a page that two fields share': {
    hints: '`first: 100` in `a` and `b` costs the same as 25.',
    dear: () => `{ a: ${list('first: 25')} b: ${list('first: 25', 'nodes { displayName }')} }`,
    cheap: () => `{ a: ${list('first: 100')} b: ${list('first: 100', 'nodes { displayName }')} }`,
    saves: 0,
  },
};

describe.each(Object.entries(advised))('on %s', (_name, { hints, dear, cheap, saves }) => {
  test('advice is given, and it is true', async () => {
    const world = openWorld();
    const other = openWorld();
    expect((await world.plan(dear(world))).hints).toContain(hints);
    expect((await world.plan(cheap(world))).hints).not.toContain(hints);
    const before = await world.ask(dear(world));
    const after = await other.ask(cheap(other));
    expect([before.errors, after.errors]).toEqual([undefined, undefined]);
    expect(before.requests.length - after.requests.length).toBe(saves);
  });
});

describe('no advice is given', () => {
  const unadvised: Record<string, (world: World) => string> = {
    'on a larger page where each record costs a call': () => list('first: 10', ACTIVITIES),
    // Rows without a date are last in either direction, and rows of one date need not turn round.
    'on turning a sort round': () => list('last: 3, sort: { field: LAST_CONTACTED }', 'nodes { databaseId }'),
    'on the end of a list without a sort': () => list('last: 3'),
    'on what a page of the type itself does not bring either': () =>
      list('first: 30', 'nodes { primarySalesAccount { notes { nodes { createdAt } } } }'),
    'on one list where a longer part of it is dearer': () =>
      `a: ${list('first: 3', ACTIVITIES)} b: ${list('first: 100')}`,
    'on single records that are dearer on a page': (world) => single(ids(world, 2), 'contact', 'activities { type }'),
    'on rows of single records, which are read together': (world) =>
      single(ids(world, 3), 'contact', 'primarySalesAccount { phone } activities { type }'),
    'on one list where it is asked where a part of it ends': () =>
      `a: ${list('first: 100')} b: ${list('first: 30', 'nodes { id } pageInfo { endCursor }')}`,
  };

  test.each(Object.entries(unadvised))('%s', async (_name, query) => {
    const world = openWorld({ limits: { maxCalls: 500 } });
    expect((await world.plan(`{ ${query(world)} }`)).hints).toEqual([]);
  });

  test.each(Object.entries(advised))('on %s, when all is known already', async (_name, { dear }) => {
    const world = openWorld();
    await world.ask(dear(world));
    expect((await world.plan(dear(world))).hints).toEqual([]);
  });
});

test.each([
  ['task', 'tasks(filter: …, first: 100)'],
  ['appointment', 'appointments(filter: …, first: 100)'],
  ['salesActivity', 'salesActivities(first: 100)'],
  ['deal', 'deals(view: …, first: 100)'],
  ['salesAccount', 'salesAccounts(view: …, first: 100)'],
])('pages of %s are named with the arguments that they have', async (type, page) => {
  const { hints } = await openWorld().plan(`{ ${single(['1', '2'], type)} }`);
  expect(hints).toEqual([expect.stringContaining(`costs 1, whatever their number: \`${page}\`.`)]);
});
