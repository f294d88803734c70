import { describe, expect, test } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { createServer } from '../../src/server/create-server.ts';
import { openOffice } from '../access/office.ts';
import { openPair, ownerAndDeals, page } from '../quota/pair.ts';

/** Its plan expects reads of tasks, whatever is cached: if its cost is 0, it was neither planned nor run. */
const query = page(
  'displayName tasks { nodes { collaborators { id } } } deals { nodes { name owner { displayName } } }',
  ', first: 2',
);

const read = { cost: { actualQueryCost: 1 } };
const run = { cost: { requestedQueryCost: expect.not.toSatisfy((cost: number) => cost === 0), actualQueryCost: 0 } };
const repeated = { cost: { requestedQueryCost: 0, actualQueryCost: 0, savedByCache: 1 } };

describe('a query that was answered from the cache', () => {
  test('is neither planned nor run again, and reports the current cost', async () => {
    const { ask, account } = openPair();
    const answers = [await ask(query), await ask(query), await ask(query)];
    expect(answers.map(({ extensions }) => extensions)).toMatchObject([read, run, repeated]);
    expect(answers.map(({ data }) => data)).toEqual(Array(3).fill(answers[0]?.data));
    await account.freshsales.for({}).get(contactType, '4711');
    const { extensions } = await ask(query);
    expect(extensions).toMatchObject({ ...repeated, cost: { windows: [{ name: 'hour', remaining: 998 }, {}] } });
  });

  test.each([
    ['no-cache', { 'cache-control': 'no-cache' }, { cost: { actualQueryCost: 1, savedByCache: 0 } }],
    ['a dry run', { 'x-freshsales-dry-run': '1' }, { plan: { allowed: true } }],
    ['explain', { 'x-freshsales-explain': '1' }, { ...run, calls: [{ method: 'GET', cached: true }] }],
  ])('is run again for %s', async (_what, headers, extensions) => {
    const { ask } = openPair();
    for (let each = 0; each < 3; each += 1) await ask(query);
    expect((await ask(query, {}, headers as unknown as Record<string, string>)).extensions).toMatchObject(extensions);
  });

  test('is identified by its variables and operation name', async () => {
    const { ask, ada, bob } = openPair();
    const contact = 'query One($id: ID!) { contact(id: $id) { displayName } } query Other { owners { displayName } }';
    for (const { id, display_name } of [ada, bob, ada, bob, ada, bob])
      expect((await ask(contact.slice(0, contact.indexOf(' query Other')), { id })).data).toEqual({
        contact: { displayName: display_name },
      });
  });

  test('is run again where it selects live values', async () => {
    const { ask, account } = openPair();
    const moment = `{ ...Now contacts(view: 31003548176) { nodes { displayName } } } fragment Now on Query { rateLimit { used } viewer { name } }`;
    for (let each = 0; each < 3; each += 1) await ask(moment);
    await account.freshsales.for({}).get(contactType, '4711');
    const used = account.ledger.hour.used;
    expect((await ask(moment)).data).toMatchObject({ rateLimit: { used } });
  });
});

describe('a cached result is dropped', () => {
  test('when the first of its responses expires', async () => {
    const { ask, pass, sandbox, ada } = openPair();
    await ask(query);
    pass(40);
    for (let each = 0; each < 2; each += 1) await ask(query);
    sandbox.put(contactType, { ...ada, display_name: 'Augusta' });
    pass(19);
    expect(await ask(query)).toMatchObject({ extensions: repeated, data: { contacts: { nodes: [{}, {}] } } });
    pass(2);
    const { data, extensions } = await ask(query);
    expect(extensions).toMatchObject(read);
    expect(JSON.stringify(data)).toContain('Augusta');
  });

  test('with a write of any operation', async () => {
    const { ask, ada } = openPair();
    for (let each = 0; each < 3; each += 1) await ask(query);
    await ask('mutation($id: ID!) { updateContact(id: $id, input: { firstName: "Augusta" }) { contact { id } } }', {
      id: ada.id,
    });
    expect((await ask(query)).extensions).toMatchObject(read);
  });

  test('when a newer response exists', async () => {
    const { ask, sandbox, deal } = openPair();
    const all = page(ownerAndDeals);
    for (let each = 0; each < 3; each += 1) await ask(all);
    sandbox.put(dealType, { ...deal, name: 'Engine No. 2' });
    await ask(all, {}, { 'cache-control': 'no-cache' });
    const { data, requests } = await ask(all);
    expect(requests).toEqual([]);
    expect(JSON.stringify(data)).toContain('Engine No. 2');
  });
});

describe('callers', () => {
  test('each see what they may see, and each repetition is audited', async () => {
    const deals = 'grants:\n  contacts: { access: read';
    const rest = '}\n  deals: read\n  users: read\n  settings: read';
    const { ask, sandbox, audited } = await openOffice({
      All: `${deals} ${rest}`,
      Own: `${deals}, owner: "31000001" ${rest}`,
    });
    const contacts = '{ contacts(first: 5) { nodes { databaseId } } }';
    const shown = async (name: string) => {
      const { data, errors } = await ask(name, contacts);
      expect(errors).toBeUndefined();
      return data;
    };
    const [all, own] = [await shown('All'), await shown('Own')];
    expect(all).not.toEqual(own);
    for (let each = 0; each < 3; each += 1) {
      expect(await shown('All')).toEqual(all);
      expect(await shown('Own')).toEqual(own);
    }
    const calls = sandbox.requests.length;
    await shown('All');
    expect(sandbox.requests).toHaveLength(calls);
    const lines = audited().filter(({ caller }) => caller === 'All');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line).toMatchObject({ decision: 'allowed', reads: lines[0]?.reads });
  });
});

describe('no result is cached', () => {
  test('for a response with errors', async () => {
    const { ask, sandbox } = openPair();
    const partial = '{ contacts(view: 31003548176) { nodes { displayName } } contact(id: "no id") { displayName } }';
    for (let each = 0; each < 3; each += 1) {
      const { data, errors } = await ask(partial);
      expect(data).toMatchObject({ contacts: { nodes: [{}, {}] }, contact: null });
      expect(errors).toHaveLength(1);
    }
    expect(sandbox.requests).toHaveLength(1);
  });

  test('without a cache', async () => {
    const { sandbox } = openPair();
    const { baseURL, fetch } = sandbox;
    const ledger = createAccountLedger();
    const account = { freshsales: createFreshsales({ baseURL, fetch, apiKey: 'k', ledger }), ledger };
    const yoga = createServer({ connect: () => account });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
    for (let each = 0; each < 3; each += 1) await yoga.fetch('http://127.0.0.1/graphql', init);
    expect(sandbox.requests).toHaveLength(3);
  });
});
