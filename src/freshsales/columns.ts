// The columns of a row are declared once, as an empty row. The type of the row follows from it.
import type { Identified, JsonObject } from './resource.ts';

/** A column that may be null. */
export const nullable = <T>(): T | null => null;

/** A column with a list that is never null. */
export const listOf = <T>(): T[] => [];

export const jsonObject = (): JsonObject => ({});

/** A row with these columns. Those in `Included` come only with an include. */
export type RecordOf<Columns, Included = unknown> = Identified & Columns & Partial<Included>;
