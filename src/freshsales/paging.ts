import type { PageAnswer } from './answer.ts';
import { FreshsalesError } from './errors.ts';

/** The most rows of a page. A larger `per_page` is ignored (FACTS 5). */
export const MAX_PER_PAGE = 100;

/** The most pages of a complete list. A longer list is an error, not cut. */
export const MAX_WHOLE_PAGES = 10;

const MOST = MAX_PER_PAGE * MAX_WHOLE_PAGES;

/**
 * All pages of a list, or null if the URL does not exist. Some responses have no total, and some endpoints may ignore `page`:
 * a page that repeats rows ends the list.
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
  throw new FreshsalesError('NOT_AVAILABLE', `There are more than ${MOST} ${what}, which is more than can be read.`);
}
