import { type Account, type Columns, defineSandbox, objectsIn, type Step } from '../../sandbox/account.ts';
import { stampNow } from '../../sandbox/clock.ts';
import { targetablesOf, targetLink, targetsOf } from '../../sandbox/links.ts';
import { queryOf } from '../../sandbox/paging.ts';
import { listAll } from '../../sandbox/routes/records.ts';
import type { Row } from '../../sandbox/store.ts';
import { columns, flag, moment, reference, text } from '../../sandbox/writes/cast.ts';
import { customFieldStep } from '../../sandbox/writes/custom-field.ts';
import { mandatoryTargetStep } from '../../sandbox/writes/target.ts';
import { salesActivityType } from './record.ts';

/** The target and the time are each stored in two places. */
const repeated: Step = (draft) => {
  const { targetables, end_date } = draft.changes;
  const [first] = objectsIn(targetables);
  if (first) draft.set({ targetable_id: first.id, targetable_type: first.type });
  if (end_date) draft.set({ conversation_time: end_date });
};

/** Sets the date of completion. */
const done: Step = (draft) => {
  const { account, changes, before } = draft;
  if (changes.status === undefined) return;
  const since = before?.completed_date ?? stampNow(account);
  draft.set({ completed_date: changes.status === true ? since : null });
};

function fill(row: Row, _given: Readonly<Columns>, account: Account): Columns {
  const { store } = account;
  const single = row.targetable_id ? [{ id: row.targetable_id, type: row.targetable_type }] : row.targetables;
  const about = targetablesOf(account, { ...row, targetables: single });
  const [first] = objectsIn(about.targetables);
  const start = row.start_date || stampNow(account);
  const own = store.of('SalesActivityType').query((type) => type.is_default === false)[0];
  return {
    ...about,
    targetable_id: String(first?.id ?? ''),
    targetable_type: String(first?.type ?? ''),
    start_date: start,
    end_date: row.end_date || start,
    conversation_time: row.conversation_time || row.end_date || start,
    sales_activity_type_id: row.sales_activity_type_id || (own?.id ?? ''),
  };
}

export const salesActivitySandbox = defineSandbox(
  salesActivityType,
  {
    columns: {
      ...columns('title notes latitude longitude location', text()),
      ...columns('start_date end_date checkedin_at', moment),
      status: flag,
      owner_id: reference('User'),
      sales_activity_type_id: reference('SalesActivityType'),
      sales_activity_outcome_id: reference('SalesActivityOutcome'),
    },
    steps: [
      (draft) => draft.require('title', "Title can't be blank"),
      (draft) => draft.require('start_date', "Start date can't be blank"),
      (draft) => draft.require('end_date', "End date can't be blank"),
      (draft) => draft.require('sales_activity_type_id', "Sales activity type can't be blank"),
      mandatoryTargetStep,
      repeated,
      done,
      customFieldStep,
    ],
    // Targets show their last activity.
    settle: ({ store }, _before, after) => {
      if (!after) return;
      const type = store.of('SalesActivityType').get(String(after.sales_activity_type_id));
      for (const target of targetsOf(after)) {
        const [name = '', id = ''] = target.split(':');
        store.of(name).update(id, {
          last_contacted_via_sales_activity: after.conversation_time,
          last_contacted_sales_activity_mode: type?.name ?? null,
        });
      }
    },
    attributes: ['targetable_id', 'targetable_type', 'custom_field'],
  },
  {
    columns: { always: ['owner_id', 'creater_id', 'updater_id', 'targetables'] },
    fill,
    isOwned: true,
    links: [targetLink('sales_activity_ids')],
    hasMiniRows: true,
    read: {},
    routes: (api, _ui, account) => {
      api.get('/sales_activities', (c) => listAll(account, salesActivityType, queryOf(c.req.url)));
    },
  },
);
