import { readdirSync, readFileSync } from 'node:fs';
import fc, { type Arbitrary } from 'fast-check';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { schema } from '../../src/server/schema.ts';
import { writeVariables } from '../example-writes.ts';
import { type Arguments, randomOperation } from '../random-operation.ts';
import { garbage, spoil } from '../spoil.ts';
import { awkward, edit, edits } from './cases.ts';

/** What is sent to /graphql. */
export interface Operation {
  readonly body: string;
  readonly headers: Record<string, string>;
}

const examples = ['examples', 'bench/queries'].flatMap((folder) => {
  const place = new URL(`../../${folder}/`, import.meta.url);
  return readdirSync(place)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => readFileSync(new URL(name, place), 'utf8'));
});

const words = Object.values(schema.getTypeMap()).flatMap((type) => [
  type.name,
  ...('getFields' in type ? Object.keys(type.getFields()) : []),
]);
const marks = ['{', '}', '(', ')', '[', ']', ':', '!', '$', '@', '...', '|', '&', '=', '"', '"""', '#', ','];
const others = [
  'query',
  'mutation',
  'subscription',
  'fragment A on Query',
  '...A',
  'on',
  '$in',
  'true',
  'null',
  '1',
  '-0',
  '1e9',
];
const token = fc.oneof(
  fc.constantFrom(...words),
  { weight: 2, arbitrary: fc.constantFrom(...marks) },
  fc.constantFrom(...others, '@include(if: true)', '@idempotent(key: "a")', '__typename', '__schema'),
  awkward,
);

const soup = fc.array(token, { maxLength: 120 }).map((tokens) => `{ ${tokens.join(' ')} }`);

const fragments = (spreads: number, count: number, last: string): string =>
  Array.from({ length: count }, (_, index) => {
    const next = index === count - 1 ? last : `...F${index + 1} `.repeat(spreads);
    return `fragment F${index} on Query { __typename ${next} }`;
  }).join(' ');

/** Shapes that grow as they are walked. */
const shape = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 }), fc.constantFrom('', '...F0', '...F0 ...F0'))
    .map((chosen) => `query { ...F0 } ${fragments(...chosen)}`),
  fc
    .tuple(fc.constantFrom('contacts', 'deals'), fc.nat({ max: 300 }))
    .map(([field, depth]) => `{ ${`${field} { nodes { `.repeat(depth)}__typename${' } }'.repeat(depth)} }`),
  fc
    .nat({ max: 3000 })
    .map((count) => `{ ${Array.from({ length: count }, (_, n) => `a${n}: rateLimit { limit }`).join(' ')} }`),
  fc.nat({ max: 3000 }).map((depth) => `{ nodes(ids: ${'['.repeat(depth)}1${']'.repeat(depth)}) { id } }`),
  fc
    .nat({ max: 3000 })
    .map((depth) => `{ filterDeals(where: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}) { totalCount } }`),
  fc.nat({ max: 3000 }).map((count) => `{ rateLimit { ${'limit '.repeat(count)} } }`),
);

/** Records of the sandbox, as they are before anything is written. */
export function idsOf(sandbox: Sandbox) {
  const first = (rows: readonly { id: string }[]) => rows[0]?.id ?? '1';
  return {
    contact: first(sandbox.rows(contactType)),
    account: first(sandbox.rows(salesAccountType)),
    deal: first(sandbox.rows(dealType)),
    task: first(sandbox.rows(taskType)),
    product: '1',
  };
}

const argumentsOf = (ids: ReturnType<typeof idsOf>): Arguments => {
  const gid = `"gid://freshsales/Contact/${ids.contact}"`;
  const values: Readonly<Record<string, readonly (string | undefined)[]>> = {
    id: [gid, `"${ids.contact}"`, `"${ids.deal}"`, '"1"', '""', '"gid://freshsales/"'],
    ids: [`[${gid}]`, '[]', `[${gid}, "x", "1"]`],
    first: [undefined, '0', '1', '100', '-1', '2147483647'],
    last: [undefined, '3', '-1'],
    after: [undefined, '"x"', '""'],
    before: [undefined, '"MC4x"'],
    view: [undefined, '"31003548176"', '"All Contacts"', '"x"'],
    where: ['[{ attribute: "updated_at", operator: IS_AFTER, value: "2020-01-01T00:00:00Z" }]', '[]'],
    query: ['"a"', '""', '"\\u0000"', '"\\ud800"'],
    field: ['EMAIL', 'NAME', 'CUSTOM'],
    value: ['"nobody@example.com"', '""', '"\\ud800"'],
    types: ['[CONTACT, DEAL]', '[]'],
    type: ['CONTACT', 'DEAL'],
    name: ['"cf_is_vip"', '"x"'],
  };
  return (_type, _field, argument) => values[argument] ?? [undefined];
};

/** Stands for lists in lists, which only text can be nested in so deeply. */
const DEEP = 'lists in lists: ';

export const deepened = (json: string): string =>
  json.replace(
    new RegExp(`"${DEEP}(\\d+)"`, 'g'),
    (_all, depth) => '['.repeat(Number(depth)) + ']'.repeat(Number(depth)),
  );

/** The kinds of values that variables are hurt by. */
const wound = fc.oneof(
  garbage,
  awkward,
  fc.nat({ max: 100_000 }).map((depth) => `${DEEP}${depth}`),
  fc.constant(JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}') as unknown),
);
const wounds = fc.array(fc.tuple(fc.nat(1000), wound), { maxLength: 4 });

const header = fc.dictionary(
  fc.constantFrom(
    ...['x-freshsales-dry-run', 'x-freshsales-explain', 'x-freshsales-preview', 'idempotency-key', 'cache-control'],
    ...['accept', 'x-request-id', 'x-forwarded-for', 'traceparent', 'cookie', 'origin', 'content-type'],
  ),
  fc.oneof(
    fc.constantFrom(
      '1',
      '0',
      'no-cache',
      'application/json',
      'text/event-stream',
      'multipart/mixed',
      '*/*',
      '',
      'x'.repeat(3000),
    ),
    fc.string({ maxLength: 20 }),
  ),
  { maxKeys: 2 },
);

const variablesOf = (ids: ReturnType<typeof idsOf>) => ({
  ...writeVariables(ids),
  ...{ id: ids.contact, first: 5, text: 'wid', email: 'nobody@example.com', since: '2020-01-01T00:00:00Z' },
});

/** Parameters of operations, before {@link deepened}: a query, variables, and what else may stand there. */
export function parameters(sandbox: Sandbox): Arbitrary<Readonly<Record<string, unknown>>> {
  const ids = idsOf(sandbox);
  const changed = fc.tuple(fc.constantFrom(...examples), edits(token)).map(([text, changes]) => edit(text, changes));
  const random = fc.gen().map((g) => randomOperation(g, argumentsOf(ids)));
  const query = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...examples) },
    { weight: 4, arbitrary: changed },
    { weight: 4, arbitrary: random },
    { weight: 2, arbitrary: soup },
    { weight: 2, arbitrary: shape },
  );
  const variables = fc.oneof(
    { weight: 4, arbitrary: wounds.map((hurt) => spoil(variablesOf(ids), hurt)) },
    fc.constant(undefined),
    garbage,
  );
  const names = fc.constantFrom('operationName', 'extensions', 'documentId', 'x');
  const extra = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, fc.dictionary(names, wound, { maxKeys: 2 }));
  return fc.record({ query, variables, extra }).map((chosen) => {
    const { extra: more, ...rest } = chosen;
    return { ...rest, ...more };
  });
}

/** Operations that are valid, nearly valid, or not at all. */
export function operation(sandbox: Sandbox): Arbitrary<Operation> {
  const plain = parameters(sandbox).map((value) => deepened(JSON.stringify(value)));
  const broken = fc.tuple(plain, edits(awkward)).map(([text, changes]) => edit(text, changes));
  const body = fc.oneof({ weight: 8, arbitrary: plain }, { weight: 1, arbitrary: broken });
  return fc.record({ body, headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, header) });
}

/** Valid operations, for all of which Freshsales is asked. */
export function reads(sandbox: Sandbox): Arbitrary<Operation> {
  const ids = idsOf(sandbox);
  const random = fc.gen().map((g) => randomOperation(g, argumentsOf(ids)));
  return fc
    .oneof(fc.constantFrom(...examples), random)
    .map((query) => ({ body: JSON.stringify({ query, variables: variablesOf(ids) }), headers: {} }));
}
