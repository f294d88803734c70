import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type Known, NOTHING_KNOWN } from '../../src/freshsales/response-cache.ts';
import type { Call } from '../../src/freshsales/transport.ts';
import { planOperation } from '../../src/planner/plan.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { registry } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';
import { openWorld } from '../world.ts';

const planOf = (query: string, known: Known = NOTHING_KNOWN) => {
  const plan = planOperation(schema, { document: parse(query) }, { registry, known });
  if (!plan) throw new Error('no plan');
  return plan;
};

const numbers = (query: string, known?: Known) => {
  const { lowerBound, needed, upperBoundIfHonoured, upperBound } = planOf(query, known);
  return [lowerBound, needed, upperBoundIfHonoured, upperBound];
};

describe('bounds', () => {
  test.each([
    ['{ rateLimit { remaining } }', [0, 0, 0, 0]],
    ['{ tasks { __typename } }', [0, 0, 0, 0]],
    ['{ tasks(first: 500) { nodes { title } } }', [1, 6, 6, 64]],
    ['{ tasks(last: 10) { nodes { title } } }', [1, 1, 2, 19]],
    ['{ tasks(first: -1) { nodes { title } } }', [0, 0, 0, 0]],
    ['{ a: contact(id: 1) { id } b: contact(id: "gid://freshsales/Contact/1") { email } }', [1, 1, 1, 1]],
    ['{ node(id: "gid://freshsales/User/1") { id } }', [1, 1, 1, 1]],
    ['{ node(id: "1") { id } }', [0, 0, 0, 0]],
    ['{ search(query: "a", first: 10) { record { __typename } } }', [1, 1, 1, 1]],
    ['{ search(query: "a", first: 10) { record { ... on Deal { name } } } }', [1, 11, 14, 15]],
    ['{ search(query: "a", first: 10) { record { ... on Contact { owner { displayName } } } } }', [1, 2, 2, 16]],
    ['{ owners { id @skip(if: true) email } dealStages @include(if: false) { id } }', [1, 1, 1, 1]],
  ])('%s', (query, bounds) => {
    expect(numbers(query)).toEqual(bounds);
  });

  test('a list of nobody knows what length has no upper bound, until it is known', async () => {
    const query = '{ contactViews { contacts(first: 5) { nodes { id } } } }';
    expect(numbers(query)).toEqual([1, 2, null, null]);
    const { ask, plan, account } = openWorld({ limits: { maxCalls: 1000 } });
    await ask('{ contactViews { id } }');
    const views = account.freshsales.for({}).known.list('contacts/filters')?.length ?? 0;
    expect(await plan(query)).toMatchObject({ lowerBound: 0, needed: 1, upperBound: views * (1 + 17) });
  });
});

describe('what is known', () => {
  const query =
    '{ contacts(view: 31003548176, first: 120, sort: { field: UPDATED_AT }) { nodes { owner { email } } } tasks(filter: OVERDUE) { nodes { title } } contact(id: 31016358306) { tasks { totalCount } } filterContacts(where: { attribute: "city", operator: IS, value: "Rome" }) { totalCount } }';

  test('is asked for by the very calls that would be sent', async () => {
    const asked: Call[] = [];
    numbers(query, { ...NOTHING_KNOWN, isKnown: (call) => asked.push(call) < 0 });
    const { ask, sandbox } = openWorld();
    expect(sandbox.rows(contactType).length).toBeGreaterThan(100);
    const { requests } = await ask(query);
    const text = ({ method, path, query = {} }: Call) => {
      const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      return `${method} /${path}${parameters.length > 0 ? `?${parameters.join('&')}` : ''}`;
    };
    expect([...new Set(asked.map(text))].toSorted()).toEqual(requests.toSorted());
  });

  test('costs nothing', () => {
    expect(numbers(query, { list: () => [], isKnown: () => true, mayBeKnown: () => true }).slice(0, 3)).toEqual([
      0, 0, 0,
    ]);
    expect(
      planOf(query, { list: () => [], isKnown: () => true, mayBeKnown: () => true }).calls.every(
        ({ cached }) => cached,
      ),
    ).toBe(true);
  });
});

test('a write is planned with what its payload brings along', () => {
  const plan = planOf(
    'mutation { a: updateContact(id: 1, input: { jobTitle: "x" }) { contact { owner { email } } } b: deleteDeal(id: 1) { deletedDealId } }',
  );
  expect(plan).toMatchObject({ lowerBound: 2, needed: 2, upperBoundIfHonoured: 3, upperBound: 6 });
  expect(plan.calls).toMatchObject([
    { method: 'PUT', path: '/contacts/{id}', include: ['owner'], fields: ['a'], certain: true },
    { method: 'GET', path: '/contacts/{id}', certain: false },
    { method: 'DELETE', path: '/deals/{id}', include: [], fields: ['b'], certain: true },
  ]);
});
