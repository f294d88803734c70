import { type Account, API_USER } from '../account.ts';
import { addDays, dayOf } from '../clock.ts';
import { putRow } from '../insert-row.ts';
import { seedActivities } from './activities.ts';
import { seedAwkward } from './awkward.ts';
import { seedDeals, seedProducts } from './deals.ts';
import { seedAccounts, seedContacts, seedLeads } from './people.ts';
import { Random, type SeedContext } from './random.ts';

/** A company that sells software to other companies: several pages of records, and each edge case once. */
export function seedCompany(account: Account): void {
  const random = new Random(20_260_101);
  const idsOf = (lookup: string): string[] =>
    account.store
      .of(lookup)
      .query()
      .map(({ id }) => id);
  const users = idsOf('User');
  const dates = new Map<number, string>();
  const dateIn = (days: number): string => {
    const date = dates.get(days) ?? dayOf(addDays(account.now(), days), account.zone);
    dates.set(days, date);
    return date;
  };
  const context: SeedContext = {
    account,
    random,
    put: (table, row) => putRow(account, table, row),
    day: (days, hour = 9) => `${dateIn(days)}T${String(hour).padStart(2, '0')}:00:00${account.zone}`,
    some: (lookup) => (random.chance(0.2) ? null : random.pick(idsOf(lookup))),
    owner: () => (random.chance(0.4) ? API_USER : random.pick(users)),
  };
  const products = seedProducts(context);
  const accounts = seedAccounts(context);
  const contacts = seedContacts(context, accounts);
  const deals = seedDeals(context, contacts, products);
  seedActivities(context, { accounts, contacts, deals });
  seedAwkward(context, accounts);
  if (account.product === 'classic') seedLeads(context);
}
