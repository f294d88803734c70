import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toe } from 'graphql-toe';
import { Environment, fetchQuery, Network, RecordSource, Store } from 'relay-runtime';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { dealType } from '../src/resources/deal/record.ts';
import type { PageOfContactsQuery } from './generated/graphql.ts';
import { compileRelay } from './relay-compiler.ts';
import { openWorld } from './world.ts';

/** Two deals, of which the second lost its name. */
function openNameless() {
  const world = openWorld();
  const [first, second] = world.sandbox.rows(dealType);
  if (!first || !second) throw new Error('the sandbox has too few deals');
  world.sandbox.put(dealType, { ...second, name: null as unknown as string });
  const gid = (id: string) => `gid://freshsales/Deal/${id}`;
  return { ...world, ids: { named: gid(first.id), nameless: gid(second.id) }, name: first.name };
}

describe('graphql-codegen with nullability.errorHandlingClient', () => {
  type Contacts = PageOfContactsQuery['contacts'];
  type Contact = Contacts['nodes'][number];

  test('makes a field non-null that is null only on error', () => {
    expectTypeOf<Contacts['totalCount']>().toEqualTypeOf<number>();
    expectTypeOf<Contact['deals']['nodes'][number]['name']>().toEqualTypeOf<string>();
  });

  test('leaves a field nullable that may be empty', () => {
    expectTypeOf<Contact['displayName']>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<Contact['owner']>().extract<null>().toEqualTypeOf<null>();
  });

  test('and graphql-toe throws where such a client reads a field that failed', async () => {
    const { ask, ids, name } = openNameless();
    const { data, errors } = await ask(
      `{ named: deal(id: "${ids.named}") { name } nameless: deal(id: "${ids.nameless}") { id name } }`,
    );
    const safe = toe({ data, errors }) as { named: { name: string }; nameless: { id: string; name: string } };
    expect(safe.named.name).toBe(name);
    expect(safe.nameless.id).toBe(ids.nameless);
    expect(() => safe.nameless.name).toThrow('Freshsales sent no value for Deal.name.');
  });
});

describe('Relay with @throwOnFieldError', () => {
  const query = (name: string, directive = '') =>
    `query Documents${name}Query($id: ID!)${directive} { deal(id: $id) { id name amount } }`;

  test('makes a field non-null that is null only on error', { timeout: 60_000 }, async () => {
    const documents = [query('Strict', ' @throwOnFieldError'), query('Loose')];
    const generated = await compileRelay(documents, { language: 'typescript' });
    const typesOf = (name: string) => readFileSync(join(generated, `Documents${name}Query.graphql.ts`), 'utf8');
    expect(typesOf('Strict')).toMatch(/readonly name: string;/);
    expect(typesOf('Strict')).toMatch(/readonly amount: .* \| null/);
    expect(typesOf('Loose')).toMatch(/readonly name: string \| null/);
  });

  test('throws where a field failed, and reads a record without errors', { timeout: 60_000 }, async () => {
    const { graphql, ids, name } = openNameless();
    const generated = await compileRelay([query('Strict', ' @throwOnFieldError')], { language: 'javascript' });
    const file = pathToFileURL(join(generated, 'DocumentsStrictQuery.graphql.js')).href;
    const { default: compiled } = await import(file);
    const network = Network.create(async ({ text }, variables) => {
      const { data, errors } = await graphql.rawRequest<object>(String(text), variables);
      return { data, ...(errors && { errors }) } as never;
    });
    const events: object[] = [];
    const relayFieldLogger = (event: object) => void events.push(event);
    const environment = new Environment({ network, store: new Store(new RecordSource()), relayFieldLogger });
    const read = (id: string) =>
      fetchQuery<{ variables: object; response: unknown }>(environment, compiled, { id }).toPromise();
    await expect(read(ids.named)).resolves.toMatchObject({ deal: { name } });
    await expect(read(ids.nameless)).rejects.toThrow('Unexpected response payload');
    expect(events).toMatchObject([
      { kind: 'relay_field_payload.error', error: { extensions: { record: ids.nameless } } },
    ]);
  });
});
