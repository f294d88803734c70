import { type Account, isObject } from './account.ts';
import { isAlive } from './links.ts';
import type { Row } from './store.ts';

/** The table of what the search index has not noticed yet. */
const PENDING = 'PendingIndex';

/** Notes that a record was written through the API, so that the index lags behind from now on. */
export function noteWritten({ behaviours, store, now }: Account, name: string, was: Row | undefined, id: string): void {
  const pending = store.of(PENDING).get(`${name}:${id}`);
  const since = now().getTime() - behaviours.searchDelaySeconds * 1000;
  const known = pending && Number(pending.at) > since ? pending.before : was;
  store.of(PENDING).insert({ id: `${name}:${id}`, at: now().getTime(), before: known });
}

/** The record as the index knows it (QUIRKS 38): not at all while it is new, and as it was before a recent change. */
export function indexed({ behaviours, store, now }: Account, name: string, row: Row): Row | undefined {
  if (!isAlive(row)) return undefined;
  const since = now().getTime() - behaviours.searchDelaySeconds * 1000;
  const pending = store.of(PENDING).get(`${name}:${row.id}`);
  if (pending) return Number(pending.at) > since ? before(pending) : row;
  return Date.parse(String(row.created_at)) > since ? undefined : row;
}

const before = ({ before: row }: Row): Row | undefined =>
  isObject(row) && typeof row.id === 'string' ? { ...row, id: row.id } : undefined;
