import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { recordTypes } from '../../src/resources/index.ts';
import type { Behaviours } from '../../src/sandbox/behaviours.ts';
import fc, { deepRuns } from '../property.ts';
import { type Arguments, randomOperation } from '../random-operation.ts';
import { openWorld } from '../world.ts';

type World = ReturnType<typeof openWorld>;

/** A sandbox whose quota is never spent, below a server that lets everything run to its end. */
const openBoundless = (behaviours: Partial<Behaviours>) =>
  openWorld({
    behaviours: { hourlyLimit: 1_000_000, minuteLimit: 1_000_000, ...behaviours },
    limits: { maxCalls: 100_000, maxAliases: 1000 },
  });

/** A failed branch may end an answer while others still run; their requests are waited for. */
async function askToTheEnd({ ask, sandbox }: World, query: string) {
  const before = sandbox.requests.length;
  const { errors } = await ask(query);
  for (let seen = -1; errors && seen !== sandbox.requests.length; await setTimeout(20)) seen = sandbox.requests.length;
  return { errors, requests: sandbox.requests.slice(before) };
}

const quoted = (texts: readonly string[]) => texts.map((text) => JSON.stringify(text));

/** Values for arguments: ids that exist and one that does not, views by id and by name, small pages and large ones. */
function valuesOf({ sandbox }: World): Arguments {
  const ids = new Map(
    recordTypes.map((recordType) => [
      recordType.name,
      sandbox
        .rows(recordType)
        .slice(0, 12)
        .map(({ id }) => id),
    ]),
  );
  const gids = [...ids].flatMap(([name, some]) =>
    name === 'Note' ? [] : some.map((id) => `gid://freshsales/${name}/${id}`),
  );
  const nodes = [
    ...gids,
    'gid://freshsales/User/1',
    'gid://freshsales/Contact/1',
    'gid://freshsales/ContactView/31003548176',
  ];
  const views: Record<string, string[]> = {
    contacts: ['"31003548176"', '"gid://freshsales/ContactView/31003548176"', '"All Contacts"'],
  };
  return (type, field, argument) => {
    const name = field.charAt(0).toUpperCase() + field.slice(1);
    if (argument === 'id') return field === 'node' ? quoted(nodes) : quoted([...(ids.get(name) ?? []), '1']);
    if (argument === 'ids')
      return [gids.slice(0, 4), gids.slice(0, 12), gids, [...nodes].reverse().slice(0, 5)].map(
        (some) => `[${quoted(some).join(',')}]`,
      );
    if (argument === 'first')
      return type === 'Query' ? [undefined, '0', '2', '7', '30', '120'] : [undefined, '0', '1', '3'];
    if (argument === 'last') return [undefined, undefined, undefined, '3', '0', '60'];
    if (argument === 'view') return [undefined, ...(views[field] ?? [])];
    if (argument === 'where')
      return field.startsWith('filter')
        ? ['[{ attribute: "updated_at", operator: IS_AFTER, value: "2020-01-01T00:00:00Z" }]']
        : [undefined, '{ updatedAt: { isAfter: "2020-01-01T00:00:00Z" } }'];
    if (argument === 'query') return ['"a"', '"wid"'];
    if (argument === 'field') return ['EMAIL', 'NAME'];
    if (argument === 'value')
      return ['"nobody@example.com"', JSON.stringify(String(sandbox.rows(recordTypes[0] as never)[0]))];
    if (argument === 'types') return ['[CONTACT, SALES_ACCOUNT, DEAL]', '[CONTACT]'];
    if (argument === 'type') return ['CONTACT', 'DEAL'];
    if (argument === 'name') return ['"cf_is_vip"'];
    return [undefined];
  };
}

const accounts: Record<string, Partial<Behaviours>> = {
  'answers as documented': {},
  'honours on views only what somebody saw': { viewsHonour: 'evidence' },
  'cuts side-loads short': { truncateSideloadsAt: 1 },
  'brings no side-loads of side-loads': { transitive: false },
  'does all of that, and gives thin rows': {
    ...{ viewsHonour: 'evidence', truncateSideloadsAt: 2, transitive: false, filteredSearchDetail: false },
  },
  'honours no include at all': { honourIncludes: () => false },
};

describe.each(Object.entries(accounts))('on an account that %s', (name, behaviours) => {
  test('an operation costs no less than the lower bound and no more than the upper one', async () => {
    const world = openBoundless(behaviours);
    const values = valuesOf(world);
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const query = randomOperation(g, values);
        const plan = await world.plan(query);
        const { errors, requests } = await askToTheEnd(world, query);
        const told = `${query}\n${requests.slice(0, 12).join('\n')}\n${JSON.stringify(plan.calls, null, 1)}`;
        expect(requests.length, told).toBeLessThanOrEqual(plan.upperBound ?? 0);
        if (name === 'answers as documented')
          expect(requests.length, told).toBeLessThanOrEqual(plan.upperBoundIfHonoured ?? 0);
        if (!errors) expect(plan.lowerBound, told).toBeLessThanOrEqual(requests.length);
      }),
      deepRuns(40),
    );
  });
});

test('a page of a view that was named by its id may be known, before it is known which view is meant', async () => {
  const world = openBoundless({});
  await askToTheEnd(world, '{ contacts(view: 31003548176, first: 1) { nodes { id } } }');
  const query = '{ contacts(first: 0) { pageInfo { endCursor } } }';
  const { lowerBound } = await world.plan(query);
  const { requests } = await askToTheEnd(world, query);
  expect(requests).toEqual(['GET /contacts/filters']);
  expect(lowerBound).toBe(1);
});

test('records of several types on one page are searched for type by type', async () => {
  const world = openBoundless({});
  const query = '{ tasks(first: 25) { nodes { target { ... on Contact { tags } ... on SalesAccount { phone } } } } }';
  const { upperBoundIfHonoured } = await world.plan(query);
  const { errors, requests } = await askToTheEnd(world, query);
  expect(errors).toBeUndefined();
  expect(requests).toEqual([
    'GET /tasks?page=1&per_page=25&filter=open&include=targetable',
    'POST /filtered_search/contact?page=1&per_page=100',
    'POST /filtered_search/sales_account?page=1&per_page=100',
  ]);
  expect(upperBoundIfHonoured).toBe(3);
});
