import { type DocumentNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { assume } from '../../src/planner/assume.ts';
import { operationsOf } from '../../src/planner/operation.ts';
import { planOperation } from '../../src/planner/plan.ts';
import { registry } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';
import { openWorld } from '../world.ts';

type Variables = Record<string, unknown>;

const assumedFor = (document: DocumentNode, given: Variables) => {
  const [operation] = operationsOf(document);
  if (!operation) throw new Error('There is no operation.');
  return assume(schema, { document, operation }, given);
};

/** The dearest bounds with what is assumed for variables that are not given. */
function bounds(query: string, given: Variables = {}) {
  const { document, variants } = assumedFor(parse(query), given);
  const plans = variants.map((values) =>
    planOperation(schema, { document, variables: { ...values, ...given } }, { registry }),
  );
  const most = (key: 'upperBound' | 'upperBoundIfHonoured') =>
    Math.max(...plans.map((plan) => plan?.[key] ?? Number.POSITIVE_INFINITY));
  return { worst: most('upperBound'), honoured: most('upperBoundIfHonoured') };
}

const gid = (id: number) => `gid://freshsales/Deal/${id}`;
const timelines = 'nodes { activities { type } }';

/** What the server plans for it, when it knows nothing yet. */
const serverPlan = (query: string, variables: Variables) =>
  openWorld({ limits: { maxCalls: 100_000 } }).plan(query, variables);

/** A cursor that a caller may have. */
async function cursorAfter(first: number) {
  const { data } = await openWorld().ask(`{ contacts(view: 31003548176, first: ${first}) { pageInfo { endCursor } } }`);
  return (data as { contacts: { pageInfo: { endCursor: string } } }).contacts.pageInfo.endCursor;
}

const CASES: [query: string, good: Variables[]][] = [
  [`query($s: Boolean!) { contacts(view: 1, first: 100) @skip(if: $s) { ${timelines} } }`, [{ s: true }, { s: false }]],
  [
    `query($s: Boolean!) { a: contacts(view: 1, first: 9) @skip(if: $s) { ${timelines} } b: contacts(view: 1, first: 5) @include(if: $s) { ${timelines} } }`,
    [{ s: true }, { s: false }],
  ],
  [
    `query($x: Boolean!) { contacts(view: 1, first: 9) { ...F @include(if: $x) } } fragment F on ContactConnection { ${timelines} }`,
    [{ x: true }],
  ],
  [
    'query($a: ID!, $b: ID!) { a: contact(id: $a) { id } b: contact(id: $b) { id } c: contact(id: 1) { id } }',
    [{ a: '7', b: '8' }],
  ],
  ['query($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { id } }', [{ a: gid(7), b: gid(8) }]],
  [
    'query($a: ID!) { ...F } fragment F on Query { node(id: $a) { id } }',
    [{ a: gid(7) }, { a: 'gid://freshsales/ContactList/7' }],
  ],
  [
    'query($a: ID!, $b: ID!) { a: node(id: $a) { id } b: node(id: $b) { id } }',
    [{ a: gid(7), b: 'gid://freshsales/ContactList/7' }],
  ],
  ['query($ids: [ID!]!) { nodes(ids: $ids) { id } }', [{ ids: Array.from({ length: 500 }, (_, index) => gid(index)) }]],
  [`query($n: Int!) { contacts(view: 1, first: $n) { ${timelines} } }`, [{ n: 1 }, { n: 100 }, { n: 500 }]],
  ['query($n: Int!) { search(query: "x", first: $n) { record { ... on Contact { email } } } }', [{ n: 100 }]],
  ['query($view: ID!) { contacts(view: $view) { nodes { id } } }', [{ view: '7' }, { view: 'My Contacts' }]],
  [
    'query($v: ID!, $w: ID!) { a: deals(view: $v) { nodes { id } } b: deals(view: $w) { nodes { id } } }',
    [
      { v: '7', w: '8' },
      { v: 'Open Deals', w: 'Won Deals' },
    ],
  ],
  [
    'query($f: TaskFilter!, $g: TaskFilter!) { a: tasks(filter: $f) { nodes { id } } b: tasks(filter: $g) { nodes { id } } }',
    [{ f: 'OPEN', g: 'OVERDUE' }],
  ],
  [
    'query($a: JSON!, $b: JSON!) { a: filterDeals(where: [{ attribute: "name", operator: IS, value: $a }]) { nodes { id } } b: filterDeals(where: [{ attribute: "name", operator: IS, value: $b }]) { nodes { id } } }',
    [{ a: 'x', b: 'y' }],
  ],
  [
    'query($types: [RecordType!]!) { lookup(field: EMAIL, value: "x", types: $types) { ... on Contact { activities { type } } } }',
    [{ types: ['CONTACT', 'SALES_ACCOUNT', 'DEAL'] }],
  ],
  [
    'mutation($id: ID!, $input: UpdateDealInput!) { updateDeal(id: $id, input: $input) { deal { id } } }',
    [{ id: '7', input: { stageId: '8' } }],
  ],
];

describe('an operation with good values costs no more than with those that are assumed', () => {
  test.each(CASES)('%s', async (query, good) => {
    const assumed = bounds(query);
    for (const variables of good) {
      const { upperBound, upperBoundIfHonoured } = await serverPlan(query, variables);
      expect(assumed.honoured).toBeGreaterThanOrEqual(upperBoundIfHonoured ?? Number.POSITIVE_INFINITY);
      expect(assumed.worst).toBeGreaterThanOrEqual(upperBound ?? Number.POSITIVE_INFINITY);
    }
  });

  test.each([
    'query($c: String!) { contacts(view: 31003548176, first: 5, after: $c) { nodes { id } } }',
    'query($c: String!) { contacts(view: 31003548176, last: 5, before: $c) { nodes { id } } }',
    'query($c: String!, $d: String!) { contacts(view: 31003548176, first: 5, after: $c, before: $d) { nodes { id } } }',
    'query($c: String!, $d: String!) { a: contacts(view: 31003548176, first: 5, after: $c) { nodes { id } } b: contacts(view: 31003548176, first: 5, after: $d) { nodes { id } } }',
  ])('with cursors: %s', async (query) => {
    const variables = { c: await cursorAfter(5), d: await cursorAfter(10) };
    const { upperBoundIfHonoured } = await serverPlan(query, variables);
    expect(upperBoundIfHonoured).toBeGreaterThan(0);
    expect(bounds(query).honoured).toBeGreaterThanOrEqual(upperBoundIfHonoured ?? Number.POSITIVE_INFINITY);
  });
});

test('many conditions are one plan', () => {
  const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
  const query = `query(${names.map((name) => `$${name}: Boolean!`)}) {
    ${names.map((name, index) => `${name}: contact(id: ${index}) @skip(if: $${name}) @include(if: $${name}) { id }`).join(' ')}
  }`;
  const { variants, undecided } = assumedFor(parse(query), {});
  expect([variants.length, undecided]).toEqual([1, names]);
  expect(bounds(query).honoured).toBeGreaterThanOrEqual(40);
});

test('what is given or has a default is not assumed, and no number that stands there already', () => {
  const document = parse(
    'query($a: ID!, $b: ID!, $s: Boolean = true, $t: Boolean!) { a: contact(id: $a) { id } b: contact(id: $b) { id } c: contact(id: 1) @skip(if: $s) { id } deal(id: 2) @skip(if: $t) { id } }',
  );
  const assumed = assumedFor(document, { b: '3', t: true });
  expect(assumed).toMatchObject({ variants: [{ a: '4' }], undecided: [] });
  expect(assumed.document).toBe(document);
});
