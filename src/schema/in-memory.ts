import { toDecimal, toTime } from '../freshsales/values.ts';
import type { Sort } from '../records/pages.ts';

/** A number or time as a number. Undefined for an empty cell. */
function numberIn(cell: unknown): number | undefined {
  const decimal = toDecimal(cell);
  if (typeof decimal === 'string') return Number(decimal);
  const time = toTime(cell);
  return typeof time === 'string' ? Date.parse(time) : undefined;
}

/** Rows in order of a column with numbers or times. Rows without a value come last. */
export function sortRows<T extends object>(rows: readonly T[], { field, direction }: Sort): T[] {
  const keyed = rows.map((row) => ({ row, value: numberIn((row as Readonly<Record<string, unknown>>)[field]) }));
  const sign = direction === 'desc' ? -1 : 1;
  return keyed
    .toSorted(({ value: one }, { value: other }) => {
      if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
      return sign * (one - other);
    })
    .map(({ row }) => row);
}
