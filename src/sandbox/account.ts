import type { Hono } from 'hono';
import { onlyProductOf, type Product } from '../freshsales/products.ts';
import type { Identified, Lookup, Resource, Table } from '../freshsales/resource.ts';
import type { Behaviours } from './behaviours.ts';
import type { CustomFields } from './seed/custom-fields.ts';
import type { Row, Store } from './store.ts';

/** Columns of a row as sent in a response. */
export type Columns = Record<string, unknown>;

/** One Freshsales account. */
export interface Account {
  readonly product: Product;
  readonly store: Store;
  readonly behaviours: Behaviours;
  /** The record types of the account. */
  readonly types: SandboxTypes;
  readonly customFields: CustomFields;
  readonly now: () => Date;
  /** The offset of timestamps. Suite recordings have the user's offset, Classic recordings have `Z`. */
  readonly zone: string;
  /** Path of the web pages that records link to. */
  readonly uiBase: string;
  /** Called for each record that was written through the API. */
  readonly onWritten?: (name: string, event: 'created' | 'updated', id: string) => void;
}

/** The id of the user who owns the API key: Alex Morgan, as in the recordings. */
export const API_USER = '31000148397';

export const isObject = (value: unknown): value is Columns =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects of a list; none if it is not a list. */
export const objectsIn = (value: unknown): Columns[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Everything the sandbox serves. It knows record types only through this. */
export interface SandboxTypes {
  readonly sandboxes: readonly RecordSandbox[];
  readonly recordTypes: readonly Resource[];
  readonly lookups: readonly Lookup[];
  /** Every table whose rows can be included with other records. */
  readonly tables: readonly Table[];
  /** The behaviour of the record type with this name. */
  of(name: string): RecordSandbox | undefined;
}

/** Adds routes; `api` is below the API root, `ui` outside it. */
export type Routes = (api: Hono, ui: Hono, account: Account) => void;

/** A saved filter over one record type. */
export interface View {
  readonly id: string;
  readonly name: string;
  /** True if Freshsales made it. Such views cannot be changed. */
  readonly isDefault: boolean;
  readonly passes: (row: Row, account: Account) => boolean;
}

/** The form of a record in the response to a single read or a write. */
export interface Manner {
  /** The request, such as `POST /contacts` or `GET /contacts/{id}`. */
  readonly endpoint: string;
  readonly include: string | undefined;
  readonly status?: number;
  /** Includes that come without being requested. */
  readonly always?: readonly string[];
  /** Keys between the included rows and the record. */
  readonly between?: Columns;
  /** Columns that only this response has, or has differently. */
  readonly instead?: Columns;
  /** Keys after the record. */
  readonly after?: Columns;
}

/** The values that a cast may use. */
interface CastContext {
  readonly account: Account;
  readonly column: string;
  /** The stored value. */
  readonly before: unknown;
}

/** Turns what was sent into what is stored. */
export type Cast = (value: unknown, context: CastContext) => unknown;

/** A write in progress: what was sent, what will be stored, and what is wrong with it. */
export interface Draft {
  readonly account: Account;
  readonly table: Table;
  /** The attributes as they were sent. */
  readonly given: Columns;
  /** The record before the write; `undefined` for a new one. */
  readonly before: Row | undefined;
  /** The row that will be stored. */
  readonly changes: Columns;
  readonly problems: string[];
  /** The id that the record has, or will have. */
  readonly id: string;
  /** True if the attribute was sent, even as null. */
  sent(attribute: string): boolean;
  /** The value of the column after the write. */
  value(column: string): unknown;
  set(changes: Columns): void;
  /** Notes a problem, each once; `column` is where, if it is one column. */
  refuse(message: string, column?: string): void;
  /** Refuses a blank column of a new record, or one that is being emptied. */
  require(column: string, message: string): void;
  /** True if another living record of the type passes. */
  isTaken(passes: (row: Row) => boolean): boolean;
}

/** One side effect or rule of a write. */
export type Step = (draft: Draft) => void;

/** The rules for writing records of a type. */
export interface WriteRules {
  /** Columns that are stored as sent, after a cast. */
  readonly columns: Readonly<Record<string, Cast>>;
  /** Attributes that a step reads. All others that are sent are ignored, as by Freshsales. */
  readonly attributes?: readonly string[];
  /** Rules and side effects, in this order, after the columns. */
  readonly steps: readonly Step[];
  /** Updates other records. `before` is missing for a new record, `after` for a deleted one. */
  readonly settle?: (account: Account, before: Row | undefined, after: Row | undefined) => void;
}

/** Which columns of the record type a response has. */
export interface ColumnFacts {
  /** Sent even without the include that names them. */
  readonly always?: readonly string[];
  /** Columns that recordings of Classic lack, besides those that it is known not to have. */
  readonly suiteOnly?: readonly string[];
  /** Sent by accounts of Classic with {@link Behaviours.classicColumns} 'all', even if listed elsewhere here. */
  readonly classicAlso?: readonly string[];
  /** In some recordings only; left out of records without includes. */
  readonly rare?: readonly string[];
  /** Columns that are sent but not modelled, by the column they follow. */
  readonly unmodelled?: Readonly<Record<string, readonly string[]>>;
  /** The same for Classic, if it differs. */
  readonly classicUnmodelled?: Readonly<Record<string, readonly string[]>>;
  /** Columns of a row included with a task, appointment or sales activity. */
  readonly mini?: readonly string[];
  /** Columns of a row of filtered search without `detail`. */
  readonly thin?: readonly string[];
}

/** A relation whose ids stand on the child; the parent's `*_ids` column is derived from them. */
export interface Link {
  /** Column of the parent that lists the children. */
  readonly column: string;
  /** The parents of a child, as `Contact:1`. */
  readonly parents: (child: Row) => readonly string[];
  /** The changes to a child that add a parent. */
  readonly attach: (child: Row, parent: string, id: string) => Columns;
}

/** Adds rows to the top level of a response. */
export interface Side {
  add(key: string, ids: readonly string[], mini: boolean): void;
  /** Adds the rows that an include of these records leads to. */
  addOfMany(recordType: Resource, ids: readonly string[], include: string): void;
}

/** The behaviour of one record type in the sandbox; `src/resources/<name>/sandbox.ts` defines it. */
export interface RecordSandbox {
  readonly recordType: Resource;
  /** The product that has the record type, if only one does. */
  readonly only: Product | undefined;
  readonly write: WriteRules;
  readonly columns?: ColumnFacts;
  /** Fills in missing columns of a new row. `given` has only the columns that were provided. */
  readonly fill?: (row: Row, given: Readonly<Columns>, account: Account) => Columns;
  /** True if new records belong to the user of the API key. */
  readonly isOwned?: boolean;
  /** Columns derived from other rows, if nothing is stored. */
  readonly computed?: Readonly<Record<string, (account: Account, row: Row) => unknown>>;
  /** Views of a new account. A record type with views has the routes of contacts, accounts and deals. */
  readonly views?: readonly View[];
  /** Relations in which records of this type are the children. */
  readonly links?: readonly Link[];
  /** True if rows included with it are smaller: tasks, appointments and sales activities. */
  readonly hasMiniRows?: boolean;
  /** To-many columns that are stored on the record. */
  readonly kept?: readonly string[];
  /** Values of columns and rows inside the record that an include adds. */
  readonly included?: Readonly<Record<string, (account: Account, row: Row) => unknown>>;
  /** A row included with another record, if it is not the record without includes. */
  readonly sideRow?: (account: Account, row: Row) => Columns;
  /** Rows that records of this type bring along when they are included themselves. */
  readonly bring?: (side: Side, account: Account, ids: readonly string[]) => void;
  /** Includes that were seen working on views. */
  readonly seenOnViews?: readonly string[];
  /** Decides whether an include is honoured; `undefined` applies the general rules. */
  readonly honours?: (account: Account, include: string) => boolean | undefined;
  /** Attributes of filtered search that are not a column. */
  readonly attributes?: Readonly<Record<string, (row: Row, account: Account) => readonly unknown[]>>;
  /** Columns of a search row in addition to id, type and name. */
  readonly hit?: (account: Account, row: Row) => Columns;
  /** Columns of a row of lookup in addition to those of the record. */
  readonly lookupColumns?: (account: Account, row: Row) => Columns;
  /** Columns that records can be upserted by, in addition to custom fields. */
  readonly identifiers?: readonly string[];
  /** Attributes of a copy that are not a plain column. */
  readonly copy?: (row: Row, overrides: Columns) => Columns;
  /** Columns of a response to an upsert, if they differ. */
  readonly upserted?: (account: Account, row: Row) => Columns;
  /** The reason why the account refuses bulk upserts, if it does. */
  readonly refuseBulkUpsert?: (account: Account) => string | undefined;
  /** Attributes that bulk upserts drop. */
  readonly notInBulk?: readonly string[];
  /** True if restoring also works outside the API root. */
  readonly isRestoredBesideApi?: boolean;
  /** True if `bulk_assign_owner` exists. */
  readonly isAssignable?: boolean;
  /** True if a body that is not JSON is answered with 500. */
  readonly breaksOnText?: boolean;
  /** Removes links to a deleted record; `forGood` if it cannot be restored. */
  readonly unlink?: (account: Account, id: string, options: { forGood: boolean }) => void;
  /** The records that `delete_associated_contacts_deals` deletes as well. */
  readonly associated?: (account: Account, id: string) => readonly (readonly [table: Table, row: Row])[];
  /** Its entry in the timeline of a record: the type, the column that lists it there, and the columns shown. */
  readonly timeline?: { readonly type: string; readonly column: string; readonly shows: readonly string[] };
  readonly hasTimeline?: boolean;
  /** Sub-resources below the API root (`api`) or outside it (`ui`), in addition to the usual ones. */
  readonly related?: readonly (readonly [base: 'api' | 'ui', rest: string])[];
  /** Without views: how single records go out. */
  readonly read?: Partial<Manner>;
  readonly created?: Partial<Manner>;
  readonly updated?: Partial<Manner>;
  readonly instead?: (row: Row) => Columns;
  /** Routes that other record types do not have. */
  readonly routes?: Routes;
}

type Definition = Omit<RecordSandbox, 'recordType' | 'write' | 'only'>;
type Rules<R, C> = Omit<WriteRules, 'columns'> & {
  readonly columns: C & { readonly [column in Exclude<keyof C, keyof R>]: never };
};

/** Declares how the sandbox plays a record type. A column that the record does not have does not compile. */
export const defineSandbox = <R extends Identified, const C extends Readonly<Record<string, Cast>>>(
  recordType: Resource<R>,
  write: Rules<R, C>,
  definition: Definition = {},
): RecordSandbox => ({ ...definition, recordType, write, only: onlyProductOf(recordType.name) });
