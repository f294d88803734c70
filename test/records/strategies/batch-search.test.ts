import { describe, expect, test } from 'vitest';
import { contactType } from '../../../src/resources/contact/record.ts';
import { dealType } from '../../../src/resources/deal/record.ts';
import { noteType } from '../../../src/resources/note/record.ts';
import { salesAccountType } from '../../../src/resources/sales-account/record.ts';
import { taskType } from '../../../src/resources/task/record.ts';
import { openWorld, type WorldOptions } from '../../world.ts';

/** So many contacts, each with an account, a deal, a task and a note of its own. */
function openContacts(count: number, options: WorldOptions = {}) {
  const world = openWorld({ seed: false, ...options });
  const { sandbox } = world;
  const made = Array.from({ length: count }, (_, index) => {
    const n = index + 1;
    const account = sandbox.put(salesAccountType, {
      name: `Acme ${n}`,
      phone: `+1 ${n}`,
      custom_field: { cf_n: n },
    });
    const contact = sandbox.put(contactType, {
      display_name: `Ada ${n}`,
      email: `ada${n}@acme.example`,
      sales_accounts: [{ id: account.id, name: account.name, is_primary: true }],
    });
    const targetables = [{ type: 'Contact', id: contact.id }];
    sandbox.put(dealType, { name: `Deal ${n}`, contact_ids: [contact.id], sales_account_id: account.id });
    sandbox.put(taskType, { title: `Task ${n}`, targetables });
    sandbox.put(noteType, { description: `Note ${n}`, targetables });
    return { account: account.id, contact: contact.id };
  });
  return { ...world, made };
}

const PAGE = 'GET /contacts/view/31003548176?page=1&per_page=25';
const ACCOUNTS = 'POST /filtered_search/sales_account?page=1&per_page=100';
const CONTACTS = 'POST /filtered_search/contact?page=1&per_page=100';

const contacts = (fields: string, first = 25) =>
  `{ contacts(view: 31003548176, first: ${first}) { nodes { ${fields} } } }`;
const PHONES = contacts('primarySalesAccount { phone }');
const RELATIONS = contacts('deals { nodes { name } } tasks { nodes { title } } notes { nodes { description } }');

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const phones = (count: number) => ({
  contacts: {
    nodes: expect.arrayContaining(numbers(count).map((n) => ({ primarySalesAccount: { phone: `+1 ${n}` } }))),
  },
});
const relations = (count: number) => ({
  contacts: {
    nodes: expect.arrayContaining(
      numbers(count).map((n) => ({
        deals: { nodes: [{ name: `Deal ${n}` }] },
        tasks: { nodes: [{ title: `Task ${n}` }] },
        notes: { nodes: [{ description: `Note ${n}` }] },
      })),
    ),
  },
});

describe('a column that the accounts of a page lack', () => {
  test.each([
    [0, []],
    [1, ['GET /sales_accounts/{id}']],
    [2, [ACCOUNTS]],
    [25, [ACCOUNTS]],
  ])('of %i contacts', async (count, calls) => {
    const { ask, plan, made } = openContacts(count);
    const { upperBoundIfHonoured } = await plan(PHONES);
    const { data, errors, requests } = await ask(PHONES);
    expect(errors).toBeUndefined();
    expect(data).toEqual(phones(count));
    expect(requests).toEqual([
      `${PAGE}&include=sales_accounts`,
      ...calls.map((call) => call.replace('{id}', made[0]?.account ?? '')),
    ]);
    expect(upperBoundIfHonoured).toBe(2);
    expect((await ask(PHONES)).requests).toEqual([]);
  });

  test('of more than a hundred is searched for a hundred at a time', async () => {
    const { ask } = openContacts(120);
    const { data, errors, requests } = await ask(contacts('primarySalesAccount { phone }', 120));
    expect(errors).toBeUndefined();
    expect(data).toEqual(phones(120));
    expect(requests.slice(2)).toEqual([ACCOUNTS, ACCOUNTS]);
  });

  test('comes with the relations that are wanted too', async () => {
    const { ask } = openContacts(2);
    const { errors, requests } = await ask(
      contacts('primarySalesAccount { phone owner { email } tasks { totalCount } }'),
    );
    expect(errors).toBeUndefined();
    expect(requests).toEqual([`${PAGE}&include=sales_accounts`, `${ACCOUNTS}&include=owner,tasks`]);
  });
});

describe('includes that a view does not honour', () => {
  test.each([
    [0, []],
    [1, ['GET /contacts/{id}?include=deals,tasks,notes']],
    [25, [`${CONTACTS}&include=deals,tasks,notes`]],
  ])('for %i contacts', async (count, calls) => {
    const { ask, made } = openContacts(count, { behaviours: { viewsHonour: 'evidence' } });
    const { data, errors, requests } = await ask(RELATIONS);
    expect(errors).toBeUndefined();
    expect(data).toEqual(relations(count));
    expect(requests).toEqual([
      `${PAGE}&include=deals,tasks,notes`,
      ...calls.map((call) => call.replace('{id}', made[0]?.contact ?? '')),
    ]);
  });

  test('are read with each record where a search does not honour them either, and are not searched for again', async () => {
    const { ask, made } = openContacts(3, {
      behaviours: {
        honourIncludes: (endpoint, include) =>
          include === 'deals' ? endpoint.endsWith('{id}') && !endpoint.includes('view') : undefined,
      },
    });
    const single = made.map(({ contact }) => `GET /contacts/${contact}?include=deals`);
    const { data, requests } = await ask(contacts('deals { nodes { name } }'));
    expect(data).toEqual({
      contacts: {
        nodes: expect.arrayContaining(numbers(3).map((n) => ({ deals: { nodes: [{ name: `Deal ${n}` }] } }))),
      },
    });
    expect([requests.slice(0, 2), requests.slice(2).toSorted()]).toEqual([
      [`${PAGE}&include=deals`, `${CONTACTS}&include=deals`],
      single.toSorted(),
    ]);
    const again = await ask(contacts('deals { nodes { name } }'), {}, { 'cache-control': 'no-cache' });
    expect(again.data).toEqual(data);
    expect(again.requests.toSorted()).toEqual([`${PAGE}&include=deals`, ...single].toSorted());
  });

  test('are read with the record alone where it has no address to be found by', async () => {
    const { ask, sandbox } = openContacts(3, { behaviours: { viewsHonour: 'evidence' } });
    const { id } = sandbox.put(contactType, { display_name: 'Nameless', email: null });
    const { errors, requests } = await ask(contacts('deals { totalCount }'));
    expect(errors).toBeUndefined();
    expect(requests.toSorted()).toEqual(
      [`${PAGE}&include=deals`, `${CONTACTS}&include=deals`, `GET /contacts/${id}?include=deals`].toSorted(),
    );
  });
});

describe('a search that does not bring what is wanted', () => {
  const single = (made: readonly { account: string }[]) => made.map(({ account }) => `GET /sales_accounts/${account}`);

  test('costs one call more, once: what thin rows lack is read with each record from then on', async () => {
    const { ask, plan, made } = openContacts(3, { behaviours: { filteredSearchDetail: false } });
    const query = contacts('primarySalesAccount { customFields }');
    const { upperBound } = await plan(query);
    const { errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(requests.slice(0, 2)).toEqual([`${PAGE}&include=sales_accounts`, ACCOUNTS]);
    expect(requests.slice(2).toSorted()).toEqual(single(made).toSorted());
    expect(requests.length).toBeLessThanOrEqual(upperBound ?? 0);
    const again = await ask(query, {}, { 'cache-control': 'no-cache' });
    expect(again.requests.toSorted()).toEqual([`${PAGE}&include=sales_accounts`, ...single(made)].toSorted());
    // What thin rows do have is still searched for.
    const other = await ask(PHONES, {}, { 'cache-control': 'no-cache' });
    expect(other.requests).toEqual([`${PAGE}&include=sales_accounts`, ACCOUNTS]);
  });

  test('leaves the one that it has not found to be read by itself', async () => {
    const { ask, sandbox, made } = openContacts(3);
    const [, gone] = made;
    // Answered as it would be while the index lags behind.
    const rows = made
      .filter((each) => each !== gone)
      .map(({ account }) => sandbox.rows(salesAccountType).find(({ id }) => id === account));
    sandbox.failNext(/filtered_search/, { status: 200, body: { sales_accounts: rows, meta: { total: 2 } } });
    const { data, errors, requests } = await ask(PHONES);
    expect(errors).toBeUndefined();
    expect(data).toEqual(phones(3));
    expect(requests).toEqual([`${PAGE}&include=sales_accounts`, ACCOUNTS, `GET /sales_accounts/${gone?.account}`]);
  });

  test.each([
    ['is refused', { status: 400, body: { errors: { code: 400, message: ['Invalid filter'] } } }, false],
    ['is forbidden', { status: 403, body: {} }, false],
    ['finds nothing', { status: 200, body: {} }, false],
    ['fails', { status: 500, body: {} }, true],
    ['is answered with nonsense', { status: 200, body: [] }, true],
  ])('that %s', async (_how, failure, isTriedAgain) => {
    const { ask, sandbox, made } = openContacts(3);
    sandbox.failNext(/filtered_search/, failure);
    const { data, errors, requests } = await ask(PHONES);
    expect(errors).toBeUndefined();
    expect(data).toEqual(phones(3));
    expect(requests.slice(0, 2)).toEqual([`${PAGE}&include=sales_accounts`, ACCOUNTS]);
    expect(requests.slice(2).toSorted()).toEqual(single(made).toSorted());
    const again = await ask(PHONES, {}, { 'cache-control': 'no-cache' });
    expect(again.requests.slice(1).toSorted()).toEqual(isTriedAgain ? [ACCOUNTS] : single(made).toSorted());
  });

  test('for want of calls is not followed by others that would be refused as well', async () => {
    const { ask, sandbox } = openContacts(3);
    sandbox.failNext(/filtered_search/, { status: 429, body: {} });
    const { data, errors, requests } = await ask(PHONES);
    expect(requests).toEqual([`${PAGE}&include=sales_accounts`, ACCOUNTS]);
    expect(data).toEqual({ contacts: { nodes: Array(3).fill({ primarySalesAccount: { phone: null } }) } });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(Array(3).fill('RATE_LIMITED'));
  });
});

test('a side-load that a search cuts short is brought by one read of each record', async () => {
  const { ask, made, sandbox } = openContacts(2, { behaviours: { viewsHonour: 'evidence', truncateSideloadsAt: 1 } });
  for (const { contact } of made)
    for (const n of [1, 2]) sandbox.put(dealType, { name: `More ${n}`, contact_ids: [contact] });
  const query = contacts('deals { nodes { name } }');
  const { upperBound } = await openContacts(2, { limits: { maxCalls: 1000 } }).plan(query);
  const { data, errors, requests } = await ask(query);
  expect(errors).toBeUndefined();
  expect(
    (data as { contacts: { nodes: { deals: { nodes: object[] } }[] } }).contacts.nodes.map(
      ({ deals }) => deals.nodes.length,
    ),
  ).toEqual([3, 3]);
  expect(requests.slice(0, 2)).toEqual([`${PAGE}&include=deals`, `${CONTACTS}&include=deals`]);
  expect(requests.slice(2, 4).toSorted()).toEqual(
    made.map(({ contact }) => `GET /contacts/${contact}?include=deals`).toSorted(),
  );
  expect(requests.length).toBeLessThanOrEqual(upperBound ?? 0);
});
