import type { PageAnswer } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { MAX_PER_PAGE } from '../freshsales/paging.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { Context } from './context.ts';
import { searchCall } from './filtered-search.ts';
import { type PagedList, pageLoader } from './pages.ts';

/** Failures after which other calls may succeed. Where no call is left, or the caller is gone, they would not. */
const ANSWERED: ReadonlySet<string> = new Set(['FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND', 'UPSTREAM_ERROR']);

export const isAnswered = (error: unknown): error is FreshsalesError =>
  error instanceof FreshsalesError && ANSWERED.has(error.code);

/** What is remembered of a list that was refused: of a search that there is none, whatever is searched for. */
export const refusedAs = ({ rules, recordType, key }: PagedList): string => (rules ? searchCall(recordType) : key);

/** A page as large as can be, of a list that need not be there; undefined where it was refused, which is remembered, or failed. */
export async function tryPage(
  context: Context,
  list: PagedList,
  page: number,
  include: readonly string[],
): Promise<PageAnswer | undefined> {
  try {
    return await pageLoader(context)({ list, page, perPage: MAX_PER_PAGE, include });
  } catch (error) {
    if (!isAnswered(error)) throw error;
    // A server that stumbled once may stand again next time.
    if (error.code !== 'UPSTREAM_ERROR') capabilitiesOf(context).missed(refusedAs(list));
    return undefined;
  }
}
