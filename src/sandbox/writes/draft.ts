import type { Table } from '../../freshsales/resource.ts';
import { type Account, type Columns, type Draft, isObject } from '../account.ts';
import { isAlive } from '../links.ts';
import type { Row } from '../store.ts';

/** Begins a write. */
export function createDraft(account: Account, table: Table, given: Columns, before?: Row): Draft {
  const changes: Columns = {};
  const problems: string[] = [];
  const refused = new Set<string>();
  let id = before?.id;
  const draft: Draft = {
    account,
    table,
    given,
    before,
    changes,
    problems,
    get id() {
      id ??= account.store.nextId(table.name);
      return id;
    },
    sent: (attribute) => Object.hasOwn(given, attribute) && given[attribute] !== undefined,
    value: (column) => (Object.hasOwn(changes, column) ? changes[column] : (before?.[column] ?? null)),
    set: (more) => {
      Object.assign(changes, more);
    },
    refuse: (message, column) => {
      if (column !== undefined) refused.add(column);
      if (!problems.includes(message)) problems.push(message);
    },
    require: (column, message) => {
      const value = draft.value(column);
      const isBlank = value === null || (typeof value === 'string' && value.trim() === '');
      if (isBlank && !refused.has(column) && (!before || Object.hasOwn(changes, column))) draft.refuse(message);
    },
    isTaken: (passes) =>
      account.store.of(table.name).query((row) => row.id !== before?.id && isAlive(row) && passes(row)).length > 0,
  };
  return draft;
}

/** An id as stored, from a number or digits; `undefined` for anything else. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return String(value);
  return typeof value === 'string' && /^[1-9]\d*$/.test(value) ? value : undefined;
}

/** An existing row by the id that was sent. */
export function rowOf(account: Account, name: string, value: unknown): Row | undefined {
  const row = account.store.of(name).get(idOf(value) ?? '');
  return row && isAlive(row) ? row : undefined;
}

/** The objects of an array; `undefined` if it is not an array of objects. */
export const objectsOf = (value: unknown): Columns[] | undefined =>
  Array.isArray(value) && value.every(isObject) ? value.filter(isObject) : undefined;
