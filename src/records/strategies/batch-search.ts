import { createContextCache } from '@pothos/core';
import type { PageAnswer } from '../../freshsales/answer.ts';
import { MAX_PER_PAGE } from '../../freshsales/paging.ts';
import { capabilitiesOf } from '../capabilities.ts';
import { searchCall, searchList, tryPage } from '../pages.ts';
import type { RecordEntry } from '../record-entries.ts';
import { isThere, missingIncludesOf, missingOf, type RecordRequest } from '../record-request.ts';
import { recordStoreOf } from '../record-store.ts';
import type { BatchSearch, Operation, RecordType } from '../record-type.ts';

/** Reads many records in one filtered search. */
export const batchSearch = (facts: Omit<BatchSearch, 'name'>): BatchSearch => ({ name: 'batch-search', ...facts });

/** What one operation has tried. One search is made at a time: after one in vain there is no other. */
interface Attempt {
  last: Promise<void>;
  inVain: boolean;
}

const attempts = createContextCache((_context: Operation) => new Map<string, Attempt>());

function attemptAt(context: Operation, { name }: RecordType): Attempt {
  const attempt = attempts(context).get(name) ?? { last: Promise.resolve(), inVain: false };
  attempts(context).set(name, attempt);
  return attempt;
}

/** Those of the wanted records that a search may bring, and nothing that is known speaks against it. */
export function searchable(
  context: Operation,
  recordType: RecordType,
  together: BatchSearch,
  wanted: readonly RecordRequest[],
): readonly RecordRequest[] {
  const observed = capabilitiesOf(context);
  const search = searchCall(recordType);
  if (attemptAt(context, recordType).inVain || observed.lacks(search)) return [];
  const found = wanted.filter((each) => {
    const entry = recordStoreOf(context).get(recordType, each.id);
    return (
      keysOf(entry, together, each).length > 0 &&
      missingOf(entry, recordType, each.needs).every(
        (name) => !together.without?.includes(name) && !observed.lacks(search, name),
      )
    );
  });
  return found.length > 1 ? found : [];
}

/** Reads records a hundred at a time. What that does not bring is for the caller to read in another way. */
export async function searchInBatches(
  context: Operation,
  recordType: RecordType,
  together: BatchSearch,
  wanted: readonly RecordRequest[],
): Promise<void> {
  const attempt = attemptAt(context, recordType);
  const turn = attempt.last.then(async () => {
    for (let start = 0; start < wanted.length; start += MAX_PER_PAGE) {
      const some = wanted.slice(start, start + MAX_PER_PAGE).filter((each) => !isThere(context, recordType, each));
      if (some.length > 1 && !attempt.inVain) attempt.inVain = !(await search(context, recordType, together, some));
    }
  });
  attempt.last = turn.catch(() => {});
  return turn;
}

/** Reads page after page while each brings some of the records. Gives whether all of them did. */
async function search(
  context: Operation,
  recordType: RecordType,
  together: BatchSearch,
  wanted: readonly RecordRequest[],
): Promise<boolean> {
  const include = missingIncludesOf(context, recordType, wanted).filter((name) => !together.without?.includes(name));
  const values = wanted.flatMap((each) => keysOf(recordStoreOf(context).get(recordType, each.id), together, each));
  const list = searchList(recordType, together.attribute, [...new Set(values)]);
  let missing = wanted;
  for (let page = 1; ; page += 1) {
    const answer = await tryPage(context, list, page, include);
    if (!answer) return false;
    const pagesLeft = together.shared ? Math.ceil((answer.total ?? 0) / MAX_PER_PAGE) - page : 0;
    learn(context, recordType, answer, { wanted: missing, isAll: page === 1 && pagesLeft <= 0 });
    const left = missing.filter((each) => !isThere(context, recordType, each));
    if (left.length === missing.length) return false;
    if (pagesLeft <= 0 || left.length === 0 || pagesLeft >= left.length) return true;
    missing = left;
  }
}

/** Remembers what rows came without although it was asked for, and that none came at all. */
function learn(
  context: Operation,
  recordType: RecordType,
  { rows }: PageAnswer,
  { wanted, isAll }: { wanted: readonly RecordRequest[]; isAll: boolean },
): void {
  const observed = capabilitiesOf(context);
  const call = searchCall(recordType);
  const came = new Set(rows.map(({ id }) => id));
  const found = wanted.filter(({ id }) => came.has(id));
  if (found.length === 0 && isAll) observed.missed(call);
  for (const { id, needs } of found)
    for (const name of missingOf(recordStoreOf(context).get(recordType, id), recordType, needs))
      observed.missed(call, name);
}

/** What a record may be found by: its own, or what those say who know of it. */
function keysOf(
  entry: RecordEntry | undefined,
  { column }: BatchSearch,
  { hints = [] }: RecordRequest,
): readonly string[] {
  const value = entry?.row[column];
  return typeof value === 'string' && value !== '' ? [value] : hints;
}
