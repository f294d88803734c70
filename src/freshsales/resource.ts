/** A row with an id. Ids are numbers on the wire, and strings here to avoid rounding. */
export interface Identified {
  id: string;
}

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type JsonObject = { [key: string]: Json };

/** The target of a task, appointment, note or sales activity. `type` is a class name in lists, and snake case in single records. */
export interface Targetable {
  id: string;
  type: string;
}

/** One of several e-mail addresses or telephone numbers. */
export interface ContactPoint {
  id?: string;
  value: string;
  is_primary: boolean;
  label: string | null;
}

/** A to-one include. Adds the id to the record, and the row to the top level of the response. */
interface ToOne<Column extends string = string> {
  /** The column of this record that the include adds. */
  readonly id: Column;
  /** The top-level key of the related rows. */
  readonly key: string;
}

/** A to-many include. Adds the ids to the record, and the rows to the top level of the response. */
interface ToMany<Column extends string = string> {
  readonly ids: Column;
  readonly key: string;
}

/** Rows inside the record itself. */
interface Embedded<Column extends string = string> {
  readonly embedded: Column;
}

/** A value of `?include=`. Without it Freshsales sends neither the related rows nor, for most relations, their ids. */
export type Include<Column extends string = string> = ToOne<Column> | ToMany<Column> | Embedded<Column>;

/** A kind of row, wherever it occurs. */
export interface Table<R extends Identified = Identified> {
  /** GraphQL type name, also used in messages. */
  readonly name: string;
  /** The key around many rows. */
  readonly many: string;
  /** Further keys of side-loaded rows. Real accounts are irregular here. */
  readonly aliases?: readonly string[];
  /** Columns that a side-loaded row has at least. Omit if it has all. */
  readonly sideloadColumns?: readonly string[];
  /** A row with every column, all empty. */
  readonly blank: Required<R>;
}

/** A small list that is always read completely. Freshsales calls it a selector. */
export interface Lookup<R extends Identified = Identified> extends Table<R> {
  /** Path of the list below the API root. */
  readonly list: string;
  /** The list has pages, unlike selectors. */
  readonly paged?: true;
}

/** A record type that can be read by id. */
export interface Resource<R extends Identified = Identified, I extends string = string> extends Table<R> {
  /** Collection path below the API root. */
  readonly path: string;
  /** The key around one record. */
  readonly one: string;
  readonly includes: { readonly [name in I]: Include };
  /** Columns that come only with an include, with their empty values. */
  readonly included: Readonly<Partial<Omit<R, 'id'>>>;
}

/** Declares a lookup. */
export const defineLookup = <R extends Identified>(lookup: Lookup<R>): Lookup<R> => lookup;

/** Declares rows that are only side-loaded and have no endpoint. */
export const defineTable = <R extends Identified>(table: Table<R>): Table<R> => table;

export const isToOne = (include: Include): include is ToOne => 'id' in include;
export const isToMany = (include: Include): include is ToMany => 'ids' in include;
export const isEmbedded = (include: Include): include is Embedded => 'embedded' in include;

/** The column whose presence shows that the include was honoured. */
export const columnOf = (include: Include): string =>
  isToOne(include) ? include.id : isToMany(include) ? include.ids : include.embedded;

/** A column that may be null. */
export const nullable = <T>(): T | null => null;

/** A column with a list that is never null. */
export const listOf = <T>(): T[] => [];

export const jsonObject = (): JsonObject => ({});

/** A row with these columns. Those in `Included` come only with an include. */
export type RecordOf<Columns, Included = unknown> = Identified & Columns & Partial<Included>;
