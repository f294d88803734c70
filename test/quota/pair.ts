import { expect } from 'vitest';
import type { Invalidation } from '../../src/freshsales/writes.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { openWorld, type WorldOptions } from '../world.ts';

const NOON = Date.parse('2026-06-15T10:00:00Z');
export const view = 31003548176;

/** Two contacts of a company, with a deal each, and a clock to move. */
export function openPair(options: WorldOptions = {}) {
  let time = NOON;
  const world = openWorld({ seed: false, now: () => new Date(time), ...options });
  const { sandbox } = world;
  const company = sandbox.put(salesAccountType, { name: 'Acme', phone: '+1 555' });
  const [ada, bob] = ['Ada', 'Bob'].map((name) =>
    sandbox.put(contactType, {
      display_name: name,
      job_title: 'Analyst',
      sales_accounts: [{ id: company.id, name: company.name, is_primary: true }],
    }),
  );
  if (!ada || !bob) throw new Error('no contacts');
  const deal = sandbox.put(dealType, { name: 'Engine', amount: '1.0', contact_ids: [ada.id] });
  const calls = async (query: string, headers: Record<string, string> = {}) => {
    const { errors, requests } = await world.ask(query, {}, headers);
    expect(errors).toBeUndefined();
    return requests;
  };
  const changed = (change: Partial<Invalidation>) =>
    world.account.freshsales
      .for({})
      .invalidate({ type: 'Contact', path: 'contacts', ids: [], touched: [], action: 'update', ...change });
  const pass = (seconds: number) => {
    time += seconds * 1000;
  };
  return { ...world, company, ada, bob, deal, calls, changed, pass };
}

/** A query for the contacts of the first view. */
export const page = (selection: string, args = '') => `{ contacts(view: ${view}${args}) { nodes { ${selection} } } }`;

export const ownerAndDeals = 'displayName jobTitle owner { displayName } deals { nodes { name } }';
