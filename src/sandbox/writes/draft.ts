import type { Table } from '../../freshsales/resource.ts';
import { type Account, type Columns, type Draft, isObject } from '../account.ts';
import { isAlive } from '../links.ts';
import type { Row } from '../store.ts';

/** A write in progress. */
export class WriteDraft implements Draft {
  readonly account: Account;
  readonly table: Table;
  readonly given: Columns;
  readonly before: Row | undefined;
  readonly changes: Columns = {};
  readonly problems: string[] = [];
  readonly #refused = new Set<string>();
  #id: string | undefined;

  constructor(account: Account, table: Table, given: Columns, before?: Row) {
    this.account = account;
    this.table = table;
    this.given = given;
    this.before = before;
  }

  get id(): string {
    this.#id ??= this.before?.id ?? this.account.store.nextId(this.table.name);
    return this.#id;
  }

  sent(attribute: string): boolean {
    return Object.hasOwn(this.given, attribute) && this.given[attribute] !== undefined;
  }

  value(column: string): unknown {
    return Object.hasOwn(this.changes, column) ? this.changes[column] : (this.before?.[column] ?? null);
  }

  set(changes: Columns): void {
    Object.assign(this.changes, changes);
  }

  refuse(message: string, column?: string): void {
    if (column !== undefined) this.#refused.add(column);
    if (!this.problems.includes(message)) this.problems.push(message);
  }

  require(column: string, message: string): void {
    const value = this.value(column);
    const blank = value === null || (typeof value === 'string' && value.trim() === '');
    if (blank && !this.#refused.has(column) && (this.before === undefined || Object.hasOwn(this.changes, column)))
      this.refuse(message);
  }

  isTaken(passes: (row: Row) => boolean): boolean {
    const others = this.account.store.of(this.table.name);
    return others.query((row) => row.id !== this.before?.id && isAlive(row) && passes(row)).length > 0;
  }
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
