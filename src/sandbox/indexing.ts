import { type Account, isObject } from './account.ts';
import { isAlive } from './links.ts';
import type { Row } from './store.ts';

/** Table of changes that the search index does not have yet. */
const PENDING = 'PendingIndex';

/** Notes a write through the API. Workflows run, and the search index lags behind. */
export function noteWritten(account: Account, name: string, was: Row | undefined, id: string): void {
  const { behaviours, store, now } = account;
  account.onWritten?.(name, was ? 'updated' : 'created', id);
  const pending = store.of(PENDING).get(`${name}:${id}`);
  const since = now().getTime() - behaviours.searchDelaySeconds * 1000;
  const known = pending && Number(pending.at) > since ? pending.before : was;
  store.of(PENDING).insert({ id: `${name}:${id}`, at: now().getTime(), before: known });
}

/** The records of a type as indexed (QUIRKS 38): none while it is new, its previous state after a recent change. */
export function indexedRows({ behaviours, store, now }: Account, name: string): readonly Row[] {
  const since = now().getTime() - behaviours.searchDelaySeconds * 1000;
  return store
    .of(name)
    .query(isAlive)
    .flatMap((row) => {
      const pending = store.of(PENDING).get(`${name}:${row.id}`);
      if (pending) return (Number(pending.at) > since ? before(pending) : row) ?? [];
      return Date.parse(String(row.created_at)) > since ? [] : row;
    });
}

const before = ({ before: row }: Row): Row | undefined =>
  isObject(row) && typeof row.id === 'string' ? { ...row, id: row.id } : undefined;
