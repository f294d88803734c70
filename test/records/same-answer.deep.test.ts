import { describe, expect, test } from 'vitest';
import { recordTypes } from '../../src/resources/index.ts';
import type { Behaviours } from '../../src/sandbox/behaviours.ts';
import fc, { deepRuns } from '../property.ts';
import { type Arguments, randomOperation } from '../random-operation.ts';
import { openWorld } from '../world.ts';
import { onRecordsOnly } from './crowd.ts';

type World = ReturnType<typeof openWorld>;

/** The same moment for all of them, so that what is past for one is so for the others. */
const openAt = (behaviours: Partial<Behaviours>): World =>
  openWorld({
    now: () => new Date('2026-11-25T12:00:00Z'),
    behaviours: { hourlyLimit: 1_000_000, minuteLimit: 1_000_000, ...behaviours },
    quota: { hourlyLimit: 1_000_000, minuteLimit: 1_000_000 },
    limits: { maxCalls: 100_000, maxAliases: 1000 },
  });

/** Lists and ids at the top; relations as they are, for which of their rows come first is promised by nobody. */
function valuesOf({ sandbox }: World): Arguments {
  const ids = new Map(recordTypes.map((recordType) => [recordType.name, sandbox.rows(recordType).map(({ id }) => id)]));
  const gids = [...ids].flatMap(([name, some]) =>
    name === 'Note' || name === 'Lead' ? [] : some.slice(0, 12).map((id) => `gid://freshsales/${name}/${id}`),
  );
  return (type, field, argument) => {
    const name = field.charAt(0).toUpperCase() + field.slice(1);
    if (argument === 'ids') return [gids, gids.slice(0, 24)].map((some) => JSON.stringify(some));
    if (argument === 'id')
      return (field === 'node' ? gids : (ids.get(name) ?? ['1']).slice(0, 30)).map((id) => JSON.stringify(id));
    if (argument === 'first') return type === 'Query' ? ['12', '30', '100'] : [undefined];
    if (argument === 'where')
      return field.startsWith('filter')
        ? ['[{ attribute: "updated_at", operator: IS_AFTER, value: "2020-01-01T00:00:00Z" }]']
        : [undefined, '{ updatedAt: { isAfter: "2020-01-01T00:00:00Z" } }'];
    if (argument === 'query') return ['"a"'];
    if (argument === 'field') return ['EMAIL', 'NAME'];
    if (argument === 'value') return ['"nobody@example.com"'];
    if (argument === 'types') return ['[CONTACT, SALES_ACCOUNT, DEAL]'];
    if (argument === 'type') return ['CONTACT', 'DEAL'];
    if (argument === 'name') return ['"cf_is_vip"'];
    return [undefined];
  };
}

const CURSOR = /^[\w-]{20,}$/;

/** Without cursors, and with rows in an order of our own. */
const comparable = (value: unknown): unknown => {
  if (typeof value === 'string') return CURSOR.test(value) ? 'cursor' : value;
  if (Array.isArray(value))
    return value.map(comparable).toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, comparable(each)]));
};

const accounts: Record<string, Partial<Behaviours>> = {
  'honours on views only what somebody saw': { viewsHonour: 'evidence' },
  'honours to-many includes on records only': {
    honourIncludes: onRecordsOnly('deals', 'tasks', 'appointments', 'notes', 'contacts'),
  },
  'cuts side-loads short': { truncateSideloadsAt: 2 },
  'does all of that, and gives thin rows': {
    ...{ truncateSideloadsAt: 3, transitive: false, filteredSearchDetail: false },
    honourIncludes: onRecordsOnly('deals', 'tasks', 'appointments', 'contacts', 'owner'),
  },
};

/** What depends on the moment; views, one of which is the recycle bin, where no more can be had of a record; and columns that a record has in some answers only, so that it matters where it came from. */
const FICKLE =
  /rateLimit|viewer|Views|recordTypeId|has(Connections|Duplicates)|SearchedToday|stageUpdatedAt|lostReason/;

describe.each(Object.entries(accounts))('an account that %s', (_name, behaviours) => {
  test('gives the same data as one that answers as documented', async () => {
    const [one, other] = [openAt({}), openAt(behaviours)];
    const values = valuesOf(one);
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const query = randomOperation(g, values);
        if (FICKLE.test(query)) return;
        const [wanted, found] = [await one.ask(query), await other.ask(query)];
        const told = `${query}\n${found.requests.slice(0, 12).join('\n')}`;
        if (wanted.errors) return;
        expect(found.errors, told).toBeUndefined();
        expect(comparable(found.data), told).toEqual(comparable(wanted.data));
      }),
      deepRuns(30),
    );
  });
});
