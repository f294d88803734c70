import { createContextCache } from '@pothos/core';
import { MAX_PER_PAGE } from '../../freshsales/reads.ts';
import { getOrInsert } from '../../maps.ts';
import { readCursor } from '../cursor.ts';
import { badInput } from '../errors.ts';
import { type Args, asksFor, type FieldCost, type Planning, type Selection } from '../field-needs.ts';
import { type PagedList, pageRequest, pagesCall } from '../pages.ts';
import { readRange } from '../range.ts';
import { recordStoreOf } from '../record-store.ts';
import type { Capabilities, Operation } from '../record-type.ts';
import {
  BEYOND_A_PAGE,
  COUNT_WINDOW,
  DEFAULT_FIRST,
  MAX_FIRST,
  REPAIRED,
  type Slice,
  sliceOf,
  windowOf,
} from '../window.ts';

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** The number of rows that a connection's arguments request. */
export const rowsAsked = ({ first, last }: Args): number => {
  const [head, tail] = [numberOf(first), numberOf(last)];
  const asked = Math.min(head ?? Number.POSITIVE_INFINITY, tail ?? Number.POSITIVE_INFINITY);
  return Math.max(0, Math.min(asked, MAX_FIRST, head ?? tail ?? DEFAULT_FIRST));
};

/** The part of its list that a connection reads. The length alone costs one call. */
export function partOf(selection: Selection): 'rows' | 'length' | 'nothing' {
  if (asksFor(selection, 'nodes', 'edges', 'pageInfo')) return 'rows';
  return asksFor(selection, 'totalCount') ? 'length' : 'nothing';
}

/** The cost of the pages of a list: the window of `readRange`, and the calls that it may make to repair it. */
export function pagesCost(
  list: PagedList,
  args: object,
  { selection }: Pick<Planning, 'selection'>,
): readonly FieldCost[] {
  const part = partOf(selection);
  const slice = sliceOf(args, undefined);
  if (part === 'nothing') return [];
  const { pages, least, most, repairs } = part === 'rows' ? windowOf(slice) : COUNT_WINDOW;
  const requests = pages.map((page) => pageRequest(list, page));
  const call = pagesCall(list);
  const repair: FieldCost = { calls: repairs, needs: 0, call, when: REPAIRED, fallback: true };
  return [{ calls: most, needs: least, certain: 1, requests, call }, ...(repairs > 0 ? [repair] : [])];
}

/** The most rows of a list that is read whole to be narrowed in memory. */
export const MAX_WHOLE_ROWS = 1000;

/** The ids of all rows of a list. */
interface WholeList {
  readonly ids: readonly string[];
  /** The reason why rows may be missing. */
  readonly problem: Error | undefined;
}

const lists = createContextCache((_operation: Operation) => new Map<string, Promise<WholeList>>());

/** Reads a list whole, once for each operation. Refuses one that is too long, after its first page. */
export function readWhole(operation: Operation, list: PagedList, include: readonly string[]): Promise<WholeList> {
  const name = JSON.stringify([recordStoreOf(operation).age, list.key, include.toSorted()]);
  return getOrInsert(lists(operation), name, () => readAll(operation, list, include));
}

async function readAll(operation: Operation, list: PagedList, include: readonly string[]): Promise<WholeList> {
  const ids: string[] = [];
  for (let slice: Slice = FIRST_PAGE; ; ) {
    const { rows, total, hasNext, problem, cursorOf } = await readRange(operation, list, slice, include);
    ids.push(...rows.map(({ id }) => id));
    if (!hasNext || problem || rows.length === 0) return { ids, problem };
    const left = Math.max(1, total === undefined ? MAX_PER_PAGE : total - ids.length);
    if (ids.length + left > MAX_WHOLE_ROWS) throw tooLong(list, total);
    const after = readCursor(cursorOf(rows.length - 1), list.key);
    slice = { ...FIRST_PAGE, start: after.position + 1, first: left, after };
  }
}

const tooLong = ({ recordType: { many } }: PagedList, total: number | undefined) =>
  badInput(
    `Freshsales lists ${total ?? `more than ${MAX_WHOLE_ROWS}`} ${many.replaceAll('_', ' ')} here, and at most ${MAX_WHOLE_ROWS} can be narrowed to an owner. Use a filter that lists fewer.`,
  );

const FIRST_PAGE: Slice = {
  start: 0,
  end: Number.POSITIVE_INFINITY,
  first: MAX_PER_PAGE,
  last: undefined,
  after: undefined,
  before: undefined,
};

/** The rows of a list of this length that follow its first page. */
const restOf = (length: number): Slice => ({
  ...FIRST_PAGE,
  start: MAX_PER_PAGE,
  first: length - MAX_PER_PAGE,
  after: { position: MAX_PER_PAGE - 1, upTo: [], following: [] },
});

/** The cost of reading a whole list. One of unknown length is expected to fit one page. */
export function wholeCost(list: PagedList, { lengthOf }: Capabilities): FieldCost[] {
  const length = lengthOf(list.key) ?? 0;
  const requestsOf = (slice: Slice) => windowOf(slice).pages.map((page) => pageRequest(list, page));
  const call = pagesCall(list);
  const isLonger = length > MAX_PER_PAGE && length <= MAX_WHOLE_ROWS;
  const rest = restOf(isLonger ? length : MAX_WHOLE_ROWS);
  const most = windowOf(restOf(MAX_WHOLE_ROWS));
  const further = requestsOf(rest);
  const repairs = windowOf(FIRST_PAGE).repairs + most.repairs;
  return [
    { calls: 1, requests: requestsOf(FIRST_PAGE), call, isShared: true },
    {
      calls: most.pages.length,
      needs: isLonger ? further.length : 0,
      certain: 0,
      requests: further,
      call,
      when: BEYOND_A_PAGE,
      isShared: true,
    },
    { calls: repairs, needs: 0, call, when: REPAIRED, fallback: true, isShared: true },
  ];
}
