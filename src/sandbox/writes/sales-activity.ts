import { isObject } from '../account.ts';
import { stamp } from '../clock.ts';
import { targetsOf } from '../links.ts';
import { columns, flag, moment, reference, text } from './cast.ts';
import { customFieldStep } from './custom-field.ts';
import type { Step } from './draft.ts';
import { mandatoryTargetStep } from './target.ts';
import type { WriteRules } from './write-rules.ts';

/** A sales activity says twice what it is about, and when it was. */
const repeated: Step = (draft) => {
  const { targetables, end_date } = draft.changes;
  const [first] = Array.isArray(targetables) ? targetables.filter(isObject) : [];
  if (first) draft.set({ targetable_id: first.id, targetable_type: first.type });
  if (end_date) draft.set({ conversation_time: end_date });
};

/** Done is dated. */
const done: Step = (draft) => {
  const { account, changes, before } = draft;
  if (changes.status === undefined) return;
  const since = before?.completed_date ?? stamp(account.now(), account.zone);
  draft.set({ completed_date: changes.status === true ? since : null });
};

export const salesActivityRules: WriteRules = {
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
  // The records it is about tell of the last one.
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
};
