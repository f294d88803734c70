import { createContextCache } from '@pothos/core';
import { knowledgeOf } from '../capabilities.ts';
import { affords, isThere, missingIncludesOf } from '../record-request.ts';
import { recordStoreOf } from '../record-store.ts';
import type { CallEstimate, FetchStrategy, Knowledge, Operation, RecordRequest, StrategyOf } from '../record-type.ts';
import {
  isWorth,
  type ListedIn,
  type ListReader,
  mayGoOn,
  mayRisk,
  readerOf,
  type TypeLists,
  typeLists,
} from '../type-lists.ts';

/** Finds records in lists of their type. */
interface ListScan extends FetchStrategy {
  readonly lists: TypeLists;
}

/** Finds records in the lists of their type, where those are so short that it costs less than to read each record. */
export const listScan =
  (listedIn: ListedIn = 'default view'): StrategyOf =>
  (recordType): ListScan => {
    const lists = typeLists(recordType, listedIn);
    return {
      name: 'list-scan',
      lists,
      applies: ({ missing }, { capabilities }) =>
        missing.every((name) => !capabilities.isUnavailable(lists.call, name)),
      cost: ({ count }, knowledge) => scanCost(lists, count, knowledge),
      run: (wanted, operation, { saves = wanted.length } = {}) => scan(operation, lists, wanted, saves),
    };
  };

/** The lists of a record type, where it has any. */
export const listsOf = ({ fetch }: { readonly fetch: readonly FetchStrategy[] }): TypeLists | undefined =>
  fetch.find((each): each is ListScan => each.name === 'list-scan')?.lists;

const NOT_TRIED: CallEstimate = { expected: undefined, atMost: undefined, wasted: 0, calls: [] };

function scanCost(lists: TypeLists, count: number, knowledge: Knowledge): CallEstimate {
  const risk = mayRisk(count);
  if (risk === 0) return NOT_TRIED;
  const pages = lists.pages(knowledge);
  return {
    expected: pages !== undefined && pages <= mayGoOn(count) ? Math.min(pages, count) : undefined,
    atMost: undefined,
    wasted: risk + 1,
    calls: [{ call: lists.call, atMost: risk + mayGoOn(count), per: 'operation' }],
    first: lists.first,
  };
}

/** One scan of the lists of a type for each operation. A later one waits for it, and uses what it found. */
const scans = createContextCache((_operation: Operation) => new Map<string, Promise<void>>());

async function scan(
  operation: Operation,
  lists: TypeLists,
  wanted: readonly RecordRequest[],
  saves: number,
): Promise<void> {
  const name = `${recordStoreOf(operation).age} ${lists.recordType.name}`;
  const before = scans(operation).get(name);
  if (before) return before;
  const worth = Math.min(saves, wanted.length);
  const knowledge = knowledgeOf(operation);
  const calls = lists.beginning(knowledge);
  if (worth === 0 || !isWorth(worth, calls, lists.pages(knowledge) !== undefined)) return;
  if (!affords(operation, worth, calls)) return;
  const scanning = readWhileFound(operation, lists, wanted, worth);
  scans(operation).set(
    name,
    scanning.catch(() => {}),
  );
  return scanning;
}

async function readWhileFound(
  operation: Operation,
  lists: TypeLists,
  wanted: readonly RecordRequest[],
  reads: number,
): Promise<void> {
  const { recordType } = lists;
  const reader = await readerOf(operation, lists, missingIncludesOf(operation, recordType, wanted));
  if (!reader || isLong(reader, reads) || !(await reader.begin())) return;
  let missing = wanted;
  let fruitless = 0;
  for (;;) {
    const left = missing.filter((each) => !isThere(operation, recordType, each));
    if (left.length === 0 || isLong(reader, reads)) return;
    // A page that has none of them makes it less likely that the next one does.
    if (left.length === missing.length) fruitless += 1;
    if (fruitless >= mayRisk(reads)) return;
    missing = left;
    if (!(await reader.next())) return;
  }
}

const isLong = ({ pagesLeft = 0 }: ListReader, reads: number): boolean => pagesLeft > mayGoOn(reads);
