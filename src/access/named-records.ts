import { isObject } from '../freshsales/rows.ts';
import type { Call } from '../freshsales/transport.ts';
import { OWNER_COLUMN } from './columns.ts';
import { type Kind, kindOfTarget } from './kind.ts';

/** A record that the body of a write names. */
export interface Named {
  /** None where the body names a type that nobody has put under a kind. */
  readonly kind: Kind | undefined;
  readonly id: string;
  /** The column that names it. */
  readonly column: string;
}

/** Columns that name other records, and what kind these are. The rows of a list are named by their `id`. */
const KIND_OF_COLUMN: Readonly<Record<string, Kind>> = {
  sales_account_id: 'salesAccounts',
  sales_accounts: 'salesAccounts',
  parent_sales_account_id: 'salesAccounts',
  contact_ids: 'contacts',
  contacts_added_list: 'contacts',
  contacts_removed_list: 'contacts',
  parent_product: 'products',
  product_id: 'products',
  products: 'products',
  [OWNER_COLUMN]: 'users',
  user_id: 'users',
  team_user_ids: 'users',
  from_list_id: 'contactLists',
};

/** A class name in one column, an id in another, and the column of the record in which they stand. */
const TYPED = [
  ['targetable_type', 'targetable_id', 'targetable_id'],
  ['attendee_type', 'attendee_id', 'appointment_attendees_attributes'],
] as const;

/** Columns in which a bulk write, an upsert or a change of a list names the records that it is about. */
const SUBJECTS = ['ids', 'selected_ids', 'unique_identifier'];

/** Every record that the body of a write names, besides the one in its path. `kind` is what the write is about. */
export function namedIn({ path, body }: Pick<Call, 'path' | 'body'>, kind: Kind): Named[] {
  const subject: Kind = kind === 'contactLists' ? 'contacts' : kind;
  const isBulkUpsert = path.endsWith('bulk_upsert');
  const named = Object.entries(body ?? {}).flatMap(([key, value]) => {
    const own = SUBJECTS.includes(key) || (isBulkUpsert && Array.isArray(value));
    return own ? idsIn(value).map((id) => ({ kind: subject, id, column: key })) : [];
  });
  return [...named, ...withinAll(body)];
}

function withinAll(value: unknown): Named[] {
  if (Array.isArray(value)) return value.flatMap(withinAll);
  if (!isObject(value)) return [];
  const byColumn = Object.entries(value).flatMap(([column, cell]): Named[] => {
    const kind = KIND_OF_COLUMN[column];
    return kind ? idsIn(cell).map((id) => ({ kind, id, column })) : withinAll(cell);
  });
  const typed = TYPED.flatMap(([type, key, column]): Named[] => {
    const id = value[key];
    return value[type] === undefined || value[type] === null || id === undefined || id === null
      ? []
      : [{ kind: kindOfTarget(value[type]), id: String(id), column }];
  });
  return [...byColumn, ...typed];
}

/** An id, several, or the ids of objects. */
function idsIn(cell: unknown): string[] {
  if (Array.isArray(cell)) return cell.flatMap(idsIn);
  if (isObject(cell)) return cell.id === undefined || cell.id === null ? [] : [String(cell.id)];
  return typeof cell === 'number' || (typeof cell === 'string' && cell !== '') ? [String(cell)] : [];
}
