import { expect, test } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import type { Invalidation } from '../../src/freshsales/writes.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { createServer } from '../../src/server/create-server.ts';
import fc, { deepRuns } from '../property.ts';
import { openPair, page } from './pair.ts';

const contact = (selection: string) => (id: string) => `{ contact(id: ${id}) { ${selection} } }`;

const queries = [
  () => page('displayName jobTitle'),
  () => page('jobTitle owner { displayName }', ', first: 1'),
  () => page('displayName deals { totalCount nodes { name amount } }'),
  () => page('primarySalesAccount { name phone }'),
  contact('displayName jobTitle tags'),
  contact('jobTitle deals { nodes { name tags } }'),
  contact('salesAccounts { nodes { name phone } }'),
  () => '{ deals(view: 31003548187) { totalCount nodes { name contacts { nodes { displayName } } } } }',
  () =>
    '{ filterContacts(where: [{ attribute: "job_title", operator: IS, value: "Analyst" }]) { nodes { displayName } } }',
];

type Write = (sandbox: Sandbox, id: string, count: number) => Invalidation;

/** Writes, as a client makes them, and what it has to tell of each. */
const writes: readonly Write[] = [
  (sandbox, id, count) => {
    sandbox.put(contactType, {
      ...sandbox.get(contactType, id),
      id,
      job_title: count % 2 ? 'Analyst' : 'Countess',
    });
    return { type: 'Contact', path: 'contacts', ids: [id], touched: [], action: 'update' };
  },
  (sandbox, id, count) => {
    const deal = sandbox.put(dealType, { name: `Deal ${count}`, amount: '1.0', contact_ids: [id] });
    return { type: 'Deal', path: 'deals', ids: [deal.id], touched: [{ type: 'Contact', id }], action: 'create' };
  },
  (sandbox, _id, count) => {
    const [deal] = sandbox.rows(dealType);
    if (deal) sandbox.put(dealType, { ...deal, name: `Renamed ${count}` });
    return { type: 'Deal', path: 'deals', ids: deal ? [deal.id] : ['0'], touched: [], action: 'update' };
  },
];

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ query: fc.nat(queries.length - 1), of: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ write: fc.nat(writes.length - 1), of: fc.nat(1) }) },
);

test('after any reads and writes, a cached response equals the one of Freshsales', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const { sandbox, ask, changed, ada, bob } = openPair({
        behaviours: { hourlyLimit: 100_000, minuteLimit: 100_000 },
      });
      const ledger = createAccountLedger({ minuteLimit: 100_000 });
      const { baseURL, fetch } = sandbox;
      const forgetful = { freshsales: createFreshsales({ baseURL, fetch, apiKey: 'other', ledger }), ledger };
      const yoga = createServer({ connect: () => forgetful });
      const truth = async (query: string) => {
        const headers = { 'content-type': 'application/json' };
        const init = { method: 'POST', headers, body: JSON.stringify({ query }) };
        return (await (await yoga.fetch('http://127.0.0.1/graphql', init)).json()).data;
      };
      for (const [count, each] of steps.entries()) {
        const { id } = each.of === 0 ? ada : bob;
        if ('write' in each) {
          const change = writes[each.write]?.(sandbox, id, count);
          if (change) await changed(change);
        } else {
          const query = queries[each.query]?.(id) ?? '';
          const expected = await truth(query);
          // The second time it is made of what is remembered, and the third time it is remembered as it was made.
          for (let each = 0; each < 3; each += 1) expect((await ask(query)).data).toEqual(expected);
        }
      }
    }),
    deepRuns(25),
  );
}, 120_000);
