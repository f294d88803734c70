import { expect, test } from 'vitest';
import fc, { deepRuns } from '../property.ts';
import { openWorld } from '../world.ts';

interface Wish {
  readonly field: string;
  readonly style: 'plain' | 'aliased' | 'inline' | 'node' | 'named' | 'included' | 'skipped';
}

/** Fields of a contact, each as it would be written plainly. */
const plain = [
  'displayName',
  'email',
  'jobTitle',
  'tags',
  'customFields',
  'owner { displayName }',
  'status { name }',
  'territory { name }',
  'primarySalesAccount { name website }',
  'salesAccounts { edges { node { name } } }',
  'deals { nodes { name stage { name } } }',
  'tasks { totalCount nodes { title } }',
  'notes { edges { node { description } } }',
  'deals { nodes { tags owner { displayName } tasks { totalCount } } }',
  'primarySalesAccount { phone parent { name phone } }',
  'tasks { nodes { collaborators { displayName } target { ... on Contact { tags } } } }',
  'lists { name }',
  'activities(first: 2) { type actor { displayName } }',
] as const;

const styles = ['plain', 'aliased', 'inline', 'node', 'named', 'included', 'skipped'] as const;
const requestOptions = fc.uniqueArray(
  fc.record({ field: fc.constantFrom(...plain), style: fc.constantFrom(...styles) }),
  {
    selector: ({ field }) => nameOf(field),
    minLength: 1,
  },
);

/** The same field, written in one of the ways GraphQL has. */
function write({ field, style }: Wish, index: number): { selection: string; fragment?: string } {
  switch (style) {
    case 'aliased':
      return { selection: `alias${index}: ${field}` };
    case 'inline':
      return { selection: `... on Contact { ${field} }` };
    case 'node':
      return { selection: `... on Node { id ... on Contact { ${field} } }` };
    case 'named':
      return { selection: `...F${index}`, fragment: `fragment F${index} on Contact { ${field} }` };
    case 'included':
      return { selection: `${field.replace(/^\w+(\([^)]*\))?/, (name) => `${name} @include(if: $yes)`)}` };
    case 'skipped':
      return { selection: `${field.replace(/^\w+(\([^)]*\))?/, (name) => `${name} @skip(if: $yes)`)}` };
    default:
      return { selection: field };
  }
}

const nameOf = (field: string) => /^\w+/.exec(field)?.[0] ?? '';

test('however a selection is written, it asks for the same includes and gives the same values', async () => {
  // Every operation is to make its own calls: no records are remembered, and no quota ends.
  const { ask } = openWorld({
    behaviours: { hourlyLimit: 1_000_000, minuteLimit: 1_000_000 },
    quota: { minuteLimit: 1_000_000 },
    cache: { recordsForMs: 0 },
  });
  await ask('{ contactViews { id } contactStatuses { id } dealStages { id } owners { id } territories { id } }');
  await fc.assert(
    fc.asyncProperty(requestOptions, async (wanted) => {
      const written = wanted.map(write);
      const fragments = written.flatMap(({ fragment }) => fragment ?? []);
      const list = (selection: string) => `contacts(view: 31003548176, first: 3) { nodes { id ${selection} } }`;
      const odd = await ask(
        `query ($yes: Boolean! = true) { ${list(written.map(({ selection }) => selection).join(' '))} rateLimit { limit @include(if: $yes) } } ${fragments.join(' ')}`,
      );
      const kept = wanted.filter(({ style }) => style !== 'skipped');
      const even = await ask(`{ ${list(kept.map(({ field }) => field).join(' '))} }`);
      expect(odd.errors).toBeUndefined();
      expect(odd.extensions).toEqual({ cost: expect.objectContaining({ actualQueryCost: odd.requests.length }) });
      expect(odd.requests.length).toBeLessThanOrEqual(plannedOf(odd.extensions));
      expect(includesOf(odd.requests)).toEqual(includesOf(even.requests));
      expect(valuesOf(odd.data, wanted)).toEqual(valuesOf(even.data, wanted));
    }),
    deepRuns(60),
  );
});

/** The includes asked for, in no order: that of the document is as good as any. */
const includesOf = (requests: string[]) =>
  requests.map((request) =>
    request.replace(/include=(.*)$/, (_all, names: string) => names.split(',').toSorted().join()),
  );

/** What was asked, by plain names. */
function valuesOf(data: unknown, wanted: readonly Wish[]): unknown[] {
  const { contacts } = data as { contacts: { nodes: Record<string, unknown>[] } };
  return contacts.nodes.map((node) =>
    wanted
      .map(({ field, style }, index) => ({
        name: nameOf(field),
        value: node[style === 'aliased' && `alias${index}` in node ? `alias${index}` : nameOf(field)],
        style,
      }))
      .filter(({ style }) => style !== 'skipped')
      .map(({ name, value }) => [name, value]),
  );
}

const plannedOf = (extensions: unknown): number =>
  (extensions as { cost: { requestedQueryCost: number } }).cost.requestedQueryCost;
