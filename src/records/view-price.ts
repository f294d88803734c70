import type { RecordType } from '../freshsales/resource.ts';
import type { Row } from '../freshsales/rows.ts';
import { type Sort, sortQuery } from '../schema/sort.ts';
import { defaultView, type ViewRow } from '../schema/views.ts';
import type { Charge, FieldSource, Pricing } from './field-needs.ts';
import { isGid, parseGid } from './gid.ts';
import { pagesCharges, rowsAsked } from './price.ts';

/** The price of the records of a view named by an argument, or of the default one: the list of views may be needed first. */
export const viewPrice = (recordType: RecordType): { freshsales: FieldSource } => ({
  freshsales: {
    price: (args, pricing) => viewCharges(recordType, args, pricing),
    rows: rowsAsked,
    reads: 'page',
  },
});

function viewCharges(recordType: RecordType, args: Readonly<Record<string, unknown>>, pricing: Pricing): Charge[] {
  const views = `${recordType.path}/filters`;
  const given = typeof args.view === 'string' ? args.view : undefined;
  const list = (id: string) => ({
    method: 'GET' as const,
    path: `${recordType.path}/view/${id}`,
    query: sortQuery(args.sort as Sort | null | undefined),
  });
  const pages = (id: string) => pagesCharges(args, pricing, list(id));
  const when = 'only where Freshsales refuses the view';
  if (given !== undefined && isGid(given))
    return [...pages(parseGid(given).id), { calls: 1, once: views, when, fallback: true }];
  if (given !== undefined && /^\d{1,20}$/.test(given)) {
    // A view may be called by a number: then there is none of that id, and it is found in the list.
    const again = pages('{id}').map(({ calls, call }) => ({
      calls,
      ...(call && { call }),
      when,
      fallback: true as const,
    }));
    return [...pages(given), { calls: 1, once: views, when, fallback: true }, ...again];
  }
  const known = pricing.known.list(views);
  const id = known && viewIn(known, given);
  return [{ calls: 1, once: views }, ...pages(id ?? '{id}').map((charge) => ({ ...charge, view: given ?? '' }))];
}

/** The id of the view that is meant, once the account's views are known. */
function viewIn(rows: readonly Row[], given: string | undefined): string | undefined {
  const views = rows as readonly (Row & ViewRow)[];
  return (given === undefined ? defaultView(views) : views.find(({ name }) => name === given))?.id;
}
