import type { PageAnswer } from './answer.ts';
import { FreshsalesError } from './errors.ts';

/** Freshsales gives at most so many rows on a page; asking for more does not fail, and gives no more (FACTS 5). */
export const MAX_PER_PAGE = 100;

/** Pages that are read at the most of what is wanted whole. What is longer is refused, and not shown in part. */
export const MAX_WHOLE_PAGES = 10;

const MOST = MAX_PER_PAGE * MAX_WHOLE_PAGES;

/**
 * Every page of what is wanted whole; null where there is no such address. Not every answer says how many rows there are, nor is
 * every address known to have pages: one that gives the same rows again has given all.
 */
export async function allPages(
  what: string,
  read: (page: number) => Promise<PageAnswer | null>,
): Promise<PageAnswer[] | null> {
  const pages: PageAnswer[] = [];
  const ids = new Set<string>();
  for (let number = 1; number <= MAX_WHOLE_PAGES; number += 1) {
    const page = await read(number);
    if (!page) return number === 1 ? null : pages;
    if ((page.total ?? 0) > MOST) break;
    const before = ids.size;
    for (const { id } of page.rows) ids.add(id);
    if (number === 1 || ids.size > before) pages.push(page);
    if (page.rows.length < MAX_PER_PAGE || ids.size === before || ids.size === page.total) return pages;
  }
  throw new FreshsalesError('NOT_AVAILABLE', `There are more than ${MOST} ${what}, and no more of them can be read.`);
}
