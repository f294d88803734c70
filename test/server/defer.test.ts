import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { openWorld } from '../world.ts';
import { askInParts, joined, type Part, partsIn, requestFor } from './parts.ts';

const incrementsIn = (parts: readonly Part[]) => parts.flatMap(({ incremental = [] }) => incremental);

const nodesIn = (part: Part | undefined): readonly object[] => {
  const { contacts = { nodes: [] } } = (part?.data ?? {}) as { contacts?: { nodes: object[] } };
  return contacts.nodes;
};

const costIn = (part: Part | undefined) => part?.extensions?.cost as { actualQueryCost: number } | undefined;

const LIST =
  '{ contacts(first: 25) { nodes { id displayName ... @defer(label: "deals") { deals { nodes { name } } } } } }';
const WHOLE = LIST.replace(' ... @defer(label: "deals") {', '').replace(' } } } } }', ' } } } }');

describe('@defer', () => {
  test('delivers the list first and the relations of its rows later, for the calls of the whole', async () => {
    const whole = await openWorld().ask(WHOLE);
    const { response, parts, requests } = await askInParts(openWorld(), LIST);
    expect(response.headers.get('content-type')).toBe('multipart/mixed; boundary="-"');
    const [first, ...others] = parts;
    const nodes = nodesIn(first);
    expect(nodes).toHaveLength(25);
    expect(Object.keys(nodes[0] ?? {})).toEqual(['id', 'displayName']);
    expect(first).toMatchObject({ hasNext: true });
    expect(incrementsIn(others).map(({ path, label }) => [path.join('.'), label])).toEqual(
      nodes.map((_node, index) => [`contacts.nodes.${index}`, 'deals']),
    );
    expect(joined(parts)).toEqual(whole.data);
    expect(requests).toEqual(whole.requests);
    expect(parts.map(({ hasNext }) => hasNext)).toEqual([...others.map(() => true), false]);
  });

  test('does not wait for the slow relation', async () => {
    const world = openWorld();
    world.sandbox.failNext('/activities', { status: 503, body: {}, delay: 500 }, 9);
    const query = '{ contacts(first: 2) { nodes { id ... @defer { activities { actionableId } } } } }';
    const reader = partsIn(await world.yoga.fetch('http://127.0.0.1/graphql', requestFor(query)));
    const { value: first } = await reader.next();
    expect(nodesIn(first)).toEqual([{ id: expect.any(String) }, { id: expect.any(String) }]);
    expect(world.sandbox.requests).toHaveLength(4);
    const others: Part[] = [];
    for await (const part of reader) others.push(part);
    expect(incrementsIn(others)).toMatchObject([{ data: { activities: null } }, { data: { activities: null } }]);
  });

  test('plans the whole operation, and says what it cost in the last part', async () => {
    const world = openWorld();
    const { requests } = await world.ask(WHOLE);
    const other = openWorld();
    const planned = await other.plan(LIST);
    expect(planned.needed).toBe((await other.plan(WHOLE)).needed);
    const { parts } = await askInParts(other, LIST);
    expect(parts.slice(0, -1).map(costIn)).toEqual(parts.slice(0, -1).map(() => undefined));
    expect(costIn(parts.at(-1))).toMatchObject({
      requestedQueryCost: planned.needed,
      actualQueryCost: requests.length,
    });
    expect(parts.at(-1)?.extensions).not.toHaveProperty('http');
  });

  test('refuses what is too expensive as a whole, before any call', async () => {
    const { response, parts, requests } = await askInParts(openWorld({ limits: { maxCalls: 1 } }), LIST);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(parts).toMatchObject([{ errors: [{ extensions: { code: 'COST_LIMIT_EXCEEDED' } }] }]);
    expect(requests).toEqual([]);
  });

  test('delivers a failure in the part where it happens, with its record', async () => {
    const world = openWorld();
    const [contact] = world.sandbox.rows(contactType);
    world.sandbox.failNext('/activities', { status: 503, body: {} }, 9);
    const { parts } = await askInParts(
      world,
      `{ contact(id: ${contact?.id}) { id ... @defer(label: "later") { activities { actionableId } } } }`,
    );
    expect(parts[0]).toEqual({ data: { contact: { id: `gid://freshsales/Contact/${contact?.id}` } }, hasNext: true });
    expect(incrementsIn(parts)).toMatchObject([
      {
        label: 'later',
        data: { activities: null },
        errors: [
          {
            path: ['contact', 'activities'],
            extensions: { code: 'UPSTREAM_ERROR', record: `gid://freshsales/Contact/${contact?.id}` },
          },
        ],
      },
    ]);
  });

  test('reports an error beside a value in the part that has the value', async () => {
    const world = openWorld({ behaviours: { viewsHonour: 'evidence' } });
    const deal = world.sandbox.rows(dealType).find(({ sales_account_id }) => sales_account_id);
    world.sandbox.failNext(/sales_accounts\/|filtered_search|sales_accounts\?/, { status: 500, body: {} }, 50);
    const { parts } = await askInParts(
      world,
      `{ deal(id: ${deal?.id}) { name salesAccount { id } ... @defer { salesAccount { phone tags } } } }`,
    );
    expect(parts[0]).not.toHaveProperty('errors');
    const [{ data, errors = [] } = { data: null }] = incrementsIn(parts);
    expect(data).toEqual({ salesAccount: { phone: null, tags: [] } });
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.record])).toEqual([
      ['deal.salesAccount.phone', `gid://freshsales/SalesAccount/${deal?.sales_account_id}`],
      ['deal.salesAccount.tags', `gid://freshsales/SalesAccount/${deal?.sales_account_id}`],
    ]);
  });

  test('reads a field once that is selected both now and later', async () => {
    const { parts, requests } = await askInParts(
      openWorld(),
      '{ contacts(first: 5) { nodes { id } } ... @defer { contacts(first: 5) { nodes { owner { displayName } } } } }',
    );
    const whole = await openWorld().ask('{ contacts(first: 5) { nodes { id owner { displayName } } } }');
    expect(joined(parts)).toEqual(whole.data);
    expect(requests).toEqual(whole.requests);
  });

  test('nests, in named fragments and at any depth', async () => {
    const query = `
      query Nested { salesAccounts(first: 3) { nodes { ...Account @defer(label: "account") } } }
      fragment Account on SalesAccount { name ... @defer(label: "owner") { owner { ...Person @defer(label: "person") } } }
      fragment Person on User { displayName }`;
    const { parts } = await askInParts(openWorld(), query);
    const whole = await openWorld().ask('{ salesAccounts(first: 3) { nodes { name owner { displayName } } } }');
    expect(joined(parts)).toEqual(whole.data);
    expect([...new Set(incrementsIn(parts).map(({ label }) => label))]).toEqual(
      expect.arrayContaining(['account', 'owner', 'person']),
    );
  });

  test.each([
    ['@defer(if: false)', {}],
    ['@defer(if: $later)', { later: false }],
  ])('delivers everything at once with %s', async (directive, variables) => {
    const query = `query ($later: Boolean = true) { __typename @include(if: $later) deals(first: 2) { nodes { id ... ${directive} { name } } } }`;
    const { response, parts } = await askInParts(openWorld(), query, { variables: { later: false, ...variables } });
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(parts).toHaveLength(1);
    expect(parts[0]?.data).toEqual((await openWorld().ask('{ deals(first: 2) { nodes { id name } } }')).data);
  });

  test.each(['application/json', '*/*', 'multipart/mixed;incrementalSpec=v0.2, application/json'])(
    'delivers everything at once to clients that accept %s',
    async (accept) => {
      const { response, parts } = await askInParts(openWorld(), LIST, { headers: { accept } });
      expect(response.headers.get('content-type')).toContain('json');
      expect(parts).toHaveLength(1);
      expect(parts[0]?.data).toEqual((await openWorld().ask(WHOLE)).data);
    },
  );

  test('is delivered as server-sent events as well', async () => {
    const { response, parts } = await askInParts(openWorld(), LIST, { headers: { accept: 'text/event-stream' } });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(joined(parts)).toEqual((await openWorld().ask(WHOLE)).data);
  });

  test('says how much of the quota is left, and keeps proxies from collecting parts', async () => {
    const { response } = await askInParts(openWorld(), LIST);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'private, no-store',
      ratelimit: expect.stringContaining('"hour";r='),
      'ratelimit-policy': expect.any(String),
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
  });

  test('is ignored in mutations', async () => {
    const world = openWorld();
    const { parts } = await askInParts(
      world,
      'mutation { createDeal(input: { name: "New", amount: "1" }) { deal { id ... @defer { name } } } }',
    );
    expect(parts).toMatchObject([{ data: { createDeal: { deal: { name: 'New' } } } }]);
    expect(parts[0]).not.toHaveProperty('hasNext');
  });

  test.each([
    ['mutation { ... @defer { deleteDeal(id: 1) { userErrors { message } } } }', /cannot be used on root mutation/],
    ['{ deals { nodes { ...@defer(label: "a") { id } ...@defer(label: "a") { name } } } }', /must be unique/],
    ['query ($l: String) { deals { nodes { ...@defer(label: $l) { id } } } }', /static string/],
    ['{ deals @stream { nodes { id } } }', /non-list field/],
    ['{ deals { nodes @stream(initialCount: -1) { id } } }', /0 or more/],
    ['{ deals { nodes @stream(initialCount: null) { id } } }', /0 or more/],
  ])('refuses %s', async (query, message) => {
    const { parts, requests } = await askInParts(openWorld(), query);
    expect(parts).toMatchObject([{ errors: [{ message: expect.stringMatching(message) }] }]);
    expect(requests).toEqual([]);
  });

  test('does not store half an answer', async () => {
    const world = openWorld();
    await askInParts(world, LIST);
    await askInParts(world, LIST);
    const { parts, requests } = await askInParts(world, LIST);
    expect(requests).toEqual([]);
    expect(joined(parts)).toEqual((await world.ask(WHOLE)).data);
    // The same document, delivered whole, and from then on from memory.
    await world.ask(LIST);
    expect((await world.ask(LIST)).data).toEqual((await world.ask(WHOLE)).data);
    expect(joined((await askInParts(world, LIST)).parts)).toEqual((await world.ask(WHOLE)).data);
  });

  test('delivers rows with their parent if there are very many of them', async () => {
    const { parts } = await askInParts(
      openWorld(),
      '{ contacts(first: 60) { nodes { id ... @defer(label: "row") { deals(first: 25) { nodes { ... @defer(label: "deal") { name } } } } } } }',
    );
    expect([...new Set(incrementsIn(parts).map(({ label }) => label))]).toEqual(['row']);
  });

  test('does not defer introspection', async () => {
    const query = '{ __schema { types { ... @defer { name fields { ... @defer { name } } } } } }';
    const { response, parts } = await askInParts(openWorld(), query);
    expect(response.headers.get('content-type')).toContain('json');
    expect(parts).toMatchObject([{ data: { __schema: { types: expect.any(Array) } } }]);
  });

  test('ends an answer that becomes too large', async () => {
    const { parts } = await askInParts(openWorld({ limits: { maxValues: 120 } }), LIST);
    expect(parts.at(-1)).toMatchObject(
      parts.length > 1
        ? { incremental: [{ data: null, errors: [{ extensions: { code: 'COST_LIMIT_EXCEEDED' } }] }], hasNext: false }
        : { data: null, errors: [{ extensions: { code: 'COST_LIMIT_EXCEEDED' } }] },
    );
  });

  test('masks our bugs in later parts', async () => {
    const world = openWorld();
    const [deal] = world.sandbox.rows(dealType);
    const { parts } = await askInParts(
      world,
      `{ deal(id: ${deal?.id}) { id ... @defer { customField(name: "__proto__") } } }`,
    );
    expect(parts.length).toBeGreaterThan(1);
    expect(JSON.stringify(parts)).not.toMatch(/node_modules|TypeError|stack/);
  });
});

describe('@stream', () => {
  test('delivers the first items, and then the others in their order', async () => {
    const query =
      '{ contacts(first: 6) { totalCount nodes @stream(initialCount: 2, label: "rows") { id displayName } } }';
    const { parts, requests } = await askInParts(openWorld(), query);
    const whole = await openWorld().ask('{ contacts(first: 6) { totalCount nodes { id displayName } } }');
    expect(nodesIn(parts[0])).toHaveLength(2);
    expect(incrementsIn(parts).map(({ path, label }) => [path.join('.'), label])).toEqual(
      [2, 3, 4, 5].map((index) => [`contacts.nodes.${index}`, 'rows']),
    );
    expect(joined(parts)).toEqual(whole.data);
    expect(requests).toEqual(whole.requests);
  });

  test.each([
    ['edges', '{ deals(first: 4) { edges @stream { cursor node { name } } } }'],
    [
      'relations',
      '{ salesAccounts(first: 3) { nodes @stream(initialCount: 1) { contacts { nodes @stream { id } } } } }',
    ],
    ['a list of texts', '{ contacts(first: 3) { nodes { tags @stream } } }'],
    ['more items than there are', '{ deals(first: 2) { nodes @stream(initialCount: 9) { id } } }'],
  ])('works on %s', async (_name, query) => {
    const { parts, requests } = await askInParts(openWorld(), query);
    const whole = await openWorld().ask(query.replaceAll(/@stream(\([^)]*\))?/g, ''));
    expect(joined(parts)).toEqual(whole.data);
    expect(requests).toEqual(whole.requests);
  });
});
