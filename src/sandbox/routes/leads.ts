import type { Context, Hono } from 'hono';
import { contactType } from '../../resources/contact/record.ts';
import { dealType } from '../../resources/deal/record.ts';
import { leadType } from '../../resources/lead/record.ts';
import { salesAccountType } from '../../resources/sales-account/record.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { answerWritten } from '../answer-written.ts';
import { notFound, refuse } from '../answers.ts';
import { targetsOf } from '../links.ts';
import { queryOf } from '../paging.ts';
import type { Row } from '../store.ts';
import { attributesIn, bodyOf } from '../writes/body.ts';
import { rowOf } from '../writes/draft.ts';
import { identify } from '../writes/upsert.ts';
import { createRecord } from '../writes/write.ts';

/** What leads do that no other record does. */
export function leadRoutes(api: Hono, _ui: Hono, account: Account): void {
  if (account.product !== 'classic') return;
  api.post('/leads/:id/convert', (c) => convert(account, c));
}

/** Makes a contact of a lead, an account of its company, and a deal if there is one; or nothing, if any of them is refused. */
async function convert(account: Account, c: Context): Promise<Response> {
  const body = await bodyOf(c, leadType.one);
  if (body instanceof Response) return body;
  const lead = rowOf(account, leadType.name, c.req.param('id'));
  if (!lead) return notFound(leadType.one);
  const before = account.store.snapshot();
  const made = makeAll(account, lead, attributesIn(body, leadType.one));
  if ('problems' in made) {
    account.store.restore(before);
    return refuse(400, ...made.problems);
  }
  const { include } = queryOf(c.req.url);
  return answerWritten(account, contactType, made.row, { endpoint: 'POST /leads/{id}/convert', include });
}

type Made = { readonly row: Row } | { readonly problems: readonly string[] };

function makeAll(account: Account, lead: Row, given: Columns): Made {
  const employer = employerOf(account, merged(lead.company, given.company));
  if (employer && 'problems' in employer) return employer;
  const written = createRecord(account, contactType, {
    ...contactColumns(lead),
    ...given,
    ...(employer && { sales_account_id: employer.row.id }),
  });
  if ('problems' in written) return written;
  const deal = merged(lead.deal, given.deal);
  if (Object.keys(deal).length > 0) {
    const links = { contacts_added_list: [written.row.id], ...(employer && { sales_account_id: employer.row.id }) };
    const sold = createRecord(account, dealType, { amount: 0, ...deal, ...links });
    if ('problems' in sold) return sold;
  }
  moveActivities(account, lead.id, written.row.id);
  account.store.of(leadType.name).delete(lead.id);
  return written;
}

/** The account of that name, or a new one. */
function employerOf(account: Account, company: Columns): Made | undefined {
  const { id: _id, ...columns } = company;
  if (typeof columns.name !== 'string' || columns.name === '') return undefined;
  const known = identify(account, salesAccountType.name, { key: 'name', value: columns.name });
  return known ? { row: known } : createRecord(account, salesAccountType, columns);
}

/** A lead's own columns that a contact has as well. */
function contactColumns(lead: Row): Columns {
  const blank: Columns = { ...contactType.blank() };
  const own = Object.entries(lead).filter(([column, value]) => column in blank && value !== null && value !== '');
  const { id: _id, emails: _emails, created_at: _created, ...columns } = Object.fromEntries(own);
  return columns;
}

const merged = (kept: unknown, given: unknown): Columns => ({
  ...(isObject(kept) ? kept : {}),
  ...(isObject(given) ? given : {}),
});

/** What was about the lead is now about the contact. */
function moveActivities({ store }: Account, lead: string, contact: string): void {
  for (const name of ['Task', 'Appointment', 'Note', 'SalesActivity'])
    for (const row of store.of(name).query((one) => targetsOf(one).includes(`Lead:${lead}`)))
      store.of(name).update(row.id, { targetables: [{ type: 'Contact', id: contact }] });
}
