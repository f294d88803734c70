import type { Row } from '../freshsales/answer.ts';
import type { Session } from '../freshsales/client.ts';
import type { FreshsalesError } from '../freshsales/errors.ts';
import { recordCall } from '../freshsales/reads.ts';
import type {
  Identified,
  Lookup,
  Table,
  Include as WireInclude,
  Resource as WireRecordType,
} from '../freshsales/resource.ts';
import type { Known } from '../freshsales/response-cache.ts';
import { callTemplate } from '../freshsales/transport.ts';
import type { OperationBudget, Trace } from '../quota/operation-budget.ts';
import type { Once } from '../stores/once.ts';

/** The needs of a selection for a record. */
export interface Needs {
  /** Plain columns. */
  readonly columns: ReadonlySet<string>;
  /** Relations, by the include that brings them. */
  readonly includes: ReadonlySet<string>;
  /** Includes that are requested with a call that is made anyway, but are not worth a separate call. */
  readonly extras: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

export const NOTHING: Needs = { columns: none, includes: none, extras: none };

/** Needs of one include only. */
export const needsInclude = (name: string): Needs => ({ ...NOTHING, includes: new Set([name]) });

/** Needs of some columns only. */
export const needsColumns = (...columns: string[]): Needs => ({ ...NOTHING, columns: new Set(columns) });

/** The union of several needs. */
export function union(needs: readonly Needs[]): Needs {
  const [one = NOTHING, ...others] = needs.filter((each) => each !== NOTHING);
  if (others.every((other) => other === one)) return one;
  return {
    columns: new Set(needs.flatMap(({ columns }) => [...columns])),
    includes: new Set(needs.flatMap(({ includes }) => [...includes])),
    extras: new Set(needs.flatMap(({ extras }) => [...extras])),
  };
}

/** The includes that a call for these needs requests. */
export const includesToAsk = ({ includes, extras }: Needs): string[] => [...new Set([...includes, ...extras])];

/** The part of an operation that fetching uses. */
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
  /** The columns that must be known of a record before this caller may see it. */
  proofOf(typeName: string): Needs;
  /** Adds values to the answer. Returns an error once the answer is larger than `MAX_VALUES`. */
  addValues(count: number): FreshsalesError | undefined;
}

/** The capabilities that an account showed in the last hour. Nothing is lost if they are forgotten, or no longer true. */
export interface Capabilities {
  /** True if a call (as a template), or an include or column of one, was seen to be ignored or refused. */
  isUnavailable(call: string, name?: string): boolean;
  /** The number of rows that a list had; undefined if unknown. */
  lengthOf(list: string): number | undefined;
}

/** The knowledge of an account before a call is made. */
export interface Knowledge {
  readonly registry: Registry;
  /** Answers that are cached. */
  readonly known: Known;
  readonly capabilities: Capabilities;
  /** True if the configuration names no user for the caller. */
  readonly isNobody?: boolean;
  /** The account against which input is checked. Undefined if values of the input are only assumed. */
  readonly freshsales?: AccountFacts | undefined;
}

/** The values on which the meaning of an input depends. */
export type AccountFacts = Pick<Session, 'product' | 'timeZone'>;

/** A record to read, and what is needed of it. */
export interface RecordRequest {
  readonly id: string;
  readonly needs: Needs;
  /** Values to find it by, where no row of it has been seen. */
  readonly searchValues?: readonly string[];
  /** Read it again, whatever is known of it. */
  readonly fresh?: boolean;
}

/** The missing parts of a record, and whether a value is known to find it by. */
export interface Gap {
  /** Columns and includes. */
  readonly missing: readonly string[];
  has(column: string): boolean;
}

/** Records whose fetch is estimated. */
export interface Demand {
  readonly count: number;
  /** The number of times that some of them become known, apart from the others. */
  readonly batches: number;
  /** Columns and includes that they lack. */
  readonly missing: readonly string[];
}

/** A call, or several of a kind, that may be made. */
export interface EstimatedCall {
  /** As a template: `GET /contacts/{id}`. */
  readonly call: string;
  readonly atMost: number;
  readonly per: 'operation' | 'record';
}

/** The cost of a strategy in Freshsales calls. */
export interface CallEstimate {
  /** Undefined if it may not bring the records, so that the next strategy is expected to run. */
  readonly expected: number | undefined;
  /** The most on an account that behaves as documented. Undefined if it may not bring the records even there. */
  readonly atMost: number | undefined;
  /** Calls that may bring nothing and come on top of what the next strategies cost. */
  readonly wasted: number;
  readonly calls: readonly EstimatedCall[];
  /** A lookup or list of views that has to be read first. */
  readonly first?: string | undefined;
}

interface RunOptions {
  /** The reads that it may save; one for each record where it does not say. */
  readonly saves?: number;
  /** Takes what went wrong with single records, by id. */
  readonly failures?: Map<string, Error>;
}

/** One way to fetch records of a type. The planner adds up `cost`, the executor calls `run`. */
export interface FetchStrategy {
  readonly name: string;
  /** True if it can bring what a record lacks. */
  applies(gap: Gap, knowledge: Knowledge): boolean;
  /** Spends nothing. */
  cost(demand: Demand, knowledge: Knowledge): CallEstimate;
  /** Reads records into the record store. What it does not bring is left to the next strategy. */
  run(requests: readonly RecordRequest[], operation: Operation, options?: RunOptions): Promise<void>;
  /** The include that brings the column by which it finds records. Pages ask for it along with doubtful includes. */
  readonly by?: string | undefined;
  /** Values to find rows of a relation by that have not been seen, from the record that they belong to. */
  readonly searchValuesFrom?: ((parent: RecordType, row: Row) => readonly string[]) | undefined;
}

/** Related rows come along with their record. */
export interface Include {
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

/** Reads the rows of a relation of one record at a separate address, such as `/contacts/1/notes`. */
export interface SubResource {
  readonly name: 'sub-resource';
  /** The type of the rows. */
  readonly child: string;
  cost(parent: RecordType, knowledge: Knowledge): SubResourceEstimate;
  /** Gives the ids of the rows, which are then in the record store. */
  run(parent: RecordType, id: string, operation: Operation): Promise<readonly string[]>;
}

/** The cost of a sub-resource for each record. */
interface SubResourceEstimate {
  readonly call: string;
  readonly include: readonly string[];
  /** Addresses that may be tried. */
  readonly atMost: number;
  /** Pages beyond the first. */
  readonly furtherPages: number;
}

/** A way to fetch the rows of a relation. */
type RelationStrategy = Include | JoinByTarget | SubResource;

interface RecordTypeFacts<R extends Identified, I extends string> extends WireRecordType<R, I> {
  /** The kind of grant that callers need: `contacts`. */
  readonly grant: string;
  /** The strategies for relations, by include, in order of preference. Those that are not listed have to come along. */
  readonly relations?: { readonly [name in I]?: readonly RelationStrategy[] };
  /** It has saved views: `contacts/filters`. */
  readonly hasViews?: true;
  /** Its custom fields are listed at `settings/{path}/fields`, and can be typed. */
  readonly hasTypedFields?: true;
}

/** A record type: its wire format, who may see it, and every way to fetch it and its relations, in order of preference. */
export interface RecordType<R extends Identified = Identified, I extends string = string>
  extends RecordTypeFacts<R, I> {
  /** The strategies for records by id. Those of a type without strategies only come along with others. */
  readonly fetch: readonly FetchStrategy[];
}

/** A strategy of a record type that is being declared. */
export type StrategyOf = (recordType: RecordType) => FetchStrategy;

type Checked<R, I extends string> = {
  readonly includes: { readonly [name in I]: WireInclude<keyof R & string> };
  readonly sideloadColumns?: readonly (keyof R & string)[];
};

/** Declares a record type, and checks the columns that it names. */
export function defineRecordType<R extends Identified, const I extends string = never, const G extends string = string>(
  declared: RecordTypeFacts<R, I> & Checked<R, I> & { readonly fetch: readonly StrategyOf[]; readonly grant: G },
): RecordType<R, I> & { readonly grant: G } {
  const strategies: FetchStrategy[] = [];
  const recordType = { ...declared, fetch: strategies };
  strategies.push(...declared.fetch.map((strategyOf) => strategyOf(recordType)));
  return recordType;
}

export const isRecordType = (table: Table): table is RecordType => 'fetch' in table;

export const isLookup = (table: Table): table is Lookup => 'list' in table;

/** The strategies for the relation that an include brings. */
interface RelationStrategies {
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

/** The path of its list of views. */
export const viewsPath = ({ path }: Pick<RecordType, 'path'>): string => `${path}/filters`;

/** The read of one record, as a template. */
export const readCall = ({ path }: Pick<RecordType, 'path'>): string => callTemplate(recordCall({ path }, '0'));

/** The source of the rows of a GraphQL type: one by one, or with the whole of a small list. */
export type Source = { readonly recordType: RecordType } | { readonly list: string };

/** All record types and lookups, found by their names. */
export interface Registry {
  readonly recordTypes: readonly RecordType[];
  /** The table whose rows have this GraphQL type. */
  table(typeName: string): Table | undefined;
  /** The table whose rows stand under this key of an answer. */
  tableUnderKey(key: string): Table | undefined;
  recordType(typeName: string): RecordType | undefined;
  /** The source of the rows of a GraphQL type; undefined if they only come along with others. */
  source(typeName: string): Source | undefined;
  /** The record type whose saved views have this GraphQL type. */
  viewedType(typeName: string): RecordType | undefined;
  /** The GraphQL types with a source. */
  readonly sources: readonly string[];
  /** The lookup that is read at this path. */
  lookup(list: string): Lookup | undefined;
}
