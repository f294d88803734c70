import type { Resource } from '../freshsales/resource.ts';
import type { Charge, FieldSource } from './lookahead.ts';
import { DEFAULT_FIRST, MAX_PER_PAGE } from './window.ts';

type Args = Readonly<Record<string, unknown>>;

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** How many rows a connection's arguments ask for. */
export const rowsAsked = ({ first, last }: Args): number => {
  const [head, tail] = [numberOf(first), numberOf(last)];
  return Math.max(
    0,
    Math.min(head ?? Number.POSITIVE_INFINITY, tail ?? Number.POSITIVE_INFINITY, 500, head ?? tail ?? DEFAULT_FIRST),
  );
};

/** A page holds a hundred rows. One more may be needed where a cursor begins midway, or where the end has to be found first. */
function pagesCharge(args: Args): Charge {
  const rows = rowsAsked(args);
  const pages = Math.max(1, Math.ceil(rows / MAX_PER_PAGE));
  const midway = args.after || args.before ? 1 : 0;
  const fromEnd = numberOf(args.last) !== undefined && !args.before ? 1 : 0;
  return { calls: pages + (pages > 1 || rows > MAX_PER_PAGE / 2 ? midway : 0) + fromEnd };
}

/** The price of a connection over pages; `viewArg` names the argument without which the list of views is read as well. */
export function pagesPrice(resource: Resource, viewArg?: string): { freshsales: FieldSource } {
  const price = (args: Args): Charge[] => {
    const views = viewArg && !isId(args[viewArg]) ? [{ calls: 1, once: `${resource.path}/filters` }] : [];
    return [pagesCharge(args), ...views];
  };
  return { freshsales: { price, rows: rowsAsked, reads: true } };
}

const isId = (value: unknown): boolean => typeof value === 'string' && /(^|\/)\d+$/.test(value);

/** The price of a small list that is read once for everybody. */
export const priceOnce = (list: string): { freshsales: FieldSource } => ({
  freshsales: { price: () => [{ calls: 1, once: list }] },
});
