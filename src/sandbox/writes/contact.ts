import { stamp } from '../clock.ts';
import { displayName } from '../derive.ts';
import { accountsStep } from './accounts-of-contact.ts';
import { columns, foreignId, momentOf, phone, reference, references, team, text, whole, words } from './cast.ts';
import { emailStep, phoneNumberStep } from './contact-points.ts';
import { customFieldStep } from './custom-field.ts';
import type { Step } from './draft.ts';
import { read } from './read.ts';
import type { WriteRules } from './write-rules.ts';

/** A contact can be reached by e-mail; in Classic a telephone number or a name will do. */
const reachable: Step = (draft) => {
  const touched = ['email', 'emails', 'mobile_number', 'last_name'].some((attribute) => draft.sent(attribute));
  if (draft.before && !touched) return;
  const classic = draft.account.product === 'classic';
  const enough = ['email', ...(classic ? ['mobile_number', 'last_name'] : [])];
  const wasReachable = draft.before === undefined || enough.some((column) => draft.before?.[column]);
  if (wasReachable && !enough.some((column) => draft.value(column))) draft.refuse('Need to fill this Email');
};

/** Columns that tell a contact from any other. */
const unique: Step = (draft) => {
  const distinct = { external_id: 'ExternalId is not unique', mobile_number: 'MobileNumber is not unique' };
  for (const [column, message] of Object.entries(distinct)) {
    if (column === 'mobile_number' && !draft.account.behaviours.uniqueMobileNumbers) continue;
    const value = draft.changes[column];
    if (value && draft.isTaken((row) => row[column] === value)) draft.refuse(message);
  }
};

/** The stage of life follows the status; a new stage alone begins with its first status. */
const lifecycle: Step = (draft) => {
  const { account, changes, before } = draft;
  const statuses = account.store.of('ContactStatus');
  const status = statuses.get(String(changes.contact_status_id));
  if (status) draft.set({ lifecycle_stage_id: status.lifecycle_stage_id });
  else if (typeof changes.lifecycle_stage_id === 'string') {
    const stage = changes.lifecycle_stage_id;
    const current = statuses.get(String(before?.contact_status_id));
    const [first] = statuses.query((row) => row.lifecycle_stage_id === stage);
    if (current?.lifecycle_stage_id !== stage && first) draft.set({ contact_status_id: first.id });
  }
  const moved = changes.contact_status_id !== undefined && changes.contact_status_id !== before?.contact_status_id;
  if (moved) draft.set({ stage_updated_time: stamp(account.now(), account.zone) });
};

/** What a contact made through the API has unless it is told otherwise, as recorded. */
const defaults: Step = (draft) => {
  if (draft.before) return;
  const recorded = {
    subscription_status: 1,
    subscription_types: '1;2;3;4;5',
    whatsapp_subscription_status: 2,
    sms_subscription_status: 2,
  };
  draft.set({ ...recorded, ...draft.changes });
  const since = momentOf(draft.given.created_at, draft.account);
  if (since) draft.set({ created_at: since });
};

/** The name on show follows the parts it is made of. */
export const displayNameStep: Step = (draft) => {
  const parts = ['first_name', 'last_name', 'email'].map((column) => [column, draft.value(column)]);
  draft.set({ display_name: displayName(Object.fromEntries(parts)) });
};

/** Lists are written as such and kept as ids. */
const lists: Step = (draft) => {
  const list_ids = read(draft, 'lists', references('ContactList', "List doesn't exist"));
  if (list_ids !== undefined) draft.set({ list_ids });
};

export const contactRules: WriteRules = {
  columns: {
    ...columns('first_name last_name', text(255)),
    ...columns('job_title address city state zipcode country time_zone keyword medium', text()),
    ...columns('facebook twitter linkedin work_email locale subscription_types', text()),
    ...columns('unsubscription_reason other_unsubscription_reason', text()),
    ...columns('first_campaign first_medium first_source last_campaign last_medium last_source', text()),
    ...columns('latest_campaign latest_medium latest_source', text()),
    ...columns('work_number mobile_number', phone),
    ...columns('subscription_status whatsapp_subscription_status sms_subscription_status', whole),
    external_id: foreignId,
    tags: words,
    team_user_ids: team,
    owner_id: reference('User'),
    campaign_id: reference('Campaign'),
    lead_source_id: reference('LeadSource'),
    territory_id: reference('Territory'),
    lost_reason_id: reference('DealReason'),
    contact_status_id: reference('ContactStatus', 'Invalid contact status provided.'),
    lifecycle_stage_id: reference('LifecycleStage', 'Invalid lifecycle stage provided.'),
  },
  steps: [
    lists,
    emailStep,
    phoneNumberStep,
    accountsStep,
    customFieldStep,
    reachable,
    unique,
    lifecycle,
    defaults,
    displayNameStep,
  ],
};
