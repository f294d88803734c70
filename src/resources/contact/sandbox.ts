import { type Account, type Columns, defineSandbox, objectsIn, type Step } from '../../sandbox/account.ts';
import { cellsOf, NO_TOTALS, primaryAccountId, subResourceLinks, totalsOf } from '../../sandbox/cells.ts';
import { stampNow } from '../../sandbox/clock.ts';
import { idsOf, isAlive } from '../../sandbox/links.ts';
import { addresses } from '../../sandbox/match.ts';
import { toNumber, toWire } from '../../sandbox/serialize.ts';
import { names } from '../../sandbox/shapes.ts';
import type { Row } from '../../sandbox/store.ts';
import * as view from '../../sandbox/views.ts';
import {
  choice,
  columns,
  foreignId,
  mobile,
  momentOf,
  phone,
  read,
  reference,
  references,
  team,
  text,
  whole,
  words,
} from '../../sandbox/writes/cast.ts';
import {
  copiedEmails,
  displayName,
  displayNameStep,
  emailStep,
  fillEmails,
  phoneNumberStep,
  pointValues,
} from '../../sandbox/writes/contact-points.ts';
import { customFieldStep } from '../../sandbox/writes/custom-field.ts';
import { contactType } from './record.ts';
import { accountsIn, accountsStep } from './sandbox-accounts.ts';

/** Contacts need an e-mail address. In Classic, a phone number or a name is enough. */
const reachable: Step = (draft) => {
  const touched = ['email', 'emails', 'mobile_number', 'last_name'].some((attribute) => draft.sent(attribute));
  if (draft.before && !touched) return;
  const classic = draft.account.product === 'classic';
  const enough = ['email', ...(classic ? ['mobile_number', 'last_name'] : [])];
  const wasReachable = draft.before === undefined || enough.some((column) => draft.before?.[column]);
  if (wasReachable && !enough.some((column) => draft.value(column))) draft.refuse('Need to fill this Email');
};

/** Columns that must be unique. */
const unique: Step = (draft) => {
  const distinct = { external_id: 'ExternalId is not unique', mobile_number: 'MobileNumber is not unique' };
  for (const [column, message] of Object.entries(distinct)) {
    if (column === 'mobile_number' && !draft.account.behaviours.uniqueMobileNumbers) continue;
    const value = draft.changes[column];
    if (value && draft.isTaken((row) => row[column] === value)) draft.refuse(message);
  }
};

/** The lifecycle stage follows the status. A new stage without a status gets its first status. */
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
  if (moved) draft.set({ stage_updated_time: stampNow(account) });
};

/** Defaults of a contact made through the API, as recorded. */
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

/** Lists are sent as rows and stored as ids. */
const lists: Step = (draft) => {
  const list_ids = read(draft, 'lists', references('ContactList', "List doesn't exist"));
  if (list_ids !== undefined) draft.set({ list_ids });
};

const SIDE_COLUMNS = names(`
  id first_name last_name display_name avatar email lead_score last_contacted_sales_activity_mode job_title
  last_contacted last_contacted_mode last_contacted_via_sales_activity work_number mobile_number
`);

/** A contact without a status is new, and the lifecycle stage follows the status. */
function fill(row: Row, given: Readonly<Columns>, { store }: Account): Columns {
  const status = store.of('ContactStatus').get(String(row.contact_status_id)) ?? store.of('ContactStatus').query()[0];
  const linked = objectsIn(row.sales_accounts);
  const single = typeof row.sales_account_id === 'string' ? [{ id: row.sales_account_id, is_primary: true }] : [];
  const links = linked.length > 0 ? linked : single;
  const accounts = links.map((link, index) => ({ is_primary: index === 0 && links.length === 1, ...link }));
  return {
    ...fillEmails(row),
    display_name: row.display_name || displayName({ ...row, ...fillEmails(row) }),
    sales_accounts: accounts,
    sales_account_id: primaryAccountId({ ...row, sales_accounts: accounts }),
    contact_status_id: 'contact_status_id' in given ? row.contact_status_id : (status?.id ?? null),
    lifecycle_stage_id: 'lifecycle_stage_id' in given ? row.lifecycle_stage_id : (status?.lifecycle_stage_id ?? null),
    // Nineteen digits, more than a JavaScript number holds exactly.
    mcr_id: row.mcr_id ?? `16562${row.id.padStart(14, '0').slice(-14)}`,
    record_type_id: row.record_type_id || '31000000001',
    last_assigned_at: row.last_assigned_at ?? row.created_at,
  };
}

const hasStatus =
  (name: string): view.Passes =>
  (row, { store }) =>
    isAlive(row) && store.of('ContactStatus').get(String(row.contact_status_id))?.name === name;

const views = view.numbered(31_003_548_173, [
  ['My Contacts', true, view.mine],
  ['My Territory Contacts', true, view.myTerritory],
  ['New Contacts', true, hasStatus('New')],
  ['All Contacts', true, view.anywhere],
  ['Recently Modified', true, view.within('updated_at', 30)],
  ['Recently Imported', true, view.never],
  ['Never Contacted', true, (row) => isAlive(row) && !row.last_contacted],
  ['Needs Follow-up', true, view.both(hasStatus('Contacted'), view.not(view.within('last_contacted', 14)))],
  ['Active', false, view.within('last_contacted', 90)],
  ['Inactive', false, view.not(view.within('last_contacted', 90))],
  ['Recycle Bin', true, view.binned('Contact')],
  ['Bounced contacts', true, view.never],
  ['Untouched 5-star contacts', true, (row) => isAlive(row) && row.customer_fit === 5 && !row.last_contacted],
  ['Slipping away', false, view.both(hasStatus('Interested'), view.not(view.within('last_contacted', 60)))],
]);

/** Only search rows have ids as text. */
function hit({ store, zone }: Account, row: Row): Columns {
  const owner = store.of('User').get(String(row.owner_id));
  return {
    email: row.email ?? null,
    mcr_id: toNumber(String(row.mcr_id ?? '')),
    owner: owner ? { id: toNumber(owner.id), name: owner.display_name } : null,
    record_type_id: toNumber(String(row.record_type_id ?? '')),
    stage_name: store.of('ContactStatus').get(String(row.contact_status_id))?.name ?? null,
    updated_at: toWire({ updated_at: row.updated_at }, zone).updated_at,
  };
}

/** Removes a deleted contact from its deals. */
function unlink({ store }: Account, id: string, { forGood }: { forGood: boolean }): void {
  if (!forGood) return;
  for (const deal of store.of('Deal').query((one) => idsOf(one.contact_ids).includes(id)))
    store.of('Deal').update(deal.id, { contact_ids: idsOf(deal.contact_ids).filter((other) => other !== id) });
}

/** Further columns that recordings of Classic lack. */
const suiteOnly = names('external_id work_email customer_fit last_seen_chat first_seen_chat locale total_sessions');

const thin = names(`
  id job_title lead_score email emails work_number mobile_number open_deals_amount won_deals_amount display_name
  avatar last_contacted_mode last_contacted last_contacted_via_sales_activity first_name last_name city country
  created_at updated_at recent_note last_contacted_sales_activity_mode web_form_ids last_assigned_at external_id
  facebook twitter linkedin
`);

export const contactSandbox = defineSandbox(
  contactType,
  {
    columns: {
      ...columns('first_name last_name', text(255)),
      ...columns('job_title address city state zipcode country time_zone keyword medium', text()),
      ...columns('facebook twitter linkedin work_email locale subscription_types', text()),
      ...columns('unsubscription_reason other_unsubscription_reason', text()),
      ...columns('first_campaign first_medium first_source last_campaign last_medium last_source', text()),
      ...columns('latest_campaign latest_medium latest_source', text()),
      work_number: phone,
      mobile_number: mobile,
      ...columns('subscription_status whatsapp_subscription_status sms_subscription_status', whole),
      external_id: foreignId,
      tags: words,
      team_user_ids: team,
      owner_id: reference('User'),
      campaign_id: reference('Campaign'),
      lead_source_id: reference('LeadSource'),
      territory_id: reference('Territory'),
      lost_reason_id: choice('lost_reason_id'),
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
    attributes: [
      'email',
      'emails',
      'phone_numbers',
      'sales_accounts',
      'sales_account_id',
      'lists',
      'custom_field',
      'created_at',
    ],
  },
  {
    columns: {
      suiteOnly: [...suiteOnly, 'phone_numbers'],
      classicAlso: names(
        'phone_numbers has_connections has_duplicates connections_searched_today duplicates_searched_today',
      ),
      rare: names(`
  record_type_id has_duplicates duplicates_searched_today has_connections connections_searched_today lost_reason_id
  stage_updated_time
`),
      unmodelled: { won_deals_amount: ['links'] },
      mini: ['id', 'avatar', 'display_name', 'first_name', 'last_name', 'email', 'work_number', 'mobile_number'],
      thin,
    },
    fill,
    isOwned: true,
    computed: { links: subResourceLinks('contacts', []), ...totalsOf('Contact') },
    views,
    links: [
      {
        column: 'contact_ids',
        parents: (contact) => idsOf(contact.sales_accounts).map((id) => `SalesAccount:${id}`),
        attach: (contact, _parent, id) => {
          const others = objectsIn(contact.sales_accounts);
          return { sales_accounts: [...others, { id, is_primary: others.length === 0 }] };
        },
      },
    ],
    kept: ['list_ids'],
    included: {
      sales_account_id: (_account, row) => primaryAccountId(row),
      sales_accounts: (account, row) => accountsIn(account, row, { withType: true }),
    },
    // Unlike a contact without includes, an included contact has its owner and accounts.
    sideRow: (account, row) => ({
      partial: true,
      ...cellsOf(account, 'Contact', row, SIDE_COLUMNS),
      sales_account_id: primaryAccountId(row),
      sales_accounts: accountsIn(account, row, { withType: false }),
      owner_id: row.owner_id,
    }),
    seenOnViews: ['sales_accounts', 'owner', 'appointments', 'contact_status'],
    attributes: {
      'contact_email.email': addresses,
      sales_account_id: (row) => idsOf(row.sales_accounts),
      name: (row) => [row.display_name],
      company_name: (row, { store }) => idsOf(row.sales_accounts).map((id) => store.of('SalesAccount').get(id)?.name),
    },
    hit,
    lookupColumns: ({ product }, { record_type_id }) => (product === 'suite' ? { record_type_id } : {}),
    identifiers: ['emails', 'email', 'mobile_number', 'external_id', 'id'],
    copy: (row, overrides) => ({
      ...copiedEmails(row, overrides),
      sales_accounts: objectsIn(row.sales_accounts),
      phone_numbers: pointValues(row.phone_numbers),
    }),
    upserted: ({ product }, { record_type_id }) => ({ ...NO_TOTALS, ...(product === 'suite' && { record_type_id }) }),
    isAssignable: true,
    isRestoredBesideApi: true,
    unlink,
    hasTimeline: true,
    related: [
      ['api', 'notes'],
      ['api', 'appointments'],
    ],
  },
);
