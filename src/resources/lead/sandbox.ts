import type { Context } from 'hono';
import { type Account, type Columns, defineSandbox, isObject, type Step } from '../../sandbox/account.ts';
import { subResourceLinks } from '../../sandbox/cells.ts';
import { stampNow } from '../../sandbox/clock.ts';
import { targetsOf } from '../../sandbox/links.ts';
import { addresses } from '../../sandbox/match.ts';
import { queryOf } from '../../sandbox/paging.ts';
import { answerRecord } from '../../sandbox/render.ts';
import { accepted, attributesIn, bodyOf, rowIn } from '../../sandbox/routes/request.ts';
import type { Row } from '../../sandbox/store.ts';
import { anywhere, binned, mine, numbered } from '../../sandbox/views.ts';
import { columns, merged, mobile, phone, reference, text } from '../../sandbox/writes/cast.ts';
import { copiedEmails, displayNameStep, emailStep, fillEmails, fullName } from '../../sandbox/writes/contact-points.ts';
import { customFieldStep } from '../../sandbox/writes/custom-field.ts';
import { identify } from '../../sandbox/writes/upsert.ts';
import { createRecord, type Written } from '../../sandbox/writes/write.ts';
import { contactType } from '../contact/record.ts';
import { dealType } from '../deal/record.ts';
import { salesAccountType } from '../sales-account/record.ts';
import { leadType } from './record.ts';

/** A lead needs a name, an address or a phone number. */
const named: Step = (draft) => {
  const enough = ['last_name', 'email', 'mobile_number'];
  if (draft.before && !enough.some((column) => column in draft.changes)) return;
  if (!enough.some((column) => draft.value(column))) draft.refuse("Last name can't be empty");
};

/** Changing the stage updates its time. */
const stage: Step = (draft) => {
  const { lead_stage_id } = draft.changes;
  if (lead_stage_id === undefined && draft.before) return;
  const [first] = draft.account.store.of('LeadStage').query();
  if (!draft.before) draft.set({ lead_stage_id: lead_stage_id ?? first?.id ?? null });
  draft.set({ stage_updated_time: stampNow(draft.account) });
};

/** Converts a lead to a contact, an account and a deal. Nothing is converted if any of them is refused. */
async function convert(account: Account, c: Context): Promise<Response> {
  const body = await bodyOf(c);
  const lead = rowIn(account, leadType, c);
  const before = account.store.snapshot();
  const made = makeAll(account, lead, attributesIn(body, leadType.one));
  if ('problems' in made) account.store.restore(before);
  const { row } = accepted(made);
  const { include } = queryOf(c.req.url);
  return answerRecord(account, contactType, row, { endpoint: 'POST /leads/{id}/convert', include });
}

function makeAll(account: Account, lead: Row, given: Columns): Written {
  const employer = employerOf(account, mergedObjects(lead.company, given.company));
  if (employer && 'problems' in employer) return employer;
  const written = createRecord(account, contactType, {
    ...contactColumns(lead),
    ...given,
    ...(employer && { sales_account_id: employer.row.id }),
  });
  if ('problems' in written) return written;
  const deal = mergedObjects(lead.deal, given.deal);
  if (Object.keys(deal).length > 0) {
    const links = { contacts_added_list: [written.row.id], ...(employer && { sales_account_id: employer.row.id }) };
    const sold = createRecord(account, dealType, { amount: 0, ...deal, ...links });
    if ('problems' in sold) return sold;
  }
  moveActivities(account, lead.id, written.row.id);
  account.store.of(leadType.name).delete(lead.id);
  return written;
}

/** The account named like the company, or a new one. */
function employerOf(account: Account, company: Columns): Written | undefined {
  const { id: _id, ...columns } = company;
  if (typeof columns.name !== 'string' || columns.name === '') return undefined;
  const known = identify(account, salesAccountType.name, { key: 'name', value: columns.name });
  return known ? { row: known } : createRecord(account, salesAccountType, columns);
}

/** The columns of a lead that contacts have as well. */
function contactColumns(lead: Row): Columns {
  const own = Object.entries(lead).filter(
    ([column, value]) => column in contactType.blank && value !== null && value !== '',
  );
  const { id: _id, emails: _emails, created_at: _created, ...columns } = Object.fromEntries(own);
  return columns;
}

const mergedObjects = (kept: unknown, given: unknown): Columns => ({
  ...(isObject(kept) ? kept : {}),
  ...(isObject(given) ? given : {}),
});

/** Moves the activities of the lead to the contact. */
function moveActivities({ store }: Account, lead: string, contact: string): void {
  for (const name of ['Task', 'Appointment', 'Note', 'SalesActivity'])
    for (const row of store.of(name).query((one) => targetsOf(one).includes(`Lead:${lead}`)))
      store.of(name).update(row.id, { targetables: [{ type: 'Contact', id: contact }] });
}

export const leadSandbox = defineSandbox(
  leadType,
  {
    columns: {
      ...columns('first_name last_name', text(255)),
      ...columns('job_title department address city state zipcode country time_zone keyword medium', text()),
      ...columns('facebook twitter linkedin', text()),
      work_number: phone,
      mobile_number: mobile,
      ...columns('company deal', merged),
      owner_id: reference('User'),
      lead_stage_id: reference('LeadStage'),
      lead_reason_id: reference('LeadReason'),
      lead_source_id: reference('LeadSource'),
      campaign_id: reference('Campaign'),
      territory_id: reference('Territory'),
    },
    steps: [emailStep, named, stage, displayNameStep, customFieldStep],
    attributes: ['email', 'emails', 'custom_field'],
  },
  {
    columns: {
      unmodelled: { deal: ['links'] },
      mini: ['id', 'avatar', 'display_name', 'first_name', 'last_name', 'email', 'work_number', 'mobile_number'],
    },
    fill: (row) => ({
      ...fillEmails(row),
      display_name: row.display_name || fullName(row),
      is_deleted: row.is_deleted ?? false,
    }),
    isOwned: true,
    computed: { links: subResourceLinks('leads', ['reminders', 'duplicates', 'connections']) },
    views: numbered(31_003_548_205, [
      ['My Leads', true, mine],
      ['All Leads', true, anywhere],
      ['Recycle Bin', true, binned('Lead')],
    ]),
    seenOnViews: ['owner', 'lead_stage', 'appointments'],
    attributes: {
      'lead_email.email': addresses,
      name: (row) => [row.display_name],
      company_name: (row) => [isObject(row.company) ? row.company.name : null],
    },
    identifiers: ['emails', 'email', 'mobile_number', 'id'],
    copy: copiedEmails,
    isAssignable: true,
    hasTimeline: true,
    related: [['api', 'notes']],
    routes: (api, _ui, account) => {
      api.post('/leads/:id/convert', (c) => convert(account, c));
    },
  },
);
