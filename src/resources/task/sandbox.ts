import { API_USER, defineSandbox, type Step } from '../../sandbox/account.ts';
import { broken } from '../../sandbox/answers.ts';
import { addDays, dayOf, stamp, stampNow } from '../../sandbox/clock.ts';
import { idsOf, targetablesOf, targetLink } from '../../sandbox/links.ts';
import { queryOf } from '../../sandbox/paging.ts';
import { type ListOrder, listFiltered } from '../../sandbox/routes/records.ts';
import { bareRecord, targetableOf } from '../../sandbox/shapes.ts';
import type { Passes } from '../../sandbox/views.ts';
import { columns, moment, reference, text, wrongType } from '../../sandbox/writes/cast.ts';
import { idOf, objectsOf, rowOf } from '../../sandbox/writes/draft.ts';
import { mandatoryTargetStep } from '../../sandbox/writes/target.ts';
import { taskType } from './record.ts';

/** Open or completed. Only an existing task can be completed. */
const status: Step = (draft) => {
  if (!draft.before || !draft.sent('status')) return;
  const { account } = draft;
  const done = Number(draft.given.status);
  if (draft.given.status === null || (done !== 0 && done !== 1))
    return draft.refuse('Status is not included in the list');
  const filled = account.behaviours.completedDateFilled ? stampNow(account) : null;
  draft.set({ status: done, completed_date: done === 1 ? (draft.before.completed_date ?? filled) : null });
};

/** The owner and the other users of the task. */
const users: Step = (draft) => {
  const owner = draft.changes.owner_id;
  const items = draft.sent('task_users_attributes') ? objectsOf(draft.given.task_users_attributes ?? []) : [];
  if (!items) return draft.refuse(wrongType('task_users_attributes'));
  const before = idsOf(draft.before?.user_ids);
  const gone = new Set(items.filter(({ _destroy }) => _destroy === true).map(({ user_id }) => idOf(user_id)));
  const added = items
    .filter(({ _destroy }) => _destroy !== true)
    .map(({ user_id }) => rowOf(draft.account, 'User', user_id)?.id);
  if (added.includes(undefined)) draft.refuse("User doesn't exist");
  const all = [...before, ...(typeof owner === 'string' ? [owner] : []), ...added];
  draft.set({ user_ids: [...new Set(all)].filter((id) => id !== undefined && !gone.has(id)) });
};

/** A new task belongs to the user of the API key by default. */
const owner: Step = (draft) => {
  if (!draft.before && !draft.sent('owner_id')) draft.set({ owner_id: API_USER });
};

const isDue =
  (days: number): Passes =>
  (row, { now, zone }) =>
    row.status === 0 && dayOf(new Date(String(row.due_date)), zone) === dayOf(addDays(now(), days), zone);

/** Spaces in the API reference, underscores in other sources. */
const filters: Readonly<Record<string, Passes>> = {
  open: (row) => row.status === 0,
  'due today': isDue(0),
  'due tomorrow': isDue(1),
  overdue: (row, { now }) => row.status === 0 && Date.parse(String(row.due_date)) < now().getTime(),
  completed: (row) => row.status === 1,
};

/** As recorded, the latest due date comes first, unless `sort_type` says otherwise. */
const ORDER: ListOrder = { column: 'due_date', direction: 'desc' };

const always = ['owner', 'creater', 'updater', 'targetable'];

export const taskSandbox = defineSandbox(
  taskType,
  {
    columns: {
      ...columns('title description', text()),
      due_date: moment,
      owner_id: reference('User'),
      task_type_id: reference('TaskType'),
      outcome_id: reference('SalesActivityOutcome'),
    },
    steps: [
      (draft) => draft.require('title', "Title can't be blank"),
      (draft) => draft.require('due_date', "Due date can't be blank"),
      mandatoryTargetStep,
      status,
      owner,
      users,
    ],
    attributes: ['status', 'task_users_attributes', 'targetable_id', 'targetable_type'],
  },
  {
    columns: { always: ['owner_id', 'creater_id', 'updater_id'], suiteOnly: ['targetables'] },
    fill: (row, _given, account) => ({
      ...targetablesOf(account, row),
      due_date: row.due_date || stamp(addDays(account.now(), 1), account.zone),
      user_ids: row.user_ids ?? (row.owner_id ? [row.owner_id] : []),
    }),
    isOwned: true,
    links: [targetLink('task_ids')],
    hasMiniRows: true,
    kept: ['user_ids'],
    sideRow: (account, row) => ({ ...bareRecord(account, taskType, row), targetable: targetableOf(row) }),
    timeline: { type: 'TASK_CREATED', column: 'task_ids', shows: ['title', 'description', 'due_date'] },
    read: { always },
    created: { status: 201 },
    updated: { always },
    routes: (api, _ui, account) => {
      api.get('/tasks', (c) => {
        const query = queryOf(c.req.url);
        if (query.page === '0' && query.per_page === '0') return broken();
        return listFiltered(account, taskType, query, { filters, orderOf: () => ORDER });
      });
    },
  },
);
