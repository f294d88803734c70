import type { RecordType } from '../freshsales/resource.ts';
import { userLookup } from '../lookups/lookup-types.ts';
import type { Account, Columns } from './account.ts';
import { answer } from './answers.ts';
import { relatedIds } from './links.ts';
import { fullMeta, pageOf, type Query } from './paging.ts';
import { sideRow } from './shapes.ts';
import type { Row } from './store.ts';
import { toWire } from './wire.ts';

/** Which records make an entry, the column that lists them, and what the entry says. */
const SOURCES: readonly (readonly [name: string, column: string, type: string, says: readonly string[]])[] = [
  ['Task', 'task_ids', 'TASK_CREATED', ['title', 'description', 'due_date']],
  [
    'Appointment',
    'appointment_ids',
    'APPOINTMENT_CREATED',
    ['title', 'description', 'from_date', 'end_date', 'time_zone'],
  ],
  ['Note', 'note_ids', 'NOTE_CREATED', ['description']],
  ['Deal', 'deal_ids', 'DEAL_CREATED', ['name', 'amount']],
];

/** What happened to a record, newest first. The recordings tell the keys; the words for the types are made up. */
export function timeline(account: Account, recordType: RecordType, row: Row, query: Query): Response {
  const { store, zone } = account;
  const entries = SOURCES.flatMap(([name, column, type, says]) =>
    relatedIds(store, recordType.name, row, column).flatMap((id) => {
      const about = store.of(name).get(id);
      return about ? [entryOf(recordType, row, { name, type, says, about })] : [];
    }),
  );
  entries.sort((a, b) => String(b.created_at).localeCompare(String(a.created_at)) || b.id.localeCompare(a.id));
  const page = pageOf(entries, query);
  const users = new Set(page.rows.map((entry) => String(entry.user_id)));
  const side = (query.include ?? '').split(',').includes('user')
    ? {
        users: store
          .of('User')
          .query(({ id }) => users.has(id))
          .map((user) => sideRow(account, userLookup, user)),
      }
    : {};
  const activities = page.rows.map(({ id, ...entry }) => toWire({ composite_id: id, ...entry }, zone));
  return answer({ ...side, activities, meta: fullMeta(page) });
}

/** One record that makes an entry. */
interface Happening {
  readonly name: string;
  readonly type: string;
  readonly says: readonly string[];
  readonly about: Row;
}

/** The entry; its id is what Freshsales calls composite. */
function entryOf(recordType: RecordType, row: Row, { name, type, says, about }: Happening): Row {
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
