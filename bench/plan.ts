// Measures planning. Prints a table; run it with `npx tsx bench/plan.ts`.
import { readdirSync, readFileSync } from 'node:fs';
import { type DocumentNode, parse, visit } from 'graphql';
import { assume } from '../src/planner/assume.ts';
import { operationsOf, rootSelection } from '../src/planner/operation.ts';
import { planOperation } from '../src/planner/plan.ts';
import { registry } from '../src/resources/index.ts';
import { schema } from '../src/server/schema.ts';

const folder = new URL('../examples/', import.meta.url);
const sixty = `query Sixty { contacts(view: 1) { totalCount pageInfo { hasNextPage endCursor } nodes {
  id firstName lastName displayName jobTitle email workNumber mobileNumber address city state country leadScore tags createdAt updatedAt
  owner { id displayName email } status { name lifecycleStage { name } } leadSource { name } territory { name } campaign { name }
  primarySalesAccount { id name website openDealsAmount } tasks { nodes { title status dueAt owner { displayName } } }
  deals { totalCount nodes { id name amount probability stage { name position } pipeline { name } owner { displayName } salesAccount { name } } }
  notes { nodes { description createdAt creator { displayName } } } } } }`;

const operations: Record<string, string> = Object.fromEntries([
  ['sixty fields', sixty],
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
]);

function fieldsIn(document: DocumentNode): number {
  let count = 0;
  visit(document, {
    Field() {
      count += 1;
    },
  });
  return count;
}

function measure(run: () => void): { p50: number; p99: number } {
  for (let index = 0; index < 300; index += 1) run();
  const times = Array.from({ length: 2000 }, () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  }).toSorted((a, b) => a - b);
  return { p50: times[1000] ?? 0, p99: times[1980] ?? 0 };
}

console.table(
  Object.entries(operations).map(([operation, text]) => {
    const document = parse(text);
    const [definition] = operationsOf(document);
    const variables = definition ? assume(schema, { document, operation: definition }, {}).variants[0] : {};
    const lookAhead = measure(() => rootSelection(schema, { document, variables }));
    const plan = measure(() => planOperation(schema, { document, variables }, { registry }));
    return {
      operation,
      fields: fieldsIn(document),
      'look-ahead p50 ms': lookAhead.p50.toFixed(3),
      'plan p50 ms': plan.p50.toFixed(3),
      'plan p99 ms': plan.p99.toFixed(3),
    };
  }),
);
