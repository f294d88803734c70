import fc, { type GeneratorValue } from 'fast-check';
import {
  getNullableType,
  isListType,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { expect, test } from 'vitest';
import { recordTypes } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';
import { deepRuns } from '../property.ts';
import { type Arguments, randomOperation } from '../random-operation.ts';
import { openWorld } from '../world.ts';
import { askInParts, joined } from './parts.ts';

type World = ReturnType<typeof openWorld>;

const open = (): World =>
  openWorld({
    now: () => new Date('2026-11-25T12:00:00Z'),
    behaviours: { hourlyLimit: 1_000_000, minuteLimit: 1_000_000 },
    quota: { hourlyLimit: 1_000_000, minuteLimit: 1_000_000 },
    limits: { maxCalls: 100_000, maxAliases: 1000, maxDirectives: 1000 },
  });

function valuesOf({ sandbox }: World): Arguments {
  const ids = new Map(recordTypes.map((recordType) => [recordType.name, sandbox.rows(recordType).map(({ id }) => id)]));
  const gids = [...ids].flatMap(([name, some]) =>
    name === 'Note' || name === 'Lead' ? [] : some.slice(0, 6).map((id) => `gid://freshsales/${name}/${id}`),
  );
  return (_type, field, argument) => {
    const name = field.charAt(0).toUpperCase() + field.slice(1);
    if (argument === 'ids') return [JSON.stringify(gids.slice(0, 12))];
    if (argument === 'id')
      return (field === 'node' ? gids : (ids.get(name) ?? ['1']).slice(0, 9)).map((id) => JSON.stringify(id));
    if (argument === 'first') return [undefined, '3', '30'];
    if (argument === 'where' && field.startsWith('filter'))
      return ['[{ attribute: "updated_at", operator: IS_AFTER, value: "2020-01-01T00:00:00Z" }]'];
    if (argument === 'query') return ['"a"'];
    if (argument === 'field') return ['EMAIL', 'NAME'];
    if (argument === 'value') return ['"nobody@example.com"'];
    if (argument === 'types') return ['[CONTACT, SALES_ACCOUNT, DEAL]'];
    if (argument === 'type') return ['CONTACT', 'DEAL'];
    if (argument === 'name') return ['"cf_is_vip"'];
    return [undefined];
  };
}

const oneIn = (g: GeneratorValue, count: number): boolean => g(fc.nat, { max: count - 1 }) === 0;

const directive = (name: string) => ({ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: name } }) as const;

/** The operation with random selections deferred, some of them selected twice, and random lists streamed. */
function inParts(g: GeneratorValue, query: string): string {
  const types = new TypeInfo(schema);
  const deferred = (selections: readonly SelectionNode[]): SelectionNode => ({
    kind: Kind.INLINE_FRAGMENT,
    directives: [directive('defer')],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  });
  const SelectionSet = (set: SelectionSetNode): SelectionSetNode => {
    const later = set.selections.filter(() => oneIn(g, 3));
    const now = set.selections.filter((each) => !later.includes(each) || oneIn(g, 4));
    return later.length === 0 ? set : { ...set, selections: [...now, deferred(later)] };
  };
  const document = visit(
    parse(query),
    visitWithTypeInfo(types, {
      SelectionSet: { leave: SelectionSet },
      Field(node) {
        const type = types.getType();
        if (!type || !isListType(getNullableType(type)) || !oneIn(g, 3)) return undefined;
        return { ...node, directives: [directive('stream')] };
      },
    }),
  );
  return print(document);
}

/** What depends on the moment. */
const FICKLE = /rateLimit|viewer|SearchedToday/;

test('parts make the same answer as the whole, for no more calls', async () => {
  const values = valuesOf(open());
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const query = randomOperation(g, values);
      if (FICKLE.test(query)) return;
      const [one, other] = [open(), open()];
      const divided = inParts(g, query);
      const headers = oneIn(g, 3) ? { 'cache-control': 'no-cache' } : {};
      const whole = await one.ask(query, {}, headers);
      const { parts, requests } = await askInParts(other, divided, { headers });
      const told = `${divided}\n${requests.slice(0, 12).join('\n')}\n— whole:\n${whole.requests.slice(0, 12).join('\n')}`;
      expect(joined(parts), told).toEqual(whole.data);
      expect(
        parts
          .flatMap(({ errors = [], incremental = [] }) => [errors, ...incremental.map((each) => each.errors ?? [])])
          .flat().length > 0,
        told,
      ).toBe((whole.errors ?? []).length > 0);
      expect(requests.length, told).toBeLessThanOrEqual(whole.requests.length);
    }),
    deepRuns(60),
  );
});
