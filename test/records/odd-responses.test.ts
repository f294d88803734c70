import { describe, expect, test } from 'vitest';
import { openOffice } from '../mutations/office.ts';

type World = Pick<ReturnType<typeof openOffice>, 'ask'>;

/** The answer, with its errors as path, code and record. */
async function answerOf({ ask }: World, query: string) {
  const { data, errors = [], requests } = await ask(query);
  const shown = errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code, extensions?.record]);
  return { data, errors: shown, requests };
}

describe('a response that makes no sense', () => {
  test('to a list: rows without an id are left out, with an error, and cost no call', async () => {
    const world = openOffice();
    const rows = [{ id: 301, name: 'Big one' }, {}, null, 'x', { name: 'Nobody' }, { id: 302, name: 'Renewal' }];
    world.sandbox.failNext(/deals\/view/, { status: 200, body: { deals: rows, meta: { total: 4 } } });
    const { data, errors, requests } = await answerOf(
      world,
      '{ deals(view: "All Deals") { nodes { databaseId name } } }',
    );
    expect(data).toEqual({
      deals: {
        nodes: [
          { databaseId: '301', name: 'Big one' },
          { databaseId: '302', name: 'Renewal' },
        ],
      },
    });
    expect(errors).toEqual([['deals', 'UPSTREAM_ERROR', undefined]]);
    expect(requests).toHaveLength(2);
  });

  test('to a read by id: another record is an error, and one without its id is the one that was asked for', async () => {
    const world = openOffice();
    world.sandbox.failNext(/contacts\/101/, { status: 200, body: { contact: { id: 999, first_name: 'Eve' } } });
    world.sandbox.failNext(/deals\/302/, { status: 200, body: { deal: { name: 'Renewal' } } });
    expect(await answerOf(world, '{ contact(id: 101) { firstName } deal(id: 302) { id name } }')).toMatchObject({
      data: { contact: null, deal: { id: 'gid://freshsales/Deal/302', name: 'Renewal' } },
      errors: [['contact', 'UPSTREAM_ERROR', 'gid://freshsales/Contact/101']],
    });
  });

  test('to a relation: repeated rows are one', async () => {
    const world = openOffice();
    const accounts = [501, 502, 501].map((id) => ({ id, name: `Account ${id}`, is_primary: id === 502 }));
    const deals = [301, 303, 301].map((id) => ({ id, name: `Deal ${id}` }));
    const contact = { id: 101, deal_ids: [301, '', 301, null, 303], sales_accounts: accounts };
    world.sandbox.failNext(/contacts\/101/, { status: 200, body: { contact, deals } });
    const { data, errors } = await answerOf(
      world,
      '{ contact(id: 101) { deals { totalCount nodes { name } } salesAccounts { edges { isPrimary node { name } } } } }',
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      contact: {
        deals: { totalCount: 2, nodes: [{ name: 'Deal 301' }, { name: 'Deal 303' }] },
        salesAccounts: {
          edges: [
            { isPrimary: false, node: { name: 'Account 501' } },
            { isPrimary: true, node: { name: 'Account 502' } },
          ],
        },
      },
    });
  });

  test('to an update: another record leaves the outcome unknown', async () => {
    const world = openOffice();
    world.sandbox.failNext(/^PUT/, { status: 200, body: { contact: { id: 999, city: 'x' } } });
    const { data, errors } = await world.ask(
      'mutation { updateContact(id: 101, input: { city: "x" }) { contact { id } } }',
    );
    expect(data).toEqual({ updateContact: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_ERROR', outcome: 'UNKNOWN' });
  });
});
