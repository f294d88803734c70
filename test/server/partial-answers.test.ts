import { describe, expect, test } from 'vitest';
import { userLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { openOffice } from '../mutations/office.ts';
import { openWorld } from '../world.ts';

const DOWN = { status: 500, body: {} };

type World = Pick<ReturnType<typeof openWorld>, 'ask'>;

/** The answer, with its errors as path, code and record. */
async function answerOf({ ask }: World, query: string) {
  const { data, errors = [], requests } = await ask(query);
  const shown = errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code, extensions?.record]);
  return { data, errors: shown, requests };
}

describe('a value that makes no sense', () => {
  test('is null with an error that names the record, and its siblings arrive', async () => {
    const world = openOffice();
    const row = world.sandbox.get(dealType, '302');
    world.sandbox.put(dealType, { id: '302', ...row, name: null as unknown as string });
    const { data, errors } = await answerOf(world, '{ deals(view: "All Deals") { nodes { id name amount } } }');
    const { nodes } = (data as { deals: { nodes: { id: string; name: string | null; amount: string }[] } }).deals;
    const at = nodes.findIndex(({ id }) => id === 'gid://freshsales/Deal/302');
    expect(nodes[at]).toMatchObject({ name: null, amount: '7.0' });
    expect(nodes.filter(({ name }) => name === null)).toHaveLength(1);
    expect(errors).toEqual([[`deals.nodes.${at}.name`, 'UPSTREAM_ERROR', 'gid://freshsales/Deal/302']]);
  });

  test.each([
    ['created_at', 'createdAt', null],
    ['created_at', 'createdAt', 'soon'],
    ['name', 'name', {}],
    ['recent_note', 'recentNote', ['x']],
  ])('%s as %s, sent as %j', async (column, field, cell) => {
    const world = openOffice();
    world.sandbox.failNext(/deals/, { status: 200, body: { deal: { id: 301, amount: '1', [column]: cell } } });
    expect(await answerOf(world, `{ deal(id: 301) { amount ${field} } }`)).toMatchObject({
      data: { deal: { amount: '1', [field]: null } },
      errors: [[`deal.${field}`, 'UPSTREAM_ERROR', 'gid://freshsales/Deal/301']],
    });
  });

  test('inside a row without an id of its own names the record around it', async () => {
    const world = openOffice();
    const products = [{ id: 1, name: 'Seat', quantity: 'many', unit_price: '5' }];
    world.sandbox.failNext(/deals/, { status: 200, body: { deal: { id: 301, products } } });
    expect(await answerOf(world, '{ deal(id: 301) { products { quantity unitPrice } } }')).toMatchObject({
      data: { deal: { products: [{ quantity: null, unitPrice: '5' }] } },
      errors: [['deal.products.0.quantity', 'UPSTREAM_ERROR', 'gid://freshsales/Deal/301']],
    });
  });
});

describe('a branch that could not be fetched', () => {
  test('is null where it is: one timeline of 25', async () => {
    const world = openWorld();
    const query = '{ contacts(first: 25) { totalCount nodes { id activities(first: 2) { type } } } }';
    const { requests: whole } = await answerOf(openWorld(), query);
    const [, , , third = ''] = whole.filter((line) => line.includes('/activities'));
    world.sandbox.failNext(third.replace(/\?.*/, ''), DOWN, 9);
    const { data, errors, requests } = await answerOf(world, query);
    const { nodes } = (data as { contacts: { nodes: { id: string; activities: object[] | null }[] } }).contacts;
    expect(nodes).toHaveLength(25);
    const failed = nodes.filter(({ activities }) => activities === null);
    expect(failed).toHaveLength(1);
    const at = nodes.findIndex(({ activities }) => activities === null);
    expect(errors).toEqual([[`contacts.nodes.${at}.activities`, 'UPSTREAM_ERROR', failed[0]?.id]]);
    expect(new Set(requests)).toEqual(new Set(whole));
  });

  test('leaves the other root fields alone: an unknown view', async () => {
    const { data, errors } = await answerOf(
      openOffice(),
      '{ deals(view: "Nobody’s deals") { nodes { id } } contact(id: 101) { displayName } }',
    );
    expect(data).toEqual({ deals: null, contact: { displayName: 'Ada Byron' } });
    expect(errors).toEqual([['deals', 'BAD_USER_INPUT', undefined]]);
  });

  test('is one error for each field that a lookup leaves null, and the lookup is tried once', async () => {
    const world = openOffice({ behaviours: { viewsHonour: 'evidence' } });
    world.sandbox.failNext(/selector\/owners/, DOWN, 9);
    const { data, errors, requests } = await answerOf(
      world,
      '{ a: contact(id: 101) { owner { email } } b: contact(id: 101) { firstName owner { mobileNumber } } }',
    );
    expect(data).toMatchObject({ b: { firstName: 'Ada' } });
    expect(errors.every(([path]) => /^[ab]\.owner/.test(String(path)))).toBe(true);
    expect(requests.filter((line) => line.includes('selector/owners')).length).toBeLessThanOrEqual(3);
  });

  test('leaves the pages of a list that were read, and the list goes on where it stopped', async () => {
    const world = openWorld();
    const page = (after = '') =>
      `{ contacts(first: 300${after}) { totalCount pageInfo { hasNextPage endCursor } nodes { id } } }`;
    const whole = await answerOf(openWorld(), page());
    world.sandbox.failNext(/view.*[?&]page=2\b/, DOWN);
    const { data, errors } = await answerOf(world, page());
    type Contacts = {
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
      nodes: { id: string }[];
    };
    const { contacts } = data as { contacts: Contacts };
    expect(contacts.nodes.length).toBeGreaterThanOrEqual(100);
    expect(contacts).toMatchObject({
      totalCount: (whole.data as { contacts: Contacts }).contacts.totalCount,
      pageInfo: { hasNextPage: true },
    });
    expect(errors).toEqual([['contacts', 'UPSTREAM_ERROR', undefined]]);
    const { data: next, errors: none } = await answerOf(world, page(`, after: "${contacts.pageInfo.endCursor}"`));
    const rest = (next as { contacts: Contacts }).contacts.nodes;
    expect(none).toEqual([]);
    const ids = new Set([...contacts.nodes, ...rest].map(({ id }) => id));
    for (const { id } of (whole.data as { contacts: Contacts }).contacts.nodes) expect(ids).toContain(id);
  });

  test('is the record itself, if it cannot be read', async () => {
    const world = openOffice();
    world.sandbox.failNext(/contacts\/101/, DOWN, 9);
    expect(await answerOf(world, '{ contact(id: 101) { id firstName } deal(id: 302) { name } }')).toMatchObject({
      data: { contact: null, deal: { name: 'Renewal' } },
      errors: [['contact', 'UPSTREAM_ERROR', 'gid://freshsales/Contact/101']],
    });
  });

  test('is null in a list of nodes, as is a missing record', async () => {
    const world = openOffice();
    world.sandbox.failNext(/deals\/301/, DOWN, 9);
    const gids = ['Contact/101', 'Deal/301', 'Contact/999'].map((id) => `gid://freshsales/${id}`);
    expect(await answerOf(world, `{ nodes(ids: ${JSON.stringify(gids)}) { id } }`)).toMatchObject({
      data: { nodes: [{ id: gids[0] }, null, null] },
      errors: [
        ['nodes.1', 'UPSTREAM_ERROR', gids[1]],
        ['nodes.2', 'NOT_FOUND', gids[2]],
      ],
    });
  });
});

describe('a record whose extra columns could not be fetched', () => {
  /** Deals that a view returns without their accounts, and accounts without what is asked of them. */
  function openPartial() {
    const world = openWorld({ behaviours: { viewsHonour: 'evidence' } });
    const [deal] = world.sandbox.rows(dealType).filter(({ sales_account_id }) => sales_account_id);
    if (!deal) throw new Error('the sandbox has no deals');
    return { ...world, deal };
  }

  test('keeps those it has', async () => {
    const { deal, sandbox, ask } = openPartial();
    sandbox.failNext(/sales_accounts\/|filtered_search|sales_accounts\?/, DOWN, 50);
    const query = `{ deal(id: ${deal.id}) { name salesAccount { id name phone tags customFields } } }`;
    const { data, errors } = await answerOf({ ask }, query);
    const account = sandbox.get(salesAccountType, String(deal.sales_account_id));
    const record = `gid://freshsales/SalesAccount/${account?.id}`;
    expect(data).toEqual({
      deal: {
        name: deal.name,
        salesAccount: { id: record, name: account?.name, phone: null, tags: [], customFields: {} },
      },
    });
    const lost = ['customFields', 'phone', 'tags'];
    expect(errors.toSorted()).toEqual(lost.map((field) => [`deal.salesAccount.${field}`, 'UPSTREAM_ERROR', record]));
  });

  test('keeps its relations that came, and is not read again for each of the others', async () => {
    const world = openOffice({ behaviours: { writesHonourIncludes: false } });
    world.sandbox.failNext(/^GET/, DOWN, 9);
    const { data, errors, requests } = await answerOf(
      world,
      'mutation { updateContact(id: 101, input: { city: "x" }) { contact { city owner { email } deals { nodes { name } } tasks { nodes { title } } } userErrors { code } } }',
    );
    expect(data).toMatchObject({
      updateContact: { contact: { city: 'x', owner: null, deals: null, tasks: null }, userErrors: [] },
    });
    expect(errors.map(([path]) => path).toSorted()).toEqual(
      ['deals', 'owner', 'tasks'].map((field) => `updateContact.contact.${field}`),
    );
    expect(new Set(errors.map(([, , record]) => record))).toEqual(new Set(['gid://freshsales/Contact/101']));
    expect(requests.filter((line) => line.startsWith('GET'))).toHaveLength(1);
  });

  test('stays in its list with its id, if nothing else is known', async () => {
    const world = openOffice();
    world.sandbox.put(dealType, { id: '303', name: 'Small one', contact_ids: ['101'] });
    world.sandbox.failNext(/contacts\/101/, {
      status: 200,
      body: { contact: { id: 101, deal_ids: [301, 303] }, deals: [{ id: 301, name: 'Big one' }] },
    });
    world.sandbox.failNext(/deals/, DOWN, 9);
    const { data, errors } = await answerOf(world, '{ contact(id: 101) { deals { nodes { id name } } } }');
    expect(data).toEqual({
      contact: {
        deals: {
          nodes: [
            { id: 'gid://freshsales/Deal/301', name: 'Big one' },
            { id: 'gid://freshsales/Deal/303', name: null },
          ],
        },
      },
    });
    expect(errors).toEqual([['contact.deals.nodes.1.name', 'UPSTREAM_ERROR', 'gid://freshsales/Deal/303']]);
  });
});

describe('mutations', () => {
  test('report a record that cannot be read after the change', async () => {
    const world = openOffice({ behaviours: { writesHonourIncludes: false } });
    world.sandbox.failNext(/^GET/, { status: 404, body: { errors: { code: 404, message: ['Not here'] } } });
    const { data, errors } = await answerOf(
      world,
      'mutation { updateContact(id: 101, input: { city: "x" }) { contact { city tasks { totalCount } } userErrors { code } } }',
    );
    expect(data).toEqual({ updateContact: { contact: null, userErrors: [] } });
    expect(errors).toEqual([['updateContact.contact', 'NOT_FOUND', 'gid://freshsales/Contact/101']]);
  });

  test('the first result survives the failure of the second', async () => {
    const world = openOffice();
    world.sandbox.failNext(/^PUT.*deals/, DOWN, 9);
    const { data, errors } = await answerOf(
      world,
      'mutation { updateContact(id: 101, input: { city: "x" }) { contact { city } } updateDeal(id: 301, input: { name: "y" }) { deal { name } } }',
    );
    expect(data).toEqual({ updateContact: { contact: { city: 'x' } }, updateDeal: null });
    expect(errors).toEqual([['updateDeal', 'UPSTREAM_ERROR', 'gid://freshsales/Deal/301']]);
    expect(world.sandbox.get(contactType, '101')?.city).toBe('x');
  });
});

test('a field that is null only on error has an error, whatever Freshsales leaves out', async () => {
  const world = openOffice();
  const [user] = world.sandbox.rows(userLookup);
  world.sandbox.failNext(/owners/, { status: 200, body: { users: [{ id: user?.id, display_name: null }] } });
  expect(await answerOf(world, '{ owners { displayName isActive } }')).toMatchObject({
    data: { owners: [{ displayName: null, isActive: null }] },
    errors: [['owners.0.isActive', 'UPSTREAM_ERROR', `gid://freshsales/User/${user?.id}`]],
  });
});
