import { type IntrospectionType, introspectionFromSchema } from 'graphql';
import { renderSchema } from 'graphql-markdown';
import { expect, test } from 'vitest';
import { schema } from '../src/server/schema.ts';

/** Pages of docs/schema, and the types on each. A type is on the first page that takes it. */
const PAGES: readonly (readonly [page: string, title: string, takes: (type: IntrospectionType) => boolean])[] = [
  ['queries', 'Queries', ({ name }) => name === 'Query'],
  ['mutations', 'Mutations', ({ name }) => name === 'Mutation'],
  ['subscriptions', 'Subscriptions', ({ name }) => name === 'Subscription'],
  ['connections', 'Connections and edges', ({ name }) => /(Connection|Edge)$/.test(name)],
  ['payloads', 'Payloads of mutations', ({ name }) => name.endsWith('Payload')],
  ['objects', 'Objects', ({ kind }) => kind === 'OBJECT'],
  [
    'filters',
    'Filters and orders',
    ({ kind, name }) => kind === 'INPUT_OBJECT' && /(Filter|FilterRule|Sort)$/.test(name),
  ],
  ['inputs', 'Inputs', ({ kind }) => kind === 'INPUT_OBJECT'],
  ['enums', 'Enums', ({ kind }) => kind === 'ENUM'],
  ['others', 'Scalars, interfaces and unions', () => true],
];

const whole = introspectionFromSchema(schema, { inputValueDeprecation: true, specifiedByUrl: true }).__schema;
const types = whole.types.filter(({ name }) => !name.startsWith('__'));
const pageOf = new Map(types.map((type) => [type.name, PAGES.find(([, , takes]) => takes(type))?.[0]]));

const typesOn = (page: string) => types.filter(({ name }) => pageOf.get(name) === page);

function render(page: string, title: string): string {
  const lines: string[] = [];
  const onPage = typesOn(page);
  const root = (type: { readonly name: string } | null | undefined) =>
    onPage.some(({ name }) => name === type?.name) ? type : null;
  const { queryType, mutationType, subscriptionType } = whole;
  renderSchema(
    {
      __schema: {
        ...whole,
        types: onPage,
        // A page without queries has no query type.
        queryType: root(queryType) as typeof queryType,
        mutationType: root(mutationType) as typeof mutationType,
        subscriptionType: root(subscriptionType) as typeof subscriptionType,
      },
    },
    {
      title,
      prologue: 'Generated from the schema. [All pages](README.md)',
      printer: (line) => lines.push(line),
      unknownTypeURL: ({ name }) => `${pageOf.get(name)}.md#${name.toLowerCase()}`,
      tocFieldTypes: ['Query', 'Mutation', 'Subscription'],
    },
  );
  return `${lines.join('\n').trim()}\n`;
}

const index = () => {
  const rows = PAGES.map(([page, title]) => `| [${title}](${page}.md) | ${typesOn(page).length} |`);
  return `# Schema\n\nGenerated from the schema by \`npm run docs:schema\`. Descriptions say what costs Freshsales calls; see [What a query costs](../cost.md).\n\n| page | types |\n| --- | --- |\n${rows.join('\n')}\n`;
};

const HINT = 'Run npm run docs:schema.';

test.each(PAGES)('docs/schema/%s.md is what the schema says', async (page, title) => {
  await expect(render(page, title), HINT).toMatchFileSnapshot(`../docs/schema/${page}.md`);
});

test('docs/schema/README.md lists the pages', async () => {
  await expect(index(), HINT).toMatchFileSnapshot('../docs/schema/README.md');
});
