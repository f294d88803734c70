import { describe, expect, test } from 'vitest';
import { contactResource } from '../../src/resources/contact/resource.ts';
import { salesAccountResource } from '../../src/resources/sales-account/resource.ts';
import { openWorld } from '../world.ts';

type World = ReturnType<typeof openWorld>;

const VIEW = '31003548176';
const ids = ({ sandbox }: World, count: number) =>
  sandbox
    .rows(contactResource)
    .slice(0, count)
    .map(({ id }) => id);
const accountIds = ({ sandbox }: World, count: number) =>
  sandbox
    .rows(salesAccountResource)
    .slice(0, count)
    .map(({ id }) => id);
const single = (some: readonly string[], type = 'contact') =>
  some.map((id, index) => `c${index}: ${type}(id: ${id}) { id }`).join(' ');

interface Advised {
  /** What is given as advice, and no other thing. */
  readonly advice: string;
  /** What it is given on, and what follows it. */
  readonly dear: (world: World) => string;
  readonly cheap: (world: World) => string;
  /** Calls that the advice saves in the sandbox; none where more comes for the same. */
  readonly saves: number;
}

const list = (args: string, fields = 'nodes { id }') => `contacts(view: ${VIEW}, ${args}) { ${fields} }`;

const ACTIVITIES = 'nodes { activities { type } }';

const advised: Record<string, Advised> = {
  'a page that is not full': {
    advice: '`first: 100` in `contacts` costs the same as 25.',
    dear: () => `{ ${list('first: 25', 'nodes { id owner { displayName } }')} }`,
    cheap: () => `{ ${list('first: 100', 'nodes { id owner { displayName } }')} }`,
    saves: 0,
  },
  'records one by one': {
    advice:
      '3 contacts by id cost up to 3 calls. A view that holds them costs 1, whatever their number: `contacts(view: …, first: 100)`.',
    dear: (world) => `{ ${single(ids(world, 3))} }`,
    cheap: () => `{ ${list('first: 100')} }`,
    saves: 2,
  },
  'records one by one that a page would bring along': {
    advice: 'Ask `primarySalesAccount` inside `contacts`: saves 4 calls, where it leads to the same records.',
    dear: (world) => `{ ${list('first: 100')} ${single(accountIds(world, 4), 'salesAccount')} }`,
    cheap: () => `{ ${list('first: 100', 'nodes { id primarySalesAccount { id } }')} }`,
    saves: 4,
  },
  'the list of views': {
    advice: 'Name the view of `contacts` by its id: saves GET /contacts/filters, made once an hour.',
    dear: () => '{ contacts(view: "All Contacts", first: 100) { nodes { id } } }',
    cheap: () => `{ ${list('first: 100')} }`,
    saves: 1,
  },
  'a count that is asked apart': {
    advice: 'Ask `totalCount` in `rows` rather than in `count`: saves 1 call.',
    dear: () => `{ count: ${list('first: 1', 'totalCount')} rows: ${list('first: 100')} }`,
    cheap: () => `{ rows: ${list('first: 100', 'totalCount nodes { id }')} }`,
    saves: 1,
  },
  'the same list twice': {
    advice: '`a` and `b` begin the same list. Ask for it once, with the larger `first`: saves 1 call.',
    dear: () => `{ a: ${list('first: 10')} b: ${list('first: 100')} }`,
    cheap: () => `{ b: ${list('first: 100')} }`,
    saves: 1,
  },
  'the same list three times': {
    advice: '`a`, `b` and `c` begin the same list. Ask for it once, with the largest `first`: saves 2 calls.',
    dear: () => `{ a: ${list('first: 10')} b: ${list('first: 100')} c: ${list('first: 30')} }`,
    cheap: () => `{ b: ${list('first: 100')} }`,
    saves: 2,
  },
  'a list of which one part is dear': {
    advice: '`b` and `c` begin the same list. Ask for it once, with the larger `first`: saves 1 call.',
    dear: () => `{ a: ${list('first: 3', ACTIVITIES)} b: ${list('first: 100')} c: ${list('first: 30')} }`,
    cheap: () => `{ a: ${list('first: 3', ACTIVITIES)} b: ${list('first: 100')} }`,
    saves: 1,
  },
  'counts of one list': {
    advice: 'Ask `totalCount` in `rows` rather than in `a` and `b`: saves 1 call.',
    dear: () =>
      `{ a: ${list('first: 1', 'totalCount')} b: ${list('first: 2', 'totalCount')} rows: ${list('first: 100')} }`,
    cheap: () => `{ rows: ${list('first: 100', 'totalCount nodes { id }')} }`,
    saves: 1,
  },
  'a page that two fields share': {
    advice: '`first: 100` in `a` and `b` costs the same as 25.',
    dear: () => `{ a: ${list('first: 25')} b: ${list('first: 25', 'nodes { displayName }')} }`,
    cheap: () => `{ a: ${list('first: 100')} b: ${list('first: 100', 'nodes { displayName }')} }`,
    saves: 0,
  },
  'a search that tells it already': {
    advice: '`search` tells `name` and `email` without `record`: saves up to 2 calls.',
    dear: () =>
      '{ search(query: "a", first: 2, types: [CONTACT]) { id record { ... on Contact { displayName email } } } }',
    cheap: () => '{ search(query: "a", first: 2, types: [CONTACT]) { id name email } }',
    saves: 2,
  },
};

describe.each(Object.entries(advised))('on %s', (_name, { advice, dear, cheap, saves }) => {
  test('advice is given, and it is true', async () => {
    const world = openWorld();
    const other = openWorld();
    expect((await world.plan(dear(world))).advice).toContain(advice);
    expect((await world.plan(cheap(world))).advice).not.toContain(advice);
    const before = await world.ask(dear(world));
    const after = await other.ask(cheap(other));
    expect([before.errors, after.errors]).toEqual([undefined, undefined]);
    expect(before.requests.length - after.requests.length).toBe(saves);
  });
});

test('a column that rows which come along lack is had from pages of the type itself', async () => {
  const world = openWorld({ limits: { maxCalls: 500 } });
  const query = '{ tasks(first: 20) { nodes { target { ... on Deal { amount } } } } }';
  expect((await world.plan(query)).advice).toContain(
    '`amount` of `tasks.nodes.target` does not come along and costs up to 20 calls. `deals(first: 100)` brings it with 100 records for one.',
  );
  const dear = await openWorld({ limits: { maxCalls: 500 } }).ask(query);
  const cheap = await world.ask(
    '{ deals(view: 31003548204, first: 100) { nodes { amount } } tasks(first: 20) { nodes { target { ... on Deal { id } } } } }',
  );
  expect(dear.requests.length).toBeGreaterThan(cheap.requests.length);
  expect(cheap.requests).toHaveLength(2);
});

describe('no advice is given', () => {
  const unadvised: Record<string, string> = {
    'on a larger page where each record costs a call': list('first: 10', ACTIVITIES),
    'on one list where a longer part of it is dearer': `a: ${list('first: 3', ACTIVITIES)} b: ${list('first: 100')}`,
    'on one list where it is asked where a part of it ends': `a: ${list('first: 100')} b: ${list('first: 30', 'nodes { id } pageInfo { endCursor }')}`,
  };

  test.each(Object.entries(unadvised))('%s', async (_name, query) => {
    expect((await openWorld().plan(`{ ${query} }`)).advice).toEqual([]);
  });

  test.each([
    'a page that is not full',
    'a count that is asked apart',
    'the same list twice',
    'a page that two fields share',
  ])('on %s, when all is known already', async (name) => {
    const world = openWorld();
    const query = advised[name]?.dear(world) ?? '';
    await world.ask(query);
    expect((await world.plan(query)).advice).toEqual([]);
  });
});

// Rows without a date are last in either direction, and rows of one date need not turn round.
test.each(['last: 3, sort: { field: LAST_CONTACTED }', 'last: 3, sort: { field: CREATED_AT }', 'last: 3'])(
  'turning the sort round is not advised for %s',
  async (args) => {
    expect((await openWorld().plan(`{ ${list(args)} }`)).advice).toEqual([]);
  },
);
