import type { Resource } from '../freshsales/resource.ts';
import type { Account, Columns } from './account.ts';
import { answer } from './answers.ts';
import { relatedIds } from './links.ts';
import { fullMeta, pageOf, type Query } from './paging.ts';
import { userRows } from './shapes.ts';
import type { Row } from './store.ts';
import { toWire } from './wire.ts';

/** The history of a record, newest first. Keys are recorded; the names of the types are invented. */
export function timeline(account: Account, recordType: Resource, row: Row, query: Query): Response {
  const { store, types, zone } = account;
  const entries = types.sandboxes.flatMap(({ recordType: { name }, timeline: facts }) =>
    relatedIds(account, recordType.name, row, facts?.column ?? '').flatMap((id) => {
      const about = store.of(name).get(id);
      return facts && about ? [entryOf(recordType, row, { name, type: facts.type, says: facts.shows, about })] : [];
    }),
  );
  entries.sort((a, b) => String(b.created_at).localeCompare(String(a.created_at)) || b.id.localeCompare(a.id));
  const page = pageOf(entries, query);
  const side = (query.include ?? '').split(',').includes('user')
    ? {
        users: userRows(
          account,
          page.rows.map(({ user_id }) => user_id),
        ),
      }
    : {};
  const activities = page.rows.map(({ id, ...entry }) => toWire({ composite_id: id, ...entry }, zone));
  return answer({ ...side, activities, meta: fullMeta(page) });
}

/** A record that adds an entry. */
interface Happening {
  readonly name: string;
  readonly type: string;
  readonly says: readonly string[];
  readonly about: Row;
}

/** A timeline entry. Freshsales calls its id composite. */
function entryOf(recordType: Resource, row: Row, { name, type, says, about }: Happening): Row {
  const data: Columns = Object.fromEntries(says.map((column) => [column, about[column]]));
  return {
    id: `1_${recordType.name}_${row.id}_${name}_${about.id}`,
    action_data: data,
    action_type: type,
    created_at: about.created_at,
    user_activity: true,
    targetable_type: recordType.name,
    targetable_id: row.id,
    actionable_type: name,
    actionable_id: about.id,
    targetable_name: row.display_name,
    user_id: about.creater_id,
  };
}
