import { isMissingIn } from '../../freshsales/products.ts';
import type { Table } from '../../freshsales/resource.ts';
import { type Account, API_USER, type Columns, type Draft, isObject, type WriteRules } from '../account.ts';
import { stampNow } from '../clock.ts';
import { noteWritten } from '../indexing.ts';
import { putRow } from '../insert-row.ts';
import type { Row } from '../store.ts';
import { read } from './cast.ts';
import { cpqDocumentRules } from './cpq-document.ts';
import { createDraft } from './draft.ts';

const NOTHING: WriteRules = { columns: {}, steps: [] };

/** The write rules of a table. Tables without rules accept no columns. */
export const rulesOf = ({ types }: Account, name: string): WriteRules =>
  types.of(name)?.write ?? (name === 'CpqDocument' ? cpqDocumentRules : NOTHING);

/** A record after a write, and before it if it existed. */
export interface Stored {
  readonly row: Row;
  readonly before?: Row;
}

/** The result of a write: the record, or all problems. */
export type Written = Stored | { readonly problems: readonly string[] };

/** Creates a record from the sent attributes. */
export function createRecord(account: Account, table: Table, given: Columns): Written {
  const draft = worked(createDraft(account, table, given));
  if (draft.problems.length > 0) return draft;
  const row = putRow(account, table, { ...draft.changes, id: draft.id });
  return settled(account, table, { row });
}

/** The same by the name of the record type. */
export function createOf(account: Account, name: string, given: Columns): Written {
  const sandbox = account.types.of(name);
  return sandbox ? createRecord(account, sandbox.recordType, given) : { problems: [`There is no ${name}`] };
}

/** Updates the sent attributes only. */
export function updateRecord(account: Account, table: Table, before: Row, given: Columns): Written {
  const draft = worked(createDraft(account, table, given, before));
  if (draft.problems.length > 0) return draft;
  const stamped = {
    updated_at: stampNow(account),
    ...('updater_id' in before && { updater_id: API_USER }),
  };
  const row = account.store.of(table.name).insert({ ...before, ...stamped, ...draft.changes, id: before.id });
  return settled(account, table, { row, before });
}

/** Attributes that must be unique. */
const UNIQUE = new Set(['external_id', 'created_at']);

/** Copies a record: a create with the attributes of the original. */
export function cloneRecord(account: Account, table: Table, row: Row, overrides: Columns): Written {
  const plain = Object.keys(rulesOf(account, table.name).columns).filter((column) => !UNIQUE.has(column));
  const copied: Columns = Object.fromEntries(plain.map((column) => [column, row[column] ?? null]));
  const { custom_field: given, ...others } = overrides;
  const custom_field = { ...objectOf(row.custom_field), ...objectOf(given) };
  const more = account.types.of(table.name)?.copy?.(row, overrides);
  return createRecord(account, table, { ...copied, custom_field, ...more, ...others });
}

const objectOf = (value: unknown): Columns => (isObject(value) ? value : {});

/** Casts the columns, then runs the steps of the record type. */
function worked(draft: Draft): Draft {
  const { columns, steps } = rulesOf(draft.account, draft.table.name);
  for (const [column, cast] of Object.entries(columns)) {
    if (isMissingIn(draft.account.product, draft.table.name, [column])) continue;
    const value = read(draft, column, cast);
    if (value !== undefined) draft.set({ [column]: value });
  }
  for (const step of steps) step(draft);
  return draft;
}

/** Updates related records and the search index. */
function settled(account: Account, table: Table, written: Stored): Stored {
  const { row, before } = written;
  noteWritten(account, table.name, before, row.id);
  rulesOf(account, table.name).settle?.(account, before, row);
  // Updating related records may have changed the record itself.
  return { ...written, row: account.store.of(table.name).get(row.id) ?? row };
}
