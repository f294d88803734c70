import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { expect, test } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import type { Product } from '../../src/freshsales/products.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { recordTypes } from '../../src/resources/index.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createServer } from '../../src/server/create-server.ts';
import { schema } from '../../src/server/schema.ts';
import fc, { deepCases, deepRuns } from '../property.ts';
import { type Arguments, randomOperation } from '../random-operation.ts';
import { garbage, spoil } from '../spoil.ts';

/** What happens to the nth call of an operation: it fails, or some cells of its response are replaced. */
type Damage = { readonly status: number } | { readonly wounds: readonly (readonly [number, unknown])[] };

const damages = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({ wounds: [] }) },
    { weight: 2, arbitrary: fc.record({ status: fc.constantFrom(500, 503, 403, 404) }) },
    {
      weight: 3,
      arbitrary: fc.record({ wounds: fc.array(fc.tuple(fc.nat(5000), garbage), { minLength: 1, maxLength: 8 }) }),
    },
  ),
  { minLength: 1, maxLength: 8 },
);

/** A server over a sandbox whose responses are damaged. */
function openDamaged(product: Product) {
  const now = () => new Date('2026-11-25T12:00:00Z');
  const sandbox = createSandbox({ product, now, behaviours: { hourlyLimit: 1e6, minuteLimit: 1e6 } });
  async function ask(query: string, plan: readonly Damage[]) {
    let calls = 0;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await sandbox.fetch(input, init);
      const damage = plan[calls++ % plan.length] ?? { wounds: [] };
      if ('status' in damage) return new Response('{"message":"Not now."}', { status: damage.status });
      if (!response.ok) return response;
      return new Response(JSON.stringify(spoil(await response.json(), damage.wounds)));
    };
    const ledger = createAccountLedger({ hourlyLimit: 1e6, minuteLimit: 1e6 });
    const freshsales = createFreshsales({ baseURL: sandbox.baseURL, apiKey: 'k', product, fetch, ledger });
    const faults: unknown[] = [];
    const yoga = createServer({
      connect: () => ({ freshsales, ledger }),
      limits: { maxCalls: 100_000, maxAliases: 1000 },
      report: (_id, error) => faults.push(error),
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
    const { data, errors = [] } = await (await yoga.fetch('http://127.0.0.1/graphql', init)).json();
    return { data, errors, faults };
  }
  return { sandbox, ask };
}

function valuesOf({ sandbox }: ReturnType<typeof openDamaged>): Arguments {
  const ids = new Map(recordTypes.map((recordType) => [recordType.name, sandbox.rows(recordType).map(({ id }) => id)]));
  const gids = [...ids].flatMap(([name, some]) => some.slice(0, 6).map((id) => `gid://freshsales/${name}/${id}`));
  return (type, field, argument) => {
    const name = field.charAt(0).toUpperCase() + field.slice(1);
    if (argument === 'ids') return [JSON.stringify(gids.slice(0, 12))];
    if (argument === 'id')
      return (field === 'node' ? gids : (ids.get(name) ?? ['1']).slice(0, 12)).map((id) => JSON.stringify(id));
    if (argument === 'first') return type === 'Query' ? ['5', '12'] : [undefined, '2'];
    if (argument === 'where')
      return field.startsWith('filter')
        ? ['[{ attribute: "updated_at", operator: IS_AFTER, value: "2020-01-01T00:00:00Z" }]']
        : [undefined];
    if (argument === 'query') return ['"a"'];
    if (argument === 'field') return ['EMAIL', 'NAME'];
    if (argument === 'value') return ['"nobody@example.com"'];
    if (argument === 'types') return ['[CONTACT, SALES_ACCOUNT, DEAL]'];
    if (argument === 'type') return ['CONTACT', 'DEAL'];
    if (argument === 'name') return ['"cf_is_vip"'];
    return [undefined];
  };
}

type Path = readonly (string | number)[];

/** The paths of fields that are null although they are so only on error, and of all values that have fields or are leaves. */
function inspect(query: string, data: unknown): { nulls: string[]; empty: string[] } {
  const nulls: string[] = [];
  const empty: string[] = [];
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('not an operation');

  function complete(type: GraphQLOutputType, value: unknown, path: Path, node: FieldNode): void {
    if (value === null) return;
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (isListType(nullable)) {
      const items = value as unknown[];
      if (items.length === 0) empty.push(path.join('.'));
      for (const [index, item] of items.entries()) complete(nullable.ofType, item, [...path, index], node);
      return;
    }
    if (isLeafType(nullable)) {
      if (JSON.stringify(value) === '{}') empty.push(path.join('.'));
      return;
    }
    const row = value as Record<string, unknown>;
    const named = getNamedType(nullable);
    const runtime = isObjectType(named) ? named : schema.getType(String(row.__typename));
    if (isObjectType(runtime) && node.selectionSet) select(runtime, row, path, node.selectionSet);
  }

  function select(type: GraphQLObjectType, row: Record<string, unknown>, path: Path, set: SelectionSetNode): void {
    for (const node of set.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        if (node.typeCondition?.name.value === type.name) select(type, row, path, node.selectionSet);
      } else if (node.kind === Kind.FIELD && node.name.value !== '__typename') {
        const key = node.alias?.value ?? node.name.value;
        const field = type.getFields()[node.name.value];
        if (!field) throw new Error(`${type.name} has no ${node.name.value}`);
        const value = row[key];
        const at = [...path, key];
        const { directives = {} } = field.extensions as { directives?: object };
        if (value === null && 'semanticNonNull' in directives) nulls.push(at.join('.'));
        if (value === null && !('semanticNonNull' in directives)) empty.push(at.join('.'));
        complete(field.type, value, at, node);
      }
    }
  }

  const root = schema.getQueryType();
  if (root && data) select(root, data as Record<string, unknown>, [], operation.selectionSet);
  return { nulls, empty };
}

test.each(deepCases<Product>(['suite', 'classic'], 1))(
  'on %s, a field that is null only on error has one error, and no error is repeated',
  async (product) => {
    const damaged = openDamaged(product);
    const values = valuesOf(damaged);
    await fc.assert(
      fc.asyncProperty(fc.gen(), damages, async (g, plan) => {
        const query = randomOperation(g, values);
        const { data, errors, faults } = await damaged.ask(query, plan);
        const told = `${query}\n${JSON.stringify(errors.slice(0, 5))}`;
        expect(faults, told).toEqual([]);
        const refused = errors.some(({ path }: { path?: Path }) => path === undefined);
        if (refused) return;
        const { nulls } = inspect(query, data);
        const paths: string[] = errors.map(({ path }: { path: Path }) => path.join('.'));
        expect(paths.length, told).toBe(new Set(paths).size);
        for (const path of nulls) expect(paths, told).toContain(path);
      }),
      deepRuns(300),
    );
  },
);
