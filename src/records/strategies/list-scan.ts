import { createContextCache } from '@pothos/core';
import { capabilitiesOf } from '../capabilities.ts';
import { affords, isThere, missingIncludesOf, missingOf, type RecordRequest } from '../record-request.ts';
import { recordStoreOf } from '../record-store.ts';
import type { ListScan as Facts, Operation, RecordType } from '../record-type.ts';
import {
  finderOf,
  isMeasured,
  isWorth,
  type ListFinder,
  type ListScan,
  mayGoOn,
  mayRisk,
  openLists,
} from '../type-lists.ts';

/** Finds records in the default view of their type, or in the lists of these filters. */
export const listScan = (in_: Facts['in'] = 'default view'): Facts => ({ name: 'list-scan', in: in_ });

/** One way through the lists of a type for each operation: who comes later waits, and sees what was found. */
const ways = createContextCache((_context: Operation) => new Map<string, Promise<void>>());

/**
 * Looks for records in the lists of their type, where those are so short that it costs less than to read each by itself.
 * `reads`: how many reads are to be saved. What is not found is for the caller to read in another way.
 */
export async function scanLists(
  context: Operation,
  recordType: RecordType,
  wanted: readonly RecordRequest[],
  reads = wanted.length,
): Promise<void> {
  const name = `${recordStoreOf(context).age} ${recordType.name}`;
  const before = ways(context).get(name);
  if (before) return before;
  const finder = finderOf(recordType);
  const some = finder ? wanted.filter((each) => mayCome(context, recordType, each, finder)) : [];
  const worth = Math.min(reads, some.length);
  if (!finder || worth === 0) return;
  const calls = finder.calls(context);
  if (!isWorth(worth, { calls, isMeasured: isMeasured(finder, context) }) || !affords(context, worth, calls)) return;
  const way = goThrough(context, recordType, some, worth);
  ways(context).set(
    name,
    way.catch(() => {}),
  );
  return way;
}

/** Whether nothing that is wanted of the record is known not to come with a list. */
const mayCome = (
  context: Operation,
  recordType: RecordType,
  { id, needs }: RecordRequest,
  { call }: ListFinder,
): boolean =>
  missingOf(recordStoreOf(context).get(recordType, id), recordType, needs).every(
    (name) => !capabilitiesOf(context).lacks(call, name),
  );

async function goThrough(context: Operation, recordType: RecordType, wanted: readonly RecordRequest[], reads: number) {
  const passage = await openLists(context, recordType, missingIncludesOf(context, recordType, wanted));
  if (!passage || isLong(passage, reads) || !(await passage.begin())) return;
  let missing = wanted;
  let inVain = 0;
  for (;;) {
    const left = missing.filter((each) => !isThere(context, recordType, each));
    if (left.length === 0 || isLong(passage, reads)) return;
    // A page that brings none of them makes it less likely that the next one does.
    if (left.length === missing.length) inVain += 1;
    if (inVain >= mayRisk(reads)) return;
    missing = left;
    if (!(await passage.next())) return;
  }
}

const isLong = ({ pagesLeft = 0 }: ListScan, reads: number): boolean => pagesLeft > mayGoOn(reads);
