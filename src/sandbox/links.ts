import { type Columns, isObject } from './account.ts';
import { defineIndex, type Row, type Store } from './store.ts';

/** A relation whose ids stand on the child; the parent's `*_ids` column is worked out from them. */
interface Link {
  readonly child: string;
  /** Column of the parent that lists the children. */
  readonly column: string;
  /** The parents of a child, as `Contact:1`. */
  readonly parents: (child: Row) => string[];
  /** What to change on the child to give it one more parent. */
  readonly attach: (child: Row, parent: string, id: string) => Columns;
}

export const idsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map((id) => String(isObject(id) ? id.id : id)) : [];

const toOne = (name: string, id: unknown): string[] => (typeof id === 'string' && id !== '' ? [`${name}:${id}`] : []);

/** What a task, appointment, note or sales activity is about, as `Contact:1`. */
export const targetsOf = (row: Row): string[] =>
  Array.isArray(row.targetables)
    ? row.targetables.filter(isObject).map(({ id, type }) => `${String(type)}:${String(id)}`)
    : [];

const about = (child: string, column: string): Link => ({
  child,
  column,
  parents: targetsOf,
  attach: (row, type, id) => ({
    targetables: [...(Array.isArray(row.targetables) ? row.targetables : []), { id, type }],
  }),
});

const LINKS: readonly Link[] = [
  {
    child: 'Deal',
    column: 'deal_ids',
    parents: (deal) => [
      ...idsOf(deal.contact_ids).map((id) => `Contact:${id}`),
      ...toOne('SalesAccount', deal.sales_account_id),
    ],
    attach: (deal, parent, id) =>
      parent === 'Contact' ? { contact_ids: [...idsOf(deal.contact_ids), id] } : { sales_account_id: id },
  },
  {
    child: 'Contact',
    column: 'contact_ids',
    parents: (contact) => idsOf(contact.sales_accounts).map((id) => `SalesAccount:${id}`),
    attach: (contact, _parent, id) => {
      const others = Array.isArray(contact.sales_accounts) ? contact.sales_accounts : [];
      return { sales_accounts: [...others, { id, is_primary: others.length === 0 }] };
    },
  },
  {
    child: 'SalesAccount',
    column: 'child_sales_account_ids',
    parents: (account) => toOne('SalesAccount', account.parent_sales_account_id),
    attach: (_account, _parent, id) => ({ parent_sales_account_id: id }),
  },
  about('Task', 'task_ids'),
  about('Appointment', 'appointment_ids'),
  about('Note', 'note_ids'),
  about('SalesActivity', 'sales_activity_ids'),
];

/** To-many columns that the record itself keeps. */
const KEPT = new Set(['Deal.contact_ids', 'Contact.list_ids', 'Task.user_ids', 'Appointment.appointment_attendee_ids']);

const childIndex = defineIndex((store) => {
  const index = new Map<string, string[]>();
  for (const { child, column, parents } of LINKS)
    for (const row of store.of(child).query(isAlive))
      for (const parent of parents(row)) {
        const key = `${parent}.${column}`;
        const ids = index.get(key);
        if (ids) ids.push(row.id);
        else index.set(key, [row.id]);
      }
  return index;
});

export const isAlive = (row: Row): boolean => row.is_deleted !== true;

/** The ids in a to-many column of a record, wherever they are kept. */
export const relatedIds = (store: Store, name: string, row: Row, column: string): readonly string[] =>
  KEPT.has(`${name}.${column}`) ? idsOf(row[column]) : (childIndex(store).get(`${name}:${row.id}.${column}`) ?? []);

/** Writes the to-many columns of a new parent to where they are kept: on its children. */
export function attachChildren(store: Store, name: string, row: Row): void {
  for (const { child, column, parents, attach } of LINKS) {
    if (KEPT.has(`${name}.${column}`)) continue;
    for (const id of idsOf(row[column])) {
      const other = store.of(child).get(id);
      if (other && !parents(other).includes(`${name}:${row.id}`))
        store.of(child).update(id, attach(other, name, row.id));
    }
  }
}
