import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { isAbstractType } from 'graphql';
import type { GraphQLTaggedNode } from 'relay-runtime';
import { expect, test, vi } from 'vitest';
import { dealType } from '../src/resources/deal/record.ts';
import { schema } from '../src/server/schema.ts';
import { compileRelay } from './relay-compiler.ts';
import { openWorld } from './world.ts';

/** A session of a front end: a list, a search that finds the same records, a read by id, choices that share ids, and a write. */
const SESSION = {
  Deals:
    'query Deals { deals(first: 5) { nodes { id name stage { id name } owner { id displayName } salesAccount { id name } } } }',
  Find: 'query Find($text: String!) { search(query: $text, first: 20) { type recordId name record { __typename ... on Deal { id name } ... on Contact { id displayName } ... on SalesAccount { id name } } } }',
  Choices:
    'query Choices { fields(type: DEAL) { name choices { databaseId value } } dealStages { id name } owners { id displayName } }',
  One: 'query One($id: ID!) { node(id: $id) { id ... on Deal { name amount contacts(first: 3) { nodes { id displayName owner { id displayName } } } } } }',
  Rename:
    'mutation Rename($id: ID!, $name: String!) { updateDeal(id: $id, input: { name: $name }) { deal { id name } } }',
};

function openSession() {
  const world = openWorld();
  const [deal] = world.sandbox.rows(dealType);
  if (!deal) throw new Error('the sandbox has no deals');
  return { ...world, id: `gid://freshsales/Deal/${deal.id}`, text: deal.name.slice(0, 6) };
}

test('an Apollo cache keeps one object for each record over a mixed session', async () => {
  const { fetch, id, text } = openSession();
  const cache = new InMemoryCache({ possibleTypes: possibleTypes() });
  const client = new ApolloClient({
    cache,
    link: new HttpLink({ uri: 'http://127.0.0.1/graphql', fetch }),
  });
  const query = (name: keyof typeof SESSION, variables = {}) =>
    client.query<Record<string, unknown>>({ query: gql(SESSION[name]), variables });
  await query('Deals');
  await query('Find', { text });
  await query('Choices');
  await query('One', { id });
  await client.mutate({ mutation: gql(SESSION.Rename), variables: { id, name: 'Renamed' } });

  for (const [key, entry] of Object.entries(cache.extract())) {
    if (key.includes('gid://')) expect(`${key.split(':')[0]}:${entry?.id}`).toBe(key);
    expect(key).not.toMatch(/^(SearchResult|FieldChoice)/);
  }
  const found = await query('Find', { text });
  const hits = found.data?.search as { recordId: string; name: string; record: object }[];
  expect(hits.find(({ recordId }) => recordId === id)).toMatchObject({ record: { id, name: 'Renamed' } });
});

/** The implementations of interfaces and members of unions, as Apollo wants them. */
const possibleTypes = () =>
  Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter(isAbstractType)
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  );

test('a Relay store keeps one record for each id over a mixed session', { timeout: 60_000 }, async () => {
  const { Environment, Network, RecordSource, Store, commitMutation, fetchQuery } = await import('relay-runtime');
  const warn = vi.spyOn(console, 'error');
  const { graphql, id, text } = openSession();
  const compiled = await compile();
  const network = Network.create(async ({ text: document }, variables) => {
    const { data, errors } = await graphql.rawRequest<object>(String(document), variables);
    return { data, ...(errors && { errors }) } as never;
  });
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  const query = (name: string, variables = {}) =>
    fetchQuery<{ variables: object; response: Record<string, unknown> }>(
      environment,
      compiled(name),
      variables,
    ).toPromise();
  await query('Deals');
  await query('Find', { text });
  await query('Choices');
  await query('One', { id });
  await new Promise((done, fail) =>
    commitMutation(environment, {
      mutation: compiled('Rename'),
      variables: { id, name: 'Renamed' },
      onCompleted: done,
      onError: fail,
    }),
  );
  expect(environment.getStore().getSource().get(id)).toMatchObject({ __typename: 'Deal', name: 'Renamed' });
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

/** Compiles the session, and loads what relay-compiler made of an operation. */
async function compile() {
  const names = Object.keys(SESSION) as (keyof typeof SESSION)[];
  const modular = (text: string) =>
    text.replace(
      /(query|mutation) (\w+)/,
      (_all, kind: string, name: string) => `${kind} Documents${name}${kind === 'query' ? 'Query' : 'Mutation'}`,
    );
  const documents = names.map((name) => modular(SESSION[name]));
  const generated = await compileRelay(documents, { language: 'javascript' });
  const artifacts = await Promise.all(
    readdirSync(generated).map(async (file) => (await import(pathToFileURL(join(generated, file)).href)).default),
  );
  return (name: string): GraphQLTaggedNode =>
    artifacts.find(({ params }) => params.name.startsWith(`Documents${name}`));
}
