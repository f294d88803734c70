import { describe, expect, test } from 'vitest';
import { dealType } from '../../src/resources/deal/record.ts';
import { openPair, ownerAndDeals, page, view } from '../quota/pair.ts';

describe('a write', () => {
  test.each([
    (id: string) => `{ contact(id: ${id}) { tags } }`,
    () => page('displayName'),
    () => '{ search(query: "ad", types: [CONTACT]) { name } }',
    () => '{ lookup(field: NAME, value: "Ada", types: [CONTACT]) { ... on Contact { displayName } } }',
    () => '{ filterContacts(where: [{ attribute: "name", operator: IS, value: "Ada" }]) { nodes { displayName } } }',
    (id: string) => `{ contact(id: ${id}) { activities { type } } }`,
  ])('invalidates the record and every list of its type: %s', async (query) => {
    const { calls, changed, ada } = openPair();
    const before = await calls(query(ada.id));
    expect(await calls(query(ada.id))).toEqual([]);
    await changed({ ids: [ada.id] });
    expect(await calls(query(ada.id))).toEqual(before);
  });

  test('keeps unrelated responses', async () => {
    const { calls, changed, ada, bob, deal, company } = openPair();
    const others = [
      `{ contact(id: ${bob.id}) { displayName } }`,
      `{ salesAccount(id: ${company.id}) { name } }`,
      '{ deals(view: 31003548187) { nodes { name } } }',
      `{ deal(id: ${deal.id}) { name } }`,
      '{ owners { id } contactViews { id } }',
    ];
    for (const query of others) await calls(query);
    await changed({ ids: [ada.id] });
    for (const query of others) expect(await calls(query)).toEqual([]);
  });

  test('invalidates pages of another type that contain or mention the record', async () => {
    const { calls, changed, deal, sandbox } = openPair();
    await calls(page(ownerAndDeals));
    sandbox.put(dealType, { ...deal, name: 'Engine No. 2' });
    await changed({ type: 'Deal', path: 'deals', ids: [deal.id] });
    expect(await calls(page(ownerAndDeals))).toHaveLength(1);
    sandbox.remove(dealType, deal.id);
    await changed({ type: 'Deal', path: 'deals', ids: [deal.id], action: 'delete' });
    expect(await calls(page('displayName deals { totalCount }'))).toHaveLength(1);
  });

  test('invalidates responses that embed or count the record', async () => {
    const { calls, changed, ada, bob } = openPair();
    const of = (id: string) => `{ contact(id: ${id}) { deals { totalCount } } }`;
    await calls(of(ada.id));
    await calls(of(bob.id));
    await changed({
      type: 'Deal',
      path: 'deals',
      ids: ['77'],
      touched: [{ type: 'Contact', id: bob.id }],
      action: 'create',
    });
    expect(await calls(of(ada.id))).toEqual([]);
    expect(await calls(of(bob.id))).toHaveLength(1);
  });

  test('of unknown records invalidates every response with that type', async () => {
    const { calls, changed, ada, company } = openPair();
    await calls(`{ contact(id: ${ada.id}) { displayName } }`);
    await calls(`{ salesAccount(id: ${company.id}) { name } }`);
    await changed({ action: 'bulkUpsert' });
    expect(await calls(`{ contact(id: ${ada.id}) { displayName } }`)).toHaveLength(1);
    expect(await calls(`{ salesAccount(id: ${company.id}) { name } }`)).toEqual([]);
  });

  test('invalidates that a record is missing', async () => {
    const { calls, changed } = openPair();
    const query = '{ contact(id: 99999999999) { displayName } }';
    await calls(query);
    await changed({ ids: ['99999999999'], action: 'restore' });
    expect(await calls(query)).toHaveLength(1);
  });
});

describe('a response in flight during a write', () => {
  const slowly = (name: string, id: string) => ({
    status: 200,
    body: { contacts: [{ id: Number(id), display_name: name }], meta: { total: 1 } },
    delay: 100,
  });

  test('is returned to earlier callers, and not cached', async () => {
    const { calls, ask, changed, ada, sandbox } = openPair();
    sandbox.failNext(/view/, slowly('as it was', ada.id));
    const before = ask(page('displayName'));
    await expect.poll(() => sandbox.requests.length).toBe(1);
    await changed({ ids: [ada.id] });
    expect((await before).data).toEqual({ contacts: { nodes: [{ displayName: 'as it was' }] } });
    expect(await calls(page('displayName'))).toEqual([`GET /contacts/view/${view}?page=1&per_page=25`]);
  });

  test('is not joined by later callers', async () => {
    const { ask, changed, ada, sandbox } = openPair();
    sandbox.failNext(/view/, slowly('as it was', ada.id));
    const before = ask(page('displayName'));
    await expect.poll(() => sandbox.requests.length).toBe(1);
    await changed({ ids: [ada.id] });
    const { data } = await ask(page('displayName'));
    expect(data).toMatchObject({ contacts: { nodes: [{ displayName: 'Ada' }, { displayName: 'Bob' }] } });
    await before;
  });
});
