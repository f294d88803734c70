import { type Account, type Columns, isObject, type Link, objectsIn } from './account.ts';
import type { Row, Store } from './store.ts';

export const isAlive = (row: Row): boolean => row.is_deleted !== true;

export const idsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map((id) => String(isObject(id) ? id.id : id)) : [];

/** The class name of a record type: `SalesAccount` for `sales_account`. */
export const className = ({ types }: Account, type: string): string =>
  types.tables.find((table) => table.name === type || ('one' in table && table.one === type))?.name ?? type;

/** The targets of a row, with class names. */
export function targetablesOf(account: Account, row: Row): Columns {
  const list = objectsIn(row.targetables);
  const single = isObject(row.targetable) ? [row.targetable] : [];
  const all = list.length > 0 ? list : single;
  return { targetables: all.map(({ id, type }) => ({ id: String(id), type: className(account, String(type)) })) };
}

/** The targets of a task, appointment, note or sales activity, as `Contact:1`. */
export const targetsOf = (row: Row): string[] =>
  objectsIn(row.targetables).map(({ id, type }) => `${String(type)}:${String(id)}`);

/** The parent that a column of the child refers to, as `SalesAccount:1`. */
export const parentIn = (name: string, id: unknown): string[] =>
  typeof id === 'string' && id !== '' ? [`${name}:${id}`] : [];

/** The link of a record type that belongs to a target. */
export const targetLink = (column: string): Link => ({
  column,
  parents: targetsOf,
  attach: (row, type, id) => ({
    targetables: [...objectsIn(row.targetables), { id, type }],
  }),
});

/** A value derived from the rows, cached until any of them changes. */
export function defineIndex<V>(build: (account: Account) => V): (account: Account) => V {
  const kept = new WeakMap<Store, { readonly version: number; readonly value: V }>();
  return (account) => {
    const { store } = account;
    const last = kept.get(store);
    if (last?.version === store.version) return last.value;
    const value = build(account);
    kept.set(store, { version: store.version, value });
    return value;
  };
}

/** Children by parent and column, as `Contact:1.task_ids`. */
const childIndex = defineIndex(({ store, types }) => {
  const index = new Map<string, string[]>();
  for (const { recordType, links = [] } of types.sandboxes)
    for (const { column, parents } of links)
      for (const row of store.of(recordType.name).query(isAlive))
        for (const parent of parents(row)) {
          const key = `${parent}.${column}`;
          const ids = index.get(key);
          if (ids) ids.push(row.id);
          else index.set(key, [row.id]);
        }
  return index;
});

const isKept = ({ types }: Account, name: string, column: string): boolean =>
  types.of(name)?.kept?.includes(column) ?? false;

/** The ids in a to-many column of a record, stored or derived. */
export const relatedIds = (account: Account, name: string, row: Row, column: string): readonly string[] =>
  isKept(account, name, column) ? idsOf(row[column]) : (childIndex(account).get(`${name}:${row.id}.${column}`) ?? []);

/** Writes the to-many columns of a new parent to the children, which store them. */
export function attachChildren(account: Account, name: string, row: Row): void {
  for (const { recordType, links = [] } of account.types.sandboxes)
    for (const { column, parents, attach } of links) {
      if (isKept(account, name, column)) continue;
      const children = account.store.of(recordType.name);
      for (const id of idsOf(row[column])) {
        const other = children.get(id);
        if (other && !parents(other).includes(`${name}:${row.id}`)) children.update(id, attach(other, name, row.id));
      }
    }
}
