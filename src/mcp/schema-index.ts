import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isListType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  print,
} from 'graphql';
import MiniSearch from 'minisearch';
import { sourceOf } from '../records/field-needs.ts';
import { customFieldOf } from '../schema/custom-fields/custom-types.ts';

/** A searchable definition. All texts are words separated by spaces. */
interface Definition {
  readonly id: string;
  readonly fullName: string;
  /** Found by its full name only. */
  readonly isDeprecated?: boolean;
  /** Types that are printed with it. */
  readonly brings?: readonly string[];
  readonly name: string;
  /** Names of its fields or arguments. */
  readonly parts: string;
  readonly description: string;
  readonly print: () => string;
}

export interface SchemaPage {
  /** Compact SDL of the definitions on this page, best match first. */
  readonly sdl: string;
  readonly page: number;
  readonly pages: number;
}

/** Searches definitions by words. */
export interface SchemaIndex {
  search(words: string, page: number): SchemaPage;
}

/** Maximum length of a page. A single definition may be longer. */
const PAGE_CHARACTERS = 5000;

/** A filter with more conditions is not shown with its list. It is found by its own name and fields. */
const MAX_CONDITIONS = 30;

/** Types of every list or mutation, found by their full name only. */
const PLUMBING = /(Connection|Edge|Payload)$/;

/** Makes “filter contact” match `filterContacts`, and the other way round. */
const toWords = (text: string): string[] =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\d]+/u)
    .filter(Boolean)
    .map((word) => word.toLowerCase().replace(/(?<=\w{3})(?<!s)s$/, ''));

const wordsOf = (...texts: readonly string[]): string => texts.flatMap(toWords).join(' ');

const indexes = new WeakMap<GraphQLSchema, SchemaIndex>();

/** The index of a schema, created at the first search. */
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
      // Root fields come before types.
      boostDocument: (id) => (String(id).startsWith('type ') ? 1 : 2),
      // Words such as “to” and “by” start many descriptions and mean little.
      processTerm: (term) => (term.length < 3 ? null : term),
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  index.addAll(definitions.filter(({ fullName, isDeprecated }) => !isDeprecated && !PLUMBING.test(fullName)));
  return {
    search(given, page) {
      const exact = definitions.filter(({ fullName }) => fullName.toLowerCase() === given.trim().toLowerCase());
      // The full name of a type, such as `CreateDealInput`, matches only that type.
      if (exact.length > 0 && /^[A-Z][a-z]+[A-Z]/.test(given)) return pageOf(exact, page);
      const found = index.search(given).flatMap(({ id }) => byId.get(String(id)) ?? []);
      const brought = new Set(found.flatMap(({ brings = [] }) => brings));
      return pageOf([...new Set([...exact, ...found.filter(({ id }) => !brought.has(id))])], page);
    },
  };
}

/** Splits definitions into pages, without cutting any. */
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
    return Object.values(type?.getFields() ?? {})
      .filter(isAvailable)
      .map((field) => {
        const filters = filtersOf(field.args);
        const shown = filters.filter((filter) => Object.keys(filter.getFields()).length <= MAX_CONDITIONS);
        const conditions = filters.flatMap((filter) => Object.keys(filter.getFields()));
        return {
          id: `${kind} ${field.name}`,
          fullName: field.name,
          isDeprecated: typeof field.deprecationReason === 'string',
          brings: shown.map(({ name }) => `type ${name}`),
          name: wordsOf(field.name),
          parts: wordsOf(...field.args.map(({ name }) => name), ...conditions),
          description: wordsOf(field.description ?? ''),
          print: () => [rootField(kind, field), ...shown.map(compactFilter)].join('\n'),
        };
      });
  });

/** The filter of a list, and that of its custom fields. */
function filtersOf(args: readonly (GraphQLArgument | GraphQLInputField)[]): GraphQLInputObjectType[] {
  return args.flatMap(({ name, type }) => {
    const filter = getNamedType(type);
    if ((name !== 'where' && name !== 'custom') || !isInputObjectType(filter) || isListType(getNullableType(type)))
      return [];
    return [filter, ...filtersOf(Object.values(filter.getFields()))];
  });
}

/** A filter with the operators of each condition, so that it can be used without another search. */
function compactFilter(filter: GraphQLInputObjectType): string {
  const conditions = Object.values(filter.getFields()).map((field) => {
    const operators = getNamedType(field.type);
    const named =
      field.name !== 'custom' && isInputObjectType(operators)
        ? `${field.name}: {${Object.values(operators.getFields()).map(argumentOf).join(', ')}}`
        : argumentOf(field);
    return `${named}${comment(field.description ?? '')}`;
  });
  return block('input', filter, conditions);
}

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

/** Agents are not shown what the product of the account does not have. */
const isAvailable = ({ extensions }: GraphQLField<unknown, unknown> | GraphQLInputField): boolean =>
  sourceOf(extensions).unavailable === undefined;

/** Names of all root fields. */
export function overviewOf(schema: GraphQLSchema): string {
  const names = (type: ReturnType<GraphQLSchema['getQueryType']>) =>
    Object.values(type?.getFields() ?? {})
      .filter(isAvailable)
      .map(({ name }) => name)
      .join(' ');
  const mutations = names(schema.getMutationType());
  return `queries: ${names(schema.getQueryType())}${mutations && `\nmutations: ${mutations}`}`;
}

/** Arguments of every list, printed without description. */
const PAGING = ['first', 'last', 'after', 'before'];

const comment = (text: string): string => (text === '' ? '' : ` # ${text.replace(/\s+/g, ' ').trim()}`);

/** `name(arg: Type = default): Type`. */
export function signatureOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const given = args.length > 0 ? `(${args.map(argumentOf).join(', ')})` : '';
  return `${name}${given}: ${type}`;
}

function argumentOf({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const ast = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return `${name}: ${type}${ast ? ` = ${print(ast)}` : ''}`;
}

/** Signature and descriptions of a root field and its arguments. For a mutation, also the fields of its payload. */
export function rootField(kind: 'query' | 'mutation', field: GraphQLField<unknown, unknown>): string {
  const args = field.args
    .filter(({ name, description }) => !PAGING.includes(name) && description)
    .map(({ name, description }) => `${name}: ${description}`);
  const words = comment([field.description ?? '', ...args].join(' '));
  return `${kind} ${signatureOf(field)}${kind === 'mutation' ? payloadOf(field) : ''}${words}`;
}

function payloadOf({ type }: GraphQLField<unknown, unknown>): string {
  const payload = getNamedType(type);
  if (!isObjectType(payload)) return '';
  return ` {${Object.values(payload.getFields())
    .map(({ name, type }) => `${name}: ${type}`)
    .join(', ')}}`;
}

/** Compact SDL of a type. Only inputs and costs are described; other field names speak for themselves. */
export function compactType(type: GraphQLNamedType): string {
  if (isEnumType(type))
    return `enum ${type.name} { ${type
      .getValues()
      .map(({ name }) => name)
      .join(' ')} }`;
  if (isUnionType(type))
    return `union ${type.name} = ${type
      .getTypes()
      .map(({ name }) => name)
      .join(' | ')}`;
  if (isScalarType(type)) return `scalar ${type.name}${comment(type.description ?? '')}`;
  if (isInputObjectType(type))
    return block(
      'input',
      type,
      Object.values(type.getFields())
        .filter(isAvailable)
        .map((field) => `${argumentOf(field)}${comment(field.description ?? '')}`),
    );
  return block(
    isObjectType(type) ? 'type' : 'interface',
    type,
    Object.values(type.getFields())
      .filter(isAvailable)
      .map((field) => `${signatureOf(field)}${comment(aboutOf(field))}`),
  );
}

const block = (keyword: string, { name, description }: GraphQLNamedType, lines: readonly string[]): string =>
  `${keyword} ${name} {${comment(description ?? '')}\n${lines.join('\n')}\n}`;

/** Names of custom fields do not speak for themselves. */
const aboutOf = (field: GraphQLField<unknown, unknown>): string =>
  customFieldOf(field) ? (field.description ?? '') : costOf(field);

/** The sentences of a description that mention calls. */
const costOf = ({ description }: GraphQLField<unknown, unknown>): string =>
  (description ?? '')
    .replaceAll(/\.\s+/g, '.\0')
    .split('\0')
    .filter((sentence) => /\bcalls?\b/i.test(sentence))
    .join(' ');
