import { MAX_PER_PAGE } from '../../freshsales/paging.ts';
import { columnOf } from '../../freshsales/resource.ts';
import { isRow, type Row } from '../../freshsales/rows.ts';
import { capabilitiesOf } from '../capabilities.ts';
import { searchCall, searchList } from '../pages.ts';
import { affords, missingColumns, type RecordRequest } from '../record-request.ts';
import { missingIncludes, recordStoreOf } from '../record-store.ts';
import {
  type JoinByTarget as Facts,
  type Operation,
  type RecordType,
  type Registry,
  relationOf,
} from '../record-type.ts';
import { finderOf, isMeasured, isWorth, type ListFinder, ListScan, mayGoOn, openLists } from '../type-lists.ts';

/**
 * Finds related rows in lists of their type, or in a filtered search. By default, the rows say in their targets which records
 * they belong to, as tasks and appointments do (BATCHING 2).
 */
export const joinByTarget = (
  child: string,
  facts: Omit<Facts, 'name' | 'child'> = { parentsOf: targetsOf },
): Facts => ({ name: 'join-by-target', child, ...facts });

/** The records of a type that a row is about. The type is a class name in some answers, and snake case in others (QUIRKS 16). */
function targetsOf({ targetables, targetable }: Row, parent: RecordType): string[] | undefined {
  const targets = Array.isArray(targetables) ? targetables : targetable ? [targetable] : undefined;
  return targets
    ?.filter(isRow)
    .flatMap(({ type, id }) => (type === parent.name || String(type).toLowerCase() === parent.one ? [id] : []));
}

/** A way to join, and the type of its rows. */
interface JoinWay {
  readonly child: RecordType;
  readonly parentsOf: Facts['parentsOf'];
  readonly by?: string;
  readonly attribute?: string;
}

const wayOf = (registry: Registry, { child: name, ...facts }: Facts): JoinWay | undefined => {
  const child = registry.recordType(name);
  return child && { ...facts, child };
};

/** The call by which a relation is read for many parents, as a template. */
export function joinedCall(registry: Registry, facts: Facts): string | undefined {
  const way = wayOf(registry, facts);
  return way && callOfJoin(way);
}

const callOfJoin = ({ child, attribute }: JoinWay): string | undefined =>
  attribute === undefined ? finderOf(child)?.call : searchCall(child);

/**
 * Fills in the relations that records lack, from lists of the related rows, where that costs less than to read each record
 * by itself, and all that a record lacks are such relations. The others are left as they are.
 */
export async function joinLists(
  context: Operation,
  recordType: RecordType,
  wanted: readonly RecordRequest[],
): Promise<void> {
  const parents = wanted.filter((each) => isJoinable(context, recordType, each));
  const names = [...new Set(parents.flatMap((each) => lackedBy(context, recordType, each)))];
  const all = names.flatMap((name) => {
    const joined = joinOfRelation(context, recordType, name);
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

function joinOfRelation({ registry }: Operation, recordType: RecordType, include: string): JoinWay | undefined {
  const { join } = relationOf(recordType, include);
  return join && wayOf(registry, join);
}

const lackedBy = (context: Operation, recordType: RecordType, { id, needs }: RecordRequest): string[] =>
  missingIncludes(recordStoreOf(context).get(recordType, id), recordType, [...needs.includes]);

function isJoinable(context: Operation, recordType: RecordType, wanted: RecordRequest): boolean {
  const entry = recordStoreOf(context).get(recordType, wanted.id);
  if (!entry || missingColumns(entry, wanted.needs.columns).length > 0) return false;
  return lackedBy(context, recordType, wanted).every((name) => {
    const joined = joinOfRelation(context, recordType, name);
    return (
      joined !== undefined && isHonoured(context, joined) && !capabilitiesOf(context).lacks(joinOf(recordType, name))
    );
  });
}

function isHonoured(context: Operation, joined: JoinWay): boolean {
  const [call, observed] = [callOfJoin(joined), capabilitiesOf(context)];
  if (call === undefined || observed.lacks(call)) return false;
  return joined.by === undefined || !observed.lacks(call, joined.by);
}

/** What is remembered of a join whose lists did not hold together. */
const joinOf = ({ name }: RecordType, include: string): string => `join ${name} ${include}`;

/** Calls that it takes at the most to find out how many pages there are. */
const callsOf = (context: Operation, joined: JoinWay, parents: number): number =>
  joinedFinder(joined)?.calls(context) ?? Math.ceil(parents / MAX_PER_PAGE);

const joinedFinder = ({ child, attribute }: JoinWay): ListFinder | undefined =>
  attribute === undefined ? finderOf(child) : undefined;

const includeOf = ({ by }: JoinWay): string[] => (by === undefined ? [] : [by]);

async function passageOf(context: Operation, joined: JoinWay, ids: readonly string[]): Promise<ListScan | undefined> {
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
  readonly joined: JoinWay;
  readonly passage: ListScan | undefined;
}

/** Reads all of them, unless one is not whole, or they are longer than it is worth. Gives whether it did. */
async function readWhole(
  context: Operation,
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
  { parentsOf }: JoinWay,
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
  context: Operation,
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
