import { buildSchema, type DocumentNode, GraphQLError, getOperationAST, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { summaryOf } from '../../src/access/audit/operation-summary.ts';
import { toGrants } from '../../src/access/grant.ts';
import { policyOf } from '../../src/access/policy.ts';
import { deniedParts, deniedValues } from '../../src/access/use-grants.ts';
import { toolFor } from '../../src/mcp/run-operation.ts';
import { usesOfVariables } from '../../src/planner/assume.ts';
import {
  documentOf,
  fieldsIn,
  foldDocument,
  fragmentsOf,
  reachedFrom,
  selectingNodes,
  selectionsIn,
  sortFragments,
} from '../../src/planner/document.ts';
import { exceededLimit } from '../../src/planner/document-limits.ts';
import { rootSelection } from '../../src/planner/operation.ts';
import { planOperation } from '../../src/planner/plan.ts';
import { registry } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';
import { hostileDocuments, largeDocuments } from '../hostile-documents.ts';

/** Those that the parser takes. */
const parsed = Object.entries({ ...hostileDocuments, ...largeDocuments }).flatMap(([name, text]) => {
  try {
    return [{ name, text, document: parse(text) }];
  } catch {
    return [];
  }
});

const policy = policyOf(
  toGrants({ contacts: { access: 'read', hideCustomFields: ['cf_secret'], withhold: [] } }),
  schema,
);

const named = (document: DocumentNode) => (name: string) => [fragmentsOf(document).get(name) ?? []].flat();

const walkers: Readonly<Record<string, (document: DocumentNode, text: string) => unknown>> = {
  limits: (document) => exceededLimit(document),
  'audit, refused': (document) => summaryOf(schema, { document }, undefined),
  'audit, answered': (document) => summaryOf(schema, { document }, {}),
  'denied parts': (document) => deniedParts(policy, document),
  'denied values': (document) =>
    deniedValues(policy, { document, variableValues: {} } as Parameters<typeof deniedValues>[1]),
  'root selection': (document) => rootSelection(schema, { document }),
  planner: (document) => {
    const plan = planOperation(schema, { document }, { registry });
    return [plan?.calls, plan?.fallbacks, plan?.hints];
  },
  'uses of variables': (document) => usesOfVariables(document),
  'fragments reached': (document) => reachedFrom(selectingNodes(document), named(document)),
  'document of one operation': (document) => {
    const operation = getOperationAST(document);
    return operation && documentOf(operation, fragmentsOf(document));
  },
  'tool of an operation': (_document, text) => toolFor(text, schema),
};

/** Most of them are not valid, which a walk may say. */
function orRefused(walk: () => unknown): unknown {
  try {
    return walk();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

describe.each(Object.entries(walkers))('the walk for %s', (_name, walk) => {
  test('ends soon for every document', () => {
    for (const { name, document, text } of parsed) {
      const startedAt = performance.now();
      orRefused(() => walk(document, text));
      // A walk that spreads every fragment takes minutes.
      expect({ name, isSoon: performance.now() - startedAt < 60_000 }).toEqual({ name, isSoon: true });
    }
  });
});

describe('a fold', () => {
  const count = (text: string) => {
    let visited = 0;
    const document = parse(text);
    const totals = foldDocument(document, {
      empty: 0,
      add: (before, selection, below) => {
        visited += 1;
        return before + below + (selection.kind === 'Field' ? 1 : 0);
      },
    });
    const operation = getOperationAST(document);
    return { visited, total: operation && totals.get(operation) };
  };

  test('counts what fragments select as often as they are spread, and visits each selection once', () => {
    expect(count('{ a ...F ...F b { ...F } } fragment F on Query { c ...G } fragment G on Query { d e }')).toEqual({
      visited: 9,
      total: 11,
    });
    const doubling = Array.from(
      { length: 40 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
    );
    expect(count(`{ ...F0 } ${doubling.join(' ')} fragment F40 on Query { a }`)).toEqual({
      visited: 82,
      total: 2 ** 40,
    });
  });

  test('counts a cycle and an unknown fragment as nothing', () => {
    expect(count('{ a ...F ...Nowhere } fragment F on Query { b ...F }').total).toBe(2);
  });

  test('does not recurse', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} }`);
    expect(count(`{ ...F0 } ${chain.join(' ')} fragment F20000 on Query { a }`).total).toBe(1);
  });
});

test('fragments are sorted with those that they spread first, and a cycle is found', () => {
  const names = (text: string) => {
    const { sorted, cycle } = sortFragments(fragmentsOf(parse(text)));
    return { sorted: sorted.map(({ name }) => name.value), cycle };
  };
  expect(names('fragment A on Q { ...C a { ...B } } fragment B on Q { ...C } fragment C on Q { d }').sorted).toEqual([
    'C',
    'B',
    'A',
  ]);
  expect(names('fragment A on Q { ...B } fragment B on Q { ...C } fragment C on Q { ...B }').cycle).toEqual(['B', 'C']);
});

test('fields are found in fragments and inline fragments, each written field once', () => {
  const document = parse('{ a ...F ...F ... { b } } fragment F on Query { c ...F ... on Query { a: d } }');
  const operation = getOperationAST(document);
  const fields = operation ? fieldsIn(fragmentsOf(document), operation.selectionSet) : [];
  expect(fields.map(({ name }) => name.value).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect([...selectionsIn(...selectingNodes(document).map(({ selectionSet }) => selectionSet))]).toHaveLength(9);
});

describe('limits', () => {
  const limits = { maxDepth: 3, maxAliases: 2, maxDirectives: 2, maxFields: 8 };
  const fragment = 'fragment F on Query { x: a @skip(if: false) { b } }';

  test.each([
    ['{ a { b { c } } }', undefined],
    ['{ a { b { c { d } } } }', '4 levels deep'],
    [`{ ...F ...F } ${fragment}`, undefined],
    [`{ ...F ...F ...F } ${fragment}`, '3 aliases'],
    ['{ a @x @x b @x }', '3 directives'],
    ['query @x { a @x b @x }', '3 directives'],
    ['{ a b c d e f g h }', undefined],
    ['{ a b c d e f g h i }', 'more than 8 fields'],
    ['{ ...F } fragment F on Query { ...G ...G ...G } fragment G on Query { a b c }', 'more than 8 fields'],
    ['query A { ...F } query B { ...F } fragment F on Query { a b c d e }', 'more than 8 fields'],
    ['{ __schema { a { b { c { d } } } } }', undefined],
    ['{ a } fragment F on Query { ...F }', 'within itself'],
    ['{ a(x: {__proto__: 1}) }', '__proto__'],
  ])('%s', (text, message) => {
    const { message: found } = exceededLimit(parse(text), limits) ?? {};
    if (message === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(message);
  });
});

test('a plan of a document that exceeds the limits is not made', () => {
  const small = buildSchema('type Query { a: Int }');
  const fragments = Array.from(
    { length: 40 },
    (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
  );
  const document = parse(`{ ...F0 } ${fragments.join(' ')} fragment F40 on Query { a }`);
  expect(planOperation(small, { document }, { registry })).toBeUndefined();
});
