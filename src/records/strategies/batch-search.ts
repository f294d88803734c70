import { createContextCache } from '@pothos/core';
import type { PageAnswer, Row } from '../../freshsales/answer.ts';
import { MAX_PER_PAGE } from '../../freshsales/reads.ts';
import { getOrInsert } from '../../maps.ts';
import { capabilitiesOf } from '../capabilities.ts';
import { searchCall, searchList } from '../pages.ts';
import { isText, isThere, missingIncludesOf, missingOf } from '../record-request.ts';
import { recordStoreOf } from '../record-store.ts';
import type { CallEstimate, Demand, Operation, RecordRequest, RecordType, StrategyOf } from '../record-type.ts';
import { tryPage } from './list-scan.ts';

interface BatchSearch {
  /** The column that records are found by. Side-loaded rows have it. */
  readonly column: string;
  /** The name of that column in a filter. */
  readonly attribute: string;
  /** Several records may have the same value, so that a search finds others as well, and may have further pages. */
  readonly shared?: true;
  /** The include that brings the column, where rows lack it otherwise. */
  readonly by?: string;
  /** Values to find rows of a relation by that have not been seen, from the record that they belong to. */
  readonly searchValuesFrom?: (parent: RecordType, row: Row) => readonly string[];
  /** Includes that a search does not bring. */
  readonly without?: readonly string[];
}

/**
 * Reads a hundred records in one filtered search. Freshsales cannot search by ids, so records are found by another column, such
 * as their name or address.
 */
export const batchSearch =
  (facts: BatchSearch): StrategyOf =>
  (recordType) => {
    const { column, by, searchValuesFrom, without = [] } = facts;
    const call = searchCall(recordType);
    return {
      name: 'batch-search',
      by,
      searchValuesFrom,
      applies: ({ missing, has }, { capabilities }) =>
        has(column) &&
        !capabilities.isUnavailable(call) &&
        missing.every((name) => !without.includes(name) && !capabilities.isUnavailable(call, name)),
      cost: (demand) => searchCost(call, facts, demand),
      run: (requests, operation) => searchInTurn(operation, recordType, facts, requests),
    };
  };

/** One record is read by its id. */
function searchCost(call: string, { shared }: BatchSearch, { count, batches }: Demand): CallEstimate {
  if (count < 2) return { expected: undefined, atMost: undefined, wasted: 0, calls: [] };
  const searches = Math.ceil(count / MAX_PER_PAGE);
  // One that finds others as well may have a page for each record that is requests, and none of them on its first page.
  const atMost = shared ? count + 1 : Math.min(count, batches - 1 + searches);
  return { expected: searches, atMost, wasted: 1, calls: [{ call, atMost, per: 'operation' }] };
}

/** Searches of one operation. One search is made at a time: after one that brought nothing there is no other. */
interface Attempts {
  last: Promise<void>;
  isUseless: boolean;
}

const newAttempts = (): Attempts => ({ last: Promise.resolve(), isUseless: false });

const attemptsByType = createContextCache((_operation: Operation) => new Map<string, Attempts>());

async function searchInTurn(
  operation: Operation,
  recordType: RecordType,
  facts: BatchSearch,
  requests: readonly RecordRequest[],
): Promise<void> {
  const attempts = getOrInsert(attemptsByType(operation), recordType.name, newAttempts);
  if (requests.length < 2 || attempts.isUseless) return;
  const turn = attempts.last.then(async () => {
    for (let start = 0; start < requests.length; start += MAX_PER_PAGE) {
      const some = requests.slice(start, start + MAX_PER_PAGE).filter((each) => !isThere(operation, recordType, each));
      if (some.length > 1 && !attempts.isUseless)
        attempts.isUseless = !(await search(operation, recordType, facts, some));
    }
  });
  attempts.last = turn.catch(() => {});
  return turn;
}

/** Reads page after page while each brings some of the records. Gives whether all of them did. */
async function search(
  operation: Operation,
  recordType: RecordType,
  facts: BatchSearch,
  requests: readonly RecordRequest[],
): Promise<boolean> {
  const { attribute, shared, without = [] } = facts;
  const include = missingIncludesOf(operation, recordType, requests).filter((name) => !without.includes(name));
  const values = requests.flatMap((each) => valuesOf(operation, recordType, facts, each));
  const list = searchList(recordType, attribute, [...new Set(values)]);
  let missing = requests;
  for (let page = 1; ; page += 1) {
    const answer = await tryPage(operation, list, page, include);
    if (!answer) return false;
    const pagesLeft = shared ? Math.ceil((answer.total ?? 0) / MAX_PER_PAGE) - page : 0;
    learn(operation, recordType, answer, { requests: missing, isAll: page === 1 && pagesLeft <= 0 });
    const left = missing.filter((each) => !isThere(operation, recordType, each));
    if (left.length === missing.length) return false;
    if (pagesLeft <= 0 || left.length === 0 || pagesLeft >= left.length) return true;
    missing = left;
  }
}

/** Remembers what rows came without although it was asked for, and that none came at all. */
function learn(
  operation: Operation,
  recordType: RecordType,
  { rows }: PageAnswer,
  { requests, isAll }: { requests: readonly RecordRequest[]; isAll: boolean },
): void {
  const capabilities = capabilitiesOf(operation);
  const call = searchCall(recordType);
  const found = new Set(rows.map(({ id }) => id));
  const brought = requests.filter(({ id }) => found.has(id));
  if (brought.length === 0 && isAll) capabilities.markUnavailable(call);
  for (const { id, needs } of brought)
    for (const name of missingOf(recordStoreOf(operation).get(recordType, id), recordType, needs))
      capabilities.markUnavailable(call, name);
}

/** The values by which a record may be found: its own, or those of the record that it belongs to. */
function valuesOf(
  operation: Operation,
  recordType: RecordType,
  { column }: BatchSearch,
  { id, searchValues = [] }: RecordRequest,
): readonly string[] {
  const value = recordStoreOf(operation).get(recordType, id)?.row[column];
  return isText(value) ? [value] : searchValues;
}
