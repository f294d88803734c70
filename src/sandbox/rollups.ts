import { type Account, type Columns, objectsIn } from './account.ts';
import { defineIndex, idsOf, isAlive } from './links.ts';
import type { Row } from './store.ts';

/** An amount as Freshsales writes it: `5600` is "5600.0", `1234.5` is "1234.5". */
export function money(amount: number): string {
  const text = amount.toFixed(2).replace(/0$/, '');
  return text.endsWith('.') ? `${text}0` : text;
}

/** Totals of deals. */
interface Sums {
  open: number;
  openCount: number;
  won: number;
  wonCount: number;
}

/** By owner, as `Contact:1`. Every contact of a deal counts the whole amount. */
const sums = defineIndex(({ store }) => {
  const totals = new Map<string, Sums>();
  const add = (owner: string, deal: Row, forecast: unknown): void => {
    const sum = totals.get(owner) ?? { open: 0, openCount: 0, won: 0, wonCount: 0 };
    totals.set(owner, sum);
    if (forecast === 'Closed Won') {
      sum.won += Number(deal.amount);
      sum.wonCount += 1;
    } else if (forecast !== 'Closed Lost') {
      sum.open += Number(deal.amount);
      sum.openCount += 1;
    }
  };
  for (const deal of store.of('Deal').query(isAlive)) {
    const forecast = store.of('DealStage').get(String(deal.deal_stage_id))?.forecast_type;
    for (const id of idsOf(deal.contact_ids)) add(`Contact:${id}`, deal, forecast);
    add(`SalesAccount:${String(deal.sales_account_id)}`, deal, forecast);
  }
  return totals;
});

/** Counts and amounts of the deals of a contact or account. */
export function dealTotals(account: Account, name: string, row: Row): Columns {
  const sum = sums(account).get(`${name}:${row.id}`);
  return {
    open_deals_amount: money(sum?.open ?? 0),
    open_deals_count: sum?.openCount ?? 0,
    won_deals_amount: money(sum?.won ?? 0),
    won_deals_count: sum?.wonCount ?? 0,
  };
}

/** The id of the primary account of a contact, or else of the first one. */
export function primaryAccountId(contact: Row): string | null {
  const accounts = objectsIn(contact.sales_accounts);
  const primary = accounts.find((account) => account.is_primary === true) ?? accounts[0];
  return primary ? String(primary.id) : null;
}
