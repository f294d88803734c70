import { type Account, defineSandbox, objectsIn, type Step } from '../../sandbox/account.ts';
import { cellsOf, NO_TOTALS, subResourceLinks, totalsOf } from '../../sandbox/cells.ts';
import { idsOf, isAlive, parentIn } from '../../sandbox/links.ts';
import { anywhere, binned, mine, myTerritory, never, numbered } from '../../sandbox/views.ts';
import { columns, number, phone, reference, team, text, website, whole, words } from '../../sandbox/writes/cast.ts';
import { customFieldStep } from '../../sandbox/writes/custom-field.ts';
import { contactType } from '../contact/record.ts';
import { dealType } from '../deal/record.ts';
import { salesAccountType } from './record.ts';

/** Company sizes. The lower bound of the matching range is stored. */
const SIZES = [1, 11, 51, 201, 501, 1001, 5001, 10_001];

const size: Step = (draft) => {
  const { number_of_employees: given } = draft.changes;
  if (typeof given === 'number')
    draft.set({ number_of_employees: SIZES.findLast((bound) => bound <= given) ?? SIZES[0] });
};

const named: Step = (draft) => {
  draft.require('name', "Name can't be empty");
  const name = typeof draft.changes.name === 'string' ? draft.changes.name.trim().toLowerCase() : '';
  if (name !== '' && draft.isTaken((row) => String(row.name).trim().toLowerCase() === name))
    draft.refuse('Name has already been taken');
};

const parent: Step = (draft) => {
  if (draft.before && draft.changes.parent_sales_account_id === draft.before.id)
    draft.refuse('Parent sales account is invalid');
};

/** Unlike other records, an account made through the API has no owner by default. */
const owner: Step = (draft) => {
  if (!draft.before && !draft.sent('owner_id')) draft.set({ owner_id: null });
};

/** Removes an account from its deals and child accounts, and from contacts if it cannot be restored. */
function unlink({ store }: Account, id: string, { forGood }: { forGood: boolean }): void {
  for (const deal of store.of('Deal').query((one) => one.sales_account_id === id))
    store.of('Deal').update(deal.id, { sales_account_id: null });
  for (const child of store.of('SalesAccount').query((one) => one.parent_sales_account_id === id))
    store.of('SalesAccount').update(child.id, { parent_sales_account_id: null });
  if (!forGood) return;
  for (const contact of store.of('Contact').query((one) => idsOf(one.sales_accounts).includes(id))) {
    const left = objectsIn(contact.sales_accounts).filter((link) => String(link.id) !== id);
    store.of('Contact').update(contact.id, { sales_accounts: left });
  }
}

const computed = {
  links: subResourceLinks('sales_accounts', ['timeline_feeds', 'reminders', 'duplicates', 'connections']),
  ...totalsOf('SalesAccount'),
  last_contacted_via_chat: () => null,
};

export const salesAccountSandbox = defineSandbox(
  salesAccountType,
  {
    columns: {
      name: text(255),
      ...columns('address city state zipcode country facebook twitter linkedin', text()),
      phone,
      website,
      number_of_employees: whole,
      annual_revenue: number,
      tags: words,
      team_user_ids: team,
      owner_id: reference('User'),
      territory_id: reference('Territory'),
      industry_type_id: reference('IndustryType'),
      business_type_id: reference('BusinessType'),
      parent_sales_account_id: reference('SalesAccount'),
    },
    steps: [size, named, parent, owner, customFieldStep],
    attributes: ['custom_field'],
  },
  {
    columns: {
      always: ['owner_id', 'parent_sales_account_id'],
      suiteOnly: ['open_deals_count', 'won_deals_count', 'is_deleted', 'team_user_ids', 'web_form_ids'],
      classicAlso: ['has_connections', 'is_deleted', 'open_deals_count', 'won_deals_count', 'team_user_ids'],
      rare: ['has_connections', 'record_type_id'],
      unmodelled: { linkedin: ['links'] },
      classicUnmodelled: { recent_note: ['last_contacted_via_chat'], linkedin: ['links'] },
      mini: ['id', 'avatar', 'name'],
    },
    fill: (row) => ({ record_type_id: row.record_type_id || '31000000002' }),
    isOwned: true,
    computed,
    views: numbered(31_003_548_199, [
      ['My Accounts', true, mine],
      ['All Accounts', true, anywhere],
      ['My Territory Accounts', true, myTerritory],
      ['Recently Imported', true, never],
      ['Recycle Bin', true, binned('SalesAccount')],
    ]),
    links: [
      {
        column: 'child_sales_account_ids',
        parents: (account) => parentIn('SalesAccount', account.parent_sales_account_id),
        attach: (_account, _parent, id) => ({ parent_sales_account_id: id }),
      },
    ],
    sideRow: (account, row) => ({
      partial: true,
      ...cellsOf(account, 'SalesAccount', row, ['id', ...(salesAccountType.sideloadColumns ?? [])]),
    }),
    seenOnViews: ['owner', 'industry_type', 'appointments'],
    honours: ({ behaviours }, include) => (include === 'notes' ? behaviours.accountNotesInclude : undefined),
    hit: (_account, { website }) => ({ website: website ?? null }),
    identifiers: ['name', 'id'],
    upserted: ({ product }, { record_type_id }) => ({
      ...NO_TOTALS,
      ...(product === 'suite' && { record_type_id, has_connections: false }),
    }),
    breaksOnText: true,
    unlink,
    associated: ({ store }, id) => [
      ...store
        .of('Contact')
        .query((one) => isAlive(one) && idsOf(one.sales_accounts).includes(id))
        .map((contact) => [contactType, contact] as const),
      ...store
        .of('Deal')
        .query((one) => isAlive(one) && one.sales_account_id === id)
        .map((deal) => [dealType, deal] as const),
    ],
    related: [
      ['api', 'contacts'],
      ['ui', 'contacts'],
    ],
  },
);
