import { pageCall } from '../../freshsales/reads.ts';
import { type Args, asksFor, type FieldCost, type Planning, type Selection } from '../field-needs.ts';
import { type PagedList, pagesCall, toPageCall } from '../pages.ts';
import { COUNT_WINDOW, DEFAULT_FIRST, MAX_FIRST, REPAIRED, type Slice, sliceOf, windowOf } from '../window.ts';

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** How many rows a connection's arguments request. */
export const rowsAsked = ({ first, last }: Args): number => {
  const [head, tail] = [numberOf(first), numberOf(last)];
  const asked = Math.min(head ?? Number.POSITIVE_INFINITY, tail ?? Number.POSITIVE_INFINITY);
  return Math.max(0, Math.min(asked, MAX_FIRST, head ?? tail ?? DEFAULT_FIRST));
};

/** What a connection reads of its list. The length alone costs one call. */
export function partOf(selection: Selection): 'rows' | 'length' | 'nothing' {
  if (asksFor(selection, 'nodes', 'edges', 'pageInfo')) return 'rows';
  return asksFor(selection, 'totalCount') ? 'length' : 'nothing';
}

/** What the pages of a list cost: the window of `readRange`, and the calls that it may make to repair it. */
export function pagesCost(list: PagedList, args: object, { selection }: Pick<Planning, 'selection'>): FieldCost[] {
  const part = partOf(selection);
  const slice = part === 'nothing' ? undefined : sliceAsked(args);
  if (!slice) return [];
  const { pages, least, most, repairs } = part === 'rows' ? windowOf(slice) : COUNT_WINDOW;
  const requests = pages.map((page) => pageCall(toPageCall({ list, ...page, include: [] })));
  const call = pagesCall(list);
  const repair: FieldCost = { calls: repairs, needs: 0, call, when: REPAIRED, fallback: true };
  return [{ calls: most, needs: least, certain: 1, requests, call }, ...(repairs > 0 ? [repair] : [])];
}

/** The slice that arguments request. Undefined if they will be refused. */
function sliceAsked(args: object): Slice | undefined {
  try {
    return sliceOf(args, undefined);
  } catch {
    return undefined;
  }
}
