import { encode } from 'gpt-tokenizer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OperationTool, toolFor } from '../../src/mcp/run-operation.ts';
import { schema } from '../../src/server/schema.ts';
import { ask, call, connect, listen } from './listen.ts';

let opened: Awaited<ReturnType<typeof listen>>;
let client: Awaited<ReturnType<typeof connect>>;

beforeAll(async () => {
  opened = await listen();
  client = await connect(opened.url);
});

afterAll(async () => {
  await client.close();
  opened.close();
});

describe('the tools', () => {
  test('are seven, and take less than 1,500 tokens of context with the instructions', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['schema', 'query', 'plan', 'quota', 'views', 'mutate', 'delete']);
    const tokens = encode(JSON.stringify({ tools, instructions: client.getInstructions() })).length;
    expect(tokens).toBeLessThan(1500);
  });

  test('declare truthfully what they may do', async () => {
    const { tools } = await client.listTools();
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]));
    expect(hints).toEqual({
      schema: { readOnlyHint: true, openWorldHint: false },
      query: { readOnlyHint: true, openWorldHint: true },
      plan: { readOnlyHint: true, openWorldHint: false },
      quota: { readOnlyHint: true, openWorldHint: false },
      views: { readOnlyHint: true, openWorldHint: true },
      mutate: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
      delete: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    });
  });
});

describe('the tool of an operation', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

  test.each(mutations.map(({ name }) => name))('is known for %s from what the mutation declares', (name) => {
    const field = mutations.find((each) => each.name === name);
    expect(field?.extensions).toMatchObject({
      freshsales: { write: { type: expect.any(String), action: expect.any(String) } },
    });
  });

  test('is delete for every deletion, and only for those', () => {
    const deleting = mutations
      .map(({ name }) => name)
      .filter((name) => toolFor(`mutation { ${name} }`, schema) === 'delete');
    const named = mutations.map(({ name }) => name).filter((name) => /^(delete|bulkDelete|forget)[A-Z]/.test(name));
    expect(deleting.toSorted()).toEqual(named.toSorted());
    expect(deleting).toEqual(expect.arrayContaining(['deleteContact', 'bulkDeleteDeals', 'forgetLead']));
  });

  test.each<[string, OperationTool]>([
    ['{ deals { totalCount } }', 'query'],
    ['mutation { updateDeal(id: 1) { userErrors { message } } }', 'mutate'],
    ['mutation { a: deleteDeal(id: 1) { userErrors { message } } }', 'delete'],
    ['mutation { ...F } fragment F on Mutation { deleteDeal(id: 1) { userErrors { message } } }', 'delete'],
    ['mutation { ... on Mutation { ... { forgetDeal(id: 1) { userErrors { message } } } } }', 'delete'],
    ['mutation ($no: Boolean! = true) { deleteDeal(id: 1) @skip(if: $no) { userErrors { message } } }', 'delete'],
    ['mutation { ...F } fragment F on Mutation { ...F updateDeal(id: 1) { userErrors { message } } }', 'mutate'],
  ])('%s', (text, place) => {
    expect(toolFor(text, schema)).toBe(place);
  });

  test('is delete even if the deletion is behind many fragments', () => {
    const chain = Array.from(
      { length: 5000 },
      (_, at) => `fragment F${at} on Mutation { ...F${at + 1} ...F${at + 1} }`,
    );
    const end = 'fragment F5000 on Mutation { deleteDeal(id: 1) { userErrors { message } } }';
    expect(toolFor(`mutation { ...F0 } ${chain.join(' ')} ${end}`, schema)).toBe('delete');
  });

  test.each([
    ['subscription { x }', /query or a mutation/],
    ['{ a } { b }', /one operation/],
    ['query A { a } mutation B { deleteDeal(id: 1) { userErrors { message } } }', /one operation/],
    ['fragment F on Query { a }', /one operation/],
    ['mutation { updateDeal { x } deleteDeal { x } }', /cannot delete and make other changes/],
    ['{ deals(', /Syntax Error.*line 1, column 9/],
    [`{ a(b: ${'['.repeat(100_000)}`, /nested too deeply/],
  ])('%.60s is refused', (text, message) => {
    expect(() => toolFor(text, schema)).toThrow(message);
  });
});

describe('schema', () => {
  const search = async (words: string, page?: number) => (await call(client, 'schema', { search: words, page })).text;

  test('lists everything by name', async () => {
    const { text } = await call(client, 'schema');
    expect(text).toMatch(/^queries: .*\bdeals\b.*\nmutations: .*\bcreateDeal\b/);
  });

  test('finds a mutation by what it does, with its input, cost and result', async () => {
    const found = await search('create deal');
    expect(found.split('\n')[0]).toBe(
      'mutation createDeal(input: CreateDealInput!): CreateDealPayload {deal: Deal, userErrors: [UserError!]!} # Creates a deal. Costs one call. input: The fields of the record.',
    );
    expect(found).toContain('input CreateDealInput {');
    expect(found).toMatch(/^stageId: ID # Stage. Must belong/m);
  });

  test('shows an exactly named type first, with the costs of its fields', async () => {
    const found = await search('contact');
    expect(found).toMatch(/^query contact\(id: ID!\): Contact/);
    expect(found).toContain('\ntype Contact {');
    expect(found).toContain('activities(first: Int): [Activity!] # Costs one call per contact.');
    expect(found).toContain('firstName: String\n');
  });

  test.each([
    ['DealConnection', /^type DealConnection \{/],
    ['CreateDealInput', /^input CreateDealInput \{[^{}]*\{[^{}]*\}[^{}]*\}$/],
    ['LookupField', /^enum LookupField \{ .*\bEMAIL\b/],
    ['Record', /^union Record = .*\bContact\b/],
    ['Decimal', /^scalar Decimal #/],
    ['filterDeals', /^query filterDeals\(/],
    ['which deals match a rule', /^query deals\(.*where: DealFilter/],
    [
      'deals closing next month',
      /^query deals\(.*\ninput DealFilter \{[\s\S]*\nexpectedCloseOn: \{is: Date, isAfter: Date, isBefore: Date\}/,
    ],
    ['contacts by city', /^query contacts\(.*\ninput ContactFilter \{[\s\S]*\ncity: \{/],
    ['accounts by industry', /\nquery salesAccounts\(.*\ninput SalesAccountFilter \{[\s\S]*\nindustryTypeId: \{is: ID/],
    ['deals in a stage', /\nquery deals\(.*\ninput DealFilter \{[\s\S]*\nstageId: \{is: ID/],
    ['deals of an owner', /^query deals\(.*\ninput DealFilter \{[\s\S]*\nownerId: \{is: ID/],
    ['apointment', /query appointment\(/],
    ['bring a deleted contact back', /mutation restoreContact\(/],
  ])('%s', async (words, text) => {
    expect(await search(words)).toMatch(text);
  });

  test('is split into pages that fit a context, each definition on one page', async () => {
    const first = await search('deal');
    const [, pages] = /# page 1 of (\d+)$/.exec(first) ?? [];
    const all = await Promise.all(Array.from({ length: Number(pages) }, (_, page) => search('deal', page + 1)));
    expect(all.length).toBeGreaterThan(2);
    for (const page of all) expect(encode(page).length).toBeLessThan(1500);
    const heads = all.join('\n').match(/^(query|mutation|type|input) \w+/gm) ?? [];
    expect(new Set(heads).size).toBe(heads.length);
    expect(await search('deal', 99)).toBe(all.at(-1));
  });

  test('lists what exists if nothing is found', async () => {
    expect(await search('zzzzzz')).toMatch(/^No match\. Available:\nqueries: /);
  });
});

describe('views and quota', () => {
  test('lists the views that list fields accept', async () => {
    const { data } = await ask(client, 'views', { type: 'Contact' });
    expect(data).toEqual({
      contactViews: expect.arrayContaining([{ databaseId: expect.any(String), name: 'My Contacts' }]),
    });
  });

  test('views of something that has none are refused with what there is', async () => {
    const { text, isError } = await call(client, 'views', { type: 'Task' });
    expect({ text, isError }).toEqual({
      text: expect.stringMatching(/Contact.*Deal.*Lead.*SalesAccount/s),
      isError: true,
    });
  });

  test('reads the quota without a call', async () => {
    const before = opened.sandbox.requests.length;
    expect(await ask(client, 'quota')).toMatchObject({ data: { rateLimit: { limit: 1000 } }, cost: { calls: 0 } });
    expect(opened.sandbox.requests.length).toBe(before);
  });
});

test('agents of a Classic account are not shown what it does not have', async () => {
  const classic = await listen({}, { product: 'classic' });
  const agent = await connect(classic.url);
  const all = (await call(agent, 'schema')).text;
  const [type, input] = await Promise.all(
    ['Contact', 'CreateContactInput'].map(async (search) => (await call(agent, 'schema', { search })).text),
  );
  await agent.close();
  classic.close();
  expect(all).toContain('filterLeads');
  expect(all).not.toContain('lifecycleStages');
  expect(type).toMatch(/\bdepartment\b/);
  expect(type).not.toMatch(/\bmcrId\b/);
  expect(input).not.toContain('lifecycleStageId');
  const suite = (await call(client, 'schema')).text;
  expect(suite).toContain('lifecycleStages');
  expect(suite).not.toMatch(/\b(leads|createLead)\b/);
});
