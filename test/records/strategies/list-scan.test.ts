import { describe, expect, test } from 'vitest';
import { contactType } from '../../../src/resources/contact/record.ts';
import { noteType } from '../../../src/resources/note/record.ts';
import { NEW, openCrowd, page, search, VIEWS } from '../crowd.ts';

const gids = (type: string, ids: readonly string[]) => ids.map((id) => `gid://freshsales/${type}/${id}`);
const nodes = (type: string, ids: readonly string[], fields = 'displayName') =>
  `{ nodes(ids: ${JSON.stringify(gids(type, ids))}) { ... on ${type} { id ${fields} } } }`;

const single = (requests: readonly string[], path = 'contacts') =>
  requests.filter((each) => new RegExp(`^GET /${path}/\\d+(\\?|$)`).test(each));

describe('many records by their ids', () => {
  test('are found in the view of all, where the account is small', async () => {
    const { ask, made, plan } = openCrowd(25);
    const query = nodes(
      'Contact',
      made.map(({ contact }) => contact),
      'displayName owner { displayName }',
    );
    const { lowerBound, upperBound } = await plan(query);
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ nodes: made.map((_each, index) => ({ displayName: `Ada ${index + 1}` })) });
    expect(requests).toEqual(['GET /contacts/filters', page('contacts', 'owner', 100)]);
    expect(lowerBound).toBeLessThanOrEqual(2);
    expect(upperBound).toBeGreaterThanOrEqual(25);
    expect((await ask(query)).requests).toEqual([]);
  });

  test('are read one by one where there are few, at the same cost as before', async () => {
    const { ask, made } = openCrowd(25);
    const some = made.slice(0, 7).map(({ contact }) => contact);
    expect((await ask(nodes('Contact', some))).requests).toEqual(some.map((id) => `GET /contacts/${id}`));
  });

  test('are found on a page even if they are few, where the list is known to be short', async () => {
    const { ask, made } = openCrowd(25);
    await ask('{ contacts { totalCount } }');
    const some = made.slice(1, 6).map(({ contact }) => contact);
    expect((await ask(nodes('Contact', some))).requests).toEqual([page('contacts', '', 100)]);
  });

  test('are read one by one where the account is large, which costs two calls to find out, once', async () => {
    const { ask, made, sandbox } = openCrowd(12);
    for (let index = 0; index < 800; index += 1)
      sandbox.put(contactType, { display_name: `Other ${index}`, email: `o${index}@acme.example` });
    const query = nodes(
      'Contact',
      made.map(({ contact }) => contact),
    );
    const { errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(requests.slice(0, 2)).toEqual(['GET /contacts/filters', page('contacts', '', 100)]);
    const again = await ask(query, {}, NEW);
    expect(again.errors).toBeUndefined();
    // The list of views is asked for again, for nothing of before is wanted.
    expect(again.requests.filter((each) => each.includes('/view/'))).toEqual([]);
    expect(single(again.requests)).toHaveLength(12);
  });

  test('that are known by their names are searched for', async () => {
    const { ask, made } = openCrowd(4);
    await ask(`{ contacts(view: ${VIEWS.contacts}) { nodes { primarySalesAccount { name } } } }`);
    const query = nodes(
      'SalesAccount',
      made.map(({ account }) => account),
      'name phone',
    );
    const { errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(requests).toEqual([search('sales_account')]);
  });

  test('that were on a page a moment ago cost nothing', async () => {
    const { ask, made } = openCrowd(25);
    await ask(`{ contacts(view: ${VIEWS.contacts}) { nodes { displayName } } }`);
    expect(
      (
        await ask(
          nodes(
            'Contact',
            made.map(({ contact }) => contact),
          ),
        )
      ).requests,
    ).toEqual([]);
  });

  test('with one that is not there', async () => {
    const { ask, made } = openCrowd(12);
    const { data, errors, requests } = await ask(nodes('Contact', [...made.map(({ contact }) => contact), '1']));
    expect((data as { nodes: unknown[] }).nodes.at(-1)).toBeNull();
    expect(errors).toHaveLength(1);
    expect(requests).toEqual(['GET /contacts/filters', page('contacts', '', 100), 'GET /contacts/1']);
  });

  test('leave the limit of an operation to the reads that are certain', async () => {
    const { ask, made, sandbox } = openCrowd(20, { limits: { maxCalls: 20 } });
    for (let index = 0; index < 2000; index += 1) sandbox.put(contactType, { display_name: `Other ${index}` });
    const { errors, requests } = await ask(
      nodes(
        'Contact',
        made.map(({ contact }) => contact),
      ),
    );
    expect(errors).toBeUndefined();
    expect(requests).toHaveLength(20);
  });

  test('asked for apart in one operation are found together', async () => {
    const { ask, made } = openCrowd(10);
    const query = `{ ${made.map(({ contact }, index) => `c${index}: contact(id: ${contact}) { email }`).join(' ')} }`;
    expect((await ask(query)).requests).toEqual(['GET /contacts/filters', page('contacts', '', 100)]);
  });
});

describe('the account walk', () => {
  test('brings what a search does not', async () => {
    const { ask, sandbox } = openCrowd(25);
    sandbox.failNext(/filtered_search/, { status: 403, body: {} });
    const query = `{ contacts(view: ${VIEWS.contacts}) { nodes { primarySalesAccount { name phone } } } }`;
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(requests).toEqual([
      page('contacts', 'sales_accounts'),
      search('sales_account'),
      'GET /sales_accounts/filters',
      page('sales_accounts', '', 100),
    ]);
    expect(data).toEqual((await openCrowd(25).ask(query)).data);
  });

  test.each([
    ['views', /sales_accounts\/filters/],
    ['pages', /sales_accounts\/view/],
  ])('ends in single reads where %s are refused', async (_what, pattern) => {
    const { ask, sandbox } = openCrowd(25);
    sandbox.failNext(/filtered_search/, { status: 403, body: {} });
    sandbox.failNext(pattern, { status: 403, body: {} });
    const query = `{ contacts(view: ${VIEWS.contacts}) { nodes { primarySalesAccount { name phone } } } }`;
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(single(requests, 'sales_accounts')).toHaveLength(25);
    expect(data).toEqual((await openCrowd(25).ask(query)).data);
  });
});

describe('notes of accounts, whose include nobody has seen work', () => {
  const query = `{ salesAccounts(view: ${VIEWS.sales_accounts}) { nodes { notes { nodes { description } } } } }`;

  test('cost one call for each account where the page has not brought them, and no other', async () => {
    const { ask, made } = openCrowd(25);
    const { errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(requests.toSorted()).toEqual(
      [
        page('sales_accounts', 'notes'),
        ...made.map(({ account }) => `GET ../sales_accounts/${account}/notes?include=creater&page=1&per_page=100`),
      ].toSorted(),
    );
  });

  test('cost nothing where it does', async () => {
    const { ask } = openCrowd(25, { behaviours: { accountNotesInclude: true } });
    const { errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(requests).toEqual([page('sales_accounts', 'notes')]);
  });

  test.each([
    [100, 1],
    [230, 3],
  ])('are read to the last of %i', async (count, pages) => {
    const { ask, made, sandbox, plan } = openCrowd(1);
    const id = made[0]?.account ?? '';
    for (let index = 0; index < count; index += 1)
      sandbox.put(noteType, { description: `Note ${index}`, targetables: [{ type: 'SalesAccount', id }] });
    const one = `{ salesAccount(id: ${id}) { notes(first: 1) { totalCount } } }`;
    const { upperBound } = await plan(one);
    const { data, errors, requests } = await ask(one);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ salesAccount: { notes: { totalCount: count } } });
    expect(requests).toHaveLength(1 + pages);
    expect(upperBound).toBeGreaterThanOrEqual(requests.length);
  });

  test('are refused rather than shown in part where there are more than a thousand', async () => {
    const { ask, made, sandbox } = openCrowd(1);
    const id = made[0]?.account ?? '';
    for (let index = 0; index < 1001; index += 1)
      sandbox.put(noteType, { description: `Note ${index}`, targetables: [{ type: 'SalesAccount', id }] });
    const { errors } = await ask(`{ salesAccount(id: ${id}) { notes { totalCount } } }`);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'NOT_AVAILABLE' } });
  });

  test('of one account are asked for with it once, and then at their own address', async () => {
    const { ask, made } = openCrowd(2);
    const one = (index: number) => `{ salesAccount(id: ${made[index]?.account}) { name notes { totalCount } } }`;
    const below = (index: number) =>
      `GET ../sales_accounts/${made[index]?.account}/notes?include=creater&page=1&per_page=100`;
    expect((await ask(one(0))).requests).toEqual([`GET /sales_accounts/${made[0]?.account}?include=notes`, below(0)]);
    expect((await ask(one(1))).requests).toEqual([`GET /sales_accounts/${made[1]?.account}`, below(1)]);
  });
});
