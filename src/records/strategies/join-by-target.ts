import { isRow, type Row } from '../../freshsales/answer.ts';
import { MAX_PER_PAGE } from '../../freshsales/reads.ts';
import { columnOf } from '../../freshsales/resource.ts';
import { getOrInsert } from '../../maps.ts';
import { capabilitiesOf, knowledgeOf } from '../capabilities.ts';
import { searchCall, searchList, type TypeLists } from '../pages.ts';
import { affords, missingColumns } from '../record-request.ts';
import { missingIncludes, recordStoreOf } from '../record-store.ts';
import {
  type CallEstimate,
  type Demand,
  type JoinByTarget,
  type Knowledge,
  type Operation,
  type RecordRequest,
  type RecordType,
  type Registry,
  relationOf,
  type StrategyOf,
} from '../record-type.ts';
import { isWorth, ListReader, listsOf, mayGoOn, mayRisk, readerOf } from './list-scan.ts';

/** By default, the rows say in their targets which records they belong to, as tasks and appointments do (BATCHING 2). */
export const joinByTarget = (
  child: string,
  facts: Omit<JoinByTarget, 'name' | 'child'> = { parentsOf: targetsOf },
): JoinByTarget => ({ name: 'join-by-target', child, ...facts });

/** The records of a type that a row is about. The type is a class name in some answers, and snake case in others (QUIRKS 16). */
function targetsOf({ targetables, targetable }: Row, parent: RecordType): string[] | undefined {
  const targets = Array.isArray(targetables) ? targetables : targetable ? [targetable] : undefined;
  return targets
    ?.filter(isRow)
    .flatMap(({ type, id }) => (type === parent.name || String(type).toLowerCase() === parent.one ? [id] : []));
}

/**
 * Fills in the relations that records lack, by the joins that their type declares, where that costs less than to read each
 * record.
 */
export const joinRelations = (): StrategyOf => (recordType) => ({
  name: 'join-by-target',
  applies: ({ missing }, knowledge) => {
    const includes = missing.filter((name) => name in recordType.includes);
    return includes.length > 0 && includes.every((name) => joinOf(recordType, name, knowledge) !== undefined);
  },
  cost: (demand, knowledge) => joinCost(recordType, demand, knowledge),
  run: (requests, operation) => joinAll(operation, recordType, requests),
});

/** The join of one relation. */
interface Join {
  readonly include: string;
  readonly child: RecordType;
  readonly facts: JoinByTarget;
  /** The lists of the type, where the rows are not found by a filtered search. */
  readonly lists: TypeLists | undefined;
  /** The call by which rows are read, as a template. */
  readonly call: string;
}

/** The join of a relation, unless it was seen not to work. */
function joinOf(recordType: RecordType, include: string, { registry, capabilities }: Knowledge): Join | undefined {
  const join = declaredJoin(registry, recordType, include);
  if (!join || capabilities.isUnavailable(join.call) || capabilities.isUnavailable(nameOf(recordType, include)))
    return undefined;
  const { by } = join.facts;
  return by !== undefined && capabilities.isUnavailable(join.call, by) ? undefined : join;
}

function declaredJoin(registry: Registry, recordType: RecordType, include: string): Join | undefined {
  const { join: facts } = relationOf(recordType, include);
  const child = facts && registry.recordType(facts.child);
  if (!child) return undefined;
  const lists = facts.attribute === undefined ? listsOf(child) : undefined;
  const call = facts.attribute === undefined ? lists?.call : searchCall(child);
  return call === undefined ? undefined : { include, child, facts, lists, call };
}

/** Names the memory of a join whose lists were inconsistent. */
const nameOf = ({ name }: RecordType, include: string): string => `join ${name} ${include}`;

/** Calls that it takes at the most to find out how many pages there are. */
const beginningOf = ({ lists }: Join, parents: number, knowledge: Knowledge): number =>
  lists?.beginning(knowledge) ?? Math.ceil(parents / MAX_PER_PAGE);

function joinCost(recordType: RecordType, { count, missing }: Demand, { registry }: Knowledge): CallEstimate {
  const joins =
    mayRisk(count) > 0 ? missing.flatMap((include) => declaredJoin(registry, recordType, include) ?? []) : [];
  const atMost = mayRisk(count) + mayGoOn(count);
  return {
    expected: undefined,
    atMost: undefined,
    wasted: joins.length > 0 ? atMost : 0,
    calls: joins.map(({ call }) => ({ call, atMost, per: 'operation' })),
    first: joins.find(({ lists }) => lists?.first !== undefined)?.lists?.first,
  };
}

/** Joins the relations of those records that lack nothing else. */
async function joinAll(
  operation: Operation,
  recordType: RecordType,
  requests: readonly RecordRequest[],
): Promise<void> {
  const knowledge = knowledgeOf(operation);
  const parents = requests.filter((each) => isJoinable(operation, recordType, each));
  const includes = [...new Set(parents.flatMap((each) => lackedBy(operation, recordType, each)))];
  const joins = includes.flatMap((include) => joinOf(recordType, include, knowledge) ?? []);
  const calls = sum(joins.map((join) => beginningOf(join, parents.length, knowledge)));
  const isMeasured = joins.every(({ lists }) => lists?.pages(knowledge) !== undefined);
  if (joins.length === 0 || !isWorth(parents.length, calls, isMeasured)) return;
  if (!affords(operation, parents.length, calls)) return;
  const ids = parents.map(({ id }) => id);
  const reads = await Promise.all(
    joins.map(async (join) => ({ join, reader: await readerOfJoin(operation, join, ids) })),
  );
  if (!(await readAll(operation, recordType, reads, mayGoOn(parents.length)))) return;
  for (const { join, reader } of reads) {
    const grouped = groupRows(recordType, join, reader?.rows ?? []);
    if (grouped && reader?.hasAllRows) fill(operation, recordType, join.include, ids, grouped);
    else capabilitiesOf(operation).markUnavailable(nameOf(recordType, join.include));
  }
}

const lackedBy = (operation: Operation, recordType: RecordType, { id, needs }: RecordRequest): string[] =>
  missingIncludes(recordStoreOf(operation).get(recordType, id), recordType, [...needs.includes]);

function isJoinable(operation: Operation, recordType: RecordType, requests: RecordRequest): boolean {
  const entry = recordStoreOf(operation).get(recordType, requests.id);
  return entry !== undefined && missingColumns(entry, requests.needs.columns).length === 0;
}

async function readerOfJoin(
  operation: Operation,
  { child, lists, facts: { by, attribute = '' } }: Join,
  ids: readonly string[],
): Promise<ListReader | undefined> {
  const include = by === undefined ? [] : [by];
  if (lists) return readerOf(operation, lists, include);
  const searches = Array.from({ length: Math.ceil(ids.length / MAX_PER_PAGE) }, (_, index) =>
    searchList(child, attribute, ids.slice(index * MAX_PER_PAGE, (index + 1) * MAX_PER_PAGE)),
  );
  return new ListReader(operation, { lists: searches, isComplete: true, include });
}

interface JoinRead {
  readonly join: Join;
  readonly reader: ListReader | undefined;
}

/** Reads all of the lists, unless one is not complete, or they are longer than it is worth. Gives whether it did. */
async function readAll(
  operation: Operation,
  recordType: RecordType,
  reads: readonly JoinRead[],
  mostPages: number,
): Promise<boolean> {
  const readers = reads.flatMap(({ reader }) => (reader?.isComplete ? [reader] : []));
  const isLong = () => sum(readers.map(({ pagesLeft = 0 }) => pagesLeft)) > mostPages;
  if (readers.length < reads.length || isLong()) return false;
  // Those that depend on an include come first: where it is not honoured, there is no use in reading the others.
  for (const some of [reads.filter(({ join }) => join.facts.by), reads.filter(({ join }) => !join.facts.by)]) {
    const begun = await Promise.all(some.map(({ reader }) => reader?.begin()));
    if (begun.includes(false) || isLong()) return false;
    const silent = some.filter(({ join, reader }) => !groupRows(recordType, join, reader?.rows ?? []));
    for (const { join } of silent) capabilitiesOf(operation).markUnavailable(nameOf(recordType, join.include));
    if (silent.length > 0) return false;
  }
  await Promise.all(readers.map((reader) => reader.finish()));
  return true;
}

/** The ids of the rows by the id of their parent; undefined where a row does not say whose it is. */
function groupRows(
  recordType: RecordType,
  { facts }: Join,
  rows: readonly Row[],
): Map<string, Set<string>> | undefined {
  const grouped = new Map<string, Set<string>>();
  for (const row of rows) {
    if (row.withheld === true) continue;
    const parents = facts.parentsOf(row, recordType);
    if (!parents) return undefined;
    for (const parent of parents) getOrInsert(grouped, parent, () => new Set()).add(row.id);
  }
  return grouped;
}

function fill(
  operation: Operation,
  recordType: RecordType,
  include: string,
  parents: readonly string[],
  grouped: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const declared = recordType.includes[include];
  if (!declared) return;
  for (const id of parents)
    recordStoreOf(operation).put(recordType, { id, [columnOf(declared)]: [...(grouped.get(id) ?? [])] });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
