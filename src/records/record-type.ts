import type { Known } from '../cache/known.ts';
import type { Session } from '../freshsales/client.ts';
import type { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified, Include, Lookup, Table, RecordType as WireRecordType } from '../freshsales/resource.ts';
import type { Row } from '../freshsales/rows.ts';
import type { Trace } from '../quota/call-trace.ts';
import type { OperationBudget } from '../quota/operation-budget.ts';
import type { Once } from '../stores/once.ts';
import type { Needs } from './needs.ts';

/** What fetching needs of the operation that it is done for. */
export interface Operation {
  /** All record types and lookups. */
  readonly registry: Registry;
  readonly freshsales: Session;
  readonly budget: OperationBudget;
  /** The calls that were sent, and those that were not needed. */
  readonly trace: Trace;
  /** Answers that are cached. */
  readonly known: Known;
  /** One for each API key. */
  readonly once: Once;
  readonly caller: { readonly name: string } | undefined;
  /** What has to be known of a record before this caller may see it. */
  proofOf(typeName: string): Needs;
  /** Adds values to the answer. Returns an error once the answer is larger than `MAX_VALUES`. */
  addValues(count: number): FreshsalesError | undefined;
}

/** Reads a record by its id: `GET /contacts/1`. */
export interface ReadOne {
  readonly name: 'read-one';
}

/**
 * Reads many records in one filtered search. Freshsales cannot search by ids, so records are found by another column, such as
 * their name or address.
 */
export interface BatchSearch {
  readonly name: 'batch-search';
  /** The column that records are found by. Side-loaded rows have it. */
  readonly column: string;
  /** The name of that column in a filter. */
  readonly attribute: string;
  /** Several records may have the same value, so that a search finds others as well, and may have further pages. */
  readonly shared?: true;
  /** The include that brings the column, where rows lack it otherwise. */
  readonly by?: string;
  /** Values to find rows of a relation by that have not been seen, from the record that they belong to. */
  readonly hintsFrom?: (parent: RecordType, row: Row) => readonly string[];
  /** Includes that a search does not bring. */
  readonly without?: readonly string[];
}

/** Finds records in the lists of their type: in the default view, or in the lists of these filters, each record in one of them. */
export interface ListScan {
  readonly name: 'list-scan';
  readonly in: 'default view' | { readonly filters: readonly string[] };
}

/** A way to fetch records of a type. */
export type FetchStrategy = ReadOne | BatchSearch | ListScan;

/** Related rows come along with their record. */
export interface IncludeRows {
  readonly name: 'include';
  /** No account has been seen to honour the include. */
  readonly doubtful?: true;
}

/** Finds the rows of a relation of many records in lists of the rows, and groups them by the record they name. */
export interface JoinByTarget {
  readonly name: 'join-by-target';
  /** The type of the rows. */
  readonly child: string;
  /** The ids of the parents that a row names; undefined where it does not say. */
  readonly parentsOf: (row: Row, parent: RecordType) => readonly string[] | undefined;
  /** The include without which a row does not name its parents. */
  readonly by?: string;
  /** The attribute by which a filtered search finds all rows of some parents. Without it, the lists of the type are read. */
  readonly attribute?: string;
}

/** Freshsales has two roots: the API, and the UI base above it, which takes the same key and has more sub-resources (FACTS 14). */
export type Root = 'api' | 'ui';

/** Reads the rows of a relation at an address of their own, such as `/contacts/1/notes`. */
export interface SubResource {
  readonly name: 'sub-resource';
  /** The type of the rows. */
  readonly child: string;
  /** Where the address is known to answer, the best attested first. */
  readonly roots: readonly Root[];
  readonly include: readonly string[];
}

/** A way to fetch the rows of a relation. */
export type RelationStrategy = IncludeRows | JoinByTarget | SubResource;

/** A record type: its wire format, who may see it, and every way to fetch it and its relations, in order of preference. */
export interface RecordType<R extends Identified = Identified, I extends string = string> extends WireRecordType<R, I> {
  /** How records are fetched by id. Those of a type without strategies only come along with others. */
  readonly fetch: readonly FetchStrategy[];
  /** How relations are fetched, by include. Those that are not listed have to come along. */
  readonly relations?: { readonly [name in I]?: readonly RelationStrategy[] };
  /** It has saved views: `contacts/filters`. */
  readonly hasViews?: true;
  /** Only one Freshsales product has it. */
  readonly product?: 'classic';
}

type Checked<R, I extends string> = {
  readonly includes: { readonly [name in I]: Include<keyof R & string> };
  readonly mini?: readonly (keyof R & string)[];
};

/** Declares a record type. Returns its argument; the call is there to check the columns it names. */
export const defineRecordType = <R extends Identified, const I extends string = never>(
  recordType: RecordType<R, I> & Checked<R, I>,
): RecordType<R, I> => recordType;

export const isRecordType = (table: Table): table is RecordType => 'fetch' in table;

export const isLookup = (table: Table): table is Lookup => 'list' in table;

export const searchOf = ({ fetch }: RecordType): BatchSearch | undefined =>
  fetch.find((each) => each.name === 'batch-search');

export const scanOf = ({ fetch }: RecordType): ListScan | undefined => fetch.find((each) => each.name === 'list-scan');

/** How the relation is fetched that an include brings. */
export interface RelationStrategies {
  /** No account has been seen to honour the include. */
  readonly doubtful: boolean;
  readonly join?: JoinByTarget | undefined;
  readonly subResource?: SubResource | undefined;
}

export function relationOf({ relations }: Pick<RecordType, 'relations'>, include: string): RelationStrategies {
  const strategies = relations?.[include] ?? [];
  return {
    doubtful: strategies.some((each) => each.name === 'include' && each.doubtful === true),
    join: strategies.find((each) => each.name === 'join-by-target'),
    subResource: strategies.find((each) => each.name === 'sub-resource'),
  };
}

/** Where rows of a GraphQL type are read: one by one, or with the whole of a small list. */
export type Source = { readonly recordType: RecordType } | { readonly list: string };

/** All record types and lookups, found by their names. */
export interface Registry {
  readonly recordTypes: readonly RecordType[];
  /** The table whose rows have this GraphQL type. */
  table(typeName: string): Table | undefined;
  /** The table whose rows stand under this key of an answer. */
  tableUnderKey(key: string): Table | undefined;
  recordType(typeName: string): RecordType | undefined;
  /** Where rows of a GraphQL type are read; undefined where they only come along with others. */
  source(typeName: string): Source | undefined;
  /** The record type whose saved views have this GraphQL type. */
  viewedType(typeName: string): RecordType | undefined;
  /** The GraphQL types with a source. */
  readonly sources: readonly string[];
  /** The lookup that is read at this path. */
  lookup(list: string): Lookup | undefined;
}

export interface RegistryOptions {
  readonly recordTypes: readonly RecordType[];
  readonly lookups: readonly Lookup[];
  /** Rows that only come along with others. */
  readonly tables?: readonly Table[];
}

const viewsOf = ({ name, path, hasViews }: RecordType): [string, Source][] =>
  hasViews ? [[`${name}View`, { list: `${path}/filters` }]] : [];

export function createRegistry({ recordTypes, lookups, tables: others = [] }: RegistryOptions): Registry {
  const tables = [...recordTypes, ...lookups, ...others];
  const byName = new Map(tables.map((table) => [table.name, table]));
  const byKey = new Map(
    tables.flatMap((table) => [table.many, ...(table.aliases ?? [])].map((key) => [key, table] as const)),
  );
  const types = new Map(recordTypes.map((recordType) => [recordType.name, recordType]));
  const lists = new Map(lookups.map((lookup) => [lookup.list, lookup]));
  const sources = new Map<string, Source>([
    ...recordTypes.flatMap((recordType): [string, Source][] =>
      recordType.fetch.length > 0 ? [[recordType.name, { recordType }]] : [],
    ),
    ...lookups.map(({ name, list }): [string, Source] => [name, { list }]),
    ...recordTypes.flatMap(viewsOf),
  ]);
  for (const { name, relations = {} } of recordTypes)
    for (const strategy of Object.values(relations).flatMap((each) => each ?? []))
      if ('child' in strategy && !types.has(strategy.child))
        throw new Error(`${name} has a relation to ${strategy.child}, which is no record type`);
  return {
    recordTypes,
    table: (typeName) => byName.get(typeName),
    tableUnderKey: (key) => byKey.get(key),
    recordType: (typeName) => types.get(typeName),
    source: (typeName) => sources.get(typeName),
    viewedType: (typeName) => recordTypes.find(({ name, hasViews }) => hasViews && typeName === `${name}View`),
    sources: [...sources.keys()].sort(),
    lookup: (list) => lists.get(list),
  };
}
