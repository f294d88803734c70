import { type GraphQLSchema, isIntrospectionType, isSpecifiedScalarType } from 'graphql';
import MiniSearch from 'minisearch';
import { compactType, rootField } from './compact-sdl.ts';

/** A definition that can be found. All texts are words with spaces between them. */
interface Definition {
  readonly id: string;
  readonly fullName: string;
  readonly name: string;
  /** Names of what is in it. */
  readonly parts: string;
  readonly description: string;
  readonly print: () => string;
}

export interface SchemaPage {
  /** Compact SDL of the definitions on this page, the best first. */
  readonly sdl: string;
  readonly page: number;
  readonly pages: number;
}

/** Finds definitions by words. */
export interface SchemaIndex {
  search(words: string, page: number): SchemaPage;
}

/** What a page may hold, unless a single definition is larger. */
const PAGE_CHARACTERS = 5000;

/** What comes with every list or mutation; found by its full name alone. */
const PLUMBING = /(Connection|Edge|Payload)$/;

/** `filterContacts` is found by “filter contact”, and the other way round. */
const toWords = (text: string): string[] =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\d]+/u)
    .filter(Boolean)
    .map((word) => word.toLowerCase().replace(/(?<=\w{3})(?<!s)s$/, ''));

const wordsOf = (...texts: readonly string[]): string => texts.flatMap(toWords).join(' ');

const indexes = new WeakMap<GraphQLSchema, SchemaIndex>();

/** The index of a schema, made when it is first searched. */
export function indexOf(schema: GraphQLSchema): SchemaIndex {
  const index = indexes.get(schema) ?? createIndex(schema);
  indexes.set(schema, index);
  return index;
}

function createIndex(schema: GraphQLSchema): SchemaIndex {
  const definitions = [...rootsOf(schema), ...typesOf(schema)];
  const byId = new Map(definitions.map((each) => [each.id, each]));
  const index = new MiniSearch<Definition>({
    fields: ['name', 'parts', 'description'],
    tokenize: toWords,
    searchOptions: {
      boost: { name: 6, parts: 2 },
      // What can be asked for comes before what it is made of.
      boostDocument: (id) => (String(id).startsWith('type ') ? 1 : 2),
      // Words such as “to” and “by” say nothing, and stand at the beginning of many.
      processTerm: (term) => (term.length < 3 ? null : term),
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  index.addAll(definitions.filter(({ fullName }) => !PLUMBING.test(fullName)));
  return {
    search(given, page) {
      const exact = definitions.filter(({ fullName }) => fullName.toLowerCase() === given.trim().toLowerCase());
      // `CreateDealInput` is no word that anybody would search by: that, and no more, is wanted.
      if (exact.length > 0 && /^[A-Z][a-z]+[A-Z]/.test(given)) return pageOf(exact, page);
      const found = index.search(given).flatMap(({ id }) => byId.get(String(id)) ?? []);
      return pageOf([...new Set([...exact, ...found])], page);
    },
  };
}

/** Puts definitions on pages, none of them cut. */
function pageOf(definitions: readonly Definition[], wanted: number): SchemaPage {
  const pages: string[] = [];
  let current = '';
  for (const text of definitions.map(({ print }) => print())) {
    if (current !== '' && current.length + text.length > PAGE_CHARACTERS) {
      pages.push(current);
      current = '';
    }
    current += `${current && '\n'}${text}`;
  }
  if (current !== '') pages.push(current);
  const page = Math.min(Math.max(wanted, 1), Math.max(pages.length, 1));
  return { sdl: pages[page - 1] ?? '', page, pages: pages.length };
}

const rootsOf = (schema: GraphQLSchema): Definition[] =>
  (['query', 'mutation'] as const).flatMap((kind) => {
    const type = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.values(type?.getFields() ?? {}).map((field) => ({
      id: `${kind} ${field.name}`,
      fullName: field.name,
      name: wordsOf(field.name),
      parts: wordsOf(...field.args.map(({ name }) => name)),
      description: wordsOf(field.description ?? ''),
      print: () => rootField(kind, field),
    }));
  });

function typesOf(schema: GraphQLSchema): Definition[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return Object.values(schema.getTypeMap())
    .filter(
      (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !roots.some((root) => root === type),
    )
    .map((type) => ({
      id: `type ${type.name}`,
      fullName: type.name,
      name: wordsOf(type.name),
      parts: 'getFields' in type ? wordsOf(...Object.keys(type.getFields())) : '',
      description: wordsOf(type.description ?? ''),
      print: () => compactType(type),
    }));
}

/** Everything there is at the root, by name. */
export function overviewOf(schema: GraphQLSchema): string {
  const names = (type: ReturnType<GraphQLSchema['getQueryType']>) => Object.keys(type?.getFields() ?? {}).join(' ');
  const mutations = names(schema.getMutationType());
  return `queries: ${names(schema.getQueryType())}${mutations && `\nmutations: ${mutations}`}`;
}
