import type { Table } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { isAlive } from '../links.ts';
import { addresses, digits, fold, valueAt } from '../match.ts';
import type { Row } from '../store.ts';
import { createRecord, updateRecord, type Written } from './write.ts';

/** One column and its value. */
interface Identifier {
  readonly key: string;
  readonly value: string;
}

/** The identifier among the attributes, if the record type has it. */
export function identifierIn({ types }: Account, name: string, attributes: unknown): Identifier | undefined {
  if (!isObject(attributes)) return undefined;
  const allowed = (key: string): boolean =>
    key.startsWith('cf_') || (types.of(name)?.identifiers?.includes(key) ?? false);
  const [found] = Object.entries(attributes).filter(([key, value]) => allowed(key) && value !== null && value !== '');
  return found && { key: found[0], value: String(Array.isArray(found[1]) ? found[1][0] : found[1]) };
}

/** The record that matches the identifier. */
export function identify({ store }: Account, name: string, { key, value }: Identifier): Row | undefined {
  if (key === 'id') return store.of(name).query((row) => row.id === value && isAlive(row))[0];
  const wanted = fold(value);
  const has = (row: Row): boolean =>
    key === 'mobile_number' && digits(value) !== ''
      ? digits(row.mobile_number) === digits(value)
      : key.startsWith('email')
        ? addresses(row).some((address) => fold(address) === wanted)
        : fold(valueAt(row, key)) === wanted;
  return store.of(name).query((row) => isAlive(row) && has(row))[0];
}

/** Updates the matching record or creates one; `undefined` if an id matches none. */
export function upsertRecord(account: Account, table: Table, by: Identifier, given: Columns): Written | undefined {
  const before = identify(account, table.name, by);
  if (before) return updateRecord(account, table, before, given);
  if (by.key === 'id') return undefined;
  return createRecord(account, table, { ...given, ...identity(by, given) });
}

/** A new record takes the value of its identifier, unless it is sent another one. */
function identity({ key, value }: Identifier, given: Columns): Columns {
  if (key.startsWith('cf_'))
    return { custom_field: { [key]: value, ...(isObject(given.custom_field) && given.custom_field) } };
  const said = (key.startsWith('email') ? ['email', 'emails'] : [key]).some((column) => given[column] !== undefined);
  return said ? {} : { [key]: value };
}
