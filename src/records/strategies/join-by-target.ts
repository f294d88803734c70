import { MAX_PER_PAGE } from '../../freshsales/paging.ts';
import { columnOf, type RecordType } from '../../freshsales/resource.ts';
import type { Row } from '../../freshsales/rows.ts';
import { capabilitiesOf } from '../capabilities.ts';
import type { Context } from '../context.ts';
import { searchCall, searchList } from '../filtered-search.ts';
import { affords, missingColumns, type RecordRequest } from '../record-request.ts';
import { missingIncludes, recordStoreOf } from '../record-store.ts';
import { relationOptions } from '../relation-options.ts';
import { finderOf, isMeasured, isWorth, type ListFinder, ListScan, mayGoOn, openLists } from '../type-lists.ts';

/** How the rows of a relation to several records are told apart by the record they belong to, where they come in lists of their own. */
export interface JoinByTarget {
  readonly child: RecordType;
  /** The ids of the parents that a row names; undefined where it does not say. */
  readonly parentsOf: (row: Row, parent: RecordType) => readonly string[] | undefined;
  /** The include without which a row does not say. */
  readonly by?: string;
  /** The attribute by which a filtered search finds all rows of some parents; else they are in the lists of their type. */
  readonly attribute?: string;
}

/** The call by which a relation is read for many parents, as a template. */
export const joinedCall = ({ child, attribute }: JoinByTarget): string | undefined =>
  attribute === undefined ? finderOf(child.name)?.call : searchCall(child);

/**
 * Fills in the relations that records lack, from lists of the related rows, where that costs less than to read each record
 * by itself, and all that a record lacks are such relations. The others are left as they are.
 */
export async function joinByTarget(
  context: Context,
  recordType: RecordType,
  wanted: readonly RecordRequest[],
): Promise<void> {
  const parents = wanted.filter((each) => isJoinable(context, recordType, each));
  const names = [...new Set(parents.flatMap((each) => lackedBy(context, recordType, each)))];
  const all = names.flatMap((name) => {
    const { joined } = relationOptions(recordType, name);
    return joined ? [{ name, joined }] : [];
  });
  const calls = sum(all.map(({ joined }) => callsOf(context, joined, parents.length)));
  const finders = all.map(({ joined }) => joinedFinder(joined));
  const areMeasured = finders.every((finder) => finder && isMeasured(finder, context));
  if (all.length === 0 || !isWorth(parents.length, { calls, isMeasured: areMeasured })) return;
  if (!affords(context, parents.length, calls)) return;
  const ids = parents.map(({ id }) => id);
  const joins = await Promise.all(
    all.map(async (join) => ({ ...join, passage: await passageOf(context, join.joined, ids) })),
  );
  if (!(await readWhole(context, recordType, joins, mayGoOn(parents.length)))) return;
  for (const { name, joined, passage } of joins) {
    const grouped = groupRows(recordType, joined, passage?.rows ?? []);
    if (grouped && passage?.isComplete) fill(context, recordType, name, ids, grouped);
    else capabilitiesOf(context).missed(joinOf(recordType, name));
  }
}

const lackedBy = (context: Context, recordType: RecordType, { id, needs }: RecordRequest): string[] =>
  missingIncludes(recordStoreOf(context).get(recordType, id), recordType, [...needs.includes]);

function isJoinable(context: Context, recordType: RecordType, wanted: RecordRequest): boolean {
  const entry = recordStoreOf(context).get(recordType, wanted.id);
  if (!entry || missingColumns(entry, wanted.needs.columns).length > 0) return false;
  return lackedBy(context, recordType, wanted).every((name) => {
    const { joined } = relationOptions(recordType, name);
    return (
      joined !== undefined && isHonoured(context, joined) && !capabilitiesOf(context).lacks(joinOf(recordType, name))
    );
  });
}

function isHonoured(context: Context, joined: JoinByTarget): boolean {
  const [call, observed] = [joinedCall(joined), capabilitiesOf(context)];
  if (call === undefined || observed.lacks(call)) return false;
  return joined.by === undefined || !observed.lacks(call, joined.by);
}

/** What is remembered of a join whose lists did not hold together. */
const joinOf = ({ name }: RecordType, include: string): string => `join ${name} ${include}`;

/** Calls that it takes at the most to find out how many pages there are. */
const callsOf = (context: Context, joined: JoinByTarget, parents: number): number =>
  joinedFinder(joined)?.calls(context) ?? Math.ceil(parents / MAX_PER_PAGE);

const joinedFinder = ({ child, attribute }: JoinByTarget): ListFinder | undefined =>
  attribute === undefined ? finderOf(child.name) : undefined;

const includeOf = ({ by }: JoinByTarget): string[] => (by === undefined ? [] : [by]);

async function passageOf(
  context: Context,
  joined: JoinByTarget,
  ids: readonly string[],
): Promise<ListScan | undefined> {
  const { child, attribute } = joined;
  if (attribute === undefined) return openLists(context, child, includeOf(joined));
  const lists = Array.from({ length: Math.ceil(ids.length / MAX_PER_PAGE) }, (_, index) => {
    const some = ids.slice(index * MAX_PER_PAGE, (index + 1) * MAX_PER_PAGE);
    return searchList(child, attribute, some);
  });
  return new ListScan(context, { lists, isWhole: true }, includeOf(joined));
}

interface Join {
  readonly name: string;
  readonly joined: JoinByTarget;
  readonly passage: ListScan | undefined;
}

/** Reads all of them, unless one is not whole, or they are longer than it is worth. Gives whether it did. */
async function readWhole(
  context: Context,
  recordType: RecordType,
  joins: readonly Join[],
  most: number,
): Promise<boolean> {
  const all = joins.flatMap(({ passage }) => (passage?.isWhole ? [passage] : []));
  const isLong = () => sum(all.map(({ pagesLeft = 0 }) => pagesLeft)) > most;
  if (all.length < joins.length || isLong()) return false;
  // Those that depend on an include come first: where it is not honoured, the others are read in vain.
  for (const some of [joins.filter(({ joined }) => joined.by), joins.filter(({ joined }) => !joined.by)]) {
    const begun = await Promise.all(some.map(({ passage }) => passage?.begin()));
    if (begun.includes(false) || isLong()) return false;
    const silent = some.filter(({ joined, passage }) => !groupRows(recordType, joined, passage?.rows ?? []));
    for (const { name } of silent) capabilitiesOf(context).missed(joinOf(recordType, name));
    if (silent.length > 0) return false;
  }
  await Promise.all(all.map((passage) => passage.finish()));
  return true;
}

/** The ids of the rows by the id of their parent; undefined where a row does not say whose it is. */
function groupRows(
  recordType: RecordType,
  { parentsOf }: JoinByTarget,
  rows: readonly Row[],
): Map<string, Set<string>> | undefined {
  const grouped = new Map<string, Set<string>>();
  for (const row of rows) {
    if (row.withheld === true) continue;
    const parents = parentsOf(row, recordType);
    if (!parents) return undefined;
    for (const parent of parents) grouped.set(parent, (grouped.get(parent) ?? new Set()).add(row.id));
  }
  return grouped;
}

function fill(
  context: Context,
  recordType: RecordType,
  name: string,
  parents: readonly string[],
  grouped: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const include = recordType.includes[name];
  if (!include) return;
  for (const id of parents)
    recordStoreOf(context).put(recordType, { id, [columnOf(include)]: [...(grouped.get(id) ?? [])] }, false);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
