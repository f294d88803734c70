import { describe, expect, test } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openWorld, type WorldOptions } from '../world.ts';

/** One contact with a company, three deals, three tasks and three notes. */
function openContact(options: WorldOptions = {}) {
  const world = openWorld({ seed: false, ...options });
  const { sandbox } = world;
  const account = sandbox.put(salesAccountType, { name: 'Acme', phone: '+1 555', website: 'acme.example' });
  const contact = sandbox.put(contactType, {
    display_name: 'Ada',
    email: 'ada@acme.example',
    sales_accounts: [{ id: account.id, name: account.name, is_primary: true }],
  });
  const targetables = [{ type: 'Contact', id: contact.id }];
  const three = [1, 2, 3];
  const deals = three.map((n) =>
    sandbox.put(dealType, { name: `Deal ${n}`, amount: '1.0', contact_ids: [contact.id], tags: ['x'] }),
  );
  const tasks = three.map((n) => sandbox.put(taskType, { title: `Task ${n}`, targetables }));
  const notes = three.map((n) => sandbox.put(noteType, { description: `Note ${n}`, targetables }));
  return { ...world, account, contact, deals, tasks, notes };
}

const view = 'GET /contacts/view/31003548176?page=1&per_page=25';
const query =
  '{ contacts(view: 31003548176) { nodes { deals { nodes { name } } tasks { nodes { title } } notes { nodes { description } } } } }';
const names = (field: string, word: string) => ({ nodes: [1, 2, 3].map((n) => ({ [field]: `${word} ${n}` })) });
const whole = {
  contacts: {
    nodes: [{ deals: names('name', 'Deal'), tasks: names('title', 'Task'), notes: names('description', 'Note') }],
  },
};

describe('an include that a view does not honour', () => {
  test('is seen in the answer, and the record is read once with all that it lacks', async () => {
    const { ask, contact } = openContact({ behaviours: { viewsHonour: 'evidence' } });
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual(whole);
    expect(requests).toEqual([
      `${view}&include=deals,tasks,notes`,
      `GET /contacts/${contact.id}?include=deals,tasks,notes`,
    ]);
  });

  test('costs nothing for relations that are honoured', async () => {
    const { ask } = openContact({ behaviours: { viewsHonour: 'evidence' } });
    const { requests } = await ask(
      '{ contacts(view: 31003548176) { nodes { owner { displayName } salesAccounts { nodes { name } } } } }',
    );
    expect(requests).toEqual([`${view}&include=owner,sales_accounts`]);
  });
});

describe('a record in the recycle bin, which cannot be read by itself', () => {
  const binned = (fields: string) => `{ contactViews { name contacts { nodes { displayName ${fields} } } } }`;
  const inBin = (data: unknown) =>
    (data as { contactViews: { name: string; contacts: { nodes: object[] } }[] }).contactViews.find(
      ({ name }) => name === 'Recycle Bin',
    )?.contacts.nodes;

  const openBin = (options: WorldOptions = {}) => {
    const world = openContact(options);
    const { id } = world.sandbox.put(contactType, {
      display_name: 'Bob',
      email: 'bob@acme.example',
      is_deleted: true,
    });
    return { ...world, id };
  };

  test('is shown with what its view brings', async () => {
    const { data, errors } = await openBin().ask(binned('updater { displayName } deals { nodes { name } }'));
    expect(errors).toBeUndefined();
    expect(inBin(data)).toEqual([
      { displayName: 'Bob', updater: { displayName: 'Alex Morgan' }, deals: { nodes: [] } },
    ]);
  });

  test('stays where its view has cut a side-load short, and is not read in vain', async () => {
    const { ask, id, sandbox } = openBin({ behaviours: { truncateSideloadsAt: 1 } });
    for (const n of [1, 2, 3]) sandbox.put(dealType, { name: `His ${n}`, contact_ids: [id] });
    const { data, errors, requests } = await ask(binned('deals { nodes { name } }'));
    expect(errors).toBeUndefined();
    expect(inBin(data)).toEqual([{ displayName: 'Bob', deals: names('name', 'His') }]);
    expect(requests.filter((each) => each.includes(`contacts/${id}`))).toEqual([]);
  });

  test('is not left out where its view does not bring a relation, which is told, and costs no call', async () => {
    const { ask, id } = openBin({ behaviours: { viewsHonour: 'evidence' } });
    const { data, errors, requests } = await ask(binned('updater { displayName } deals { nodes { name } }'));
    expect(inBin(data)).toEqual([{ displayName: 'Bob', updater: null, deals: { nodes: [] } }]);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['NOT_AVAILABLE']);
    expect(requests.filter((each) => each.includes(id))).toEqual([]);
  });
});

describe('a side-load that is cut short', () => {
  test('is seen in the ids, and brought by one read of the record for all relations, then row by row', async () => {
    const { ask, contact, deals } = openContact({ behaviours: { truncateSideloadsAt: 1 } });
    const { data, errors, requests } = await ask(
      '{ contacts(view: 31003548176) { nodes { deals { nodes { name } } tasks { nodes { title } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      contacts: { nodes: [{ deals: names('name', 'Deal'), tasks: names('title', 'Task') }] },
    });
    expect(requests.slice(0, 2)).toEqual([
      `${view}&include=deals,tasks`,
      `GET /contacts/${contact.id}?include=deals,tasks`,
    ]);
    expect(requests).toContain(`GET /deals/${deals[1]?.id}`);
    expect(requests).toHaveLength(6);
  });

  test('one missing row is read by itself', async () => {
    const { ask, deals } = openContact({ behaviours: { truncateSideloadsAt: 2 } });
    const { requests } = await ask('{ contacts(view: 31003548176) { nodes { deals { nodes { name } } } } }');
    expect(requests).toEqual([`${view}&include=deals`, `GET /deals/${deals[2]?.id}`]);
  });

  test('only the rows of the slice are missed', async () => {
    const { ask } = openContact({ behaviours: { truncateSideloadsAt: 1 } });
    const { data, requests } = await ask(
      '{ contacts(view: 31003548176) { nodes { deals(first: 1) { totalCount nodes { name } } } } }',
    );
    expect(data).toEqual({ contacts: { nodes: [{ deals: { totalCount: 3, nodes: [{ name: 'Deal 1' }] } }] } });
    expect(requests).toEqual([`${view}&include=deals`]);
  });
});

describe('a column that a row which came along does not have', () => {
  test('of an account is fetched, never shown as null', async () => {
    const { ask, account } = openContact();
    const { data, requests } = await ask(
      '{ contacts(view: 31003548176) { nodes { primarySalesAccount { name phone } } } }',
    );
    expect(data).toEqual({ contacts: { nodes: [{ primarySalesAccount: { name: 'Acme', phone: '+1 555' } }] } });
    expect(requests).toEqual([`${view}&include=sales_accounts`, `GET /sales_accounts/${account.id}`]);
  });

  test('of a reduced deal is fetched, once for each deal', async () => {
    const { ask, deals } = openContact();
    const { data, requests } = await ask(
      '{ contacts(view: 31003548176) { nodes { deals { nodes { tags stage { name } } } } } }',
    );
    expect(data).toMatchObject({
      contacts: { nodes: [{ deals: { nodes: [{ tags: ['x'] }, { tags: ['x'] }, { tags: ['x'] }] } }] },
    });
    expect(requests).toEqual([`${view}&include=deals`, ...deals.map(({ id }) => `GET /deals/${id}`)]);
  });

  test('is not fetched where it is there', async () => {
    const { ask } = openContact();
    const { requests } = await ask(
      '{ contacts(view: 31003548176) { nodes { deals { nodes { name amount customFields probability createdAt } } } } }',
    );
    expect(requests).toEqual([`${view}&include=deals`]);
  });
});

test('without transitive side-loads, stages and owners come from the lists, once', async () => {
  const { ask } = openContact({ behaviours: { transitive: false } });
  const { errors, requests } = await ask(
    '{ contacts(view: 31003548176) { nodes { deals { nodes { stage { name } pipeline { name } } } } } }',
  );
  expect(errors).toBeUndefined();
  expect(requests.toSorted()).toEqual([
    `${view}&include=deals`,
    'GET /selector/deal_pipelines',
    'GET /selector/deal_stages',
  ]);
});

test('notes of an account are read below it, where its include is not honoured', async () => {
  const { ask, account, sandbox } = openContact();
  sandbox.put(noteType, {
    description: 'Note <b>1</b> 🎉',
    targetables: [{ type: 'SalesAccount', id: account.id }],
  });
  const { data, errors, requests } = await ask(
    `{ salesAccount(id: ${account.id}) { notes { totalCount nodes { description } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ salesAccount: { notes: { totalCount: 1, nodes: [{ description: 'Note <b>1</b> 🎉' }] } } });
  expect(requests).toEqual([
    `GET /sales_accounts/${account.id}?include=notes`,
    `GET ../sales_accounts/${account.id}/notes?include=creater&page=1&per_page=100`,
  ]);
});

test('tokens that Freshsales sends with deals do not get past the client', async () => {
  const { sandbox, deals } = openContact();
  const { baseURL, fetch } = sandbox;
  const id = deals[0]?.id ?? '';
  const sent = await (await fetch(`${baseURL}/deals/${id}`, { headers: { authorization: 'Token token=k' } })).text();
  const read = await createFreshsales({ baseURL, apiKey: 'k', fetch }).for({}).get(dealType, id);
  expect(sent).toContain('token');
  expect(JSON.stringify(read)).not.toMatch(/token|collaboration/);
});
