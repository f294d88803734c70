import { getIntrospectionQuery, isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { KINDS, type Kind, kindOfInclude, kindOfType, recordTypeOfKind, toGrants } from '../../src/access/grant.ts';
import { grantedSchema } from '../../src/access/granted-schema.ts';
import { createPermissions } from '../../src/access/permissions.ts';
import { recordTypes } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';
import { deepCases } from '../property.ts';
import { grantsExcept, openOffice } from './office.ts';
import { everythingOf, pathsTo } from './paths.ts';

/** The record types, each to be denied while everything else is granted. The timeline tells of all of them, and is off. */
const table = KINDS.flatMap((kind) => {
  const recordType = recordTypeOfKind(kind);
  return recordType ? [{ kind, recordType, type: recordType.name }] : [];
});

const productOf = (type: string) => (type === 'Lead' ? 'classic' : 'suite');

const typesOf = (kind: Kind): Set<string> =>
  new Set(Object.keys(schema.getTypeMap()).filter((name) => kindOfType(name) === kind));

const openWithout = (kind: Kind, type: string, access = 'full') =>
  openOffice({ Spy: grantsExcept(KINDS, access, { [kind]: 'off', timeline: 'off' }) }, { product: productOf(type) });

test('lists every record type in the table', () => {
  expect(table.map(({ type }) => type).sort()).toEqual(recordTypes.map(({ name }) => name).sort());
});

describe.each(deepCases(table, 3))('without $kind', ({ kind, recordType, type }) => {
  test('refuses every field that leads to it, without a call', async () => {
    const { ask } = await openWithout(kind, type);
    const paths = pathsTo(schema, typesOf(kind));
    expect(paths.length).toBeGreaterThan(2);
    for (const path of paths) {
      const { data, codes, requests } = await ask('Spy', path);
      expect({ path, data, codes: [...new Set(codes)], requests }).toEqual({
        path,
        data: undefined,
        codes: ['FORBIDDEN'],
        requests: [],
      });
    }
  });

  test('denies existing and missing records alike', async () => {
    const { ask, sandbox } = await openWithout(kind, type);
    const there = sandbox.rows(recordType)[0]?.id ?? '';
    const answers = [there, '99'].map(async (id) => {
      const gid = `gid://freshsales/${type}/${id}`;
      const one = await ask('Spy', 'query($id: ID!) { node(id: $id) { id } }', { id: gid });
      const many = await ask('Spy', 'query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', { ids: [gid] });
      return [one, many].map(({ data, errors, codes, status, requests }) => ({
        data,
        errors,
        codes,
        status,
        requests,
      }));
    });
    const [existing, missing] = await Promise.all(answers);
    expect(existing).toEqual(missing);
    expect(existing).toMatchObject([
      { codes: ['FORBIDDEN'], requests: [] },
      { codes: ['FORBIDDEN'], requests: [] },
    ]);
  });

  test('does not reveal it in introspection, suggestions or lists of types', async () => {
    const { ask } = await openWithout(kind, type);
    const { data } = await ask('Spy', getIntrospectionQuery());
    const names = (data as unknown as { __schema: { types: { name: string }[] } }).__schema.types.map(
      ({ name }) => name,
    );
    expect(names.filter((name) => kindOfType(name) === kind)).toEqual([]);
    const { errors } = await ask(
      'Spy',
      `{ ${type.toLowerCase()}z { id } node(id: "gid://freshsales/Nothing/1") { id } }`,
    );
    expect(JSON.stringify(errors)).not.toContain(`${type}View`);
    const unknown = await ask('Spy', '{ node(id: "gid://freshsales/Nothing/1") { id } }');
    expect(unknown.errors?.[0]?.message.split(/[ ,.]+/)).not.toContain(type);
  });

  test('does not return it with any readable record', async () => {
    const { ask, sandbox } = await openWithout(kind, type, 'read');
    const ids = sandbox.rows(recordType).map(({ id }) => id);
    const granted = grantedSchema(createPermissions(schema, grantsWithout(kind)));
    for (const other of table) {
      const found = granted.getType(other.type);
      const row = sandbox.rows(other.recordType)[0];
      if (!isObjectType(found) || !row) continue;
      const selection = everythingOf(granted, found);
      const { data, requests } = await ask(
        'Spy',
        `{ node(id: "gid://freshsales/${other.type}/${row.id}") { ... on ${other.type} { ${selection} } } }`,
      );
      // Notes are read with what they are on, and never by themselves.
      if (other.type !== 'Note')
        expect({ other: other.type, node: data?.node }).toMatchObject({ node: { id: expect.anything() } });
      const text = JSON.stringify(data ?? {});
      expect(ids.filter((id) => text.includes(`/${type}/${id}"`))).toEqual([]);
      expect(includesIn(requests).filter((name) => brings(name, kind))).toEqual([]);
      expect(requests.filter((line) => line.includes(`/${recordType.path}/`))).toEqual([]);
    }
  });

  test('does not reveal it from responses that another caller cached', async () => {
    const { ask, sandbox } = await openOffice(
      { Spy: grantsExcept(KINDS, 'read', { [kind]: 'off', timeline: 'off' }), Boss: grantsExcept(KINDS, 'full') },
      { product: productOf(type) },
    );
    const contact = sandbox.rows(recordTypes[0] as never)[0] as { id: string } | undefined;
    const query =
      '{ contact(id: "ID") { recentNote deals { nodes { id } } tasks { nodes { id } } notes { nodes { id } } } }'.replace(
        'ID',
        contact?.id ?? '1',
      );
    await ask('Boss', query);
    const ids = sandbox.rows(recordType).map(({ id }) => id);
    const { data } = await ask('Spy', query);
    const text = JSON.stringify(data ?? {});
    expect(ids.filter((id) => text.includes(`/${type}/${id}"`))).toEqual([]);
  });
});

const readable = { access: 'read', hideCustomFields: [], withhold: [] } as const;

const grantsWithout = (kind: Kind) =>
  toGrants(
    Object.fromEntries(KINDS.filter((each) => each !== kind && each !== 'timeline').map((each) => [each, readable])),
  );

const includesIn = (requests: readonly string[]): string[] =>
  requests.flatMap(
    (line) => new URL(line.split(' ')[1] ?? '/', 'http://x').searchParams.get('include')?.split(',') ?? [],
  );

const brings = (name: string, kind: Kind): boolean =>
  recordTypes.some(({ includes }) => includes[name] && kindOfInclude(includes[name]) === kind);

describe('finding', () => {
  const words = { contacts: 'CONTACT', salesAccounts: 'SALES_ACCOUNT', deals: 'DEAL' } as const;

  test.each(Object.entries(words))(
    'a search without %s leaves them out, and one for them is denied',
    async (kind, word) => {
      const { ask } = await openWithout(kind as Kind, '');
      const all = await ask('Spy', '{ search(query: "a", first: 20) { type record { __typename } } }');
      expect(all.errors).toBeUndefined();
      expect(JSON.stringify(all.data)).not.toContain(`"${word}"`);
      expect(all.requests[0]).not.toMatch(new RegExp(`include=[^&]*\\b${word.toLowerCase()}\\b`));
      for (const query of [
        `{ search(query: "a", types: [${word}]) { recordId } }`,
        `{ lookup(field: NAME, value: "a", types: [${word}]) { __typename } }`,
        `{ fields(type: ${word}) { name } }`,
      ])
        expect(await ask('Spy', query)).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
      const byVariable = await ask(
        'Spy',
        'query($types: [RecordType!]!) { search(query: "a", types: $types) { recordId } }',
        { types: [word] },
      );
      expect(byVariable).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
    },
  );

  test('refuses search and lookup without the grant of search', async () => {
    const { ask } = await openOffice({ Spy: grantsExcept(KINDS, 'read', { search: 'off' }) });
    for (const query of [
      '{ search(query: "a") { recordId } }',
      '{ lookup(field: NAME, value: "a", types: [DEAL]) { __typename } }',
    ])
      expect(await ask('Spy', query)).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
  });

  test('denies fields even if a directive skips them', async () => {
    const { ask } = await openWithout('deals', 'Deal');
    const query = 'query($no: Boolean!) { contacts { nodes { id deals @include(if: $no) { totalCount } } } }';
    expect(await ask('Spy', query, { no: false })).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
  });
});

describe('tokens', () => {
  test.each(['', 'x', 'fsgql_', 'fsgql_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])(
    '“%s” is nobody’s',
    async (token) => {
      const { send, sandbox, audited } = await openOffice({ Reader: 'grants: { contacts: read }' });
      const response = await send(token, { query: '{ contacts { totalCount } }' });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(sandbox.requests).toEqual([]);
      expect(audited()).toMatchObject([{ caller: null, decision: 'denied' }]);
      expect(JSON.stringify(audited())).not.toContain(token || 'fsgql_');
    },
  );

  test('does not accept the hash in the file as a token', async () => {
    const { send, tokens } = await openOffice({ Reader: 'grants: { contacts: read }' });
    const { hashOf } = await import('../../src/access/callers-file.ts');
    for (const token of [hashOf(tokens.Reader ?? ''), `sha256:${hashOf(tokens.Reader ?? '')}`])
      expect((await send(token, { query: '{ viewer { name } }' })).status).toBe(401);
  });
});

test('uses each caller’s own key for concurrent reads of one record', async () => {
  const { ask, sandbox } = await openOffice({
    One: 'key: KEY_ONE\ngrants: { contacts: read }',
    Two: 'key: KEY_TWO\ngrants: { contacts: { access: read, fields: [jobTitle] } }',
  });
  const id = sandbox.rows(recordTypes[0] as never)[0] as { id: string };
  const query = `{ contact(id: "${id.id}") { jobTitle } }`;
  const [one, two] = await Promise.all([ask('One', query), ask('Two', query)]);
  expect(one.data).toEqual(two.data);
  expect(sandbox.requests.filter((line) => line.startsWith(`GET /contacts/${id.id}`))).toHaveLength(2);
  expect(await ask('Two', `{ contact(id: "${id.id}") { displayName } }`)).toMatchObject({
    codes: ['FORBIDDEN'],
    requests: [],
  });
});

test('stops after the first few invalid variables, for callers too', {
  timeout: 20_000,
}, async () => {
  const { ask } = await openOffice({ Spy: 'grants: { contacts: full }' });
  const ids = Array.from({ length: 100_000 }, () => [[1]]);
  const { codes } = await ask('Spy', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(new Set(codes)).toEqual(new Set(['BAD_USER_INPUT']));
  expect(codes.length).toBeLessThan(60);
});
