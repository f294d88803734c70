import type { Table } from '../../freshsales/resource.ts';
import { type Account, objectsIn } from '../account.ts';
import { isAlive, targetsOf } from '../links.ts';
import type { Row } from '../store.ts';
import { rulesOf } from './write.ts';

/** Deletion times, by `Contact:1`. */
const BIN = 'RecycleBin';
const DAYS_KEPT = 90;

/** Tables other than record types whose rows belong to a target. */
const ABOUT = ['PhoneCall', 'Document', 'DocumentLink'];

/** Deletes a record, to the recycle bin if its type has one. */
export function discard(account: Account, table: Table, row: Row): void {
  const { store, types, now } = account;
  if ('is_deleted' in row) {
    store.of(table.name).update(row.id, { is_deleted: true });
    store.of(BIN).insert({ id: `${table.name}:${row.id}`, at: now().getTime() });
    types.of(table.name)?.unlink?.(account, row.id, { forGood: false });
  } else {
    store.of(table.name).delete(row.id);
    rulesOf(account, table.name).settle?.(account, row, undefined);
  }
}

/** Deletes a record and those that belong to it. */
export function discardAll(account: Account, table: Table, row: Row): void {
  const associated = account.types.of(table.name)?.associated?.(account, row.id) ?? [];
  for (const [type, other] of associated) discard(account, type, other);
  discard(account, table, row);
}

/** Restores a record; `undefined` if it is not in the recycle bin. */
export function restore(account: Account, table: Table, id: string): Row | undefined {
  const row = account.store.of(table.name).get(id);
  if (!row || isAlive(row) || isExpired(account, table.name, id)) return undefined;
  account.store.of(BIN).delete(`${table.name}:${id}`);
  return account.store.of(table.name).update(id, { is_deleted: false });
}

/** True if a deleted record is no longer in the recycle bin. */
export function isExpired({ store, now }: Account, name: string, id: string): boolean {
  const at = store.of(BIN).get(`${name}:${id}`)?.at;
  return typeof at === 'number' && now().getTime() - at > DAYS_KEPT * 86_400_000;
}

/** Deletes a record permanently, with activities that have no other target. */
export function forget(account: Account, table: Table, row: Row): void {
  const { store, types } = account;
  const self = `${table.name}:${row.id}`;
  store.of(table.name).delete(row.id);
  store.of(BIN).delete(self);
  const activities = types.sandboxes.flatMap(({ recordType, links = [] }) =>
    links.some(({ parents }) => parents === targetsOf) ? [recordType.name] : [],
  );
  for (const name of [...activities, ...ABOUT])
    for (const child of store.of(name).query((one) => targetsOf(one).includes(self))) {
      const others = objectsIn(child.targetables).filter(({ type, id }) => `${String(type)}:${String(id)}` !== self);
      if (others.length > 0) store.of(name).update(child.id, { targetables: others });
      else store.of(name).delete(child.id);
    }
  types.of(table.name)?.unlink?.(account, row.id, { forGood: true });
}
