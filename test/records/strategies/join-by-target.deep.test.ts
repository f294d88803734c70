import { describe, expect, test } from 'vitest';
import { dealType } from '../../../src/resources/deal/record.ts';
import { taskType } from '../../../src/resources/task/record.ts';
import { isDeep } from '../../property.ts';
import { NEW, onRecordsOnly, openCrowd, page, search, VIEWS } from '../crowd.ts';

const TASKS = ['GET /tasks?page=1&per_page=100&filter=open', 'GET /tasks?page=1&per_page=100&filter=completed'];
const MEETINGS = [
  'GET /appointments?page=1&per_page=100&filter=past',
  'GET /appointments?page=1&per_page=100&filter=upcoming',
];

const contacts = (fields: string, first = 25) =>
  `{ contacts(view: ${VIEWS.contacts}, first: ${first}) { nodes { displayName ${fields} } } }`;
const accounts = (fields: string, first = 25) =>
  `{ salesAccounts(view: ${VIEWS.sales_accounts}, first: ${first}) { nodes { name ${fields} } } }`;
const deals = (fields: string, first = 25) =>
  `{ deals(view: ${VIEWS.deals}, first: ${first}) { nodes { name ${fields} } } }`;

const tasks = 'tasks { nodes { title status } }';

/** Whatever order rows of a relation come in. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted).toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sorted(each)]))
      : value;

/** The answer of an account that honours everything. */
async function honest(query: string, count: number) {
  const { data } = await openCrowd(count).ask(query);
  return sorted(data);
}

describe('tasks and appointments that neither the view nor a search brings are joined from their lists', () => {
  test.each([
    ['of contacts', contacts, page('contacts', 'tasks'), search('contact', 'tasks')],
    ['of accounts', accounts, page('sales_accounts', 'tasks'), search('sales_account', 'tasks')],
    ['of deals', deals, page('deals', 'tasks,sales_account'), search('deal', 'tasks')],
  ])('%s', async (_of, list, first, vain) => {
    const { ask } = openCrowd(25, { behaviours: { honourIncludes: onRecordsOnly('tasks') } });
    const query = list(tasks);
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(sorted(data)).toEqual(await honest(query, 25));
    expect(requests).toEqual([first, ...(vain ? [vain] : []), ...TASKS]);
    expect((await ask(query)).requests).toEqual([]);
  });

  test('both at once, and what was in vain is not tried again', async () => {
    const { ask } = openCrowd(25, { behaviours: { honourIncludes: onRecordsOnly('tasks', 'appointments') } });
    const query = contacts(`${tasks} appointments { nodes { title } }`);
    const { data, requests } = await ask(query);
    expect(sorted(data)).toEqual(await honest(query, 25));
    const first = page('contacts', 'tasks,appointments');
    expect(requests).toEqual([first, search('contact', 'tasks,appointments'), ...TASKS, ...MEETINGS]);
    expect((await ask(query, {}, NEW)).requests).toEqual([first, ...TASKS, ...MEETINGS]);
  });

  test('of a list with more than a page, as long as that costs less than single reads', async () => {
    const { ask } = openCrowd(60, { behaviours: { honourIncludes: onRecordsOnly('tasks') } });
    const { errors, requests, data } = await ask(contacts(tasks, 60));
    expect(errors).toBeUndefined();
    expect(requests.slice(2)).toEqual(TASKS);
    expect(sorted(data)).toEqual(await honest(contacts(tasks, 60), 60));
  });
});

describe('single reads are cheaper', () => {
  const single = (requests: readonly string[]) => requests.filter((each) => /^GET \/contacts\/\d+\?/.test(each));

  test('for a few records', async () => {
    const { ask } = openCrowd(7, { behaviours: { honourIncludes: onRecordsOnly('tasks') } });
    const { errors, requests } = await ask(contacts(tasks));
    expect(errors).toBeUndefined();
    expect(requests.slice(0, 2)).toEqual([page('contacts', 'tasks'), search('contact', 'tasks')]);
    expect(single(requests)).toHaveLength(7);
    expect(requests).toHaveLength(9);
  });

  test('unless the lists are known to be short', async () => {
    const { ask } = openCrowd(7, { behaviours: { honourIncludes: onRecordsOnly('tasks') } });
    await ask('{ open: tasks(filter: OPEN) { totalCount } completed: tasks(filter: COMPLETED) { totalCount } }');
    const { errors, requests } = await ask(contacts(tasks));
    expect(errors).toBeUndefined();
    expect(requests).toEqual([page('contacts', 'tasks'), search('contact', 'tasks'), ...TASKS]);
  });

  test('where the lists are long, which is found out once', async () => {
    const { ask, sandbox } = openCrowd(8, { behaviours: { honourIncludes: onRecordsOnly('tasks') } });
    for (let index = 0; index < 500; index += 1) sandbox.put(taskType, { title: `Other ${index}`, status: 0 });
    const { errors, requests } = await ask(contacts(tasks));
    expect(errors).toBeUndefined();
    expect(requests.slice(2, 4)).toEqual(TASKS);
    expect(single(requests)).toHaveLength(8);
    const again = await ask(contacts(tasks), {}, NEW);
    expect(again.requests[0]).toBe(page('contacts', 'tasks'));
    expect([single(again.requests).length, again.requests.length]).toEqual([8, 9]);
  });

  test('where something else is lacking, too', async () => {
    const { ask } = openCrowd(25, { behaviours: { honourIncludes: onRecordsOnly('tasks', 'notes') } });
    const { errors, requests } = await ask(contacts(`${tasks} notes { nodes { description } }`));
    expect(errors).toBeUndefined();
    expect(requests).toHaveLength(2 + 25);
  });
});

describe('lists that do not hold together are not believed', () => {
  const behaviours = { honourIncludes: onRecordsOnly('tasks', 'appointments') };

  test('where a row does not say what it is about', async () => {
    const { ask, sandbox } = openCrowd(25, { behaviours });
    const body = { tasks: [{ id: 1, title: 'Of whom?', status: 0 }], meta: { total: 1 } };
    sandbox.failNext(/^GET \/tasks/, { status: 200, body });
    const { data, errors, requests } = await ask(contacts(tasks));
    expect(errors).toBeUndefined();
    expect(sorted(data)).toEqual(await honest(contacts(tasks), 25));
    expect(requests).toHaveLength(2 + 2 + 25);
    expect((await ask(contacts(tasks), {}, NEW)).requests).toHaveLength(1 + 25);
  });

  test('where two lists that exclude each other hold the same rows (QUIRKS 40)', async () => {
    const { ask, sandbox } = openCrowd(25, { behaviours });
    const past = sandbox.fetch(`${sandbox.baseURL}/appointments?filter=past&per_page=100`, {
      headers: { authorization: 'Token token=key' },
    });
    const body: unknown = await (await past).json();
    sandbox.failNext(/^GET \/appointments.*upcoming/, { status: 200, body });
    const query = contacts('appointments { nodes { title } }');
    const { data, requests } = await ask(query);
    expect(sorted(data)).toEqual(await honest(query, 25));
    expect(requests).toHaveLength(2 + 2 + 25);
  });

  test.each([403, 404, 500])('where a list is answered with %i', async (status) => {
    const { ask, sandbox } = openCrowd(25, { behaviours });
    sandbox.failNext(/^GET \/tasks/, { status, body: {} });
    const { data, errors } = await ask(contacts(tasks));
    expect(errors).toBeUndefined();
    expect(sorted(data)).toEqual(await honest(contacts(tasks), 25));
  });

  test('and a lack of calls ends it at once', async () => {
    const { ask, sandbox } = openCrowd(25, { behaviours });
    sandbox.failNext(/^GET \/tasks/, { status: 429, body: {} });
    const { errors, requests } = await ask(contacts(tasks));
    expect(errors?.[0]?.extensions?.code).toBe('RATE_LIMITED');
    expect(requests.filter((each) => /contacts\/\d+\?/.test(each))).toEqual([]);
  });
});

describe('deals', () => {
  test('of accounts are found by the ids of the accounts', async () => {
    const { ask } = openCrowd(60, { behaviours: { honourIncludes: onRecordsOnly('deals') } });
    const query = accounts('deals { totalCount nodes { name tags } }', 60);
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(sorted(data)).toEqual(await honest(query, 60));
    expect(requests).toEqual([
      page('sales_accounts', 'deals', 60),
      search('sales_account', 'deals'),
      search('deal', 'sales_account'),
      search('deal', 'sales_account', 2),
    ]);
  });

  test('of accounts are not searched for again by a key that may not', async () => {
    const { ask, sandbox } = openCrowd(25, { behaviours: { honourIncludes: onRecordsOnly('deals') } });
    sandbox.failNext(/filtered_search\/deal/, { status: 403, body: {} });
    const query = accounts('deals { nodes { name } }');
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(sorted(data)).toEqual(await honest(query, 25));
    expect(requests.slice(1, 3)).toEqual([search('sales_account', 'deals'), search('deal', 'sales_account')]);
    expect((await ask(query, {}, NEW)).requests).toHaveLength(1 + 25);
  });

  test('of contacts are in a view of all deals', async () => {
    const { ask } = openCrowd(25, {
      behaviours: {
        honourIncludes: (endpoint, include) => (include === 'deals' ? endpoint === 'GET /contacts/{id}' : undefined),
      },
    });
    const query = contacts('deals { nodes { name } }');
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(sorted(data)).toEqual(await honest(query, 25));
    expect(requests).toEqual([
      page('contacts', 'deals'),
      search('contact', 'deals'),
      'GET /deals/filters',
      page('deals', 'contacts', 100),
    ]);
  });

  test('of contacts are not taken from a view that holds only some', async () => {
    const { ask } = openCrowd(25, {
      behaviours: { allDealsView: false, honourIncludes: onRecordsOnly('deals') },
    });
    const query = contacts('deals { nodes { name } }');
    const { data, requests } = await ask(query);
    expect(sorted(data)).toEqual(await honest(query, 25));
    expect(requests).toHaveLength(2 + 1 + 25);
  });

  test('whose view does not bring a relation are found by their accounts', async () => {
    const { ask } = openCrowd(13, {
      behaviours: {
        honourIncludes: (endpoint, name) => (name === 'contacts' ? !endpoint.includes('/view/') : undefined),
      },
    });
    const query = deals('contacts { nodes { email } }');
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(sorted(data)).toEqual(await honest(query, 13));
    expect(requests).toEqual([page('deals', 'contacts,sales_account'), search('deal', 'contacts')]);
  });
});

test('a deal without an account is read by itself where others are searched for', async () => {
  const { ask, sandbox, made } = openCrowd(3);
  const { id } = sandbox.put(dealType, { name: 'Homeless', tags: ['x'], contact_ids: [made[0]?.contact ?? ''] });
  const { errors, requests } = await ask(contacts('deals { nodes { tags } }'));
  expect(errors).toBeUndefined();
  expect(requests.toSorted()).toEqual([page('contacts', 'deals'), search('deal'), `GET /deals/${id}`].toSorted());
});

describe('however many ask the same at once, they cause the calls of one', () => {
  const askers = isDeep ? 100 : 10;

  test.each([
    ['joined lists', { honourIncludes: onRecordsOnly('tasks') }, contacts(tasks), 4],
    ['searches', { viewsHonour: 'evidence' as const }, contacts('deals { nodes { name tags } }'), 3],
    ['rows cut short', { truncateSideloadsAt: 2 }, contacts('deals { nodes { name } } tasks { nodes { title } }'), 5],
  ])('with %s', async (_with, behaviours, query, calls) => {
    const { graphql, sandbox } = openCrowd(25, { behaviours });
    expect((await openCrowd(25, { behaviours }).ask(query)).requests).toHaveLength(calls);
    const before = sandbox.requests.length;
    const answers = await Promise.all(Array.from({ length: askers }, () => graphql.rawRequest(query)));
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(sandbox.requests.length - before).toBe(calls);
  });
});
