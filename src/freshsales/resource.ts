/** The least that every row from Freshsales has. On the wire ids are numbers; here they are strings, so that none is ever rounded. */
export interface Identified {
  id: string;
}

/** Anything JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type JsonObject = { [key: string]: Json };

/** Which record a task, appointment, note or sales activity is about. `type` is a class name in lists, snake case in single answers. */
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

/** One related record: asking adds its id to the record, and the row itself at the top of the answer. */
export interface ToOne<Column extends string = string> {
  /** The column of this record that the include adds. */
  readonly id: Column;
  /** The top-level key under which the related rows come. */
  readonly key: string;
}

/** Several related records: asking adds their ids to the record, and the rows at the top of the answer. */
export interface ToMany<Column extends string = string> {
  readonly ids: Column;
  readonly key: string;
}

/** Rows that come inside the record itself. */
export interface Embedded<Column extends string = string> {
  readonly embedded: Column;
}

/** What `?include=` brings along. Without it Freshsales sends neither the related rows nor, for most relations, their ids. */
export type Include<Column extends string = string> = ToOne<Column> | ToMany<Column> | Embedded<Column>;

/** A kind of row that Freshsales sends, wherever it turns up. */
export interface Table<R extends Identified = Identified> {
  /** GraphQL type name, and the word used in messages. */
  readonly name: string;
  /** The key around many rows of it. */
  readonly many: string;
  /** Further keys under which rows of it come along with other records; real accounts are irregular here. */
  readonly aliases?: readonly string[];
  /** Columns a row has at the least when it comes along with another record; all of them where this is left out. */
  readonly mini?: readonly string[];
  /** A row with every column present and nothing filled in. */
  readonly blank: () => Required<R>;
}

/** A small list that is always read whole; Freshsales says selector. */
export interface Lookup<R extends Identified = Identified> extends Table<R> {
  /** Path of the list below the API root. */
  readonly list: string;
  /** It comes in pages, as selectors do not. */
  readonly paged?: true;
}

/** A record type that can be read by id. */
export interface RecordType<R extends Identified = Identified, I extends string = string> extends Table<R> {
  /** Collection path below the API root. */
  readonly path: string;
  /** The key around one record. */
  readonly one: string;
  readonly includes: { readonly [name in I]: Include };
}

type Checked<R, I extends string> = {
  readonly includes: { readonly [name in I]: Include<keyof R & string> };
  readonly mini?: readonly (keyof R & string)[];
};

/** Declares a record type. Returns its argument; the call is there to check the columns it names. */
export const defineRecordType = <R extends Identified, const I extends string = never>(
  recordType: RecordType<R, I> & Checked<R, I>,
): RecordType<R, I> => recordType;

/** Declares a lookup. */
export const defineLookup = <R extends Identified>(lookup: Lookup<R>): Lookup<R> => lookup;

/** Declares rows that only ever come along with others, and have no address of their own. */
export const defineTable = <R extends Identified>(table: Table<R>): Table<R> => table;

export const isToOne = (include: Include): include is ToOne => 'id' in include;
export const isToMany = (include: Include): include is ToMany => 'ids' in include;
export const isEmbedded = (include: Include): include is Embedded => 'embedded' in include;

/** The column whose presence in a row says that the include was honoured. */
export const columnOf = (include: Include): string =>
  isToOne(include) ? include.id : isToMany(include) ? include.ids : include.embedded;
